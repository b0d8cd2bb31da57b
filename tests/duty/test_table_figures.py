"""Figures of a table of whatever type; what is none is named by its row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from crossbook.duty import quote_table
from crossbook.duty.table_figures import figures
from crossbook.errors import CrossbookError

LINE: dict[str, Any] = {"hts": ["7326908688"], "origin": ["CN"], "on": [date(2026, 9, 20)], "value": [125_000]}


def line(**columns: Any) -> pa.Table:
    return pa.table(LINE | columns)


@pytest.mark.parametrize(
    ("column", "thousandths"),
    [
        (pa.array([12], pa.int64()), 12_000),
        (pa.array([12], pa.int8()), 12_000),
        (pa.array([12.5], pa.float64()), 12_500),
        (pa.array(["12.5"]), 12_500),
        (pa.array([" 12.500 "], pa.large_string()), 12_500),
        (pa.array([Decimal("12.5")], pa.decimal128(38, 1)), 12_500),
        (pa.array(["12.5"]).dictionary_encode(), 12_500),
        (pa.array([""]), None),
        (pa.array([float("nan")]), None),
        (pa.array([None], pa.null()), None),
    ],
)
def test_a_quantity_of_whatever_type(column: pa.Array, thousandths: int | None) -> None:
    for name in ("quantity", "weight_kg"):
        (told,) = figures(line(**{name: column}))[name].to_pylist()
        assert told == (None if thousandths is None else Decimal(thousandths).scaleb(-3))
        assert quote_table(line(**{name: column})).num_rows == 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("quantity", "abc", "row 2: quantity 'abc' is no quantity"),
        ("quantity", "1,000", "row 2: quantity '1,000' is no quantity"),
        ("quantity", float("inf"), "row 2: quantity inf is no quantity"),
        ("quantity", -5, r"row 2: quantity -5\.000 is no quantity"),
        ("weight_kg", 1e300, "row 2: weight_kg 1e.300 is no weight in kilograms"),
        ("weight_kg", "99999999999999999999", "row 2: weight_kg 9+.000 is no weight in kilograms"),
        ("value", "12.50", "row 2: value '12.50' is no whole number of US cents"),
        ("value", 12.5, r"row 2: value 12\.5 is no whole number of US cents"),
        ("on", "20/09/2026", "row 2: on '20/09/2026' is no day"),
    ],
)
def test_what_is_no_figure_is_named_by_its_row(name: str, value: object, says: str) -> None:
    good: dict[str, Any] = {"quantity": 1, "weight_kg": 1, "value": 125_000, "on": "2026-09-20"}
    first = str(good[name]) if isinstance(value, str) else type(value)(good[name])  # type: ignore[call-arg]
    table = pa.table({n: column * 2 for n, column in LINE.items()} | {name: [first, value]})
    with pytest.raises(CrossbookError, match=says):
        quote_table(table)


def test_a_quantity_that_is_an_integer_is_priced() -> None:
    """Garlic, 0703.20.00: 0.43 cents a kilogram, so that 1,000 kg more are 4.30 USD more."""
    garlic = {n: column * 2 for n, column in (LINE | {"hts": ["0703200090"]}).items()}
    priced = quote_table(pa.table(garlic | {"weight_kg": pa.array([1_000, 2_000], pa.int64())}))
    less, more = priced["total_duty"].to_pylist()
    assert more - less == 430
