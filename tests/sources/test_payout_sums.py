"""Sums of payouts that a report tells row by row."""

from __future__ import annotations

from typing import Any

from crossbook.sources.payout_sums import Sums, facts, note


def summed(*rows: tuple[int | None, bool]) -> list[tuple[Any, ...]]:
    sums: Sums = {}
    for line, (amount, out) in enumerate(rows, 2):
        note(sums, {"id": "P1", "currency": "USD", "day": None, "amount": amount, "line": line, "out": out})
    return [(f["amount"], f["basis"], f["line"]) for f in facts("shop", sums)]


def test_its_own_row_states_the_sum_else_its_lines_make_it() -> None:
    assert summed((1_000, False), (-300, False)) == [(700, "implied", 2)]
    assert summed((1_000, False), (-950, True)) == [(950, "lines", 3)]


def test_a_line_that_could_not_be_read_leaves_the_sum_unknown() -> None:
    assert summed((1_000, False), (None, False)) == []
    assert summed((1_000, False), (None, False), (-950, True)) == [(950, "lines", 4)]
