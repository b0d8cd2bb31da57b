"""The whole desk on the sample business: what was planted is found, the rest closes, arrives and is traced."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import open_book
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, settle
from crossbook.settle.position import PLACES, position
from crossbook.views.passport import passport
from crossbook.views.why import Reason, sources_of, why
from tests.decisions.making import decided


@pytest.fixture(scope="module")
def desk(sample: Path) -> Desk:
    return settle(open_book(sample / "book"))


@pytest.fixture(scope="module")
def planted(sample: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((sample / "truth" / "planted.json").read_text(encoding="utf-8"))
    return found


def test_only_what_was_planted_does_not_close(desk: Desk, planted: dict[str, object]) -> None:
    open_ones = {p.id: p for p in desk.payouts if p.status == "not_closed"}
    assert planted["amazon_settlement_with_a_lost_line"] in open_ones
    assert {p.account for p in open_ones.values()} <= {"amazon", "paypal"}
    assert len(open_ones) == 2
    paypal = next(p for p in open_ones.values() if p.account == "paypal")
    assert paypal.closure is not None
    assert paypal.closure.since.date() <= date(2025, 9, 9) <= paypal.closure.until.date()


def test_the_carried_settlement_is_negative_and_closes(desk: Desk, planted: dict[str, object]) -> None:
    p = desk.payout(str(planted["amazon_settlement_carried"]))
    assert p.amount < 0
    assert p.status == "closed"


def test_every_payout_that_could_arrive_is_matched(desk: Desk) -> None:
    assert [p.key for p in desk.side.open_payouts if desk.side.overdue(p)] == []
    assert Counter(len(m.credits) for m in desk.side.matches) == {1: len(desk.side.matches)}
    converted = [m for m in desk.side.matches if m.rate is not None]
    assert len(converted) == sum(p.match is not None for p in desk.payouts if p.account == "seabridge")
    assert all(m.table_rate and abs(m.rate / m.table_rate - 1) < 0.01 for m in converted if m.rate)
    assert [m.short for m in desk.side.matches if m.short] == [1_500]


def test_trades_off_the_platform_are_left_over(desk: Desk) -> None:
    assert {c["counterparty"] for c in desk.side.open_credits} == {"NORDIC CAMP AB", "BLUE RIDGE OUTFITTERS LLC"}


def test_restored_payouts_hold_against_the_truth(desk: Desk, sample: Path) -> None:
    truth = json.loads((sample / "truth" / "seabridge-payouts.json").read_text(encoding="utf-8"))
    right = {row["payout"]: set(row["orders"]) for row in truth}
    found = [p for p in desk.payouts if p.restoration]
    assert len(found) == len(right)
    unique = [p for p in found if p.status == "unique"]
    assert len(unique) >= len(found) // 3
    for p in found:
        assert p.restoration is not None
        if p.status != "unexplained":
            assert sum(o.net for o in p.restoration.orders) == p.amount
        if p.status == "unique":
            assert {o.order_id for o in p.restoration.orders} == right[p.payout_id]
    likely = [p for p in found if p.status in ("unique", "likely")]
    hits = sum({o.order_id for o in p.restoration.orders} == right[p.payout_id] for p in likely if p.restoration)
    assert hits >= 0.85 * len(likely)


def test_settling_again_is_the_same_and_cached(desk: Desk) -> None:
    again = settle(desk.book)
    assert [(p.id, p.status, p.restoration) for p in again.payouts] == [
        (p.id, p.status, p.restoration) for p in desk.payouts
    ]
    assert list((desk.book.path / "cache").glob("restoration-*.json"))


def test_money_is_in_one_place(desk: Desk) -> None:
    for day in (date(2025, 6, 30), date(2026, 6, 20)):
        stages = position(desk, day)
        assert {s.place for s in stages} <= set(PLACES)
        placed = sum(s.orders for s in stages)
        (row,) = desk.database.rows("SELECT count(*) AS n FROM orders WHERE placed_on <= $day", day=day)
        assert 0.97 * row["n"] <= placed <= row["n"]  # refunded and lost orders are in none
        for s in stages:
            if s.earliest:
                assert day < s.earliest <= s.likely <= s.latest  # type: ignore[operator]


def leaves(reason: Reason) -> list[tuple[str, int]]:
    return [*reason.because, *(ref for child in reason.reasons for ref in leaves(child))]


def test_why_leads_to_lines_of_files(desk: Desk) -> None:
    restored = next(p for p in desk.payouts if p.status == "unique" and p.restoration)
    assert restored.restoration is not None
    for name in (
        restored.id,
        restored.restoration.orders[0].order_id,
        next(iter(desk.side.credits)),
        next(p.id for p in desk.payouts if p.status == "not_closed"),
        "海桥打款通知.csv",
    ):
        top = why(desk, name)
        origin = sources_of(desk, top)
        references = leaves(top)
        assert references
        assert all(origin[ref][1] for ref in references)
    order = restored.restoration.orders[0].order_id
    top = why(desk, order)
    assert any(order in sources_of(desk, top)[ref][1] for ref in leaves(top))
    with pytest.raises(CrossbookError, match="nothing in the book"):
        why(desk, "no such thing")


def test_findings_cite_evidence(desk: Desk) -> None:
    found = desk.findings()
    assert len([f for f in found if f.rule in ("closure", "restoration")]) == len(desk.payouts)
    assert all(f.because for f in found if f.rule != "bank" or f.verdict == "at_bank")


def test_a_credit_from_before_the_payout_is_not_it(sample: Path) -> None:
    desk = settle(open_book(sample / "book"), restore=False)
    (waiting,) = desk.side.open_payouts
    open_credits = desk.side.open_credits
    assert len(open_credits) == 2
    for credit in open_credits:
        days = (waiting.paid_on - credit["booked_on"]).days
        with pytest.raises(CrossbookError, match=f"{days} days before the payout was paid on {waiting.paid_on}"):
            short = waiting.amount - credit["amount"]
            decided(desk, "match", payout=waiting.key, credit=credit["key"], why="told by phone", difference=short)
    taken = next(m for m in desk.side.matches if not m.rivals)
    with pytest.raises(CrossbookError, match=f"is matched with {', '.join(taken.payouts)}"):
        decided(desk, "match", payout=waiting.key, credit=taken.credits[0])
    assert desk.book.journal() == []


def test_what_customs_held_back_is_not_declared(desk: Desk, planted: dict[str, list[str]]) -> None:
    rows = desk.database.rows("SELECT DISTINCT order_id FROM customs_answers WHERE state <> 'released' ORDER BY 1")
    assert [r["order_id"] for r in rows] == sorted(planted["held_back_by_customs"]) != []
    for row in desk.database.rows("SELECT order_id, state FROM customs_answers ORDER BY state, order_id LIMIT 20"):
        found = passport(desk, row["order_id"])
        assert ("customs" in found.gaps) == (row["state"] != "released"), row
        assert found.steps[2].day is not None and len(found.steps[2].proofs) > 1
