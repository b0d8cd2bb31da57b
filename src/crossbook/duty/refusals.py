"""Why rows of a table are refused, in the words of the single quote: for the distinct ones, as far as they are few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache

import numpy as np
import pyarrow as pa

from crossbook.duty.compiled import Ints
from crossbook.duty.countries import country
from crossbook.duty.lines import Revision
from crossbook.duty.schedule import line
from crossbook.duty.tables import FIRST_DAY
from crossbook.errors import CrossbookError

NAMES = ("hts", "origin", "on")
MOST = 2_000  # distinct rows that are looked into; the rest keep the general reason


def precise(
    table: pa.Table, rows: Ints, general: Sequence[str], why: Ints, newer: Sequence[Revision] = ()
) -> tuple[list[str], Ints]:
    """The distinct reasons of `rows` of a table, and for each row which of them it has. `why` says for each which of
    `general` is said of it where the single quote would find nothing wrong with its number, its country and its day,
    or is not asked."""
    at = pa.array(rows)
    columns = [_taken(table[name], at) for name in NAMES]
    first, which = _alike([*map(_places, columns), why])
    asked = first[:MOST]
    place: dict[str, int] = {}
    found = np.empty(len(first), np.int32)
    codes, origins, days = (column.take(pa.array(asked)).to_pylist() for column in columns)

    @cache
    def of_number(hts: object, on: date) -> str | None:
        return _told(lambda: line(str(hts or ""), on, tuple(newer)))

    for n, said in enumerate(why[asked].tolist()):
        on = days[n].date() if isinstance(days[n], datetime) else days[n]
        wrong = _wrong_otherwise(origins[n], on) or (of_number(codes[n], on) if isinstance(on, date) else None)
        found[n] = place.setdefault(wrong or general[said], len(place))
    rest = why[first[MOST:]]
    numbers = np.zeros(len(general), np.int32)
    for said in dict.fromkeys(rest.tolist()):
        numbers[said] = place.setdefault(general[said], len(place))
    found[MOST:] = numbers[rest]
    return list(place), found[which]


def _taken(column: pa.ChunkedArray, at: pa.Array) -> pa.Array:
    """Rows of a column as one array of plain values: of views of text, and of dictionaries, Arrow cannot do it all."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    whole = column.take(at).combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def _places(column: pa.Array) -> Ints:
    """For each value which of the distinct ones it is."""
    found: Ints = column.dictionary_encode("encode").indices.to_numpy(zero_copy_only=False)
    return found


def _alike(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Rows that are the same in all columns: where each kind stands first, in the order in which they are met, and for
    each row which kind it is of."""
    kind = np.zeros(len(columns[0]), np.int64)
    first = kind[:1]
    for column in columns:
        both = kind * (int(column.max(initial=0)) + 1) + column
        _, first, kind = np.unique(both, return_index=True, return_inverse=True)
    order = np.argsort(first)
    met = np.empty(len(order), np.int64)
    met[order] = np.arange(len(order))
    return first[order], met[kind]


def _wrong_otherwise(origin: object, on: object) -> str | None:
    """What is wrong with the day of entry or the country; nothing, also where the day is no day."""
    if on is None:
        return "no day of entry"
    if isinstance(on, date) and on < FIRST_DAY:
        return f"{on} is before {FIRST_DAY}, the first schedule"
    return _told(lambda: country(str(origin or ""), "origin")) if isinstance(on, date) else None


def _told(look: Callable[[], object]) -> str | None:
    """What an error says in one line; nothing where there is none."""
    try:
        look()
    except CrossbookError as error:
        told = error.what.splitlines()[0]
        return told if not error.todo else f"{told} ({error.todo})"
    return None
