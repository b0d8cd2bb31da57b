"""The figures of a table of lines in the types that are priced with: cents, thousandths of a quantity, days."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.errors import CrossbookError

LARGEST = 10**12  # of a quantity, or of kilograms, on one line
_READ = {
    "value": (pa.int64(), "no whole number of US cents", "give value as whole US cents, as 125000"),
    "weight_kg": (pa.decimal128(38, 3), "no weight in kilograms", "give weight_kg as a number, as 2.4"),
    "quantity": (pa.decimal128(38, 3), "no quantity", "give quantity as a number, as 100"),
    "on": (pa.date32(), "no day", "give on as a day, as 2026-09-20"),
}


def figures(table: pa.Table) -> pa.Table:
    """The table with `value` (int64), `weight_kg` and `quantity` (decimals of three places, that fit in 64 bits) and
    `on` (date32), of whatever type they came. An empty text and a NaN are null: not known.

    Raises CrossbookError naming the row, counted from 1, for what cannot be read as that, and for a quantity below
    zero, without end or over a million million.
    """
    for name, (type_, what, todo) in _READ.items():
        if name not in table.column_names:
            continue
        place, column = table.column_names.index(name), table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        column = _known(column)
        if pa.types.is_floating(column.type) and pa.types.is_decimal(type_):  # infinity has no decimal
            _hold(column, name, what, todo)
        found = _cast(column, name, type_, what, todo, exact=name == "value")
        if pa.types.is_decimal(type_):
            _hold(found, name, what, todo)
        table = table.set_column(place, name, found)
    return table


def _known(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        words = pc.utf8_trim_whitespace(column)
        return pc.if_else(pc.equal(words, ""), pa.scalar(None, words.type), words)
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column


def _cast(
    column: pa.ChunkedArray, name: str, type_: pa.DataType, what: str, todo: str, *, exact: bool
) -> pa.ChunkedArray:
    if column.type == type_:
        return column
    try:
        return column.cast(type_, safe=exact)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        for row, value in enumerate(column.to_pylist(), 1):
            try:
                pa.array([value], column.type).cast(type_, safe=exact)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                raise _unread(row, name, value, what, todo) from None
        raise


def _hold(column: pa.ChunkedArray, name: str, what: str, todo: str) -> None:
    """Raise CrossbookError for a quantity that is none."""
    none, most = (pa.scalar(figure, column.type) for figure in (0, LARGEST))
    beyond = pc.or_(pc.less(column, none), pc.greater(column, most))
    if pc.any(beyond).as_py():
        row = pc.index(beyond, True).as_py()
        raise _unread(row + 1, name, column[row].as_py(), what, todo)


def _unread(row: int, name: str, value: object, what: str, todo: str) -> CrossbookError:
    told = repr(value) if isinstance(value, str) else str(value)
    return CrossbookError(f"row {row}: {name} {told} is {what}", todo=todo)
