"""The columns of a table of lines: which are looked at, which would change the answer, which are only carried along.

A column that says where goods go, in which money they are valued or on which terms they were sold is no ornament: it
is taken where all its rows say what the table prices (the United States, US dollars, free on board), else refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.duty.claims import FACTS
from crossbook.errors import CrossbookError

READ = ("hts", "origin", "on", "value", "weight_kg", "quantity", "mode", *FACTS)
ADDED = (
    "total_duty",
    "total_duty_low",
    "total_duty_high",
    "total_ad_valorem_rate",
    "measures",
    "missing",
    "status",
    "reason",
)


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What the table prices: `names` of columns, the `values` that are that, what else to call."""

    names: frozenset[str]
    values: frozenset[str]
    what: str
    todo: str


_FIXED = (
    _Fixed(
        frozenset(
            ("market", "to", "destination", "destination_country", "ship_to", "ship_to_country", "import_country")
        ),
        frozenset(("", "US", "USA", "UNITED STATES", "美国")),
        "duty into the United States alone is worked out for a table",
        "one by one: crossbook.duty.quote(hts, origin, market, value, on, currency=…, fx=…), "
        "or a CSV with a column to: crossbook duty landed FILE",
    ),
    _Fixed(
        frozenset(("currency", "value_currency", "ccy")),
        frozenset(("", "USD", "US$", "美元")),
        "values are whole US cents",
        "convert them, or one by one: crossbook.duty.quote(hts, origin, 'US', value, on, currency=…, fx=…)",
    ),
    _Fixed(
        frozenset(("incoterm", "incoterms", "terms")),
        frozenset(("", "FOB", "FCA")),
        "values are customs values, free on board",
        "take freight, insurance and duty off, or one by one: crossbook.duty.quote(…, incoterm=…, freight=…)",
    ),
)
# Other names of columns that are looked at: the answer would be another if they were read.
_MEANT = {
    "qty": "quantity",
    "pieces": "quantity",
    "weight": "weight_kg",
    "net_weight": "weight_kg",
    "net_weight_kg": "weight_kg",
    "kg": "weight_kg",
    "transport": "mode",
    "shipped_on": "sailed",
    "loaded_on": "sailed",
}


class CarriedAlong(UserWarning):
    """Columns that no figure rests on: a fact that is misspelled would be one of them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("columns that are not looked at: " + ", ".join(names))
        self.names = names


def carried(table: pa.Table) -> tuple[str, ...]:
    """Names of columns that are only carried along. Raises CrossbookError for a name that stands twice, a name that
    an answer has, one that a column looked at was meant by, and a column that says another market, currency or terms.
    """
    names = table.column_names
    if twice := sorted({n for n in names if names.count(n) > 1}):
        raise CrossbookError("two columns have the name " + ", ".join(twice), todo="rename one")
    if taken := [n for n in names if n in ADDED]:
        raise CrossbookError("the answer has columns of the name " + ", ".join(taken), todo="rename or drop them")
    left = []
    for name in (n for n in names if n not in READ):
        plain = re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")
        fixed = next((f for f in _FIXED if plain in f.names), None)
        if fixed is not None:
            _hold(table, name, fixed)
        elif meant := _meant(plain):
            raise CrossbookError(f"the column {name} is not read", todo=f"call it {meant}, or drop it")
        else:
            left.append(name)
    return tuple(left)


def _meant(plain: str) -> str | None:
    """The column that is looked at which a name nearly is."""
    if plain in READ:
        return plain
    if plain in _MEANT:
        return _MEANT[plain]
    near = get_close_matches(plain, [n for n in READ if len(n) > 4], n=1, cutoff=0.87)
    return near[0] if near else None


def _hold(table: pa.Table, name: str, fixed: _Fixed) -> None:
    """Raise CrossbookError where a row says something else than what the table prices."""
    column = pc.fill_null(table[name].cast(pa.string()), "")
    for word in pc.unique(column).to_pylist():
        if word.strip().upper() not in fixed.values:
            row = pc.index(column, word).as_py() + 1
            raise CrossbookError(f"the column {name} says {word} in row {row}: {fixed.what}", todo=fixed.todo)
