"""Why rows of a table are refused, in the words of the single quote: for the distinct ones, as far as they are few."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from crossbook.duty.countries import country
from crossbook.duty.lines import Revision
from crossbook.duty.schedule import line
from crossbook.duty.tables import FIRST_DAY
from crossbook.errors import CrossbookError

NAMES = ("hts", "origin", "on")
MOST = 2_000  # distinct rows that are looked into; the rest keep the general reason


def precise(
    table: pa.Table, rows: Sequence[int], general: Sequence[str], newer: Sequence[Revision] = ()
) -> tuple[list[str], list[int]]:
    """The distinct reasons of `rows` of a table, and for each row which of them it has. `general` are what is said of a
    row where the single quote would find nothing wrong with its number, its country and its day, or is not asked."""
    at = pa.array(np.asarray(rows, np.int64))
    columns = [_plain(table[name]).take(at).to_pylist() for name in NAMES]
    seen: dict[tuple[object, ...], int] = {}
    place: dict[str, int] = {}
    which = []
    for key in zip(*columns, general, strict=True):
        if key not in seen:
            said = key[-1]
            reason = _of(dict(zip(NAMES, key, strict=False)), said, newer) if len(seen) < MOST else said
            seen[key] = place.setdefault(reason, len(place))
        which.append(seen[key])
    return list(place), which


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column that Arrow can take rows of: views of text have no such kernel."""
    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


def _of(row: dict[str, object], said: str, newer: Sequence[Revision]) -> str:
    on = row["on"].date() if isinstance(row["on"], datetime) else row["on"]
    try:
        if on is None:
            return "no day of entry"
        if not isinstance(on, date):
            return said
        if on < FIRST_DAY:
            return f"{on} is before {FIRST_DAY}, the first schedule"
        country(str(row["origin"] or ""), "origin")
        line(str(row["hts"] or ""), on, tuple(newer))
    except CrossbookError as error:
        told = error.what.splitlines()[0]
        return told if not error.todo else f"{told} ({error.todo})"
    return said
