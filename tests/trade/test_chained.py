"""Which files follow which, and how many alike entries the files before have."""

from __future__ import annotations

from crossbook.trade.chained import Chain

MONTHS = [{"before": "a", "after": "b"}, {"before": "b", "after": "c"}]


def test_over_files_between() -> None:
    chain = Chain(MONTHS)
    assert chain.before("c") == {"a", "b"}
    assert chain.one_after_the_other("a", "c")
    assert not chain.one_after_the_other("a", "z")


def test_how_many_come_earlier() -> None:
    """a has two, b one, c one: b's is the third, c's the fourth. A copy of a has the same first two."""
    chain = Chain([*MONTHS, {"before": "copy", "after": "b"}])
    assert chain.earlier({"a": 2, "b": 1, "c": 1, "copy": 2}) == {"a": 0, "copy": 0, "b": 2, "c": 3}


def test_a_ring_ends() -> None:
    chain = Chain([*MONTHS, {"before": "c", "after": "a"}])
    assert chain.before("a") == {"b", "c"}
    assert sorted(chain.earlier({"a": 1, "b": 1, "c": 1}).values()) == [0, 1, 2]
