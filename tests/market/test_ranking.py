"""The order of markets and how far it can be told."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.errors import CrossbookError
from crossbook.market.ranking import Candidate, Range, place, score, weights

BOTH = frozenset({"margin", "demand"})


def exact(value: float) -> Range:
    return Range(low=value, point=value, high=value)


def market(name: str, margin: Range | float, demand: Range | float = 100.0, **more: object) -> Candidate:
    dims = {"margin": margin, "demand": demand}
    told = {n: v if isinstance(v, Range) else exact(v) for n, v in dims.items()}
    return Candidate(market=name, dimensions=told, **({"told": BOTH} | more))  # type: ignore[arg-type]


NOTHING = Range(low=-math.inf, point=None, high=1.0)
NO_TABLE = Range(low=0.0, point=None, high=math.inf)


def test_margin_times_demand_is_the_order() -> None:
    """0.1 of 900 is 90, 0.3 of 400 is 120, -0.2 of 1000 is a loss."""
    placed = place([market("A", 0.1, 900), market("B", 0.3, 400), market("C", -0.2, 1000)])
    assert [(p.market, p.rank, p.best, p.worst) for p in placed] == [("B", 1, 1, 1), ("A", 2, 2, 2), ("C", 3, 3, 3)]


def test_a_weight_of_half_takes_the_root() -> None:
    """0.1 x 30 = 3 and 0.3 x 20 = 6; with margin alone 0.3 before 0.1."""
    assert score(market("A", 0.1, 900).dimensions, weights({"demand": 0.5})).point == pytest.approx(3.0)
    placed = place([market("A", 0.2, 10_000), market("B", 0.3, 1)], {"demand": 0})
    assert [p.market for p in placed] == ["B", "A"]


def test_the_rank_is_a_range_where_scores_overlap() -> None:
    """A 20 to 50, B 30, C 40, D 60: A is behind D for sure, and may be behind B and C or before them."""
    wide = Range(low=0.2, point=0.45, high=0.5)
    found = {p.market: p for p in place([market("A", wide), market("B", 0.3), market("C", 0.4), market("D", 0.6)])}
    assert (found["A"].rank, found["A"].best, found["A"].worst) == (2, 2, 4)
    assert (found["B"].rank, found["B"].best, found["B"].worst) == (4, 3, 4)
    assert (found["D"].best, found["D"].worst) == (1, 1)


def test_the_doubt_that_moves_the_rank_most_comes_first() -> None:
    wide = Range(low=0.2, point=0.45, high=0.5)
    usual = exact(100.0)
    doubts = {
        "duty": {"margin": Range(low=0.42, point=0.45, high=0.5), "demand": usual},
        "freight": {"margin": Range(low=0.25, point=0.45, high=0.45), "demand": usual},
    }
    a = market("A", wide, doubts=doubts)
    found = next(p for p in place([a, market("B", 0.3), market("C", 0.4)]) if p.market == "A")
    assert [(s.doubt, s.best, s.worst) for s in found.swings] == [("freight", 1, 3), ("duty", 1, 1)]


def test_no_data_is_neither_last_nor_first_and_takes_no_place() -> None:
    ranked = [market("A", 0.3), market("B", -0.5)]
    nothing = market("N", NOTHING, NO_TABLE, told=frozenset())
    placed = {p.market: p for p in place([nothing, *ranked])}
    assert placed["N"].status == "no data" and placed["N"].rank is None and placed["N"].best is None
    assert (placed["A"].rank, placed["A"].worst, placed["B"].rank, placed["B"].worst) == (1, 1, 2, 2)


def test_an_open_market_is_told_where_it_might_stand() -> None:
    """Its margin is 0.2 at most: it is behind A in any case, and may be anywhere behind."""
    part = market("O", Range(low=-math.inf, point=None, high=0.2))
    placed = {p.market: p for p in place([part, market("A", 0.3), market("B", 0.1), market("C", -0.1)])}
    assert placed["O"].status == "open" and placed["O"].rank is None
    assert (placed["O"].best, placed["O"].worst) == (2, 4)
    assert placed["A"].worst == 1


def test_the_barred_stand_apart_with_the_reason() -> None:
    placed = place([market("KP", 0.9, 10**9, barred="comprehensive US programme"), market("A", 0.1)])
    assert [(p.market, p.status, p.rank) for p in placed] == [("A", "compared", 1), ("KP", "barred", None)]
    assert placed[1].reason == "comprehensive US programme"


@pytest.mark.parametrize("given_", [{"price": 1.0}, {"margin": -1.0}, {"demand": math.nan}])
def test_a_weight_that_is_none_is_refused(given_: dict[str, float]) -> None:
    with pytest.raises(CrossbookError):
        weights(given_)


def intervals(low: float, high: float) -> st.SearchStrategy[tuple[float, float]]:
    return st.tuples(st.floats(low, high), st.floats(low, high)).map(lambda ends: (min(ends), max(ends)))


@given(
    st.lists(st.tuples(intervals(-1, 1), intervals(0, 1e6)), min_size=1, max_size=7),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=7, max_size=7),
)
def test_the_range_holds_the_rank_whatever_the_unknown_is(
    markets: list[tuple[tuple[float, float], tuple[float, float]]], chosen: list[tuple[float, float]]
) -> None:
    def inside(ends: tuple[float, float], part: float) -> float:
        return min(max(ends[0] + (ends[1] - ends[0]) * part, ends[0]), ends[1])

    wide = [
        market(str(i), Range(low=m[0], point=None, high=m[1]), Range(low=d[0], point=None, high=d[1]))
        for i, (m, d) in enumerate(markets)
    ]
    told = {p.market: p for p in place(wide)}
    settled = [market(str(i), inside(m, chosen[i][0]), inside(d, chosen[i][1])) for i, (m, d) in enumerate(markets)]
    for now in place(settled):
        before = told[now.market]
        assert before.best is not None and before.worst is not None and now.rank is not None
        assert before.best <= now.rank <= before.worst
        assert before.rank is not None and before.best <= before.rank <= before.worst
