"""Duty for many lines at once: `quote_table`, columns in, columns out.

Amounts are whole numbers throughout: rates in 10^-8, values in cents. A rate that no decimal holds (33 1/3 %, in column
2) is cut to that, which is a third of a cent on a million dollars.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.duty.claims import Value
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
from crossbook.duty.lines import Revision
from crossbook.duty.quoting import PROGRAMMES
from crossbook.duty.refusals import precise
from crossbook.duty.row_keys import (
    COUNTRY_CODES,
    EPOCH,
    Keys,
    absent,
    amounts,
    claims_of,
    keys_of,
    sailed_before_entry,
    values_of,
)
from crossbook.duty.table_columns import carried
from crossbook.duty.table_figures import figures
from crossbook.duty.tables import COLUMN_2, KNOWN_UNTIL, Law
from crossbook.errors import CrossbookError

LARGEST = 3 * 10**10  # cents of one line: times 300 % times SCALE stays within 64 bits
REQUIRED = ("hts", "origin", "on", "value")
BLOCK = 65_536  # rows that are priced at once


def _half_up(product: Ints) -> Ints:
    found: Ints = product + SCALE // 2
    found //= SCALE
    return found


@dataclass(frozen=True)
class _Columns:
    """All columns of duties after one another, and where in them each country's ordinary and special ones start."""

    duties: list[Ints]
    kind: np.ndarray[Any, np.dtype[np.int8]]  # 1 by weight or piece, 2 needs more, 3 both, 4 cannot be read
    ordinary: Ints
    special: Ints


def _columns(c: Compiled, keys: list[Keys]) -> _Columns:
    seen = np.unique(np.concatenate([np.unique(k.whose) for k in keys]))
    size = len(c.specials)
    stacked = [c.duties["general"], c.duties["other"]]
    ordinary = np.array([size if o in COLUMN_2 else 0 for o in COUNTRY_CODES], np.int64)
    special = ordinary.copy()
    for i, origin in enumerate(COUNTRY_CODES):
        if origin in PROGRAMMES and i in seen:
            special[i] = size * len(stacked)
            stacked.append(specials(c, origin)[:4])
    duties = [np.concatenate([column[k] for column in stacked]) for k in range(4)]
    specific = (duties[1] > 0) | (duties[2] > 0)
    kind = np.where(duties[3] == UNREAD, 4, 2 * (duties[3] > 0) + specific).astype(np.int8)
    return _Columns(duties=duties, kind=kind, ordinary=ordinary, special=special)


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


@dataclass(frozen=True)
class _Outcomes:
    """What `_price` needs of each profile, by number of scenario: one array over profiles for each layer."""

    instead: Ints
    counts: Ints
    special: list[Bools | None]
    layers: list[list[tuple[Ints, Ints | None]]]  # the rate, and the share from which column 1 is taken off


def _outcomes(c: Compiled) -> _Outcomes:
    """Of all profiles met so far; made anew when there are more."""
    profiles = list(c.profiles)
    if c.outcomes is not None and c.outcomes[0] == len(profiles):
        kept: _Outcomes = c.outcomes[1]
        return kept
    found = _worked_out(profiles)
    c.outcomes = len(profiles), found
    return found


