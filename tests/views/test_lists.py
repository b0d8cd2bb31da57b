"""Lists, the overview, arrivals and search on the sample business: pages add up, and so do the sums above them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crossbook.book import open_book
from crossbook.settle import ATTENTION, Desk, settle
from crossbook.settle.position import position
from crossbook.trade.last_day import last_day
from crossbook.views.arrivals import arrivals
from crossbook.views.contents import equation, orders_inside
from crossbook.views.lists import PAYOUT_SORTS, Choice, list_payouts, orders, payouts
from crossbook.views.overview import overview
from crossbook.views.search import search


@pytest.fixture(scope="module")
def desk(sample: Path) -> Iterator[Desk]:
    made = settle(open_book(sample / "book"))
    list_payouts(made)
    yield made


def test_pages_of_payouts_hold_every_payout_once(desk: Desk) -> None:
    for sort in PAYOUT_SORTS:
        for descending in (True, False):
            found = []
            page = 1
            while True:
                told = payouts(desk, Choice({}, sort=sort, descending=descending, page=page, per_page=20))
                found += [r.id for r in told.rows]
                if page == told.pages:
                    break
                page += 1
            assert sorted(found) == sorted(p.id for p in desk.payouts), sort
    assert sum(told.sums.values()) == sum(p.amount for p in desk.payouts)


def test_attention_is_what_the_command_says(desk: Desk) -> None:
    told = payouts(desk, Choice({"status": "attention"}, per_page=500))
    wanted = {p.id for p in desk.payouts if p.status in ATTENTION or desk.arrival(p) == "overdue"}
    assert {r.id for r in told.rows} == wanted and wanted


def test_the_overview_says_what_hangs_on_what_is_wrong(desk: Desk) -> None:
    day = last_day(desk.database)
    assert day
    told = overview(desk, day)
    alerts = {a.kind: a for a in told.alerts}
    unclosed = [p for p in desk.payouts if p.status == "not_closed"]
    assert alerts["not_closed"].count == len(unclosed) == 2
    assert alerts["not_closed"].amounts == {"USD": sum(abs(p.difference or 0) for p in unclosed)}
    assert alerts["credit_without_order"].amounts == {"USD": 1_280_000 + 745_000}
    assert told.attention[0].stake >= told.attention[1].stake
    assert list(told.stages) == position(desk, day)


def test_orders_by_place_add_up_to_the_stages(desk: Desk) -> None:
    day = last_day(desk.database)
    assert day
    for on in (day, day - timedelta(days=200)):
        stages = position(desk, on)
        for s in stages:
            told = orders(desk, on, Choice({"place": s.place, "account": s.account, "currency": s.currency}))
            assert (told.orders, told.sums) == (s.orders, {s.currency: s.amount}), s
        assert orders(desk, on, Choice({})).orders == sum(s.orders for s in stages)


def test_arrivals_hold_all_that_is_under_way(desk: Desk) -> None:
    day = last_day(desk.database)
    assert day
    for on in (day, day - timedelta(days=100)):
        for a in arrivals(desk, on):
            stages = [s for s in position(desk, on) if s.currency == a.currency]
            timed = sum(s.amount for s in stages if s.place not in ("at_bank", "in_reserve", "untraced") and s.likely)
            assert a.weeks[-1].by_then + a.beyond + a.late + a.late_beside == timed
            for w in a.weeks:
                assert w.at_least <= w.by_then <= w.at_most
            assert all(one.by_then <= next_.by_then for one, next_ in zip(a.weeks, a.weeks[1:], strict=False))


def test_what_came_was_expected(desk: Desk) -> None:
    """Half a year before the end, what was forecast for four weeks is near to what then came."""
    day = last_day(desk.database)
    assert day
    on = day - timedelta(days=120)
    forecast = next(a for a in arrivals(desk, on) if a.currency == "USD").weeks[3]
    table = f"order_on_{day:%Y%m%d}"
    orders(desk, day, Choice({}))
    (came,) = desk.database.rows(
        f"SELECT sum(brings) AS amount FROM {table} WHERE currency = 'USD' AND placed_on <= $on AND booked_on > $on "
        "AND booked_on <= $until",
        on=on,
        until=on + timedelta(days=28),
    )
    assert 0.7 * forecast.at_least <= came["amount"] <= 1.3 * forecast.at_most


def test_the_equation_of_every_payout_adds_up(desk: Desk) -> None:
    for p in desk.payouts:
        terms = equation(desk, p)
        parts = sum(t.amount for t in terms if t.role == "part")
        whole = next((t.amount for t in terms if t.role == "sum"), None)
        if whole is not None:
            assert parts == whole, p.id
        gap = sum(t.amount for t in terms if t.role == "gap")
        if whole is not None:
            assert whole + gap == p.amount, p.id


def test_orders_inside_are_paged_whole(desk: Desk) -> None:
    p = max(desk.payouts, key=lambda p: p.lines)
    first = orders_inside(desk, p)
    found = [o.order_id for page in range(1, first.pages + 1) for o in orders_inside(desk, p, page).rows]
    assert len(found) == len(set(found)) == first.total > 50
    past = orders_inside(desk, p, first.pages + 7)
    assert (past.rows, past.total, past.page, past.pages) == ((), first.total, first.pages + 7, first.pages)


def test_search_is_by_text_not_by_pattern(desk: Desk) -> None:
    assert search(desk, "%%").hits == () and search(desk, "__").hits == ()
    order = orders(desk, last_day(desk.database), Choice({})).rows[0]  # type: ignore[arg-type]
    assert search(desk, order.order_id.lower()).hits[0].name == order.order_id
    found = search(desk, f"${order.total / 100:,.2f}").hits
    assert any(h.kind == "order" and h.amount == order.total for h in found)
