"""Accepting one of several explanations: journalled, minded by the payouts around it, and undone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crossbook.book import open_book
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, Payout, settle
from crossbook.settle.restoration.acceptance import accept_explanation, undo_acceptance


@pytest.fixture
def folder(totals: Path, tmp_path: Path) -> Path:
    shutil.copytree(totals, tmp_path / "book")
    return tmp_path / "book"


def doubtful(desk: Desk) -> Payout:
    return next(p for p in desk.payouts if p.restoration and len(p.restoration.rivals) > 1)


def test_the_second_explanation_is_accepted_and_taken_back(folder: Path) -> None:
    before = settle(open_book(folder))
    payout = doubtful(before)
    rival = payout.restoration.rivals[1]
    accept_explanation(before.book, payout.id, payout.restoration, 2, "the buyer of the first says so", "Li Na")
    after = settle(open_book(folder)).payout(payout.id)
    assert after.status == "accepted"
    assert after.accepted and (after.accepted.who, after.accepted.why) == ("Li Na", "the buyer of the first says so")
    assert after.accepted.probability == rival.probability
    inside = {o.order_id for o in after.restoration.orders}
    assert inside.isdisjoint(rival.missing) and inside.issuperset(rival.added)
    assert sum(o.net for o in after.restoration.orders) == payout.amount
    with pytest.raises(CrossbookError, match="accepted by Li Na"):
        accept_explanation(before.book, after.id, after.restoration, 1, "no", "Wang Wei")
    undo_acceptance(before.book, payout.id, "Li Na")
    again = settle(open_book(folder))
    assert again.payouts == before.payouts
    with pytest.raises(CrossbookError, match="no decision"):
        undo_acceptance(before.book, payout.id)


def test_an_accepted_order_is_in_no_other_payout(folder: Path) -> None:
    before = settle(open_book(folder))
    payout = doubtful(before)
    moved = {*payout.restoration.rivals[1].missing, *payout.restoration.rivals[1].added}
    accept_explanation(before.book, payout.id, payout.restoration, 2, "checked", "Li Na")
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
        accept_explanation(desk.book, payout.id, payout.restoration, 1, "  ")
    with pytest.raises(CrossbookError, match="no explanation 99"):
        accept_explanation(desk.book, payout.id, payout.restoration, 99, "why not")
    with pytest.raises(CrossbookError, match="no explanations to choose from"):
        accept_explanation(desk.book, payout.id, None, 1, "why not")
