"""What a platform holds in reserve is never below nothing: a first report sets free what nobody saw held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import settle
from crossbook.settle.adding_up import added_up
from crossbook.settle.position import position

Put = Callable[..., Added]
HEAD = (
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
    "transaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date\n"
)


def report(number: int, month: int, sold: int, before: int, now: int, *, before_first: bool) -> str:
    """A settlement in whole euros that sold goods, set free what it held before and holds something now."""
    other = f"{number}\t\t\t\t\t\tother-transaction\t\tother-transaction\t"
    moved = [
        f"{other}Previous Reserve Amount Balance\t{before}.00\t2026-0{month}-15\n",
        f"{other}Current Reserve Amount\t-{now}.00\t2026-0{month}-15\n",
    ]
    return (
        f"{HEAD}{number}\t2026-0{month}-01 08:00:00 UTC\t2026-0{month}-15 08:00:00 UTC\t2026-0{month}-17 08:00:00 UTC\t"
        f"{sold + before - now}.00\tEUR\n"
        f"{number}\t\t\t\t\t\tOrder\t305-1111111-000000{number}\tItemPrice\tPrincipal\t{sold}.00\t2026-0{month}-03\n"
        + "".join(moved if before_first else reversed(moved))
    )


@pytest.mark.parametrize("before_first", [True, False])
def test_what_the_first_report_sets_free_was_held_before_it(book: Book, add_text: Put, before_first: bool) -> None:
    """1,000 sold; 100 held before come free, 76 are held now: 1,024 are paid, and 76 in reserve, not -24."""
    add_text("1.txt", report(1, 3, 1000, 100, 76, before_first=before_first))
    desk, day = settle(book), date(2026, 3, 31)
    places = {s.place: s.amount for s in position(desk, day)}
    assert places == {"in_reserve": 76_00, "on_its_way": 1_024_00}
    (sums,) = added_up(desk, day)
    assert (sums.opening, sums.orders, sums.paid, sums.reserve, sums.difference) == (
        100_00,
        1_000_00,
        1_024_00,
        76_00,
        0,
    )


@pytest.mark.parametrize("newest_first", [True, False])
def test_of_several_reports_the_last_tells_what_is_held(book: Book, add_text: Put, newest_first: bool) -> None:
    """The second sets free the 76 that the first holds, and holds 50."""
    reports = [report(1, 3, 1000, 100, 76, before_first=False), report(2, 4, 500, 76, 50, before_first=False)]
    for n, text in enumerate(reversed(reports) if newest_first else reports):
        add_text(f"{n}.txt", text)
    desk = settle(book)
    for day, held in ((date(2026, 3, 31), 76_00), (date(2026, 4, 30), 50_00)):
        assert {s.place: s.amount for s in position(desk, day)}["in_reserve"] == held
        (sums,) = added_up(desk, day)
        assert (sums.opening, sums.reserve, sums.difference) == (100_00, held, 0)
