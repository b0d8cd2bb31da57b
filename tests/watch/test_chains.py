"""Depths of transfers: books worked by hand, and the compiled walk against a slow one that shares nothing with it."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.errors import CrossbookError
from crossbook.watch.chains import Rule, Walk
from tests.watch import reference

BOOKS = sorted((Path(__file__).parent / "books").glob("*.csv"))


def book(path: Path) -> tuple[dict[str, Any], dict[str, int], list[dict[str, str]]]:
    told = json.loads(path.with_suffix(".json").read_text())
    rows = list(csv.DictReader(path.read_text().splitlines()))
    accounts = {name: n for n, name in enumerate(dict.fromkeys(r[end] for r in rows for end in ("from", "to")))}
    return told, accounts, rows


def depths_of(told: dict[str, Any], accounts: dict[str, int], rows: list[dict[str, str]]) -> list[int]:
    rule = Rule(hop_window=told["hop_window_s"], total_window=told["total_window_s"], keep=told["keep_per_mille"])
    walk = Walk(rule=rule, hubs=frozenset(accounts[h] for h in told["hubs"]))
    columns = [[int(r["t"]) for r in rows], *([accounts[r[end]] for r in rows] for end in ("from", "to"))]
    return walk.follow(*columns, [int(r["amount"]) for r in rows]).depth.tolist()


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_books_worked_by_hand(path: Path) -> None:
    told, accounts, rows = book(path)
    assert depths_of(told, accounts, rows) == told["right"], told["why"]
    if "right_if_rows_swapped" in told:
        assert depths_of(told, accounts, rows[::-1]) == told["right_if_rows_swapped"]


TRANSFERS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(0, 5),
        st.sampled_from([1, 7, 85, 100, 850, 1000]),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
)


@settings(deadline=None, max_examples=300)
@given(
    steps=TRANSFERS,
    hop=st.integers(0, 12),
    more=st.integers(0, 15),
    keep=st.sampled_from([1, 500, 850, 999, 1000]),
    newest_first=st.booleans(),
    hubs=st.sets(st.integers(0, 5), max_size=2),
    cuts=st.sets(st.integers(1, 40), max_size=3),
)
def test_the_compiled_walk_is_the_slow_one(
    steps: list[tuple[int, int, int, int, bool]],
    hop: int,
    more: int,
    keep: int,
    newest_first: bool,
    hubs: set[int],
    cuts: set[int],
) -> None:
    moments = np.cumsum([s[0] for s in steps]).tolist()
    transfers = [(moment, *step[1:]) for moment, step in zip(moments, steps, strict=True)]
    depth, start, links = reference.chains(transfers, hop, hop + more, keep, newest_first, frozenset(hubs))
    rule = Rule(hop_window=hop, total_window=hop + more, keep=keep, newest_first=newest_first)
    walk = Walk(rule=rule, hubs=frozenset(hubs))
    edges = [0, *sorted(c for c in cuts if c < len(transfers)), len(transfers)]
    parts = [
        walk.follow(*(np.array(column) for column in zip(*transfers[a:b], strict=True)))
        for a, b in itertools.pairwise(edges)
    ]
    assert [d for p in parts for d in p.depth.tolist()] == depth
    assert [s for p in parts for s in p.start.tolist()] == start
    assert [tuple(link) for p in parts for link in p.links.tolist()] == links


def test_what_cannot_be_followed() -> None:
    walk = Walk()
    walk.follow([10], [0], [1], [5])
    with pytest.raises(CrossbookError, match="transfer 3: an amount of 0"):
        walk.follow([10, 11], [0, 1], [1, 0], [5, 0])
    with pytest.raises(CrossbookError, match="transfer 2 is of a moment before"):
        walk.follow([9], [0], [1], [5])
    with pytest.raises(CrossbookError, match="per mille"):
        Rule(keep=0)
    with pytest.raises(CrossbookError, match="window"):
        Rule(hop_window=10, total_window=9)


def test_amounts_near_the_greatest_are_compared_exactly() -> None:
    large = 10**17
    assert Walk().follow([0, 1], [0, 1], [1, 2], [large * 85 // 100, large]).depth.tolist() == [1, 2]
    assert Walk().follow([0, 1], [0, 1], [1, 2], [large * 85 // 100 - 1, large]).depth.tolist() == [1, 1]
