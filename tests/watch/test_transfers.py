"""What becomes of transfers before rules read them: told twice, paid back, of nothing, of no rate, on both sides."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.engine import connect
from crossbook.watch.alerts import UNMEASURED
from crossbook.watch.casefile import case_file
from crossbook.watch.casework import cases
from crossbook.watch.narrative import narrative
from crossbook.watch.reading import chain, summary
from tests.cli.running import run
from tests.watch.writing import COLUMNS, transfer, watched

GOLDEN = Path(__file__).parents[1] / "sources" / "golden"


def add_file(book: Book, path: Path) -> None:
    for item in inputs([path]):
        add(book, item)


def asked(book: Book, select: str) -> list[dict[str, Any]]:
    database = connect(book)
    database.ask("alerts")
    return database.rows(select)


ASIDE = "SELECT transfer_id, reason FROM watch_aside ORDER BY transfer_id, line"


def test_what_two_files_tell_counts_once_and_is_said(tmp_path: Path) -> None:
    rows = [transfer(f"T{n}", f"2026-03-0{n}", "A", "B", "5.00") for n in (1, 2, 3)]
    book = watched(tmp_path, rows)
    again = tmp_path / "later.csv"
    again.write_text("\n".join([COLUMNS, *rows[1:], transfer("T4", "2026-03-04", "A", "B", "5.00")]) + "\n")
    add_file(book, again)
    assert asked(book, ASIDE) == [{"transfer_id": f"T{n}", "reason": "told again"} for n in (2, 3)]
    assert [r["transfer_id"] for r in asked(book, "SELECT transfer_id FROM watch_transfer ORDER BY id")] == [
        "T1",
        "T2",
        "T3",
        "T4",
    ]


def test_entries_of_one_line_have_one_order(tmp_path: Path) -> None:
    """Line 13 of the statement is a batch of two credits, 100.00 and 50.00 USD: the smaller is the first."""
    book = watched(tmp_path, [transfer("T1", "2026-03-01", "A", "B", "5.00")])
    add_file(book, GOLDEN / "camt.xml")
    told = asked(book, "SELECT paid FROM watch_transfer WHERE origin = 'bank' AND line = 13 ORDER BY id")
    assert [r["paid"] for r in told] == [5000, 10000]


def test_equal_rows_without_a_number_are_as_many_transfers_as_one_file_has(tmp_path: Path) -> None:
    """Two exports of AMLworld that overlap: the row that stands twice in both is two transfers, not four."""
    book = watched(tmp_path, [transfer("T1", "2026-03-01", "A", "B", "5.00")])
    head, row, *_ = (GOLDEN / "aml_world.csv").read_text().splitlines()
    other = row.replace("3697.34", "12.50")
    for name, lines in (("a.csv", [row, row]), ("b.csv", [row, row, other])):
        (tmp_path / name).write_text("\n".join([head, *lines]) + "\n")
        add_file(book, tmp_path / name)
    assert asked(
        book, "SELECT paid, count(*) AS n FROM watch_transfer WHERE paid_currency = 'USD' GROUP BY paid ORDER BY paid"
    ) == [{"paid": 1250, "n": 1}, {"paid": 369734, "n": 2}]
    assert {r["reason"] for r in asked(book, ASIDE)} == {"told again"}


def test_a_message_in_two_formats_is_one_transfer_and_its_return_is_known(tmp_path: Path) -> None:
    book = watched(tmp_path, [transfer("T1", "2026-03-01", "A", "B", "5.00")])
    fin = (GOLDEN / "swift_mt.fin").read_text()
    for old, new in (("/DE89370400440532013000", "/0021000021"), ("/CH9300762011623852957", "/DE89370400440532013000")):
        fin = fin.replace(old, new, 1)
    (tmp_path / "mt.fin").write_text(fin.replace(":32A:240617EUR15000,00", ":32A:260302EUR14990,00"))
    for name in ("pacs_008.xml", "pacs_009.xml", "pacs_004.xml"):
        add_file(book, GOLDEN / name)
    add_file(book, tmp_path / "mt.fin")
    assert asked(book, ASIDE) == [
        {"transfer_id": "COV-1", "reason": "cover"},
        {"transfer_id": "eb6305c9-1f7f-49de-aed0-16487c27b42d", "reason": "told again"},
    ]
    back = asked(book, "SELECT transfer_id FROM watch_transfer WHERE returned ORDER BY id")
    assert [r["transfer_id"] for r in back] == ["eb6305c9-1f7f-49de-aed0-16487c27b42d", "TX-2", "RTRN-1", "RTRN-2"]


def test_what_moved_nothing_is_set_aside_by_name(tmp_path: Path) -> None:
    book = watched(
        tmp_path,
        [
            transfer("T1", "2026-03-01", "A", "B", "-5.00"),
            transfer("T2", "2026-03-01", "A", "B", "0.00"),
            transfer("T3", "2026-03-01", "", "", "5.00"),
            transfer("T4", "2026-03-01", "A", "A", "5.00"),
        ],
    )
    assert asked(book, ASIDE) == [
        {"transfer_id": "T1", "reason": "negative amount"},
        {"transfer_id": "T2", "reason": "amount of zero"},
        {"transfer_id": "T3", "reason": "no party"},
    ]
    assert asked(book, "SELECT count(*) AS n FROM watch_leg WHERE own") == [{"n": 2}]


def test_a_currency_without_rate_is_measured_by_nothing_and_said(tmp_path: Path) -> None:
    book = watched(
        tmp_path,
        [
            transfer("T1", "2026-03-03", "A", "B", "900000.00", "EUR", countries=("CN", "DE")),
            *(transfer(f"T{n}", "2026-03-03", "C", "D", "5.00", "USD", countries=("CN", "DE")) for n in (2, 3)),
        ],
    )
    assert asked(book, "SELECT transfer_id, unit, paid_usd FROM watch_transfer ORDER BY transfer_id") == [
        {"transfer_id": "T1", "unit": None, "paid_usd": None},
        {"transfer_id": "T2", "unit": 500, "paid_usd": 500},
        {"transfer_id": "T3", "unit": 500, "paid_usd": 500},
    ]
    told = asked(book, "SELECT note, \"left\" FROM alert_rule WHERE rule = 'chain'")
    assert told == [{"note": UNMEASURED, "left": 1}]


def test_money_in_a_currency_without_rate_is_followed_within_it_alone(tmp_path: Path) -> None:
    """Five hands of euros, of which one has yuan too, which pay none of it; and euros that come back in a ring."""
    hands = "ABCDEF"
    book = watched(
        tmp_path,
        [
            *(transfer(f"Y{n}", f"2026-03-02T0{n}:00:00", f"P{n}", f"Q{n}", "5.00") for n in range(9)),
            transfer("Y9", "2026-03-02T23:00:00", "P9", "B", "90000.00"),
            *(
                transfer(f"E{n}", f"2026-03-03T0{n}:00:00", a, b, "90000.00", "EUR")
                for n, (a, b) in enumerate(pairwise(hands))
            ),
            transfer("R1", "2026-03-04T01:00:00", "X", "Y", "90000.00", "EUR"),
            transfer("R2", "2026-03-04T02:00:00", "Y", "Z", "90000.00", "EUR"),
            transfer("R3", "2026-03-04T03:00:00", "Z", "X", "90000.00", "EUR"),
            transfer("U1", "2026-03-04T04:00:00", "F", "G", "90000.00", "EUR", received="100000.00", received_in="USD"),
        ],
    )
    depths = (
        "SELECT t.transfer_id, depth FROM chain_of c JOIN watch_transfer t USING (id) WHERE t.unit IS NULL ORDER BY id"
    )
    assert [(r["transfer_id"], r["depth"]) for r in asked(book, depths)] == [
        *((f"E{n}", n + 1) for n in range(5)),
        *((f"R{n}", n) for n in (1, 2, 3)),
    ]
    called = asked(book, "SELECT rule, subject, certain, amount, currency FROM alert WHERE rule IN ('chain', 'cycle')")
    assert sorted(called, key=lambda r: r["rule"]) == [
        {"rule": "chain", "subject": "F", "certain": True, "amount": 9_000_000, "currency": "EUR"},
        {"rule": "cycle", "subject": "X", "certain": False, "amount": 9_000_000, "currency": "EUR"},
    ]
    (note,) = asked(book, "SELECT note, \"left\" FROM alert_rule WHERE rule = 'chain'")
    assert note == {"note": UNMEASURED, "left": 9}
    # what each took is told in the currency in which it was followed, not in that of most transfers
    took = [r["amounts"] for r in chain(connect(book), "E4") if r["amounts"]]
    assert took == [[9_000_000]] * 4
    assert {r["followed_in"] for r in chain(connect(book), "E4")} == {"EUR"}
    shown = run("watch", "chain", "E4", book=book.path).stdout
    assert shown.count(": 90,000.00 EUR") == 4 and "CNY" not in shown
    database = connect(book)
    (case,) = (c for c in cases(database, book).values() if "chain" in c.rules)
    for language in ("en", "zh"):
        told = narrative(case_file(database, book, case.id), language)
        assert "90,000.00 EUR" in told and "CNY" not in told


def test_a_rate_of_the_book_measures_it(tmp_path: Path) -> None:
    book = watched(tmp_path, [transfer("T1", "2026-03-03", "A", "B", "8547.01", "EUR", countries=("CN", "DE"))])
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / "rates.toml").write_text(
        'kind = "rate"\naccount = "rates"\n[columns]\nday = "day"\nbase = "base"\nquote = "quote"\nrate = "rate"\n'
    )
    (tmp_path / "rates.csv").write_text("day,base,quote,rate\n2026-03-02,EUR,USD,1.17\n")
    add_file(book, tmp_path / "rates.csv")
    assert asked(book, "SELECT paid_usd FROM watch_transfer") == [{"paid_usd": 1_000_000}]
    called = asked(book, "SELECT subject, what, certain FROM alert WHERE rule = 'large_value' ORDER BY subject")
    assert called == [{"subject": s, "what": "unknown kind", "certain": False} for s in "AB"]


def test_the_books_own_money_is_transfers_too(tmp_path: Path) -> None:
    book = watched(tmp_path, [])
    add_file(book, GOLDEN / "mt940.sta")
    found = asked(
        book, "SELECT origin, payer_account, payee_account, paid, paid_currency FROM watch_transfer ORDER BY id"
    )
    assert found
    assert {r["origin"] for r in found} == {"bank"}
    assert all(r["payer_account"] or r["payee_account"] for r in found)


PAID = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M</MsgId>
<CreDtTm>2026-03-02T09:00:00Z</CreDtTm><NbOfTxs>3</NbOfTxs></GrpHdr>{rows}</FIToFICstmrCdtTrf></Document>"""
ONE = """<CdtTrfTxInf><PmtId><EndToEndId>E{n}</EndToEndId><TxId>X{n}</TxId><UETR>8a562c67-ca16-48ba-b074-65581be6f00{n}
</UETR></PmtId><IntrBkSttlmAmt Ccy="EUR">{n}00.00</IntrBkSttlmAmt><IntrBkSttlmDt>2026-03-02</IntrBkSttlmDt><Dbtr>
<Nm>Payer {n}</Nm></Dbtr><Cdtr><Nm>Payee {n}</Nm></Cdtr></CdtTrfTxInf>"""
GIVEN_BACK = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09"><PmtRtr><GrpHdr><MsgId>R</MsgId>
<CreDtTm>2026-03-05T08:00:00Z</CreDtTm><NbOfTxs>2</NbOfTxs></GrpHdr>{rows}</PmtRtr></Document>"""
BACK = """<TxInf><RtrId>R{n}</RtrId><OrgnlEndToEndId>E{n}</OrgnlEndToEndId><OrgnlTxId>X{n}</OrgnlTxId>
<RtrdIntrBkSttlmAmt Ccy="EUR">{n}00.00</RtrdIntrBkSttlmAmt><IntrBkSttlmDt>2026-03-05</IntrBkSttlmDt></TxInf>"""


def test_a_return_that_names_nobody_goes_back_to_who_had_paid(tmp_path: Path) -> None:
    """Messages without the reference to the transfer that they return (OrgnlTxRef may be left out), without its UETR:
    the book knows it by the end-to-end reference. The third transfer's is that of the fourth, too: not known which."""
    book = watched(tmp_path, [])
    rows = "".join(ONE.format(n=n) for n in (1, 2, 3)) + ONE.format(n=4).replace("E4", "E3").replace("X4", "X3b")
    (tmp_path / "paid.xml").write_text(PAID.format(rows=rows).replace("<NbOfTxs>3", "<NbOfTxs>4"))
    (tmp_path / "back.xml").write_text(GIVEN_BACK.format(rows=BACK.format(n=1) + BACK.format(n=3)))
    for name in ("paid.xml", "back.xml"):
        add_file(book, tmp_path / name)
    database = connect(book)
    told = summary(database)
    assert told.aside == {} and [(o.what, o.transfers) for o in told.odd] == [
        ("a return of what is not in the book", 1)
    ]
    found = database.rows("SELECT transfer_id, payer, payee, returned FROM watch_transfer ORDER BY id")
    assert [(r["payer"], r["payee"]) for r in found if r["returned"]] == [
        ("Payer 1", "Payee 1"),
        ("Payee 1", "Payer 1"),
        (None, None),
    ]
