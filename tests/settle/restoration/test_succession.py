"""Successive payouts restored jointly: an order is paid once, and later payouts settle earlier ones."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from books import CYCLE, DAY, make

from crossbook.settle.restoration.history import LOST, NEVER, NONE, OPEN, WON, Notice, Orders, Rule
from crossbook.settle.restoration.succession import restore_all


def orders(net: list[int], day: list[float], **disputes: dict[int, tuple[float, float, int]]) -> Orders:
    n = len(net)
    disputed, settled, state = np.full(n, NEVER), np.full(n, NEVER), np.full(n, NONE, np.int8)
    for i, (opened, closed, what) in disputes.get("disputes", {}).items():
        disputed[i], state[i] = int(opened * DAY), what
        settled[i] = NEVER if closed < 0 else int(closed * DAY)
    released = np.array([int(d * DAY) for d in day], np.int64)
    return Orders(
        day=np.array([1 + int(d) for d in day], np.int64),
        net=np.array(net, np.int64),
        fee=np.zeros(n, np.int64),
        released=released,
        disputed=disputed,
        settled=settled,
        state=state,
    )


SHARP = Rule(near=0)


def members(restored: list, k: int) -> list[int]:  # type: ignore[type-arg]
    return sorted(restored[k].orders.tolist())


def test_nothing_deviates() -> None:
    given = orders([1_001, 2_003, 4_007, 8_011], [1, 2, 11, 12])
    found = restore_all(given, [Notice(3_004, CYCLE), Notice(12_018, 2 * CYCLE)], SHARP)
    assert [r.verdict for r in found] == ["unique", "unique"]
    assert members(found, 0) == [0, 1]
    assert members(found, 1) == [2, 3]


def test_a_late_order_comes_with_the_next_payout() -> None:
    given = orders([1_001, 2_003, 4_007, 8_011, 3_333], [1, 2, 11, 12, 3])
    found = restore_all(given, [Notice(3_004, CYCLE), Notice(12_018 + 3_333, 2 * CYCLE)], SHARP)
    assert members(found, 0) == [0, 1]
    assert members(found, 1) == [2, 3, 4]


def test_a_later_payout_tells_equal_explanations_apart() -> None:
    # orders 0 and 1 together are worth order 2; which is missing shows when it comes
    given = orders([1_000, 1_500, 2_500, 7_777, 9_111], [1, 2, 3, 4, 14])
    first, second = Notice(7_777 + 2_500, CYCLE), Notice(9_111 + 2_500, 2 * CYCLE)
    alone = restore_all(given, [first], SHARP)[0]
    assert alone.verdict == "ambiguous" or alone.verdict == "likely"
    joint = restore_all(given, [first, second], SHARP)
    rivals = {d.missing: d.probability for d in joint[0].deviations}
    assert set(rivals) == {(2,), (0, 1)}
    assert members(joint, 1) in ([2, 4], [0, 1, 4])


def test_a_dispute_holds_for_two_months() -> None:
    given = orders([1_001, 2_003, 4_007], [1, 2, 61], disputes={1: (1.5, 62.0, WON)})
    notices = [Notice(1_001, CYCLE), *(Notice(0, k * CYCLE) for k in range(2, 7)), Notice(6_010, 7 * CYCLE)]
    found = restore_all(given, notices, SHARP)
    assert members(found, 0) == [0]
    assert members(found, 6) == [1, 2]


@pytest.mark.parametrize("state", [OPEN, LOST])
def test_what_is_not_paid_is_not_expected(state: int) -> None:
    given = orders([1_001, 2_003], [1, 2], disputes={1: (1.5, -1 if state == OPEN else 5, state)})
    found = restore_all(given, [Notice(1_001, CYCLE)], SHARP)
    assert members(found, 0) == [0]
    assert found[0].expected == 1_001


def test_no_order_is_in_two_certain_payouts() -> None:
    truth = make(np.random.default_rng(12), 60, 10, 2, known=0.5)
    found = restore_all(truth.orders, truth.notices, truth.rule)
    sure = Counter(i for r in found if r.verdict == "unique" for i in r.orders.tolist())
    assert max(sure.values(), default=0) <= 1


def test_books_with_known_truth() -> None:
    rng = np.random.default_rng(5)
    wrong = claimed = 0
    for known, blur in ((1.0, 0.0), (0.5, 0.0), (1.0, 6.0)):
        truth = make(rng, 50, 10, None, known=known, blur_hours=blur)
        for k, r in enumerate(restore_all(truth.orders, truth.notices, truth.rule)):
            assert min(r.probability, default=0) >= 0
            assert max(r.probability, default=0) <= 1
            if r.verdict != "unexplained":
                assert int(truth.orders.net[r.orders].sum()) == truth.notices[k].amount
            if r.verdict == "unique":
                claimed += 1
                wrong += set(r.orders.tolist()) != truth.inside[k]
    assert claimed >= 5
    assert wrong == 0
