"""Equal credits day after day, told by two formats that book them on different days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.book import init_book
from crossbook.decisions import decide
from crossbook.trade.banking import Perhaps
from crossbook.trade.deciding.entry import ENTRY
from tests.trade.test_banking import put_text, seen

FIRST = date(2026, 3, 3)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = init_book(tmp_path / "book", "", "EUR", "")
    (made.path / "mappings").mkdir(exist_ok=True)
    for name, more in (("held", 'balance = "Balance"\n'), ("bare", "")):
        last = "Balance" if more else "Number"
        text = (
            'kind = "bank"\naccount = "202051"\ncurrency = "EUR"\n[columns]\nbooked_on = "Date"\namount = "Paid in"\n'
        )
        text += f'description = "Details"\n{more}' + ("" if more else f'reference = "{last}"\n')
        (made.path / "mappings" / f"{name}.toml").write_text(text, encoding="utf-8")
    return made


def table(days: Sequence[int], *, held: int | None = None, fee: int | None = None, amount: int = 100) -> str:
    """A table of credits on those days of March 2026, with the balance after each from `held` on, and a fee of 1.00."""
    rows = [(day, "PAYPAL EUROPE PAYOUT", amount) for day in days] + ([(fee, "FEE", -1)] if fee else [])
    lines = [f"Date,Details,Paid in,{'Number' if held is None else 'Balance'}"]
    for day, text, moved in rows:
        held = None if held is None else held + moved
        lines.append(f"{FIRST + timedelta(day - 3)},{text},{moved}.00,{'' if held is None else f'{held}.00'}")
    return "\n".join(lines) + "\n"


def mt940(days: Sequence[int], *, held: int) -> str:
    """A statement with credits of 100.00 on those days of March 2026, from a balance of `held` on."""
    lines = "".join(f":61:2603{day:02d}03{day:02d}C100,00NTRFNONREF\n:86:PAYPAL EUROPE PAYOUT\n" for day in days)
    return (
        f":20:X\n:25:DE02120300000000202051\n:28C:1/1\n:60F:C2603{days[0] - 1:02d}EUR{held},00\n{lines}"
        f":62F:C2603{days[-1]:02d}EUR{held + 100 * len(days)},00\n-\n"
    )


def ofx(days: Sequence[int]) -> str:
    """The same without balances."""
    rows = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{FIRST + timedelta(day - 3):%Y%m%d}<TRNAMT>100.00<FITID>{i}"
        "<NAME>PAYPAL EUROPE PAYOUT</STMTTRN>"
        for i, day in enumerate(days)
    )
    return (
        "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>12030000<ACCTID>202051</BANKACCTFROM>"
        f"<BANKTRANLIST>{rows}</BANKTRANLIST></STMTRS></OFX>"
    )


def credits(book: Book) -> tuple[int, tuple[Perhaps, ...]]:
    amounts, found = seen(book)
    return sum(a > 0 for a in amounts), found.perhaps


def one(book: Book, perhaps: Perhaps, day: str) -> None:
    """Say that the two are one, naming the other's day."""
    wish = {"first": perhaps.key, "second": perhaps.other_key, "answer": "same", "why": "the bank says so"}
    decide(ENTRY.opens(book), ENTRY, wish, yes=[day])


@pytest.mark.parametrize("days", [(4, 5, 6, 7), (3, 5, 6, 9), (4, 5, 7, 8)])
def test_one_balance_after_each_makes_them_one(book: Book, tmp_path: Path, days: Sequence[int]) -> None:
    """1,000.00 to 1,400.00 in both: four credits, be they booked on the same day, a day or three days later."""
    put_text(book, tmp_path, a__csv=table((3, 4, 5, 6), held=1000, fee=20), b__sta=mt940(days, held=1000))
    assert credits(book) == (4, ())


def test_a_statement_a_day(book: Book, tmp_path: Path) -> None:
    days = {f"s{n}__sta": mt940((n + 4,), held=1000 + 100 * n) for n in range(4)}
    put_text(book, tmp_path, a__csv=table((3, 4, 5, 6), held=1000, fee=20), **days)
    assert credits(book) == (4, ())


def test_other_balances_of_the_same_days_are_other_credits(book: Book, tmp_path: Path) -> None:
    """1,000.00 + 100.00 on the 3rd, which the statement from 1,100.00 on does not have; that to 1,500.00 on the 7th,
    which the table does not have."""
    put_text(book, tmp_path, a__csv=table((3, 4, 5, 6), held=1000), b__sta=mt940((4, 5, 6, 7), held=1100))
    assert credits(book) == (5, ())


def test_without_balances_the_one_left_on_either_side_asks(book: Book, tmp_path: Path) -> None:
    put_text(book, tmp_path, a__csv=table((3, 4, 5, 6)), b__ofx=ofx((4, 5, 6, 7)))
    count, (perhaps,) = credits(book)
    assert (count, {perhaps.file, perhaps.other_file}) == (5, {"a.csv", "b.ofx"})
    one(book, perhaps, "2026-03-07")
    assert credits(book) == (4, ())


def test_a_balance_swept_to_nothing_proves_no_day(book: Book, tmp_path: Path) -> None:
    """1,100.00 after each: the sums go out again on the same day."""
    swept = table((3, 4, 5, 6), held=1000).replace("1200.00", "1100.00").replace("1300.00", "1100.00")
    lines = swept.replace("1400.00", "1100.00").splitlines()
    out = [f"{line[:10]},SWEEP,-100.00,1000.00" for line in lines[1:]]
    both = [lines[0], *(row for pair in zip(lines[1:], out, strict=True) for row in pair)]
    there = mt940((4, 5, 6, 7), held=1000).replace(
        ":86:PAYPAL EUROPE PAYOUT\n", ":86:PAYPAL EUROPE PAYOUT\n:61:260303D100,00NTRFNONREF\n:86:SWEEP\n"
    )
    put_text(book, tmp_path, a__csv="\n".join(both) + "\n", b__sta=there.replace("EUR1400,00", "EUR1000,00"))
    count, perhaps = credits(book)
    assert count == 5
    assert 10000 in {p.amount for p in perhaps}


def test_far_apart_the_question_can_be_answered(book: Book, tmp_path: Path) -> None:
    """Ten days, each told a day later: the 3rd is left on one side, the 13th on the other."""
    put_text(book, tmp_path, a__csv=table(range(3, 13)), b__ofx=ofx(range(4, 14)))
    count, (perhaps,) = credits(book)
    assert count == 11
    one(book, perhaps, "2026-03-13")
    assert credits(book) == (10, ())


def test_what_lies_outside_the_days_of_the_other_file_is_another(book: Book, tmp_path: Path) -> None:
    """Twenty days in one and twelve in the other, of which six are the same: the rest is told once because the other
    file is of other days."""
    put_text(book, tmp_path, a__csv=table(range(3, 23)), b__ofx=ofx(range(17, 29)))
    assert credits(book) == (26, ())


def test_a_day_that_the_other_file_has_without_the_credit_asks(book: Book, tmp_path: Path) -> None:
    """The table goes on to the 20th and has nothing on the 7th."""
    put_text(book, tmp_path, a__csv=table((2, 3, 4, 5, 6), fee=20), b__ofx=ofx((4, 5, 6, 7)))
    count, perhaps = credits(book)
    assert (count, len(perhaps)) == (6, 1)
