"""The overview: an alert counts what the list that it leads to holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import settle
from crossbook.settle.position import held, position
from crossbook.views.lists import Choice, list_payouts, payouts
from crossbook.views.overview import overview
from tests.settle.making import amazon, camt


def test_a_payout_with_two_problems_is_in_both_alerts_and_once_among_the_worst(
    book: Book, add_text: Callable[..., Added]
) -> None:
    add_text("s.txt", amazon("18906543210", "50.00", [("114-1", "Principal", "40.00")]))
    add_text("b.xml", camt([("2026-06-30", "7.00", "R1", "INTEREST")]))  # so the payout of 17 March is overdue
    desk = settle(book)
    list_payouts(desk)
    found = overview(desk, date(2026, 6, 30))
    counts = {a.kind: (a.count, a.amounts) for a in found.alerts}
    assert counts["not_closed"] == (1, {"USD": 1_000})
    assert counts["overdue"] == (1, {"USD": 5_000})
    assert (
        payouts(desk, Choice({"status": "not_closed"})).total
        == payouts(desk, Choice({"arrival": "overdue"})).total
        == 1
    )
    assert [(a.id, a.problem, a.stake) for a in found.attention] == [("18906543210", "not_closed", 1_000)]
    assert found.attention_count == payouts(desk, Choice({"status": "attention"})).total == 1


def test_what_is_overdue_needs_a_person_on_every_face(book: Book, add_text: Callable[..., Added]) -> None:
    add_text("s.txt", amazon("18906543210", "50.00", [("114-1", "Principal", "50.00")]))
    add_text("b.xml", camt([("2026-06-30", "7.00", "R1", "INTEREST")]))
    desk = settle(book)
    (payout,) = desk.payouts
    assert (payout.status, desk.arrival(payout), desk.needs_attention(payout)) == ("closed", "overdue", True)


def test_a_reserve_is_held_and_stands_among_the_orders(book: Book, add_text: Callable[..., Added]) -> None:
    lines = [("114-1", "Principal", "50.00"), ("", "Current Reserve Amount", "-20.00")]
    add_text("s.txt", amazon("18906543210", "30.00", lines))
    desk = settle(book)
    (reserve,) = [s for s in position(desk, date(2026, 3, 17)) if s.place == "in_reserve"]
    assert (reserve.amount, reserve.orders, reserve.likely) == (2_000, 0, None)
    assert reserve in held(desk, date(2026, 3, 17))