def _worked_out(profiles: list[Profile]) -> _Outcomes:
    counts = np.array([len(p.scenarios) for p in profiles], np.int64)
    special: list[Bools | None] = []
    layers: list[list[tuple[Ints, Ints | None]]] = []
    for number in range(int(counts.max(initial=1))):
        chosen = [p.scenarios[min(number, len(p.scenarios) - 1)] for p in profiles]
        claimed = np.array([x.special for x in chosen], bool)
        special.append(claimed if claimed.any() else None)
        deep = max((len(x.layers) for x in chosen), default=0)
        found: list[tuple[Ints, Ints | None]] = []
        for k in range(deep):
            of = [x.layers[k] if k < len(x.layers) else (ADD, 0, 0) for x in chosen]
            part = np.array([rate * share // SCALE for _, rate, share in of], np.int64)
            less = np.array([share if kind == TOTAL else 0 for kind, _, share in of], np.int64)
            found.append((part, less if less.any() else None))
        layers.append(found)
    return _Outcomes(
        instead=np.array([p.instead for p in profiles], np.int64), counts=counts, special=special, layers=layers
    )


def _price(o: _Outcomes, b: _Rows, number: int) -> tuple[Ints, Ints]:
    """Total in cents and rate in 10^-8 of scenario `number` of each row."""
    at = b.ordinary
    special = o.special[number]
    if special is not None:
        at = np.where(special[b.profile], b.special, at)
    rate = b.duties[0][at]
    instead = o.instead[b.profile] if (o.instead >= 0).any() else None
    in_place = None if instead is None or not (instead >= 0).any() else instead >= 0
    if instead is not None and in_place is not None:
        rate = np.where(in_place, instead, rate)
    exact = b.value * rate
    for amount, duties in ((b.kilos, b.duties[1]), (b.pieces, b.duties[2])):
        if amount is not None:
            specific = amount * (duties[at] // 1000)
            exact += specific if in_place is None else np.where(in_place, 0, specific)
    ordinary, total = rate, _half_up(exact)
    for parts, shares in o.layers[number]:
        part = parts[b.profile]
        less = None if shares is None else shares[b.profile]
        if less is not None and less.any():
            paid = np.where(less == SCALE, exact, exact // SCALE * less)
            total += _half_up(np.maximum(0, b.value * part - paid))
            rate = rate + np.maximum(0, part - np.where(less == SCALE, ordinary, ordinary * (less // 10**4) // 10**4))
        else:
            total += _half_up(b.value * part)
            rate = rate + part
    return total, rate


def _decimals(values: Ints, valid: Bools) -> pa.Array:
    """Numbers in 10^-8 as Arrow decimals."""
    pairs = np.empty((len(values), 2), np.int64)
    pairs[:, 0] = values
    pairs[:, 1] = values >> 63
    return pa.Array.from_buffers(pa.decimal128(18, 8), len(values), [_bits(valid), pa.py_buffer(pairs)])


def quote_table(table: pa.Table, *, beyond: bool = False, law: Law | None = None) -> pa.Table:
    """Duty into the United States for many lines.

    `table` has `hts` (ten digits, with or without dots), `origin` (ISO 3166-1 alpha-2), `on` (entry date), `value`
    (customs value in US cents), and may have `weight_kg`, `quantity`, `mode` (ocean where it is not stated) and any
    fact of `claims.FACTS`, empty where not known. Returns the table with `total_duty`, `total_duty_low`,
    `total_duty_high` (cents, null where a quantity is missing), `total_ad_valorem_rate` (decimal, null for specific
    duties), `measures`, `missing`, `status` (priced, interval, quantity, refused) and `reason`. Raises CrossbookError
    when a column is missing, says another market, currency or terms, or nearly has the name of one that is read (any
    other is carried along), and for a figure that is none, naming its row. A row that cannot be priced is refused with
    its reason, never left out. `law` is the shipped one unless given: it is compiled anew at each call, which takes
    about a second.
    """
    carried(table)
    lacking = [name for name in REQUIRED if name not in table.column_names]
    if lacking:
        raise CrossbookError("no column " + ", ".join(lacking), todo="columns needed: " + ", ".join(REQUIRED))
    given, table = table, figures(table)
    c = compiled(law)
    size = table.num_rows
    cores = min(os.cpu_count() or 1, 2) if size > 50_000 else 1
    ends = [size * i // cores for i in range(cores + 1)]
    claims, claim = claims_of(table)
    with ThreadPoolExecutor(cores) as pool:
        parts = [table.slice(a, b - a) for a, b in pairwise(ends)]
        numbers = [None if claim is None else claim[a:b] for a, b in pairwise(ends)]
        keys = list(pool.map(lambda part, number: keys_of(c, part, number), parts, numbers))
        for part, number in zip(keys, numbers, strict=True):
            sailed_before_entry(claims, number, part.day)
        place, slices = _slices(c, keys, claims)
        columns, outcomes, out = _columns(c, keys), _outcomes(c), _Out(size)

        def priced(k: int) -> None:
            for start in range(0, parts[k].num_rows, BLOCK):  # few enough that what lies between stays in the cache
                rows = slice(start, start + BLOCK)
                _part(
                    c=c,
                    table=parts[k].slice(start, BLOCK),
                    keys=keys[k].rows(rows),
                    place=place,
                    slices=slices,
                    columns=columns,
                    outcomes=outcomes,
                    out=out,
                    start=ends[k] + start,
                    beyond=beyond,
                )

        list(pool.map(priced, range(cores)))
    return _answer(c, given, out, law)


class _Out:
    """What is worked out for each row, in the order of the table."""

    def __init__(self, size: int) -> None:
        self.total, self.low, self.high, self.rate = (np.empty(size, np.int64) for _ in range(4))
        self.fine, self.priced, self.rated = (np.empty(size, np.bool_) for _ in range(3))
        self.status, self.why = np.empty(size, np.int8), np.zeros(size, np.int8)
        self.profile = np.empty(size, np.int32)


def _part(
    c: Compiled,
    table: pa.Table,
    keys: Keys,
    place: Ints,
    slices: Ints,
    columns: _Columns,
    outcomes: _Outcomes,
    out: _Out,
    start: int,
    beyond: bool,
) -> None:
    """Price the rows of a part of the table and write them to `out` from `start` on."""
    duties, size = columns.duties, table.num_rows
    here = slice(start, start + size)
    slot = place[keys.key]
    known = slot >= 0
    code, era, money = keys.code, keys.era, values_of(table)
    row = np.where((code >= 0) & (era >= 0), c.row_of.reshape(-1)[np.maximum(era, 0) * len(c.codes) + code], -1)
    fine = known & (row >= 0) & (money >= 0) & (money <= LARGEST)
    late = None if beyond else keys.day > KNOWN_UNTIL.toordinal() - EPOCH
    if late is not None:
        fine &= ~late
    at = np.maximum(row, 0)
    profile = np.where(fine, slices[np.maximum(slot, 0) * len(c.codes) + np.maximum(code, 0)], 0)
    whose = np.maximum(keys.whose, 0)
    b = _Rows(
        profile=profile,
        value=np.where(fine, money, 0),
        kilos=amounts(table, "weight_kg"),
        pieces=amounts(table, "quantity"),
        ordinary=at + columns.ordinary[whose],
        special=at + columns.special[whose],
        duties=duties,
    )
    kind = columns.kind[b.ordinary]
    if (outcomes.instead >= 0).any():  # a rate in lieu of the column asks for no quantity
        kind = np.where(outcomes.instead[profile] >= 0, np.int8(0), kind)
    unread = kind == 4
    fine &= ~unread
    needs = kind > 1
    for name, each in (("weight_kg", duties[1]), ("quantity", duties[2])):
        short = absent(table, name)
        if short is None or short.any():
            lacking = (kind > 0) & (each[b.ordinary] > 0)
            needs |= lacking if short is None else lacking & short
    total, rate = _price(outcomes, b, 0)
    low, high = total, total
    counts = outcomes.counts[profile]
    left, number = np.flatnonzero(fine & (counts > 1)), 1
    if len(left):
        low, high = total.copy(), total.copy()
    while len(left):
        found, _ = _price(outcomes, b.take(left), number)
        low[left], high[left] = np.minimum(low[left], found), np.maximum(high[left], found)
        number += 1
        left = left[counts[left] > number]
    status = (low != high).astype(np.int8)
    status[needs] = 2
    bad = np.flatnonzero(~fine)
    status[bad] = 3
    why = np.zeros(len(bad), np.int8)
    for number, which in (
        (5, unread[bad]),
        (4, None if late is None else late[bad]),
        (3, money[bad] > LARGEST),
        (2, money[bad] < 0),
        (0, row[bad] < 0),
        (1, ~known[bad]),
    ):
        if which is not None:
            why[which] = number
    out.total[here], out.low[here], out.high[here], out.rate[here] = total, low, high, rate
    priced = fine & ~needs
    out.fine[here], out.priced[here], out.rated[here] = fine, priced, priced & ((kind & 1) == 0)
    out.status[here], out.profile[here] = status, profile
    out.why[start + bad] = why


def _answer(c: Compiled, table: pa.Table, r: _Out, law: Law | None) -> pa.Table:
    used, where = _used(r.profile)
    reasons = [
        "no tariff line of ten digits with this code was in force on this day",
        "not a country of ISO 3166-1, or a day before the first schedule",
        "a negative or missing value",
        f"a value over {LARGEST // 100:,} USD on one line",
        f"after {KNOWN_UNTIL}, the last day whose law is known",
        "the schedule states no duty that can be read for this line",
    ]
    priced, fine = _bits(r.priced), _bits(r.fine)
    status = _whole(pa.int8(), r.status, None)
    extra = {
        "total_duty": _whole(pa.int64(), r.total, priced),
        "total_duty_low": _whole(pa.int64(), r.low, fine),
        "total_duty_high": _whole(pa.int64(), r.high, priced),
        "total_ad_valorem_rate": _decimals(r.rate, r.rated),
        "measures": _words([c.profiles[p].measures for p in used], where, fine),
        "missing": _words([c.profiles[p].missing for p in used], where, fine),
        "status": pa.DictionaryArray.from_arrays(status, ["priced", "interval", "quantity", "refused"]),
        "reason": _reasons(table, r, reasons, () if law is None else law.newer),
    }
    for name, column in extra.items():
        table = table.append_column(name, column)
    return table


def _reasons(table: pa.Table, r: _Out, general: list[str], newer: Sequence[Revision]) -> pa.DictionaryArray:
    """For each refused row why, as the single quote says it."""
    bad = np.flatnonzero(~r.fine)
    texts, which = precise(table, bad.tolist(), [general[i] for i in r.why[bad]], newer)
    place = np.zeros(len(r.why), np.int32)
    place[bad] = which
    return pa.DictionaryArray.from_arrays(_whole(pa.int32(), place, _bits(~r.fine)), pa.array(texts, pa.string()))


def _bits(valid: Bools) -> pa.Buffer:
    return pa.py_buffer(np.packbits(valid, bitorder="little"))


def _whole(kind: pa.DataType, values: np.ndarray[Any, Any], valid: pa.Buffer | None) -> pa.Array:
    """Whole numbers as an Arrow array over the same memory."""
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(values)])


def _words(texts: list[str], where: Ints, valid: pa.Buffer) -> pa.DictionaryArray:
    """For each row its text, as an Arrow dictionary in which each text stands once."""
    place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    of = np.array([place[text] for text in texts], np.int32)
    return pa.DictionaryArray.from_arrays(_whole(pa.int32(), of[where], valid), list(place))


def _slices(c: Compiled, keys: list[Keys], claims: list[tuple[tuple[str, Value], ...]]) -> tuple[Ints, Ints]:
    """The number of each slice that rows are in (-1 when there is none), and all slices after one another."""
    eras = len(c.breaks) + 1
    used = np.unique(np.concatenate([k.used for k in keys]))
    place = np.full(int(used.max(initial=0)) + 1, -1, np.int32)
    made: list[Ints] = []
    for k in used.tolist():
        rest, era = divmod(k, eras)
        asked, who = divmod(rest, len(COUNTRY_CODES) + 1)
        if era > 0 and who > 0:
            place[k] = len(made)
            made.append(slice_of(c, COUNTRY_CODES[who - 1], era - 1, claims[asked]))
    if not c.profiles:
        c.profiles.append(Profile((Scenario(False, ()),), "", ""))
    return place, np.concatenate(made) if made else np.zeros(len(c.codes), np.int32)
