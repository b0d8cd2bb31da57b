"""Tables say of a peer that has no figure why it has none."""

from __future__ import annotations

import sys

import pytest
from apart import Ran
from match import best
from screen import by_sparse_dot_topn


def test_the_best_of_several_settings_counts() -> None:
    late, good, better = Ran("time", told=">20 s"), Ran("done", answer=6, seconds=1), Ran("done", answer=8, seconds=2)
    assert best([good, late, better]) == [better]


def test_where_no_setting_ends_each_way_is_told_once() -> None:
    late, missing = Ran("time", told=">20 s"), Ran("missing", told="dpss")
    assert [str(ran) for ran in best([late, missing, late])] == ["time: >20 s", "missing: dpss"]


def test_a_peer_of_screening_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sparse_dot_topn", None)
    assert by_sparse_dot_topn(["a"], ["b"], 1) == "missing: sparse_dot_topn"
