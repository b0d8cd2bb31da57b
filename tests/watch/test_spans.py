"""SQL of runs and crowds against the plain meaning of each, on days drawn at random."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.watch.spans import crowds, runs

DATABASE = duckdb.connect(config={"threads": 1})
MET = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("uvwxy"), st.integers(0, 30)), max_size=25)


@settings(max_examples=30)
@given(met=MET, least=st.integers(1, 4), days=st.integers(1, 8))
def test_a_crowd_is_as_many_different_others_within_the_days(
    met: list[tuple[str, str, int]], least: int, days: int
) -> None:
    found: dict[str, set[int]] = {"a": set(), "b": set()}
    sql = crowds("SELECT key, other, dn FROM met", "{least}", "{days}").format(least=least, days=days)
    for key, first, last in _asked(met, f"SELECT key, first, last FROM ({sql}) c"):
        span = set(range(first, last + 1))
        assert not found[key] & span and first - 1 not in found[key]  # spans of one key neither meet nor touch
        found[key] |= span
    for key, crowded in found.items():
        for day in range(45):
            others = {other for who, other, dn in met if who == key and day - days < dn <= day}
            assert (day in crowded) == (len(others) >= least)


@settings(max_examples=30)
@given(met=MET, gap=st.integers(0, 8))
def test_a_run_goes_on_until_a_gap(met: list[tuple[str, str, int]], gap: int) -> None:
    rows = _asked(met, f"SELECT key, dn, run FROM ({runs('met', 'key', str(gap))}) r ORDER BY key, dn, id")
    assert len(rows) == len(met)
    for (key, dn, run), (next_key, next_dn, next_run) in pairwise(rows):
        if key == next_key:
            assert (run == next_run) == (next_dn - dn <= gap)


def _asked(met: list[tuple[str, str, int]], sql: str) -> list[Any]:
    DATABASE.register("met", _table(met))
    return DATABASE.execute(sql).fetchall()


def _table(met: list[tuple[str, str, int]]) -> pa.Table:
    return pa.table(
        {
            "id": pa.array(range(len(met)), pa.int64()),
            "key": pa.array([m[0] for m in met], pa.string()),
            "other": pa.array([m[1] for m in met], pa.string()),
            "dn": pa.array([m[2] for m in met], pa.int64()),
        }
    )
