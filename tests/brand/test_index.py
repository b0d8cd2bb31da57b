"""An index on disk: the same answers after it is saved, and after day files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.brand import index as ix
from crossbook.brand.letters import fold

NAMES = st.lists(
    st.text("abcdefghijklmnopq ", min_size=4, max_size=14).filter(lambda s: len(fold(s)) > 3), min_size=1, max_size=30
)


def found(segment: ix.Segment, text: str) -> set[str]:
    forms = ix.forms_of([fold(text)])
    _, entries = ix.candidates(segment, forms, np.array([ix.NEAR_TWO]))
    return set(segment.entries["text"].take(pa.array(entries)).to_pylist())


@settings(max_examples=60, deadline=None)
@given(NAMES)
def test_every_mark_finds_itself(names: list[str]) -> None:
    segment = ix.build(pa.table({"mark": names}))
    for name in names:
        assert fold(name) in found(segment, name)


def test_a_saved_index_answers_the_same(tmp_path: Path) -> None:
    segment = ix.build(pa.table({"mark": ["Valkore", "Valkore", "North Vik", "北狼", ""], "owner": list("aabcd")}))
    ix.save(segment, tmp_path / "index")
    again = ix.load(tmp_path / "index")
    for text in ("valkora", "beilang", "northvick"):
        assert found(again, text) == found(segment, text) != set()
    place = again.entries["text"].to_pylist().index("valkore")
    assert again.marks_of(place).tolist() == [0, 1]
    assert again.entries["owners"][place].as_py() == 1


def test_an_empty_register_finds_nothing() -> None:
    segment = ix.build(pa.table({"mark": pa.array([], pa.string())}))
    assert found(segment, "valkore") == set()
