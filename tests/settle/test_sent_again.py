"""A withdrawal from a running balance that came back, and was sent again under its own number, is on its way again.

By hand, in USD: 100.00 and 50.00 come in, W1 takes 150.00, brings them back two days later, and takes them once more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from tests.cli.running import data, run

HEAD = (
    "Date,Transaction ID,Type,Order ID,Amount,Balance,Currency\n"
    "2026-03-01,T1,payment,G1,100.00,100.00,USD\n"
    "2026-03-02,T2,payment,G2,50.00,150.00,USD\n"
    "2026-03-03,W1,withdrawal,,-150.00,0.00,USD\n"
)
BACK = "2026-03-05,W1,withdrawal returned,,150.00,150.00,USD\n"
AGAIN = "2026-03-07,W1,withdrawal,,-150.00,0.00,USD\n"
TWICE = "2026-03-09,W1,withdrawal returned,,150.00,150.00,USD\n"


@pytest.mark.parametrize(
    ("rows", "arrival", "paid", "held"),
    [
        ("", "on_its_way", 15_000, 0),
        (BACK, "returned", 0, 15_000),
        (BACK + AGAIN, "on_its_way", 15_000, 0),
        (BACK + AGAIN + TWICE, "returned", 0, 15_000),
    ],
    ids=["sent", "came back", "sent again", "came back again"],
)
def test_the_last_word_of_the_balance_counts(
    book: Book, tmp_path: Path, rows: str, arrival: str, paid: int, held: int
) -> None:
    path = tmp_path / "wallet.csv"
    path.write_text(HEAD + rows)
    words = ("payment=sale", "withdrawal=withdrawal", *(["withdrawal returned=withdrawal"] if rows else []))
    types = [part for word in words for part in ("--type", word)]
    done = run("map", path, "--kind", "settlement", "--account", "wal", *types, book=book.path)
    assert done.returncode == 0, done.stderr
    assert run("add", path, book=book.path).returncode == 0
    (payout,) = data("payouts", book=book.path)
    assert (payout["id"], payout["amount"], payout["arrival"]) == ("W1", 15_000, arrival)
    (sums,) = data("money", book=book.path)["adds_up"]
    assert (sums["paid"], sums["held"], sums["difference"]) == (paid, held, 0)
