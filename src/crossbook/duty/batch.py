"""Duty for many lines at once: `quote_table`, columns in, columns out.

Amounts are whole numbers throughout: rates in 10^-8, values in cents. A rate that no decimal holds (33 1/3 %, in column
2) is cut to that, which is a third of a cent on a million dollars.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.duty.claims import FACTS, Value, read
from crossbook.duty.compiled import (
    ADD,
    SCALE,
    TOTAL,
    UNREAD,
    Bools,
    Compiled,
    Ints,
    Profile,
    Scenario,
    compiled,
    slice_of,
    specials,
)
from crossbook.duty.countries import COUNTRIES
from crossbook.duty.quoting import PROGRAMMES
from crossbook.duty.tables import COLUMN_2, KNOWN_UNTIL
from crossbook.errors import CrossbookError

LARGEST = 3 * 10**10  # cents of one line: times 300 % times SCALE stays within 64 bits
REQUIRED = ("hts", "origin", "on", "value")
EPOCH = date(1970, 1, 1).toordinal()


def _half_up(product: Ints) -> Ints:
    return (product + SCALE // 2) // SCALE


def _duties(c: Compiled, origins: list[str]) -> tuple[list[Ints], Ints, Ints]:
    """All columns of duties after one another, and where in them each origin's ordinary and special ones start."""
    size = len(c.specials)
    stacked = [c.duties["general"], c.duties["other"]]
    ordinary = np.array([size if o in COLUMN_2 else 0 for o in origins], np.int64)
    special = ordinary.copy()
    for i, origin in enumerate(origins):
        if origin in PROGRAMMES:
            special[i] = size * len(stacked)
            stacked.append(specials(c, origin)[:4])
    return [np.concatenate([column[k] for column in stacked]) for k in range(4)], ordinary, special


@dataclass(frozen=True)
class _Rows:
    """Rows to price: profile, value, quantities in thousandths, and where their duties stand in `duties`."""

    profile: Ints
    value: Ints
    kilos: Ints | None
    pieces: Ints | None
    ordinary: Ints
    special: Ints
    duties: list[Ints]

    def take(self, pick: Ints) -> _Rows:
        """Some of the rows."""
        kilos, pieces = (None if x is None else x[pick] for x in (self.kilos, self.pieces))
        return _Rows(
            profile=self.profile[pick],
            value=self.value[pick],
            kilos=kilos,
            pieces=pieces,
            ordinary=self.ordinary[pick],
            special=self.special[pick],
            duties=self.duties,
        )


def _used(profile: Ints) -> tuple[Ints, Ints]:
    """The profiles that occur, and for each row which of these it has."""
    used = np.flatnonzero(np.bincount(profile, minlength=1))
    place = np.zeros(int(used.max(initial=0)) + 1, np.int64)
    place[used] = np.arange(len(used))
    return used, place[profile]


