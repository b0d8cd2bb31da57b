"""Each bank entry once, whatever files tell it; and statements held against their entries."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added, add
from crossbook.book.book import init_book
from crossbook.book.opening import inputs
from crossbook.engine import connect
from crossbook.trade.banking import Statements, statements
from crossbook.views.statements import said
from tests.sources.statement_files import STATEMENTS

HEAD = ":20:S\n:25:{account}\n:28C:1\n:60F:C{start}USD{opening}\n"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return init_book(tmp_path / "book", "", "USD", "")


def put(book: Book, *paths: Path) -> list[Added]:
    return [add(book, item, source=None) for path in paths for item in inputs([path])]


def put_text(book: Book, tmp_path: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = tmp_path / name.replace("__", ".")
        path.write_text(text, encoding="utf-8")
        put(book, path)


def seen(book: Book) -> tuple[list[int], Statements]:
    """The amounts of the entries that count, and what is said of the statements."""
    database = connect(book)
    found = statements(database)
    return [r["amount"] for r in database.rows("SELECT amount FROM bank_used ORDER BY booked_on, amount")], found


def mt940(
    *entries: tuple[str, str, str], account: str = "DE02120300000000202051", opening: str = "0,00", closing: str
) -> str:
    """A statement of January 2026; an entry is its day, amount and reference."""
    lines = [f":61:2601{day}01{day}C{amount}NTRF{ref}\n:86:AMAZON EU SARL\n" for day, amount, ref in entries]
    head = HEAD.format(account=account, start="260101", opening=opening)
    return f"{head}{''.join(lines)}:62F:C260131USD{closing}\n-\n"


def ofx(*entries: tuple[str, str], account: str = "202051") -> str:
    """An OFX file of January 2026; an entry is its day and amount."""
    rows = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>202601{day}<TRNAMT>{amount}<FITID>{i}<NAME>AMAZON EU</STMTTRN>"
        for i, (day, amount) in enumerate(entries)
    )
    return (
        f"OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>12030000<ACCTID>{account}</BANKACCTFROM>"
        f"<BANKTRANLIST>{rows}</BANKTRANLIST></STMTRS></OFX>"
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_credit_in_two_formats_is_one(book: Book, order: int) -> None:
    put(book, *[STATEMENTS / "dup_mt940.sta", STATEMENTS / "dup_camt053.xml"][::order])
    amounts, found = seen(book)
    assert amounts == [6050]
    (again,) = found.again
    assert (again.file, again.used_file, again.count) == ("dup_mt940.sta", "dup_camt053.xml", 1)
    assert found.perhaps == found.gaps == found.differing == ()


def test_a_credit_in_three_messages_and_statements_that_overlap(book: Book) -> None:
    put(book, *sorted(STATEMENTS.glob("same_credit_*.xml")), *sorted(STATEMENTS.glob("overlap_*.sta")))
    amounts, _ = seen(book)
    assert amounts == [184732, 50000]


def test_a_statement_without_references_is_one_with_the_other_formats(book: Book) -> None:
    put(book, STATEMENTS / "noref.sta", STATEMENTS / "same_credit_camt053.xml")
    assert seen(book)[0] == [184732]


def test_an_account_goes_by_its_number_and_by_its_iban(book: Book, tmp_path: Path) -> None:
    first = mt940(("16", "60,50", "NONREF"), closing="60,50")
    put_text(book, tmp_path, a__sta=first, b__ofx=ofx(("16", "60.50")))
    assert seen(book)[0] == [6050]


def test_one_credit_of_another_account_stays(book: Book, tmp_path: Path) -> None:
    first = mt940(("16", "60,50", "NONREF"), closing="60,50")
    put_text(book, tmp_path, a__sta=first, b__ofx=ofx(("16", "60.50"), account="777777"))
    assert seen(book)[0] == [6050, 6050]


def test_references_that_differ_are_two_credits(book: Book, tmp_path: Path) -> None:
    both = mt940(("16", "60,50", "NONREF//BK1"), ("16", "60,50", "NONREF//BK2"), closing="121,00")
    put_text(book, tmp_path, a__sta=both, b__sta=mt940(("16", "60,50", "NONREF//BK3"), closing="60,50"))
    assert seen(book)[0] == [6050, 6050, 6050]


CAMT_ENTRY = (
    '<Ntry><Amt Ccy="USD">60.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-16</Dt></BookgDt>'
    "<ValDt><Dt>2026-01-16</Dt></ValDt>{ref}<NtryDtls><TxDtls><RmtInf><Ustrd>AMAZON EU SARL</Ustrd></RmtInf></TxDtls>"
    "</NtryDtls></Ntry>"
)


def camt(ref: str, opening: str = "", closing: str = "") -> str:
    """A camt message of January 2026 with one entry of 60.50 USD: a notification, unless it has balances."""
    kind, body = ("BkToCstmrStmt", "Stmt") if closing else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    message = "053" if closing else "054"
    told = (("OPBD", opening, "01"), ("CLBD", closing, "31")) if closing else ()
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>2026-01-{day}</Dt></Dt></Bal>"
        for code, amount, day in told
    )
    entry = CAMT_ENTRY.format(ref=f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else "")
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.02"><{kind}><{body}><Id>S</Id>'
        "<CreDtTm>2026-01-31T00:00:00</CreDtTm><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>USD</Ccy></Acct>"
        f"{balances}{entry}</{body}></{kind}></Document>"
    )


def fitid(number: str) -> str:
    return ofx(("16", "60.50")).replace("<FITID>0", f"<FITID>{number}")


FIRST = mt940(("16", "60,50", "NONREF"), closing="60,50")
SECOND = mt940(("16", "60,50", "NONREF"), opening="60,50", closing="121,00")
THIRD = mt940(("16", "60,50", "NONREF"), opening="121,00", closing="181,50")


@pytest.mark.parametrize(
    "texts",
    [
        {"a__xml": camt("R1"), "b__xml": camt("R2")},
        {"a__ofx": fitid("1"), "b__ofx": fitid("2")},
        {"a__sta": FIRST.replace("NONREF", "NONREF//K1"), "b__sta": SECOND.replace("NONREF", "NONREF//K2")},
        # nothing but the balances tells them apart: 0 + 60.50 = 60.50, 60.50 + 60.50 = 121.00
        {"a__sta": FIRST, "b__sta": SECOND},
        {"b__sta": SECOND, "a__sta": FIRST},
        {"a__sta": FIRST, "b__xml": camt("", "60.50", "121.00")},
        {"a__xml": camt("", "0.00", "60.50"), "b__xml": camt("", "60.50", "121.00")},
        # a third file, which tells one of them, makes no one of both
        {"a__sta": FIRST, "b__sta": SECOND, "c__xml": camt("R1")},
        {"a__xml": camt("R1"), "b__xml": camt("R2"), "c__ofx": fitid("1")},
        # a copy of the first, under another number
        {"a__sta": FIRST, "b__sta": SECOND, "c__sta": FIRST.replace(":20:S", ":20:T")},
    ],
)
def test_two_equal_credits_of_one_day_are_two(book: Book, tmp_path: Path, texts: dict[str, str]) -> None:
    put_text(book, tmp_path, **texts)
    amounts, found = seen(book)
    assert amounts == [6050, 6050]
    assert found.perhaps == ()


def test_three_statements_of_one_day_that_follow_each_other(book: Book, tmp_path: Path) -> None:
    put_text(book, tmp_path, c__sta=THIRD, a__sta=FIRST, b__sta=SECOND)
    assert seen(book)[0] == [6050] * 3


def test_a_file_of_both_is_one_with_either(book: Book, tmp_path: Path) -> None:
    both = mt940(("16", "60,50", "NONREF"), ("16", "60,50", "NONREF"), closing="121,00")
    put_text(book, tmp_path, a__sta=FIRST, b__sta=SECOND, c__sta=both)
    assert seen(book)[0] == [6050, 6050]


def test_the_banks_references_of_two_formats_differ(book: Book, tmp_path: Path) -> None:
    put_text(book, tmp_path, a__sta=FIRST.replace("NONREF", "NONREF//K1"), b__xml=camt("R2"))
    amounts, found = seen(book)
    assert amounts == [6050, 6050]
    assert [(p.amount, {p.file, p.other_file}) for p in found.perhaps] == [(6050, {"a.sta", "b.xml"})]


def test_balances_that_do_not_add_up_prove_nothing(book: Book, tmp_path: Path) -> None:
    """60.50 + 60.50 is not 130.00: an entry is wanting, and the second may tell that of the first again."""
    put_text(book, tmp_path, a__sta=FIRST, b__sta=SECOND.replace("121,00", "130,00"))
    assert seen(book)[0] == [6050]


@pytest.mark.parametrize(("here", "there", "count"), [(2, 2, 2), (2, 1, 2), (1, 2, 2), (3, 2, 3)])
def test_equal_credits_count_as_often_as_one_file_has_them(
    book: Book, tmp_path: Path, here: int, there: int, count: int
) -> None:
    first = mt940(*[("16", "60,50", "NONREF")] * here, closing=f"{here * 6050 // 100},{here * 6050 % 100:02d}")
    put_text(book, tmp_path, a__sta=first, b__ofx=ofx(*[("16", "60.50")] * there))
    amounts, found = seen(book)
    assert amounts == [6050] * count
    assert found.perhaps == ()


def test_a_credit_that_two_formats_book_a_day_apart_asks(book: Book, tmp_path: Path) -> None:
    """They agree in their words, and on no day."""
    put_text(book, tmp_path, a__sta=mt940(("05", "6,05", "NONREF"), closing="6,05"), b__ofx=ofx(("06", "6.05")))
    amounts, found = seen(book)
    assert amounts == [605, 605]
    (perhaps,) = found.perhaps
    assert (perhaps.amount, {perhaps.file, perhaps.other_file}) == (605, {"a.sta", "b.ofx"})


def test_what_is_not_sure_is_counted_twice_and_said(book: Book, tmp_path: Path) -> None:
    other = ofx(("16", "60.50")).replace("AMAZON EU", "SOMEBODY")
    put_text(book, tmp_path, a__sta=mt940(("16", "60,50", "NONREF"), closing="60,50"), b__ofx=other)
    amounts, found = seen(book)
    assert amounts == [6050, 6050]
    (perhaps,) = found.perhaps
    assert (perhaps.amount, {perhaps.file, perhaps.other_file}) == (6050, {"a.sta", "b.ofx"})


def test_entries_that_got_the_day_of_their_statement_are_said(book: Book, tmp_path: Path) -> None:
    text = re.sub("<BookgDt>.*</ValDt>", "", camt("R1", "0.00", "60.50"))
    put_text(book, tmp_path, a__xml=text)
    amounts, found = seen(book)
    assert amounts == [6050]
    assert [(u.file, u.booked_on, u.count) for u in found.undated] == [("a.xml", date(2026, 1, 31), 1)]
    (told,) = said(connect(book))
    assert told.text == "1 of the entries state no day: taken as the statement's, 2026-01-31"


def test_a_statement_that_does_not_add_up_is_taken_and_said(book: Book) -> None:
    (added,) = put(book, STATEMENTS / "not_closing_camt053.xml")
    assert added.status == "added"
    assert added.note.endswith("difference 147.32 USD")
    amounts, found = seen(book)
    assert amounts == [170000]
    assert [(s.difference, s.file) for s in found.differing] == [(14732, "not_closing_camt053.xml")]


def test_the_same_rule_for_mt940(book: Book, tmp_path: Path) -> None:
    put_text(book, tmp_path, a__sta=mt940(("16", "60,50", "NONREF"), closing="70,00"))
    assert [s.difference for s in seen(book)[1].differing] == [950]


def test_statements_that_do_not_follow(book: Book, tmp_path: Path) -> None:
    first = mt940(("16", "60,50", "NONREF"), closing="60,50")
    later = mt940(("16", "10,00", "NONREF"), opening="75,50", closing="85,50").replace("2601", "2603")
    put_text(book, tmp_path, a__sta=first, b__sta=later.replace("260331", "260331"))
    (gap,) = seen(book)[1].gaps
    assert (gap.difference, gap.file, gap.next_file) == (1500, "a.sta", "b.sta")
    between = mt940(("20", "15,00", "NONREF"), opening="60,50", closing="75,50").replace("2601", "2602")
    put_text(book, tmp_path, c__sta=between.replace("260231", "260228"))
    assert seen(book)[1].gaps == ()


def test_statements_that_overlap_on_a_day_have_one_gap_before_them(book: Book, tmp_path: Path) -> None:
    """March ends with 1109.50; April begins with 110.00. A third file begins on the last day of the second, with the
    120.00 that the second reached before that day: the gap is that before April alone."""
    (book.path / "mappings").mkdir(exist_ok=True)
    mapping = 'kind = "bank"\naccount = "X1"\ncurrency = "GBP"\n[columns]\nbooked_on = "Day"\ndescription = "Text"\n'
    (book.path / "mappings" / "x1.toml").write_text(f'{mapping}amount = "Sum"\nbalance = "Left"\n', encoding="utf-8")
    head = "Day,Text,Sum,Left\n"
    march = f"{head}2026-03-02,c,1000.00,1115.00\n2026-03-05,d,-5.50,1109.50\n"
    april = f"{head}2026-04-01,c,10.00,120.00\n2026-04-05,d,-5.00,115.00\n2026-04-05,d,-5.00,110.00\n"
    more = f"{head}2026-04-05,d,-5.00,115.00\n2026-04-05,d,-5.00,110.00\n2026-04-06,e,-1.00,109.00\n"
    put_text(book, tmp_path, march__csv=march, april__csv=april, more__csv=more)
    (gap,) = seen(book)[1].gaps
    assert (gap.difference, gap.file, gap.next_file) == (-99_950, "march.csv", "april.csv")


def test_pages_of_one_day_follow_each_other(book: Book, tmp_path: Path) -> None:
    page = ":20:S\n:25:X1\n:28C:1/{n}\n:60M:C260116USD{a}\n:61:2601160116C1,00NTRFR{n}\n:62M:C260116USD{b}\n-\n"
    pages = "".join(page.format(n=n, a=f"{n},00", b=f"{n + 1},00") for n in range(4))
    put_text(book, tmp_path, a__sta=pages)
    amounts, found = seen(book)
    assert amounts == [100] * 4
    assert found.gaps == found.differing == ()
