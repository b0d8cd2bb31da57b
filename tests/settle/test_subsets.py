"""Counting and listing subset sums agree with going through all subsets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.settle import subsets as s

AMOUNTS = st.lists(st.integers(1, 400), min_size=0, max_size=11)
QUICK = settings(max_examples=60, deadline=None)


def array(values: list[int]) -> s.Ints:
    return np.array(values, np.int64)


@QUICK
@given(AMOUNTS, st.lists(st.integers(1, 400), max_size=4), st.integers(-600, 600), st.booleans())
def test_counts(outs: list[int], ins: list[int], target: int, transform: bool) -> None:
    few = s.FEW
    s.FEW = -1 if transform else few  # both ways of counting
    s._count.cache_clear()
    try:
        counts = s.count(array(outs), array(ins), 3)
    finally:
        s.FEW = few
        s._count.cache_clear()
    for a, b in counts.table:
        expected = sum(
            sum(y) - sum(x) == target for x in itertools.combinations(outs, a) for y in itertools.combinations(ins, b)
        )
        assert counts.at(a, b, array([target]))[0] == expected
        assert counts.exact[a, b]


@QUICK
@given(
    st.lists(st.integers(-300, 300), max_size=10),
    st.integers(0, 4),
    st.lists(st.integers(-500, 500), min_size=1, max_size=3),
)
def test_listing(values: list[int], size: int, targets: list[int]) -> None:
    found = s.subsets(array(values), size, array(targets))
    expected = {
        (t, c)
        for t, target in enumerate(targets)
        for c in itertools.combinations(range(len(values)), size)
        if sum(values[i] for i in c) == target
    }
    assert found is not None
    assert set(found) == expected
    assert len(found) == len(expected)


def test_listing_gives_up_rather_than_run_away() -> None:
    assert s.subsets(array([5] * 60), 4, array([20]), limit=100) is None
    assert s.subsets(array(list(range(3000))), 6, array([99])) is None


@QUICK
@given(st.lists(st.integers(50, 400), min_size=1, max_size=9))
def test_ways_without_one_amount(outs: list[int]) -> None:
    values = array(outs)
    counts = s.count(values, array([]), 3)
    sums = array([-250] * len(outs))
    found = s.without(counts, values, 2, 0, sums)
    for i, ways in enumerate(found):
        rest = outs[:i] + outs[i + 1 :]
        assert ways == sum(sum(c) == 250 for c in itertools.combinations(rest, 2))


def test_a_count_of_many_amounts_is_exact_where_it_says_so() -> None:
    rng = np.random.default_rng(4)
    values = rng.integers(500, 20_000, 2_000)
    counts = s.count(values, array([]), 2)
    target = int(values[3] + values[77])
    pairs = sum(1 for x in range(len(values)) for _ in np.flatnonzero(values[x + 1 :] == target - values[x]))
    assert counts.exact[2, 0]
    assert counts.at(2, 0, array([-target]))[0] == pairs


def test_too_wide_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        s.count(np.arange(1, 200, dtype=np.int64) * 10_000_000, array([]), 3)


def test_matching_sums() -> None:
    keys = array([1000, 250, 750, 333, 40])
    targets = array([1000, 1000, 300, 33, 41])
    groups = s.match_sums(keys, targets)
    assert (s.Group((0,), (0,), 0)) in groups
    assert (s.Group((1, 2), (1,), 0)) in groups
    assert (s.Group((3,), (2, 3), 0)) in groups
    assert s.match_sums(array([40]), array([41])) == []
    assert s.match_sums(array([40]), array([41]), tolerance=1) == [s.Group((0,), (0,), -1)]


@QUICK
@given(st.lists(st.integers(1, 99), max_size=7), st.lists(st.integers(1, 99), max_size=7), st.integers(0, 3))
def test_matched_sums_agree_and_use_each_once(keys: list[int], targets: list[int], tolerance: int) -> None:
    groups = s.match_sums(array(keys), array(targets), tolerance=tolerance)
    assert len({i for g in groups for i in g.keys}) == sum(len(g.keys) for g in groups)
    assert len({i for g in groups for i in g.targets}) == sum(len(g.targets) for g in groups)
    for g in groups:
        difference = sum(keys[i] for i in g.keys) - sum(targets[i] for i in g.targets)
        assert difference == g.difference
        assert abs(difference) <= tolerance