def _price(profiles: list[Profile], b: _Rows, number: int) -> tuple[Ints, Ints]:
    """Total in cents and rate in 10^-8 of scenario `number` of each row."""
    used, where = _used(b.profile)
    chosen = [profiles[p].scenarios[number] for p in used]
    instead = np.array([profiles[p].instead for p in used], np.int64)
    at = b.ordinary
    if any(s.special for s in chosen):
        at = np.where(np.array([s.special for s in chosen], bool)[where], b.special, at)
    rate = b.duties[0][at]
    in_place = instead[where] >= 0 if (instead >= 0).any() else None
    if in_place is not None:
        rate = np.where(in_place, instead[where], rate)
    exact = b.value * rate
    for amount, duties in ((b.kilos, b.duties[1]), (b.pieces, b.duties[2])):
        if amount is not None:
            specific = amount * (duties[at] // 1000)
            exact += specific if in_place is None else np.where(in_place, 0, specific)
    ordinary, total = rate, _half_up(exact)
    for k in range(max((len(s.layers) for s in chosen), default=0)):
        layers = [s.layers[k] if k < len(s.layers) else (ADD, 0, 0) for s in chosen]
        part = np.array([layer[1] * layer[2] // SCALE for layer in layers], np.int64)[where]
        if any(layer[0] == TOTAL for layer in layers):
            share = np.array([layer[2] for layer in layers], np.int64)[where]
            less = np.where(np.array([layer[0] == TOTAL for layer in layers], bool)[where], share, 0)
            paid = np.where(less == SCALE, exact, exact // SCALE * less)
            total = total + _half_up(np.maximum(0, b.value * part - paid))
            rate = rate + np.maximum(0, part - np.where(less == SCALE, ordinary, ordinary * (less // 10**4) // 10**4))
        else:
            total = total + _half_up(b.value * part)
            rate = rate + part
    return total, rate


def _decimals(values: Ints, valid: Bools) -> pa.Array:
    """Numbers in 10^-8 as Arrow decimals."""
    pairs = np.empty((len(values), 2), np.int64)
    pairs[:, 0] = values
    pairs[:, 1] = values >> 63
    bits = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    return pa.Array.from_buffers(pa.decimal128(18, 8), len(values), [bits, pa.py_buffer(pairs)])


def quote_table(table: pa.Table, *, beyond: bool = False) -> pa.Table:
    """Duty into the United States for many lines.

    `table` has `hts` (ten digits, with or without dots), `origin` (ISO 3166-1 alpha-2), `on` (entry date), `value`
    (customs value in US cents), and may have `weight_kg`, `quantity` and any fact of `claims.FACTS`, empty where not
    known. Returns the table with `total_duty`, `total_duty_low`, `total_duty_high` (cents, null where a quantity is
    missing), `total_ad_valorem_rate` (decimal, null for specific duties), `measures`, `missing`, `status` (priced,
    interval, quantity, refused) and `reason`. Raises CrossbookError when a column is missing; a row that cannot be
    priced is refused with its reason, never left out.
    """
    lacking = [name for name in REQUIRED if name not in table.column_names]
    if lacking:
        raise CrossbookError("no column " + ", ".join(lacking), todo="columns needed: " + ", ".join(REQUIRED))
    c = compiled()
    keys = _keys(c, table)
    slot, slices = _slices(c, keys)
    value = _column(table, "value").cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    duties, ordinary, special = _duties(c, keys.origins)
    kilos, pieces = _amounts(table, "weight_kg"), _amounts(table, "quantity")
    no_kilos, no_pieces = _absent(table, "weight_kg"), _absent(table, "quantity")

    def part(rows: slice) -> dict[str, Any]:
        code, era, day = keys.code[rows], keys.era[rows], keys.day[rows]
        known = slot[rows] >= 0
        inside = np.maximum(era, 0) * len(c.codes) + np.maximum(code, 0)
        row = np.where((code >= 0) & (era >= 0), c.row_of.reshape(-1)[inside], -1)
        late = (day > KNOWN_UNTIL.toordinal()) & (not beyond)
        money = value[rows]
        fine = known & (row >= 0) & (money >= 0) & (money <= LARGEST) & ~late
        at = np.maximum(row, 0)
        profile = np.where(fine, slices[np.maximum(slot[rows], 0) * len(c.codes) + np.maximum(code, 0)], 0)
        whose = keys.whose[rows]
        b = _Rows(
            profile=profile,
            value=np.where(fine, money, 0),
            kilos=None if kilos is None else kilos[rows],
            pieces=None if pieces is None else pieces[rows],
            ordinary=at + ordinary[whose],
            special=at + special[whose],
            duties=duties,
        )
        in_place = np.array([p.instead for p in c.profiles], np.int64)[profile] >= 0
        unread = (duties[3][b.ordinary] == UNREAD) & ~in_place
        fine &= ~unread
        needs = duties[3][b.ordinary] > 0
        needs |= (duties[1][b.ordinary] > 0) & (True if no_kilos is None else no_kilos[rows])
        needs |= (duties[2][b.ordinary] > 0) & (True if no_pieces is None else no_pieces[rows])
        needs &= ~in_place  # a rate in lieu of the column asks for no quantity
        total, rate = _price(c.profiles, b, 0)
        low, high = total.copy(), total.copy()
        counts = np.array([len(p.scenarios) for p in c.profiles], np.int64)[profile]
        left, number = np.flatnonzero(fine & (counts > 1)), 1
        while len(left):
            found, _ = _price(c.profiles, b.take(left), number)
            low[left], high[left] = np.minimum(low[left], found), np.maximum(high[left], found)
            number += 1
            left = left[counts[left] > number]
        specific = ((duties[1][b.ordinary] > 0) | (duties[2][b.ordinary] > 0)) & ~in_place
        status = np.select([~fine, needs, low != high], [3, 2, 1], 0)
        why = np.select([~known, row < 0, money < 0, money > LARGEST, late, unread], [1, 0, 2, 3, 4, 5], 0)
        return {
            "total": total,
            "low": low,
            "high": high,
            "rate": rate,
            "fine": fine,
            "priced": fine & ~needs,
            "specific": specific,
            "status": status,
            "why": why,
            "profile": profile,
        }

    size = table.num_rows
    cores = min(os.cpu_count() or 1, 2) if size > 50_000 else 1
    ends = [size * i // cores for i in range(cores + 1)]
    with ThreadPoolExecutor(cores) as pool:
        parts = list(pool.map(part, (slice(a, b) for a, b in pairwise(ends))))
    return _answer(c, table, {k: np.concatenate([p[k] for p in parts]) if cores > 1 else parts[0][k] for k in parts[0]})


def _answer(c: Compiled, table: pa.Table, r: dict[str, Any]) -> pa.Table:
    fine, priced = r["fine"], r["priced"]
    used, where = _used(r["profile"])
    reasons = [
        "no tariff line of ten digits with this code was in force on this day",
        "not a country of ISO 3166-1, or a day before the first schedule",
        "a negative or missing value",
        f"a value over {LARGEST // 100:,} USD on one line",
        f"after {KNOWN_UNTIL}, the last day whose law is known",
        "the schedule states no duty that can be read for this line",
    ]
    words = pa.DictionaryArray.from_arrays
    extra = {
        "total_duty": pa.array(r["total"], mask=~priced),
        "total_duty_low": pa.array(r["low"], mask=~fine),
        "total_duty_high": pa.array(r["high"], mask=~priced),
        "total_ad_valorem_rate": _decimals(r["rate"], priced & ~r["specific"]),
        "measures": _words([c.profiles[p].measures for p in used], where, fine),
        "missing": _words([c.profiles[p].missing for p in used], where, fine),
        "status": words(pa.array(r["status"].astype(np.int32)), ["priced", "interval", "quantity", "refused"]),
        "reason": words(pa.array(r["why"].astype(np.int32), mask=fine), reasons),
    }
    for name, column in extra.items():
        table = table.append_column(name, column)
    return table


def _words(texts: list[str], where: Ints, valid: Bools) -> pa.DictionaryArray:
    """For each row its text, as an Arrow dictionary in which each text stands once."""
    place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    of = np.array([place[text] for text in texts], np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(of[where], mask=~valid), list(place))


@dataclass(frozen=True)
class _Keys:
    """Of each row: code, origin, era and claims as numbers (-1 for what is not known), and the day."""

    code: Ints
    whose: Ints
    origins: list[str]
    era: Ints
    day: Ints
    claims: list[tuple[tuple[str, Value], ...]]
    claim: Ints | None


def _keys(c: Compiled, table: pa.Table) -> _Keys:
    hts = _column(table, "hts").fill_null("").dictionary_encode()
    plain = [w.replace(".", "").replace(" ", "") for w in hts.dictionary.to_pylist()]
    at = (
        pc.index_in(pa.array(plain, pa.string()), c.codes).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    for i in np.flatnonzero(at < 0):  # a line of eight digits without statistical lines, written with two noughts
        if len(plain[i]) == 10 and plain[i].endswith("00"):
            found = pc.index_in(pa.array([plain[i][:8]]), c.codes)[0].as_py()
            at[i] = -1 if found is None else found
    code = at[hts.indices.to_numpy(zero_copy_only=False)]
    origin = _column(table, "origin").fill_null("").dictionary_encode()
    origins = [o.strip().upper() for o in origin.dictionary.to_pylist()]
    whose = origin.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    on = _column(table, "on")
    on = on if pa.types.is_date32(on.type) else on.cast(pa.date32())
    day = on.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64) + EPOCH
    first, last = int(c.breaks[0]), int(c.breaks[-1])
    lookup = np.searchsorted(c.breaks, np.arange(first, last + 1), side="right") - 1
    era = np.where(day >= first, lookup[np.clip(day, first, last) - first], -1)
    names = [n for n in table.column_names if n in FACTS or n == "mode"]
    if not names:
        return _Keys(code=code, whose=whose, origins=origins, era=era, day=day, claims=[()], claim=None)
    stated = list(zip(*[table[n].cast(pa.string()).to_pylist() for n in names], strict=True))
    seen: dict[tuple[Any, ...], int] = {}
    claim = np.array([seen.setdefault(s, len(seen)) for s in stated], np.int64)
    claims = [tuple((n, v if n == "mode" else read(n, v)) for n, v in zip(names, s, strict=True) if v) for s in seen]
    return _Keys(code=code, whose=whose, origins=origins, era=era, day=day, claims=claims, claim=claim)


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table[name].combine_chunks()
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) and column.num_chunks else column
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column


def _slices(c: Compiled, keys: _Keys) -> tuple[Ints, Ints]:
    """The slice of each row by number (-1 when there is none), and all slices after one another."""
    eras = len(c.breaks) + 1
    key = keys.whose * eras + keys.era + 1
    if keys.claim is not None:
        key = key + keys.claim * (len(keys.origins) * eras)
    place = np.full(int(key.max(initial=0)) + 1, -1, np.int64)
    made: list[Ints] = []
    for k in np.flatnonzero(np.bincount(key, minlength=1)).tolist():
        rest, era = divmod(k, eras)
        asked, who = divmod(rest, len(keys.origins))
        if era > 0 and keys.origins[who] in COUNTRIES:
            place[k] = len(made)
            made.append(slice_of(c, keys.origins[who], era - 1, keys.claims[asked]))
    if not c.profiles:
        c.profiles.append(Profile((Scenario(False, ()),), "", ""))
    return place[key], np.concatenate(made) if made else np.zeros(len(c.codes), np.int64)


def _absent(table: pa.Table, name: str) -> Bools | None:
    if name not in table.column_names:
        return None
    return np.asarray(pc.is_null(_column(table, name)).to_numpy(zero_copy_only=False), bool)


def _amounts(table: pa.Table, name: str) -> Ints | None:
    """A quantity column in thousandths."""
    if name not in table.column_names:
        return None
    column = _column(table, name).cast(pa.decimal128(18, 3), safe=False).fill_null(Decimal(0))
    pairs = np.frombuffer(column.buffers()[1], np.int64).reshape(-1, 2)
    return pairs[column.offset : column.offset + len(column), 0].copy()
