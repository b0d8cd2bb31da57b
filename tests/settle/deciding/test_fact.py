"""Stating a fact of a payout: it is used when the payout is restored, kept in the journal, and can be withdrawn."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import open_book
from crossbook.decisions import RefusedError, deciding
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, Payout, settle
from crossbook.settle.deciding.fact import FACT
from tests.sharing import copied

WHO = "Li Na"


@pytest.fixture
def folder(totals: Path, tmp_path: Path) -> Path:
    copied(totals, tmp_path / "book")
    return tmp_path / "book"


def state(desk: Desk, **said: Any) -> None:
    deciding.decide(desk, FACT, {"why": "the platform's mail of 2 April", **said}, who=WHO)


def doubtful(desk: Desk) -> Payout:
    return next(p for p in desk.payouts if p.restoration and len(p.restoration.rivals) > 1 and p.status != "unique")


def test_an_order_that_is_in_it_is_in_every_explanation(folder: Path) -> None:
    before = settle(open_book(folder))
    payout = doubtful(before)
    rivals = payout.restoration.rivals
    order = next(o for o in rivals[1].missing + rivals[0].missing if not all(o in r.missing for r in rivals))
    state(before, payout=payout.id, fact="orders", value=(f"{order}=yes",))
    after = settle(open_book(folder))
    told = after.payout(payout.id).restoration
    assert after.stated[payout.id].inside == (order,)
    assert order in {o.order_id for o in told.orders}
    assert all(order not in r.missing for r in told.rivals)
    assert all(order not in {o.order_id for o in q.restoration.orders} for q in after.payouts if q.id != payout.id)
    deciding.undo(after, FACT, {"payout": payout.id, "fact": "orders"}, who=WHO)
    assert settle(open_book(folder)).payouts == before.payouts
    with pytest.raises(CrossbookError, match="no orders of"):
        deciding.undo(after, FACT, {"payout": payout.id, "fact": "orders"}, who=WHO)


def test_the_number_of_orders_and_sums_hold_for_every_explanation(folder: Path) -> None:
    desk = settle(open_book(folder))
    payout = doubtful(desk)
    inside = payout.restoration.orders
    state(desk, payout=payout.id, fact="count", value=(str(len(inside)),))
    desk = settle(open_book(folder))
    rivals = desk.payout(payout.id).restoration.rivals
    assert len({len(r.added) - len(r.missing) for r in rivals}) == 1
    placed = {
        row["order_id"]: row["placed_at"]
        for row in desk.database.rows("SELECT order_id, placed_at FROM orders WHERE account = $a", a=payout.account)
    }
    days = sorted(placed[o.order_id].astimezone().date() for o in inside)
    day = days[len(days) // 2]
    assert isinstance(day, date)
    state(desk, payout=payout.id, fact="sums", value=(f"{day}=0.00",))
    desk = settle(open_book(folder))
    assert desk.stated[payout.id].sums == ((day.isoformat(), 0),)
    assert desk.payout(payout.id).restoration != payout.restoration


def test_what_cannot_be_stated(folder: Path) -> None:
    desk = settle(open_book(folder))
    payout = doubtful(desk)
    with pytest.raises(CrossbookError, match="a reason is needed"):
        deciding.decide(desk, FACT, {"payout": payout.id, "fact": "count", "value": ("3",), "why": " "}, who=WHO)
    for said, message in (
        ({"fact": "mood", "value": ("3",)}, "mood"),
        ({"fact": "count", "value": ("three",)}, "three is no number of orders"),
        ({"fact": "count", "value": ("3", "4")}, "count is one number, not 2"),
        ({"fact": "orders", "value": ("SB1=perhaps",)}, "said by yes or no"),
        ({"fact": "orders", "value": ("SB1",)}, "SB1 does not say what it is of"),
        ({"fact": "sums", "value": ("2025-01-01=1.00", "2025-01-01=2.00")}, "names something twice"),
        ({"fact": "sums", "value": ("2025-13-01=1.00",)}, "2025-13-01"),
        ({"fact": "fee_total", "value": ("0.001",)}, "finer"),
    ):
        with pytest.raises(CrossbookError, match=message):
            state(desk, payout=payout.id, **said)
    for said, message in (
        ({"fact": "count", "value": ("0",)}, "cannot be so little"),
        ({"fact": "orders", "value": ("NOBODY=yes",)}, "has no order NOBODY"),
    ):
        with pytest.raises(RefusedError) as caught:
            state(desk, payout=payout.id, **said)
        assert message in str(caught.value)


def test_an_order_is_stated_to_be_in_one_payout(folder: Path) -> None:
    desk = settle(open_book(folder))
    payout = doubtful(desk)
    other = next(p for p in desk.payouts if p.restoration and p.id != payout.id)
    order = payout.restoration.orders[0].order_id
    state(desk, payout=payout.id, fact="orders", value=(f"{order}=yes",))
    with pytest.raises(RefusedError, match="other facts were stated since"):
        state(desk, payout=other.id, fact="orders", value=(f"{order}=yes",))
    with pytest.raises(RefusedError, match=f"order {order} was stated to be in {payout.id}"):
        state(settle(open_book(folder)), payout=other.id, fact="orders", value=(f"{order}=yes",))
