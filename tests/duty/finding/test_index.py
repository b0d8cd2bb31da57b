"""The shipped index: made of the tables beside it, and read whole."""

from __future__ import annotations

import numpy as np
import pytest

from crossbook.duty.finding.index import FEATURES, features, index, made_of
from crossbook.duty.finding.traits import rows, values


def test_the_index_is_made_of_the_tables_beside_it() -> None:
    assert index().made_of == made_of(), "a table changed: run python tools/finding_index.py"
    assert index().traits.shape == (len(index().codes), len(values()))


def test_documents_are_sorted_by_subheading_and_each_subheading_has_one() -> None:
    ix = index()
    assert (np.diff(ix.subheading) >= 0).all()
    assert len(ix.segments) == len(ix.codes)
    assert len(ix.texts) == len(ix.subheading) == len(ix.meanings)


def test_goods_of_the_trade_name_subheadings_of_the_schedule() -> None:
    known = set(index().codes)
    assert {r["code"] for r in rows("goods.csv")} <= known
    assert {r["code"] for r in rows("references.csv")} <= known


@pytest.mark.parametrize("query", ["phone case", "手机壳", "zzzz", ""])
def test_features_are_finite(query: str) -> None:
    table, similar = features(query)
    assert table.shape == (len(index().codes), len(FEATURES))
    assert np.isfinite(table).all() and np.isfinite(similar).all()


def test_a_number_in_the_text_is_taken_as_one() -> None:
    ix = index()
    assert {ix.codes[i] for i in np.flatnonzero(ix.named("eligible under subheading 9817.00.96"))} == {"981700"}
    assert not ix.named("version 12.50 of 3.1").any()
