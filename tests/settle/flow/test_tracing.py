"""Lots against a slow walk over lists, and what must hold of every flow of money."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.settle.flow.lots import RULES, take
from crossbook.settle.flow.sharing import grouped_shares, shares_of
from crossbook.settle.flow.tracing import NONE, Movements, Pieces, borne_by, follow
from tests.settle.flow.oracle import Move, tell


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def as_movements(moves: list[Move], balances: int) -> tuple[Movements, dict[int, int]]:
    """The columns of some movements, and the place among the movements of each row that is one of them."""
    rows = []  # balance, when, amount, order, sent, out of, into, place among the moves
    for place, m in enumerate(moves):
        sending = place if m.to else NONE
        rows.append((m.balance, place, m.amount, m.order, bool(m.to or m.away), sending, NONE, place))
        if m.to:
            rows.append((m.to[0], place, m.to[1], -1, False, NONE, place, NONE))
    rows.sort(key=lambda r: r[:2])
    columns = np.array(rows, np.int64).reshape(-1, 8).T
    moved = Movements(columns[0], columns[2], columns[3], columns[4].astype(bool), columns[5], columns[6])
    return moved, dict(enumerate(columns[7].tolist()))


def summed(found: Pieces, key: np.ndarray, chosen: np.ndarray, amount: np.ndarray, names: dict[int, int]) -> dict:
    told: dict[int, Counter[int]] = {}
    for i in np.flatnonzero(chosen).tolist():
        origin = int(found.origin[i])
        told.setdefault(int(key[i]), Counter())[names[origin] if origin >= 0 else -1] += int(amount[i])
    return {k: +v for k, v in told.items() if +v}


amounts = st.integers(1, 40)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Move], list[str]]:
    balances = draw(st.integers(1, 4))
    rules = [draw(st.sampled_from(RULES)) for _ in range(balances)]
    moves = []
    for _ in range(draw(st.integers(0, 30))):
        here = draw(st.integers(0, balances - 1))
        order = draw(st.integers(-1, 5))
        what = draw(st.sampled_from(("in", "in", "out", "away", "to", "to")))
        if what == "in":
            moves.append(Move(here, draw(amounts), order))
        elif what == "to" and balances > 1:
            there = draw(st.integers(0, balances - 2))
            moves.append(Move(here, -draw(amounts), order, (there + (there >= here), draw(amounts))))
        else:
            moves.append(Move(here, -draw(amounts), order, away=what == "away"))
    return moves, rules


@settings(max_examples=400, deadline=None)
@given(histories())
def test_the_columns_say_what_a_slow_walk_says(history: tuple[list[Move], list[str]]) -> None:
    moves, rules = history
    moved, names = as_movements(moves, len(rules))
    found, told = follow(moved, rules), tell(moves, rules)
    out = np.array([names.get(int(x), NONE) for x in found.out], np.int64)
    gone, left = (found.out >= 0) & ~found.lacking, found.out == NONE
    assert summed(found, out, gone, found.amount, names) == {k: +v for k, v in told.taken.items() if +v}
    where = np.array([moved.balance[lot] if lot >= 0 else NONE for lot in found.lot.tolist()] or [], np.int64)
    assert summed(found, where, left, found.amount, names) == {k: +v for k, v in told.left.items() if +v}
    became = summed(found, out, found.into >= 0, found.into_amount, names)
    assert became == {k: +v for k, v in told.became.items() if +v}
    owed: Counter[int] = Counter()
    for row in np.flatnonzero(found.lacking).tolist():
        owed[int(moved.balance[found.out[row]])] += int(found.amount[row])
    assert owed == +told.owed


@settings(max_examples=200, deadline=None)
@given(histories())
def test_nothing_is_lost_and_nothing_is_made(history: tuple[list[Move], list[str]]) -> None:
    """Every outgo is its parts, every receipt what was taken of it and what is left; no origin is left out."""
    moves, rules = history
    moved, _ = as_movements(moves, len(rules))
    plain = (moved.amount < 0) & ~moved.sent
    found = follow(replace(moved, borne=borne_by(moved, plain)), rules)
    for row, amount in enumerate(moved.amount.tolist()):
        if amount < 0:
            assert found.amount[found.out == row].sum() == -amount
        else:
            assert found.amount[found.lot == row].sum() == amount
            began = found.origin_amount[(found.origin == row) & (found.into == NONE)].sum()
            lost = found.origin_amount[(found.origin == row) & (found.into >= 0) & (found.into_amount == 0)].sum()
            assert moved.into[row] >= 0 or began + lost == amount
            if moved.into[row] >= 0:
                assert found.into_amount[found.into == row].sum() == amount
    unknown = found.lot == NONE
    for balance in range(len(rules)):
        of = moved.balance == balance
        out_of = np.isin(found.out, np.flatnonzero(of))
        came = moved.amount[of & (moved.amount > 0)].sum() + found.amount[unknown & out_of & ~found.lacking].sum()
        went = -moved.amount[of & (moved.amount < 0)].sum() - found.amount[out_of & found.lacking].sum()
        left = found.amount[(found.out == NONE) & np.isin(found.lot, np.flatnonzero(of))].sum()
        assert came == went + left


def test_first_in_first_out_by_hand() -> None:
    """100 of order 1, 50 of order 2; 30 back to order 2 come from its own; then 110 are withdrawn, then 20."""
    taken, unknown = take(ints(100, 50, -30, -110, -20), ints(1, 2, 2, -1, -1), np.array([0, 0, 0, 1, 1], bool))
    assert list(zip(taken.out.tolist(), taken.lot.tolist(), taken.amount.tolist(), strict=True)) == [
        (2, 1, 30),
        (3, 0, 100),
        (3, 1, 10),
        (4, 1, 10),
        (4, 5, 10),  # 10 were in the balance of which no receipt is known
    ]
    assert unknown.tolist() == [10]


def test_a_conversion_shares_its_sum_to_the_cent() -> None:
    """97.00 EUR of three orders (32.33, 32.33, 32.34) become 104.76 USD: 34.9164, 34.9164, 34.9272."""
    moved = Movements(
        ints(0, 0, 0, 0, 1, 1),
        ints(3_233, 3_233, 3_234, -9_700, 10_476, -10_000),
        ints(1, 2, 3, -1, -1, -1),
        np.array([0, 0, 0, 1, 0, 1], bool),
        ints(-1, -1, -1, 0, -1, -1),
        ints(-1, -1, -1, -1, 0, -1),
    )
    found = follow(moved, ["fifo", "fifo"])
    converted = found.out == 3
    assert found.into_amount[converted].tolist() == [3_492, 3_491, 3_493]
    out = found.out == 5
    assert (found.origin[out].tolist(), found.amount[out].tolist()) == ([0, 1, 2], [3_492, 3_491, 3_017])
    assert found.origin_amount[out].tolist() == [3_233, 3_233, 2_793]  # 3234 * 3017 / 3493 = 2793.28
    assert found.origin_amount[found.out == NONE].tolist() == [441]


def test_money_in_a_circle_is_an_origin_of_its_own() -> None:
    """Two receipts that would each rest on the other: books of two clocks."""
    moved = Movements(
        ints(0, 0, 1, 1),
        ints(10, -10, 10, -10),
        ints(-1, -1, -1, -1),
        np.array([0, 1, 0, 1], bool),
        ints(-1, 0, -1, 1),
        ints(1, -1, 0, -1),
    )
    found = follow(moved, ["fifo", "fifo"])
    assert found.origin.tolist() == [0, 2]
    assert (found.into == NONE).all()


def test_shares_are_exact_beyond_64_bits() -> None:
    big = 10**17
    shares = shares_of(big, ints(big, big, big))
    assert shares.tolist() == [33_333_333_333_333_334, 33_333_333_333_333_333, 33_333_333_333_333_333]
    assert grouped_shares(ints(1, 1, 2, 3), ints(0, 0, 1, 1), ints(3, 4)).tolist() == [2, 1, 2, 2]


def test_a_fee_of_no_order_takes_a_share_of_all_that_is_withdrawn() -> None:
    """100 of order 1, a fee of 3, 53 of order 2, fees of 7 and 8, then 135 are withdrawn. The fee before a receipt is
    borne by nothing and takes first in first out; of the 97 and 53 left the other 15 are 9.7 and 5.3, so 10 and 5."""
    none = ints(-1, -1, -1, -1, -1, -1)
    sent = np.array([0, 0, 0, 0, 0, 1], bool)
    amount = ints(100, -3, 53, -7, -8, -135)
    moved = Movements(ints(0, 0, 0, 0, 0, 0), amount, ints(1, -1, 2, -1, -1, -1), sent, none, none)
    borne = borne_by(moved, (amount < 0) & ~sent)
    assert borne.tolist() == [-1, -1, -1, 5, 5, -1]
    found = follow(replace(moved, borne=borne), ["fifo"])
    told = zip(found.out.tolist(), found.lot.tolist(), found.amount.tolist(), found.origin_amount.tolist(), strict=True)
    assert sorted(told) == [(1, 0, 3, 3), (3, 0, 7, 7), (4, 0, 3, 3), (4, 2, 5, 5), (5, 0, 87, 87), (5, 2, 48, 48)]


def test_a_fee_of_no_order_takes_a_share_of_each_order_within_a_conversion() -> None:
    """40 and 60 of two orders became 400 and 600 in one receipt; of a fee of 10 they bear 4 and 6."""
    moved = Movements(
        ints(0, 0, 0, 1, 1, 1),
        ints(40, 60, -100, 1_000, -10, -990),
        ints(1, 2, -1, -1, -1, -1),
        np.array([0, 0, 1, 0, 0, 1], bool),
        ints(-1, -1, 0, -1, -1, -1),
        ints(-1, -1, -1, 0, -1, -1),
    )
    fee = np.array([0, 0, 0, 0, 1, 0], bool)
    assert borne_by(moved, fee).tolist() == [-1, -1, -1, -1, 5, -1]
    found = follow(replace(moved, borne=borne_by(moved, fee)), ["fifo", "fifo"])
    told = zip(found.out.tolist(), found.origin.tolist(), found.amount.tolist(), strict=True)
    assert sorted(t for t in told if t[0] > 3) == [(4, 0, 4), (4, 1, 6), (5, 0, 396), (5, 1, 594)]
    assert found.origin_amount[found.into == NONE].sum() == 100


def test_a_fee_before_a_receipt_takes_by_the_rule_of_its_account() -> None:
    """40 and 60 of two orders became 400 and 600 in one receipt. A fee of 10 before the next receipt takes 4 and 6 of
    them where every lot bears its share; then 700 of the 396, 594 and 500 left: 186.04, 279.06 and 234.90 are 186, 279
    and 235."""
    moved = Movements(
        ints(0, 0, 0, 1, 1, 1, 1),
        ints(40, 60, -100, 1_000, -10, 500, -700),
        ints(1, 2, -1, -1, -1, 3, -1),
        np.array([0, 0, 1, 0, 0, 0, 1], bool),
        ints(-1, -1, 0, -1, -1, -1, -1),
        ints(-1, -1, -1, 0, -1, -1, -1),
    )
    assert borne_by(moved, moved.amount == -10).max() == NONE
    found = follow(moved, ["fifo", "proportional"])
    told = zip(found.out.tolist(), found.origin.tolist(), found.amount.tolist(), strict=True)
    assert sorted(t for t in told if t[0] > 3) == [(4, 0, 4), (4, 1, 6), (6, 0, 186), (6, 1, 279), (6, 5, 235)]
    assert found.amount[found.out == NONE].tolist() == [210, 315, 265]
    assert found.origin_amount[found.into == NONE].sum() == 600
    last = follow(moved, ["fifo", "lifo"])
    assert set(last.lot[last.out == 6].tolist()) == {3, 5}
    assert last.amount[(last.out == 6) & (last.lot == 5)].sum() == 500
