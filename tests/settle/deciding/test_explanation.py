"""Accepting one of several explanations: journalled, minded by the payouts around it, and undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crossbook.book import open_book
from crossbook.decisions import AskedError, RefusedError
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, Payout, settle
from tests.decisions.making import decided, undone
from tests.sharing import copied


@pytest.fixture
def folder(totals: Path, tmp_path: Path) -> Path:
    copied(totals, tmp_path / "book")
    return tmp_path / "book"


def doubtful(desk: Desk) -> Payout:
    return next(p for p in desk.payouts if p.restoration and len(p.restoration.rivals) > 1)


def test_the_second_explanation_is_accepted_and_taken_back(folder: Path) -> None:
    before = settle(open_book(folder))
    payout = doubtful(before)
    rival = payout.restoration.rivals[1]
    odds = f"{rival.probability:.2%}"
    with pytest.raises(AskedError, match=f"explanation 2 has odds of {odds}, the likeliest"):
        decided(before, "explanation", payout=payout.id, number=2, why="the buyer of the first says so", who="Li Na")
    said = "the buyer of the first says so"
    decided(before, "explanation", payout=payout.id, number=2, why=said, who="Li Na", yes=[odds])
    after = settle(open_book(folder)).payout(payout.id)
    assert after.status == "accepted"
    assert after.accepted and (after.accepted.who, after.accepted.why) == ("Li Na", "the buyer of the first says so")
    assert after.accepted.probability == rival.probability
    inside = {o.order_id for o in after.restoration.orders}
    assert inside.isdisjoint(rival.missing) and inside.issuperset(rival.added)
    assert sum(o.net for o in after.restoration.orders) == payout.amount
    with pytest.raises(CrossbookError, match="accepted by Li Na"):
        decided(settle(open_book(folder)), "explanation", payout=after.id, number=1, why="no", who="Wang Wei")
    undone(before, "explanation", payout=payout.id, who="Li Na")
    again = settle(open_book(folder))
    assert again.payouts == before.payouts
    with pytest.raises(CrossbookError, match="no decision"):
        undone(before, "explanation", payout=payout.id)


def test_an_accepted_order_is_in_no_other_payout(folder: Path) -> None:
    before = settle(open_book(folder))
    payout = doubtful(before)
    moved = {*payout.restoration.rivals[1].missing, *payout.restoration.rivals[1].added}
    odds = f"{payout.restoration.rivals[1].probability:.2%}"
    decided(before, "explanation", payout=payout.id, number=2, why="checked", who="Li Na", yes=[odds])
    after = settle(open_book(folder))
    held: dict[str, list[str]] = {}
    for p in after.payouts:
        if p.restoration and p.status in ("accepted", "unique", "likely"):
            for o in p.restoration.orders:
                held.setdefault(o.order_id, []).append(p.id)
    assert all(len(held.get(o, [])) <= 1 for o in moved)


def test_what_cannot_be_accepted(folder: Path) -> None:
    desk = settle(open_book(folder))
    payout = doubtful(desk)
    with pytest.raises(CrossbookError, match="a reason is needed"):
        decided(desk, "explanation", payout=payout.id, number=1, why="  ")
    with pytest.raises(CrossbookError, match="no explanation 99"):
        decided(desk, "explanation", payout=payout.id, number=99, why="why not")
    other = replace(payout, restoration=None)
    desk.payouts[desk.payouts.index(payout)] = other
    with pytest.raises(CrossbookError, match="no explanations to choose from"):
        decided(desk, "explanation", payout=other.id, number=1, why="why not")


def test_figures_from_before_another_decision_decide_nothing(folder: Path) -> None:
    """Both were shown explanations of the same moment; the second must look at those that the first left."""
    desk = settle(open_book(folder))
    one, other = [p for p in desk.payouts if p.restoration and len(p.restoration.rivals) > 1][:2]
    decided(desk, "explanation", payout=one.id, number=1, why="mail", who="Li Na")
    with pytest.raises(RefusedError, match="other explanations were decided since"):
        decided(desk, "explanation", payout=other.id, number=1, why="mail", who="Wang Wei")
    again = settle(open_book(folder))
    if len(again.payout(other.id).restoration.rivals):
        decided(again, "explanation", payout=other.id, number=1, why="mail", who="Wang Wei")
