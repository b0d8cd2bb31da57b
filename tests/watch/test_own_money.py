"""Bank statements as transfers: both accounts, what two ends tell, what is given back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book
from crossbook.engine import connect
from crossbook.watch.reading import summary
from tests.watch.test_transfers import ASIDE, add_file, asked
from tests.watch.writing import transfer, watched

OURS, OTHER, THEIRS = "DE02120300000000202051", "DE89370400440532013000", "GB33BUKB20201555555555"


def entry(
    day: str, amount: str, other: str = THEIRS, *, number: str = "", more: str = "", sign: str = "", name: str = ""
) -> str:
    """An entry of a statement: money out with a minus."""
    out = amount.startswith("-")
    whose = "Dbtr" if out == bool(sign) else "Cdtr"  # of what comes back the parties are those of what was paid
    account = f"<{whose}Acct><Id><IBAN>{other}</IBAN></Id></{whose}Acct>" if other else ""
    party = f"<{whose}><Nm>{name}</Nm></{whose}>" if name else ""
    refs = f"<Refs><EndToEndId>{number}</EndToEndId></Refs>" if number else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount.lstrip("-")}</Amt><CdtDbtInd>{"DBIT" if out else "CRDT"}</CdtDbtInd>{sign}'
        f"<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls>{refs}"
        f"<RltdPties>{party}{account}</RltdPties>{more}</TxDtls></NtryDtls></Ntry>"
    )


def statement(*entries: str, own: str = OURS) -> str:
    return f"<Stmt><Id>S</Id><Acct><Id><IBAN>{own}</IBAN></Id></Acct>{''.join(entries)}</Stmt>"


def add_statements(book: Book, name: str, *statements: str) -> None:
    text = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        f"{''.join(statements)}</BkToCstmrStmt></Document>"
    )
    path = book.path.parent / name
    path.write_text(text, encoding="utf-8")
    add_file(book, path)


def transfers(book: Book) -> list[tuple[Any, ...]]:
    rows = asked(book, "SELECT payer_account, payee_account, paid, kind, returned FROM watch_transfer ORDER BY id")
    return [tuple(r.values()) for r in rows]


REVERSED = "<RvslInd>true</RvslInd>"


def test_a_chain_goes_through_a_line_of_a_statement(tmp_path: Path) -> None:
    """X pays us 1000, we pay 990 on, who has it pays 985 on: hands 1, 2 and 3 by the definition of depth."""
    book = watched(
        tmp_path,
        [
            transfer("T1", "2026-03-02", "X", OURS, "1000.00", "EUR"),
            transfer("T2", "2026-03-04", THEIRS, "Z", "985.00", "EUR"),
        ],
    )
    add_statements(book, "a.xml", statement(entry("2026-03-03", "-990.00", name="Shop")))
    found = asked(
        book,
        "SELECT t.payer_account AS payer, c.depth FROM chain_of c JOIN watch_transfer t USING (id) ORDER BY t.id",
    )
    assert [tuple(r.values()) for r in found] == [("X", 1), (OURS, 2), (THEIRS, 3)]


@pytest.mark.parametrize("files", [1, 2])
def test_money_between_own_accounts_that_both_statements_tell_counts_once(tmp_path: Path, files: int) -> None:
    book = watched(tmp_path, [])
    out = statement(entry("2026-03-06", "-500.00", OTHER), entry("2026-03-06", "-20.00", OTHER))
    into = statement(entry("2026-03-09", "500.00", OURS), own=OTHER)
    for n, told in enumerate([[out, into]] if files == 1 else [[out], [into]]):
        add_statements(book, f"{n}.xml", *told)
    told = [(OURS, OTHER, 2_000, "transfer", False), (OURS, OTHER, 50_000, "transfer", False)]
    assert sorted(transfers(book)) == told
    assert [r["reason"] for r in asked(book, ASIDE)] == ["told again"]


def test_what_one_end_tells_twice_counts_twice(tmp_path: Path) -> None:
    """Two of 500 left within days, and one of them is on the other statement, which ends before the second comes."""
    book = watched(tmp_path, [])
    add_statements(book, "a.xml", statement(*(entry(d, "-500.00", OTHER) for d in ("2026-03-06", "2026-03-09"))))
    add_statements(book, "b.xml", statement(entry("2026-03-06", "500.00", OURS), own=OTHER))
    assert len(transfers(book)) == 2
    assert len(asked(book, ASIDE)) == 1


def test_of_another_amount_or_a_week_later_it_is_another(tmp_path: Path) -> None:
    book = watched(tmp_path, [])
    add_statements(book, "a.xml", statement(entry("2026-03-02", "-500.00", OTHER)))
    into = (entry("2026-03-02", "500.01", OURS), entry("2026-03-08", "500.00", OURS))
    add_statements(book, "b.xml", statement(*into, own=OTHER))
    assert len(transfers(book)) == 3
    assert asked(book, ASIDE) == []


@pytest.mark.parametrize("first", ["record", "statement"])
def test_what_a_record_and_a_statement_tell_is_one_and_the_record_is_believed(tmp_path: Path, first: str) -> None:
    """The record knows the time of day; the bank books it a day later."""
    book = watched(tmp_path, [])
    told = transfer("T1", "2026-03-02T09:30:00+08:00", OURS, THEIRS, "990.00", "EUR")

    def add_record() -> None:
        from tests.watch.writing import COLUMNS

        (tmp_path / "r.csv").write_text(f"{COLUMNS}\n{told}\n", encoding="utf-8")
        add_file(book, tmp_path / "r.csv")

    if first == "record":
        add_record()
    add_statements(book, "a.xml", statement(entry("2026-03-03", "-990.00")))
    if first != "record":
        add_record()
    assert transfers(book) == [(OURS, THEIRS, 99_000, "transfer", False)]
    assert asked(book, "SELECT origin, transfer_id FROM watch_transfer") == [{"origin": "record", "transfer_id": "T1"}]
    assert asked(book, ASIDE) == [{"transfer_id": "T1", "reason": "told again"}]


def test_what_the_bank_takes_back_is_a_return_of_it_and_no_chain_follows_it(tmp_path: Path) -> None:
    """X pays us, we pay the shop, the bank takes our payment back: nobody passed on what X had paid by it, and the
    reversal is no payment of the shop's."""
    book = watched(tmp_path, [transfer("T1", "2026-03-02", "X", OURS, "1000.00", "EUR")])
    out, back = entry("2026-03-03", "-990.00", name="Shop"), entry("2026-03-04", "990.00", sign=REVERSED, name="Shop")
    again = entry("2026-03-05", "-980.00", OTHER)
    add_statements(book, "a.xml", statement(out, back, again))
    assert transfers(book) == [
        ("X", OURS, 100_000, "transfer", False),
        (OURS, THEIRS, 99_000, "transfer", True),
        (THEIRS, OURS, 99_000, "return", True),
        (OURS, OTHER, 98_000, "transfer", False),
    ]
    depths = asked(book, "SELECT t.paid, c.depth FROM chain_of c JOIN watch_transfer t USING (id) ORDER BY t.id")
    assert [tuple(r.values()) for r in depths if r["depth"]] == [(100_000, 1), (98_000, 2)]


