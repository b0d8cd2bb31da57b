"""Whole catalogues: a CSV of goods in, the same with duties out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossbook.errors import CrossbookError
from crossbook.i18n import t

if TYPE_CHECKING:
    import pyarrow as pa

NAMES = {
    "hts": ("hts", "hs code", "hs", "税号"),
    "origin": ("origin", "原产地"),
    "on": ("on", "date", "entry date", "日期"),
    "value": ("value", "customs value", "货值"),
    "weight_kg": ("weight_kg", "weight kg", "净重"),
    "quantity": ("quantity", "qty", "数量"),
}


def price_catalogue(files: list[Path], out: Path | None, *, beyond: bool, json: bool) -> None:
    """Read CSVs with hts, origin, on and value (units of USD, for the whole line), add what `quote_table` says."""
    import pyarrow as pa
    import pyarrow.csv as pc

    from crossbook.cli import show
    from crossbook.duty.batch import quote_table

    tables = [_read(path) for path in files]
    with show.progress(quiet=json) as step:
        step(t("working out"), 0, 1)
        answer = quote_table(pa.concat_tables(tables, promote_options="default"), beyond=beyond)
        step(t("working out"), 1, 1)
    if json:
        show.as_json(answer.to_pylist())
        return
    plain = _for_people(answer)
    if out is None:
        pc.write_csv(plain, sys.stdout.buffer)
        return
    try:
        pc.write_csv(plain, out)
    except OSError as error:
        raise CrossbookError(f"cannot write {out}: {error.strerror or error}") from None
    counts = {s["values"]: s["counts"] for s in answer["status"].combine_chunks().value_counts().to_pylist()}
    show.say(t("{rows} lines, wrote {path}", rows=f"{answer.num_rows:,}", path=show.clean(out)))
    for status, count in counts.items():
        show.say(f"  {t(status)}: {count:,}")


def _read(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pcomp
    import pyarrow.csv as pc

    try:
        head = pc.open_csv(path).schema.names
        kinds = {name: pa.string() for name in head}
        table = pc.read_csv(path, convert_options=pc.ConvertOptions(column_types=kinds, strings_can_be_null=True))
    except (OSError, pa.ArrowInvalid) as error:
        raise CrossbookError(f"not a CSV that can be read: {str(error).splitlines()[0]}", where=str(path)) from None
    known = {alias: name for name, aliases in NAMES.items() for alias in aliases}
    table = table.rename_columns([known.get(name.strip().lower(), name.strip()) for name in table.column_names])
    lacking = [name for name in ("hts", "origin", "value") if name not in table.column_names]
    if lacking:
        raise CrossbookError("no column " + ", ".join(lacking), where=str(path), todo="columns: hts, origin, value, on")
    if "on" not in table.column_names:
        from datetime import date

        table = table.append_column("on", pa.array([date.today()] * table.num_rows))  # noqa: DTZ011
    for name, convert in (("on", _days), ("value", _cents), ("weight_kg", _decimals), ("quantity", _decimals)):
        if name in table.column_names:
            at = table.column_names.index(name)
            table = table.set_column(at, name, convert(table[name], path, name))
    table = table.set_column(table.column_names.index("origin"), "origin", pcomp.utf8_upper(table["origin"]))
    return table


def _days(column: Any, path: Path, name: str) -> Any:
    import pyarrow as pa

    try:
        return column.cast(pa.date32())
    except pa.ArrowInvalid:
        raise _bad(column, path, name, "is no date", "write days as 2025-11-20") from None


def _cents(column: Any, path: Path, name: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pcomp

    try:
        exact = column.cast(pa.decimal128(18, 2))
    except pa.ArrowInvalid:
        raise _bad(column, path, name, "is no amount of US dollars and cents", "write 1250.00") from None
    return (
        pcomp.multiply(exact, pa.scalar(100, pa.decimal128(3, 0)))
        .cast(pa.decimal128(24, 0), safe=False)
        .cast(pa.int64())
    )


def _decimals(column: Any, path: Path, name: str) -> Any:
    import pyarrow as pa

    try:
        return column.cast(pa.decimal128(18, 3))
    except pa.ArrowInvalid:
        raise _bad(column, path, name, "is no number of at most three decimals", "write 12.5") from None


def _bad(column: Any, path: Path, name: str, what: str, todo: str) -> CrossbookError:
    import pyarrow as pa

    kinds = {"on": pa.date32(), "value": pa.decimal128(18, 2)}
    for line, text in enumerate(column.to_pylist(), start=2):
        try:
            pa.array([text], pa.string()).cast(kinds.get(name, pa.decimal128(18, 3)))
        except pa.ArrowInvalid:
            return CrossbookError(f"line {line}, column {name!r}: {text!r} {what}", where=str(path), todo=todo)
    return CrossbookError(f"column {name!r}: a value {what}", where=str(path), todo=todo)


def _for_people(table: pa.Table) -> pa.Table:
    """Dictionary columns as text; amounts stay whole cents, as their names say."""
    import pyarrow as pa

    for i, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(i, field.name, table[field.name].cast(pa.string()))
    cents = {"value": "value_cents", **{n: f"{n}_cents" for n in ("total_duty", "total_duty_low", "total_duty_high")}}
    return table.rename_columns([cents.get(n, n) for n in table.column_names])
