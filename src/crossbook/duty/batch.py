"""Duty for many lines at once: `quote_table`, columns in, columns out."""

from __future__ import annotations

import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pyarrow as pa

from crossbook.duty.claims import Value
from crossbook.duty.compiled import Compiled, Ints, Profile, Scenario, compiled, slice_of
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
from crossbook.duty.table_answer import LARGEST, Out, answer
from crossbook.duty.table_columns import CarriedAlong, carried
from crossbook.duty.table_figures import figures
from crossbook.duty.table_prices import Columns, Outcomes, Rows, columns_of, outcomes_of, price
from crossbook.duty.tables import KNOWN_UNTIL, Law
from crossbook.errors import CrossbookError

REQUIRED = ("hts", "origin", "on", "value")
BLOCK = 65_536  # rows that are priced at once


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
    if along := carried(table):
        warnings.warn(CarriedAlong(along), stacklevel=3)
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
        columns, outcomes, out = columns_of(c, keys), outcomes_of(c), Out(size)

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
    return answer(c, given, out, law)


def _part(
    c: Compiled,
    table: pa.Table,
    keys: Keys,
    place: Ints,
    slices: Ints,
    columns: Columns,
    outcomes: Outcomes,
    out: Out,
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
    b = Rows(
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
    total, rate = price(outcomes, b, 0)
    low, high = total, total
    counts = outcomes.counts[profile]
    left, number = np.flatnonzero(fine & (counts > 1)), 1
    if len(left):
        low, high = total.copy(), total.copy()
    while len(left):
        found, _ = price(outcomes, b.take(left), number)
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
