"""The columns of a table of lines as numbers: which tariff number, country, era and day, and what is stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.duty.claims import FACTS, Value, agree, read
from crossbook.duty.compiled import Bools, Compiled, Ints
from crossbook.duty.countries import COUNTRIES
from crossbook.duty.shipment import MODES
from crossbook.errors import CrossbookError

EPOCH_DAY = date(1970, 1, 1)
EPOCH = EPOCH_DAY.toordinal()
COUNTRY_CODES = sorted(COUNTRIES)


@dataclass(frozen=True)
class Keys:
    """Of each row: code, origin and era as numbers (-1 for what is not known), the day, and the slice it is in."""

    code: Ints
    whose: Ints
    era: Ints
    day: Ints
    key: Ints
    used: Ints

    def rows(self, pick: slice) -> Keys:
        """Some of the rows."""
        return Keys(
            code=self.code[pick],
            whose=self.whose[pick],
            era=self.era[pick],
            day=self.day[pick],
            key=self.key[pick],
            used=self.used,
        )


def claims_of(table: pa.Table) -> tuple[list[tuple[tuple[str, Value], ...]], Ints | None]:
    """Each set of facts that rows state, and for each row which of these it states."""
    names = [n for n in table.column_names if n in FACTS or n == "mode"]
    if not names:
        return [()], None
    stated = list(zip(*[table[n].cast(pa.string()).to_pylist() for n in names], strict=True))
    seen: dict[tuple[Any, ...], int] = {}
    claim = np.array([seen.setdefault(s, len(seen)) for s in stated], np.int64)
    facts = [tuple((n, _fact(n, v)) for n, v in zip(names, s, strict=True) if v) for s in seen]
    for each in facts:
        agree(dict(each))
    return facts, claim


def sailed_before_entry(claims: list[tuple[tuple[str, Value], ...]], claim: Ints | None, day: Ints) -> None:
    """Raise CrossbookError for a row whose goods sailed after they were entered."""
    sailed = [dict(facts).get("sailed") for facts in claims]
    if claim is None or not any(sailed):
        return
    loaded = np.array([(d - EPOCH_DAY).days if isinstance(d, date) else 0 for d in sailed], np.int64)
    wrong = np.flatnonzero((loaded[claim] > day) & (day > 0))
    if len(wrong):
        agree(dict(claims[claim[wrong[0]]]), EPOCH_DAY + timedelta(int(day[wrong[0]])))


def _fact(name: str, text: str) -> Value:
    if name != "mode":
        return read(name, text)
    if text not in MODES:
        raise CrossbookError(f"unknown mode {text!r}", todo="one of " + ", ".join(MODES))
    return text


def keys_of(c: Compiled, table: pa.Table, claim: Ints | None) -> Keys:
    hts = _text(table, "hts")
    code = _numbers(pc.index_in(hts, c.codes))
    if (code < 0).any():
        code = _spelled(c, hts)
    origin = _text(table, "origin")
    whose = _numbers(pc.index_in(origin, _countries()))
    if (whose < 0).any():
        clean = pc.utf8_upper(pc.utf8_trim_whitespace(origin))
        whose = _numbers(pc.index_in(clean, _countries()))
    on = _column(table, "on")
    on = on if pa.types.is_date32(on.type) else on.cast(pa.date32())
    day = _numbers(on.cast(pa.int32()), 0)
    first, last = int(c.breaks[0]) - EPOCH, int(c.breaks[-1]) - EPOCH
    lookup = (np.searchsorted(c.breaks, np.arange(first, last + 1) + EPOCH, side="right") - 1).astype(np.int32)
    era = lookup[np.clip(day, first, last) - first]
    if len(day) and day.min() < first:
        era[day < first] = -1
    eras = len(c.breaks) + 1
    key = (whose + 1) * np.int32(eras) + (era + 1)
    if claim is not None:
        key = key.astype(np.int64) + claim * ((len(COUNTRY_CODES) + 1) * eras)
    used = np.flatnonzero(np.bincount(key, minlength=1))
    return Keys(code=code, whose=whose, era=era, day=day, key=key, used=used)


def _numbers(found: pa.Array, absent: int = -1) -> Ints:
    """An Arrow array of 32-bit numbers, `absent` where null, without a copy where none is."""
    filled = found.fill_null(absent) if found.null_count else found
    return np.asarray(filled.to_numpy(zero_copy_only=False), np.int32)


@lru_cache(maxsize=1)
def _countries() -> pa.Array:
    return pa.array(COUNTRY_CODES)


def _spelled(c: Compiled, hts: pa.Array) -> Ints:
    """Codes as people write them, with dots, or a line of eight digits with two noughts."""
    words = hts.fill_null("").dictionary_encode()
    plain = [w.replace(".", "").replace(" ", "") for w in words.dictionary.to_pylist()]
    at = _numbers(pc.index_in(pa.array(plain, pa.string()), c.codes)).copy()
    for i in np.flatnonzero(at < 0):
        if len(plain[i]) == 10 and plain[i].endswith("00"):
            found = pc.index_in(pa.array([plain[i][:8]]), c.codes)[0].as_py()
            at[i] = -1 if found is None else found
    return np.asarray(at[words.indices.to_numpy(zero_copy_only=False)], np.int32)


def values_of(table: pa.Table) -> Ints:
    column = _column(table, "value")
    filled = column.fill_null(-1) if column.null_count else column
    return np.asarray(filled.to_numpy(zero_copy_only=False), np.int64)


def _text(table: pa.Table, name: str) -> pa.Array:
    column = _column(table, name)
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table[name].combine_chunks()
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) and column.num_chunks else column
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column


def absent(table: pa.Table, name: str) -> Bools | None:
    if name not in table.column_names:
        return None
    return np.asarray(pc.is_null(_column(table, name)).to_numpy(zero_copy_only=False), bool)


def amounts(table: pa.Table, name: str) -> Ints | None:
    """A quantity column, as `table_figures` has it, in thousandths."""
    if name not in table.column_names:
        return None
    column = _column(table, name).fill_null(Decimal(0))
    pairs = np.frombuffer(column.buffers()[1], np.int64).reshape(-1, 2)
    return pairs[column.offset : column.offset + len(column), 0].copy()