def test_a_credit_taken_back_is_known_by_its_number_though_less_came_back(tmp_path: Path) -> None:
    book = watched(tmp_path, [])
    came = entry("2026-03-03", "990.00", number="E-1"), entry("2026-03-03", "980.00", number="E-2")
    back = entry("2026-05-04", "-980.00", number="E-1", sign=REVERSED)  # with the bank's costs taken off
    add_statements(book, "a.xml", statement(*came, back))
    assert [row[2:] for row in transfers(book)] == [
        (98_000, "transfer", False),  # of one line: by their amounts
        (99_000, "transfer", True),
        (98_000, "return", True),
    ]


def test_two_reversals_of_equal_payments_take_back_one_each(tmp_path: Path) -> None:
    book = watched(tmp_path, [])
    out = [entry(f"2026-03-0{n}", "-50.00") for n in (2, 3, 4)]
    back = [entry(f"2026-03-0{n}", "50.00", sign=REVERSED) for n in (5, 6)]
    add_statements(book, "a.xml", statement(*out, *back))
    assert [row[4] for row in transfers(book)] == [False, True, True, True, True]


def test_a_reversal_of_what_is_in_no_file_is_said(tmp_path: Path) -> None:
    book = watched(tmp_path, [])
    other_party = entry("2026-03-02", "-50.00", OTHER)
    add_statements(book, "a.xml", statement(other_party, entry("2026-03-03", "50.00", sign=REVERSED)))
    assert [row[3:] for row in transfers(book)] == [("transfer", False), ("return", True)]
    assert [(o.what, o.transfers) for o in summary(connect(book)).odd] == [("a return of what is not in the book", 1)]


