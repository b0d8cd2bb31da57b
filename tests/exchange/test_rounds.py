"""Told depth by depth, two sides have for each transfer what they would have together.

The pooled figures are of the walk over all transfers, which tests/watch holds against a slow one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from crossbook.exchange.rounds import NO_CASE, Caps, Depths, Marks, money_in
from crossbook.exchange.side import IN, OUT, WITHIN, Side
from crossbook.watch.chains import DAY, Rule, Walk
from crossbook.watch.gathering import gather
from tests.effort import times

ACCOUNTS, HUBS = 120, frozenset({3, 4})


def dense(seed: int, count: int = 2000) -> tuple[Any, ...]:
    """So many transfers among so few accounts that nearly all hang together: the hardest case."""
    rng = np.random.default_rng(seed)
    moment = np.sort(rng.integers(0, 20 * DAY, count))
    payer, payee = rng.integers(0, ACCOUNTS, (2, count))
    amount = np.where(rng.random(count) < 0.5, 1000, rng.integers(900, 1100, count))
    home = np.arange(ACCOUNTS) % 2
    own = (rng.random(count) < 0.05) & (home[payer] == home[payee])
    return moment, payer, payee, amount, own, home


def halves(made: tuple[Any, ...], rule: Rule) -> list[tuple[Any, Side]]:
    _, payer, payee, _, _, home = made
    out = []
    for side in (0, 1):
        rows = np.flatnonzero((home[payer] == side) | (home[payee] == side))
        crossing = np.where(home[payer[rows]] != side, IN, np.where(home[payee[rows]] != side, OUT, WITHIN))
        columns = {
            name: column[rows]
            for name, column in zip(("moment", "payer", "payee", "amount", "own"), made[:5], strict=True)
        }
        outside = frozenset(np.flatnonzero(home != side).tolist())
        out.append((rows, Side(**columns, crossing=crossing, outside=outside, hubs=HUBS, rule=rule)))
    return out


def settled(sides: list[tuple[Any, Side]], talks: list[Any]) -> int:
    """Let both tell and hear by turns until neither has anything new; how many rounds that took."""
    for turn in range(200):
        said = [talk.tell() for talk in talks]
        if not any(len(rows) for rows, *_ in said):
            return turn
        for one, (rows, *told) in enumerate(said):
            if len(rows):
                where = np.searchsorted(sides[1 - one][0], sides[one][0][rows])
                talks[1 - one].hear(where, *told)
    raise AssertionError("it never settled")


@pytest.mark.parametrize("seed", range(times(6, long=200)))
def test_depths_and_cases_are_those_of_pooling(seed: int) -> None:
    rule, caps = Rule(newest_first=bool(seed % 2)), Caps(span=1, long=4)
    made = dense(seed)
    sides = halves(made, rule)
    pooled = Walk(rule=rule, hubs=HUBS).follow(*made[:5])
    shared = [np.where(side.crossing != WITHIN, rows, -1) for rows, side in sides]
    depths = [Depths(side=side, caps=caps, shared=known) for (_, side), known in zip(sides, shared, strict=True)]
    settled(sides, depths)
    for (rows, _), half in zip(sides, depths, strict=True):
        assert (half.traced.depth == pooled.depth[rows]).all()
        assert (half.traced.start == pooled.start[rows]).all()
    marks = [
        Marks(side=side, caps=caps, traced=half.traced, shared=known)
        for (_, side), half, known in zip(sides, depths, shared, strict=True)
    ]
    settled(sides, marks)
    cases = gather(pooled.depth, made[3], pooled.links, least=caps.long, crumb=caps.crumb).case
    found = np.zeros(len(cases), np.bool_)
    named: dict[int, set[int]] = {}
    for (rows, _), half in zip(sides, marks, strict=True):
        found[rows] |= half.found
        for row in np.flatnonzero(half.case != NO_CASE):
            named.setdefault(int(half.case[row]), set()).add(int(cases[rows[row]]))
    assert (found == (cases >= 0)).all()
    assert all(len(pools) == 1 for pools in named.values()), "a case of the exchange is one of pooling"
    assert len(set.union(*named.values())) == len(named), "and no two are the same"


def test_alone_a_side_sees_less() -> None:
    """What is told is what is found by it: without, depths are of one side alone and never greater."""
    made = dense(1)
    pooled = Walk(rule=Rule(), hubs=HUBS).follow(*made[:5])
    for rows, side in halves(made, Rule()):
        alone = side.follow()
        assert (alone.depth >= 5).sum() < (pooled.depth[rows] >= 5).sum()


def test_nothing_is_told_below_the_caps() -> None:
    made = dense(2)
    for rows, side in halves(made, Rule()):
        caps = Caps(least_depth=3, least_amount=1050, span=3600)
        told, depth, start = Depths(side=side, caps=caps, shared=np.where(side.crossing, rows, -1)).tell()
        assert len(told)
        assert (depth >= 3).all()
        assert (side.amount[told] >= 1050).all()
        assert (start % 3600 == 0).all()
        assert (side.crossing[told] == OUT).all()


def test_what_is_no_longer_so_is_taken_back() -> None:
    """A depth told in one round that a later one lowers below the cap is told as 0."""
    #   1 (in, from abroad) -> 2 -> 3 (abroad): depth 2 goes out once the first is told as 1; told as 0 it is 2 still.
    side = Side(
        moment=np.array([0, 10, 20]),
        payer=np.array([0, 1, 2]),
        payee=np.array([1, 2, 3]),
        amount=np.array([100, 100, 100]),
        crossing=np.array([IN, WITHIN, OUT]),
        outside=frozenset({0, 3}),
    )
    half = Depths(side=side, caps=Caps(least_depth=4, span=1), shared=np.array([0, -1, 1]))
    assert [column.tolist() for column in half.tell()] == [[], [], []]  # depth 3
    half.hear([0], [3], [0])
    assert [column.tolist() for column in half.tell()] == [[2], [5], [0]]
    half.hear([0], [0], [0])
    assert [column.tolist() for column in half.tell()] == [[2], [0], [0]]


@pytest.mark.parametrize(
    ("depth", "amount", "money"),
    [
        ([1, 2, 3, 4], [100, 98, 96, 95], 100),  # one lot that is passed on
        ([1, 2, 2, 3], [100, 50, 49, 48], 100),  # split
        ([1, 1, 2], [60, 40, 99], 100),  # gathered
        ([3, 4, 6], [96, 95, 90], 96),  # begun on the other side, and back again
        ([], [], 0),
    ],
)
def test_money_in_a_chain_is_counted_once(depth: list[int], amount: list[int], money: int) -> None:
    assert money_in(np.array(depth, np.int64), np.array(amount, np.int64)) == money
