"""Columns of names: each distinct pair once."""

from __future__ import annotations

from itertools import product

import duckdb
import pyarrow as pa
import pytest

from crossbook.engine import Database
from crossbook.trade import name_pairs
from crossbook.trade.name_pairs import degrees, keep_name_pairs
from crossbook.trade.names import same_name

NAMES = [
    "Mary Smith",
    "SMITH, MARY",
    "mary smith",
    "John Smith",
    "Ivan Orlov",
    "Иван Петров",
    "Ivan Petrov",
    "王伟",
    "-",
    "N/A",
    "",
    None,
    "*伟",
    "Müller",
    "MÜLLER",
]


def test_row_by_row_it_is_what_same_name_says() -> None:
    rows = list(product(NAMES, NAMES))
    told = degrees(pa.array([a for a, _ in rows]), pa.array([b for _, b in rows])).to_pylist()
    for (a, b), degree in zip(rows, told, strict=True):
        if a != b or a not in ("*伟",):
            assert degree == same_name(a, b), (a, b)


def test_each_pair_of_differing_names_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def counted(a: str, b: str) -> str:
        asked.append((a, b))
        return "may_be"

    monkeypatch.setattr(name_pairs, "same_name", counted)
    a = pa.chunked_array([["Mary", "Mary", "X"] * 1_000, ["Mary", None, "Y"]])
    b = pa.array(["M.", "MARY", "X"] * 1_000 + ["M.", "M.", None])
    told = degrees(a, b).to_pylist()
    assert asked == [("Mary", "M.")]
    assert told[:3] == ["may_be", "same", "same"]
    assert told[-3:] == ["may_be", None, None]


def test_columns_of_other_kinds_and_lengths() -> None:
    assert degrees(pa.array([], pa.string()), pa.array([], pa.string())).to_pylist() == []
    assert degrees(pa.nulls(2), pa.array(["A B", "C D"])).to_pylist() == [None, None]
    assert degrees(pa.array(["A B"]).dictionary_encode(), pa.array(["B A"], pa.large_string())).to_pylist() == ["same"]
    with pytest.raises(ValueError, match="1 names and 2"):
        degrees(pa.array(["A"]), pa.array(["A", "B"]))


def test_a_table_of_pairs() -> None:
    database = Database(duckdb.connect())
    database.make(
        "t",
        "SELECT * FROM (VALUES ('Mary Smith', 'John Smith'), ('Mary Smith', 'John Smith'), "
        "('A B', 'a b'), ('A B', '-'), (NULL, 'A B'), ('Ivan Orlov', 'A B')) t(payer, buyer)",
    )
    keep_name_pairs(database, "name_pair", "SELECT payer AS a, buyer AS b FROM t")
    assert database.rows("SELECT * FROM name_pair ORDER BY a") == [
        {"a": "Ivan Orlov", "b": "A B", "degree": "different"},
        {"a": "Mary Smith", "b": "John Smith", "degree": "family"},
    ]
