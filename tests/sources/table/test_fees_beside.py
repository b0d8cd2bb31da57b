"""A fee in a column beside the amount: the running balance proves whether the account moved by both."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.adding import add
from crossbook.book.book import Book
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.engine import connect
from crossbook.errors import CrossbookError

ABOVE = "Account,ACC-1\nCurrency,USD\n"
# 1,000.00 - 10.00 = 990.00; 990.00 - 100.00 - 1.00 = 889.00; 889.00 + 50.00 = 939.00
ROWS = ["2026-01-05,a,{0},10.00,990.00", "2026-01-06,b,{1},1.00,889.00", "2026-01-07,c,{2},,939.00"]
SIGNED = ("1000.00", "-100.00", "50.00")
RIGHT = [(99_000, 1_000), (-10_100, 100), (5_000, None)]


def written(folder: Path, rows: list[str], head: str = "Date,Details,Amount,Fee,Balance", above: str = ABOVE) -> Path:
    path = folder / "fee.csv"
    path.write_text(above + "\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("sides", [False, True])
@pytest.mark.parametrize("minus", [False, True])
def test_the_balance_proves_that_a_fee_stands_beside(
    tmp_path: Path, newest_first: bool, sides: bool, minus: bool
) -> None:
    cells = ("1000.00,", ",100.00", "50.00,") if sides else SIGNED
    rows = [row.format(*cells) for row in ROWS]
    if minus:
        rows = [row.replace(",10.00,", ",-10.00,").replace(",1.00,", ",-1.00,") for row in rows]
    head = f"Date,Details,{'Paid in,Paid out' if sides else 'Amount'},Fee,Balance"
    read = preview(written(tmp_path, rows[::-1] if newest_first else rows, head))
    assert not read.doubts and not read.bad
    told = [(row["amount"], row["fee"]) for row in read.rows["bank"]]
    assert (told[::-1] if newest_first else told) == RIGHT
    assert read.proofs == ["2 of 2 balances agree"]


def test_where_no_reading_agrees_it_is_asked(tmp_path: Path) -> None:
    rows = [row.format(*SIGNED).replace("889.00", "888.00") for row in ROWS]
    assert preview(written(tmp_path, rows)).doubts


def test_a_later_file_whose_amounts_hold_their_fees_is_refused(tmp_path: Path, book: Book) -> None:
    """939.00 - 100.00 = 839.00, though a fee of 1.00 stands beside: that is in it."""
    path = written(tmp_path, [row.format(*SIGNED) for row in ROWS])
    read = preview(path)
    keep_mapping(book, read.name, read.kept)
    add(book, inputs([path])[0])
    database = connect(book)
    database.ask("lines")
    moved = database.rows("SELECT sum(amount) AS moved FROM bank_used")
    assert moved == [{"moved": 93_900}]  # 990.00 - 101.00 + 50.00
    later = written(tmp_path, ["2026-02-05,a,10.00,,949.00", "2026-02-06,b,-100.00,1.00,849.00"])
    with pytest.raises(CrossbookError, match="849"):
        add(book, inputs([later])[0])
