"""AMLGentex: the transaction log that its simulation writes, as Parquet.

Columns and types as its program writes them (https://github.com/aidotse/AMLGentex,
src/data_creation/temporal_simulation/simulator.py). It has steps, each a day, and no dates: steps are counted as days
from 2000-01-01, and that is said. It names no currency: salaries and balances of the set are Swedish kronor (README).
Amounts are floating numbers, rounded to the öre. `-2` is money from outside, `-1` money that goes there.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.sources import parquet
from crossbook.sources.source import Facts, Head, Reading, Recognition

COLUMNS = ("step", "type", "amount", "nameOrig", "nameDest", "bankOrig", "bankDest", "isSAR")
FIRST = date(2000, 1, 1)
_KINDS = {"TRANSFER": "transfer", "CASH": "cash_out", "INITALBALANCE": "opening"}
_LARGEST_STEP = 1_000_000
_ROWS = 200_000


class Amlgentex:
    """The source for the transaction log of AMLGentex."""

    name = "amlgentex"
    title = "AMLGentex transaction log (made-up data, Parquet)"
    example = "PAR1… with the columns step, type, amount, nameOrig, nameDest, bankOrig, bankDest, isSAR …"

    def recognise(self, head: Head) -> Recognition:
        if not head.raw.startswith(parquet.MAGIC):
            return Recognition(0.0, "not Parquet")
        missing = set(COLUMNS) - set(parquet.columns_of(head))
        if missing:
            return Recognition(0.0, f"Parquet without the column {sorted(missing)[0]!r}")
        return Recognition(0.95, "Parquet with the columns of its transaction log")

    def read(self, reading: Reading) -> Facts:
        first = 1
        try:
            for batch in pq.ParquetFile(reading.path).iter_batches(_ROWS, columns=list(COLUMNS)):
                batch.validate(full=True)
                yield "transfer", _facts(batch, first, reading)
                first += batch.num_rows
        except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError, KeyError) as error:
            if isinstance(error, CrossbookError):
                raise
            raise CrossbookError("not whole Parquet", where=reading.name, todo="write it again") from None
        reading.notes.append(
            "the file has steps and no dates, and names no currency: steps are counted as days from 2000-01-01, "
            "amounts are taken as SEK"
        )


def _facts(batch: Any, first: int, reading: Reading) -> pa.Table:
    count = batch.num_rows
    lines = pa.array(range(first, first + count), pa.int64())
    step, told = batch["step"].cast(pa.int64()), _text(batch["type"])
    amount = batch["amount"].cast(pa.float64())
    payer, payee = batch["nameOrig"].cast(pa.int64()), batch["nameDest"].cast(pa.int64())
    known = pc.fill_null(pc.is_in(told, pa.array(list(_KINDS))), False)
    sound = pc.fill_null(pc.and_(pc.is_finite(amount), pc.less(pc.abs(amount), money.MAX_MINOR / 100)), False)
    dated = pc.fill_null(pc.and_(pc.greater_equal(step, 0), pc.less(step, _LARGEST_STEP)), False)
    for column, values, good, reason in (
        ("type", told, known, "a kind of payment that is not known"),
        ("amount", amount, sound, "not an amount"),
        ("step", step, dated, "not a step: a whole number from 0 on"),
    ):
        for place in pc.indices_nonzero(pc.invert(good)).to_pylist():
            reading.report(first + place, column, str(values[place].as_py()), reason)
    days = pc.add(pc.if_else(dated, step, 0), (FIRST - date(1970, 1, 1)).days).cast(pa.int32()).cast(pa.date32())
    minor = pc.round(pc.multiply(pc.if_else(sound, amount, 0.0), 100), 0, "half_towards_infinity").cast(pa.int64())
    inward = pc.and_(pc.equal(told, "CASH"), pc.less(payer, 0))
    kinds = pc.if_else(inward, "cash_in", _named(told))
    columns: dict[str, Any] = {
        "line": lines,
        "payer_institution": _bank(_text(batch["bankOrig"])),
        "payer_account": _account(payer),
        "payee_institution": _bank(_text(batch["bankDest"])),
        "payee_account": _account(payee),
        "paid": minor,
        "paid_currency": pa.array(["SEK"] * count),
        "received": minor,
        "received_currency": pa.array(["SEK"] * count),
        "day": days,
        "dated_by": pa.array(["step"] * count),
        "kind": kinds,
        "kind_told": told,
        "labelled": pc.equal(batch["isSAR"].cast(pa.int64()), 1),
    }
    schema = pa.schema([f for f in KINDS["transfer"].schema if f.name != "evidence"])
    arrays = [_as(columns[f.name], f.type) if f.name in columns else pa.nulls(count, f.type) for f in schema]
    table = pa.Table.from_arrays(arrays, schema=schema)
    return table.filter(pc.and_(pc.and_(known, sound), dated))


def _text(column: Any) -> Any:
    return column.cast(pa.string())


def _named(told: Any) -> Any:
    found = pc.index_in(told, pa.array(list(_KINDS)))
    return pa.array(list(_KINDS.values())).take(found)


def _account(number: Any) -> Any:
    return pc.if_else(pc.less(number, 0), None, number.cast(pa.string()))


def _bank(name: Any) -> Any:
    return pc.if_else(pc.is_in(name, pa.array(["source", "sink"])), None, name)


def _as(column: Any, type_: pa.DataType) -> Any:
    if pa.types.is_dictionary(type_):
        return column.dictionary_encode()
    return column.cast(type_)


SOURCE = Amlgentex()