@pytest.mark.parametrize("told", ["6222****0001", "6222xxxx0001", "0", "-", "6.22E+17"])
def test_a_number_that_could_be_anybodys_is_no_account(tmp_path: Path, told: str) -> None:
    book = watched(tmp_path, [])
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / "bank.toml").write_text(
        'kind = "bank"\naccount = "ours"\ncurrency = "CNY"\n[columns]\nbooked_on = "日期"\namount = "金额"\n'
        'counterparty = "对方户名"\ncounterparty_account = "对方账号"\n'
    )
    lines = (
        f"日期,金额,对方户名,对方账号\n2026-03-02,-10.00,某某公司,{told}\n2026-03-03,-20.00,别的公司,6222 0000 0001\n"
    )
    (tmp_path / "bank.csv").write_text(lines, encoding="utf-8")
    add_file(book, tmp_path / "bank.csv")
    found = asked(book, "SELECT payee_account FROM watch_transfer ORDER BY id")
    assert [r["payee_account"] for r in found] == ["name:某某公司", "622200000001"]


def test_another_name_of_an_own_account_is_that_account_on_every_side(tmp_path: Path) -> None:
    book = watched(
        tmp_path,
        [transfer("T1", "2026-03-01", "X", OTHER, "7.00", "EUR")],
        settings=f'[accounts.main]\nalso = ["{OTHER}"]\n',
    )
    add_statements(book, "a.xml", statement(entry("2026-03-02", "-500.00", OTHER)))
    assert [row[:2] for row in transfers(book)] == [("X", "main"), (OURS, "main")]


def test_a_dump_of_accounts_in_which_each_transfer_stands_once_a_side_is_one_chain(tmp_path: Path) -> None:
    """Six hands, each passing on 98 %, each payment a line of who pays (借) and one of who is paid (贷), headers in an
    order of their own: six transfers and one chain, and six lines told again."""
    book = watched(tmp_path, [])
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / "dump.toml").write_text(
        'kind = "bank"\nagreed = ["account"]\n[columns]\nbooked_on = "交易日期"\n'
        'amount = "交易金额"\ncurrency = "币种"\n'
        'account = "本方账号"\ncounterparty = "对方户名"\ncounterparty_account = "对方账号"\nreference = "流水号"\n'
        '[direction]\ncolumn = "借贷标志"\nin = ["贷"]\nout = ["借"]\n',
        encoding="utf-8",
    )
    lines, amount = ["对方户名,交易金额,对方账号,借贷标志,本方账号,交易日期,币种,流水号"], 10_000_000
    for n in range(6):
        one, other = f"62220{n}", f"62220{n + 1}"
        cells = f"{amount // 100}.{amount % 100:02d}", f"2026030{n + 1},CNY"
        lines.append(f"户{n + 1},{cells[0]},{other},借,{one},{cells[1]},R{n}a")
        lines.append(f"户{n},{cells[0]},{one},贷,{other},{cells[1]},R{n}b")
        amount = amount * 98 // 100
    (tmp_path / "dump.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    add_file(book, tmp_path / "dump.csv")
    assert [row[:2] for row in transfers(book)] == [(f"62220{n}", f"62220{n + 1}") for n in range(6)]
    assert [r["reason"] for r in asked(book, ASIDE)] == ["told again"] * 6
    called = asked(book, "SELECT subject, transfers, amount FROM alert WHERE rule = 'chain'")
    assert called == [{"subject": "622206", "transfers": 6, "amount": 9_039_207}]  # 10,000,000 times 0.98 five times


def test_an_account_is_one_however_its_number_is_spelled(tmp_path: Path) -> None:
    """Digits of full width, spaces, what a spreadsheet puts before a text, small letters of an IBAN: four transfers of
    two accounts; a hub of book.toml is one, too, with the spaces of its paper."""
    spelled = ("62220001", "６２２２０００１", "6222 0001", "'62220001")
    ibans = (OURS, OURS.lower(), f"{OURS[:4]} {OURS[4:]}", OURS)
    rows = [
        transfer(f"T{n}", "2026-03-02", one, other, "5.00")
        for n, (one, other) in enumerate(zip(spelled, ibans, strict=True))
    ]
    book = watched(tmp_path, rows, settings='[watch]\nhubs = ["DE02 1203 0000 0000 2020 51"]\n')
    found = asked(book, "SELECT DISTINCT payer_account, payee_account, payer_hub, payee_hub FROM watch_transfer")
    assert [tuple(r.values()) for r in found] == [("62220001", OURS, False, True)]
