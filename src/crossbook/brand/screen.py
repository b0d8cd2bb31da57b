"""Listings held against a register: every span of one to four words, ranked by how likely an owner objects.

A screen, no legal clearance: it says how near words are to marks, not whether anybody would be confused.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.brand import index as ix
from crossbook.brand.listing import FIELDS, Known, Listing
from crossbook.brand.matching import KINDS, match
from crossbook.brand.register import Register
from crossbook.brand.risk import LEVELS, WHY, none_ranked, ranked
from crossbook.brand.spans import spans_of

BATCH = 10_000  # listings screened at a time
KEPT = 8  # hits of a listing that are told, the gravest first
COLUMNS = (
    "listing",
    "field",
    "start",
    "end",
    "span",
    "mark",
    "kind",
    "sight",
    "sound",
    "meaning",
    "risk",
    "level",
    "why",
    "classes",
    "owners",
    "marks",
    "register",
    "number",
    "status",
    "live",
    "mark_classes",
    "owner",
    "evidence",
    "line",
    "segment",
    "entry",
)


def screen(
    register: Register,
    listings: list[Listing],
    known: Known,
    *,
    kept: int = KEPT,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> pa.Table:
    """The hits of listings, in their order, the gravest of each first, no more than `kept` each: COLUMNS.

    `listing` is the place in `listings`, `field` that in FIELDS; scores and `risk` are 0 to 100; `why` names what moved
    the risk; `marks` counts the marks behind a hit, of which the columns from `register` on tell one (a living one, if
    any); `segment` and `entry` lead to the others.
    """
    workers = workers or min(len(os.sched_getaffinity(0)), 8)
    batches = [listings[i : i + BATCH] for i in range(0, len(listings), BATCH)]
    tables = []
    with ThreadPoolExecutor(workers) as pool:
        for number, table in enumerate(pool.map(lambda batch: _screened(register, batch, known, kept), batches)):
            at = pc.add(table["listing"], number * BATCH)
            tables.append(table.set_column(0, "listing", at))
            progress(len(batches[number]))
    return pa.concat_tables(tables) if tables else _screened(register, [], known, kept)


def _screened(register: Register, listings: list[Listing], known: Known, kept: int) -> pa.Table:
    spans = spans_of(listings, register)
    own = [_classes_of(register, listing) for listing in listings]
    tables = []
    if spans.texts:
        forms = ix.forms_of(spans.texts, spans.levels)
        bits = np.array([sum(1 << c for c in classes) for classes in own], np.uint64)
        for place in range(len(register.segments)):
            matches = match(register.segments[place], forms, spans.levels, spans.single, known.translations)
            tables.append(
                ranked(
                    register=register,
                    place=place,
                    listings=listings,
                    spans=spans,
                    matches=matches,
                    bits=bits,
                    known=known,
                    kept=kept,
                )
            )
    found = pa.concat_tables(tables) if tables else none_ranked()
    listing, risk = found["listing"].to_numpy(), found["risk"].to_numpy()
    order = np.lexsort((found["start"].to_numpy(), -risk, listing))
    rank = np.arange(len(order)) - np.searchsorted(listing[order], listing[order], side="left")
    return _written(found.take(pa.array(order[rank < kept])), register, listings, own)


def _classes_of(register: Register, listing: Listing) -> tuple[int, ...]:
    """The Nice classes that the business says, else those that the words are most like."""
    if listing.classes:
        return tuple(int(c) for c in listing.classes.split())
    return register.goods.classes(f"{listing.category} {listing.title}")


def _written(found: pa.Table, register: Register, listings: list[Listing], own: list[tuple[int, ...]]) -> pa.Table:
    """The hits in COLUMNS, with the mark behind each."""
    rows = {n: found[n].to_pylist() for n in ("listing", "field", "start", "end", "flags")}
    places = list(zip(*(rows[n] for n in ("listing", "field", "start", "end")), strict=True))
    spans = [getattr(listings[i], FIELDS[f])[a:b] for i, f, a, b in places]
    risk = found["risk"].to_numpy()
    out = {
        **{n: found[n] for n in ("listing", "field", "start", "end", "sight", "sound", "meaning", "segment", "entry")},
        "risk": pa.array(risk.astype(np.int64)),
        "span": pa.array(spans, pa.string()),
        "kind": pa.array(np.array(KINDS)[found["kind"].to_numpy()], pa.string()),
        "level": pa.array(
            np.select([risk >= least for _, least in LEVELS], [n for n, _ in LEVELS], "note"), pa.string()
        ),
        "why": pa.array(
            [tuple(n for i, n in enumerate(WHY) if f >> i & 1) for f in rows["flags"]], pa.list_(pa.string())
        ),
        "classes": pa.array([" ".join(map(str, own[i])) for i in rows["listing"]], pa.string()),
    }
    return pa.table({n: c for n, c in {**out, **_marks(found, register)}.items() if n in COLUMNS}).select(COLUMNS)


def _marks(found: pa.Table, register: Register) -> dict[str, pa.Array]:
    """Of each hit, how many marks and owners there are, and what the register says of the best of them."""
    names = {
        "mark": "mark",
        "register": "register",
        "number": "number",
        "status": "status",
        "live": "live",
        "mark_classes": "classes",
        "owner": "owner",
        "evidence": "evidence",
        "line": "line",
    }
    parts, places = [], []
    for place, segment in enumerate(register.segments):
        at = np.flatnonzero(found["segment"].to_numpy() == place)
        entry = found["entry"].to_numpy()[at]
        best = segment.entries["best"].to_numpy()[entry].copy()
        for i in np.flatnonzero(~register.stands[place][best]).tolist():  # replaced by a later file
            rows_ = segment.marks_of(int(entry[i]))
            best[i] = rows_[register.stands[place][rows_]][0]
        marks = segment.marks.take(pa.array(best))
        held = {
            n: marks[c].cast(pa.int64() if c == "line" else pa.string())
            for n, c in names.items()
            if c in marks.column_names
        }
        held |= {n: pa.nulls(len(at), pa.int64() if n == "line" else pa.string()) for n in names if n not in held}
        counts = (segment.starts[entry + 1] - segment.starts[entry]).astype(np.int64)
        owners = segment.entries["owners"].to_numpy()[entry]
        parts.append(
            pa.table({**held, "marks": pa.array(counts), "owners": pa.array(owners)}).select(
                [*names, "marks", "owners"]
            )
        )
        places.append(at)
    whole = pa.concat_tables(parts).take(pa.array(np.argsort(np.concatenate(places), kind="stable")))
    return {n: whole[n] for n in whole.column_names}
