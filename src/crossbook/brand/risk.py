"""How likely an owner objects: matched spans with their risk, from 0 to 100, and what moved it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.brand import index as ix
from crossbook.brand.letters import is_han
from crossbook.brand.listing import FIELDS, Known, Listing
from crossbook.brand.matching import AFFIX, LETTERS, SAME, TRANSLATION, Matches, Numbers
from crossbook.brand.register import Register
from crossbook.brand.spans import Spans

LEVELS = (("act", 80), ("look", 50), ("note", 0))
_NUMBERS = (
    "listing",
    "field",
    "start",
    "end",
    "entry",
    "kind",
    "sight",
    "sound",
    "meaning",
    "flags",
    "risk",
    "segment",
)
# What moves a risk, as bits of `flags`, in the order in which it is told.
WHY = ("licensed", "sues", "as brand", "class", "other class", "class unknown", "fits", "ordinary word", "dead")


def none_ranked() -> pa.Table:
    return pa.table({n: pa.array([], pa.float64() if n == "risk" else pa.int64()) for n in _NUMBERS})


def ranked(
    register: Register,
    place: int,
    listings: list[Listing],
    spans: Spans,
    matches: Matches,
    bits: Any,
    known: Known,
    kept: int,
) -> pa.Table:
    """Every place where a matched span stands, with its risk; a mark once for each listing, where it is gravest."""
    segment = register.segments[place]
    matches = matches.where(_stands(register, place, matches.entries))
    if not len(matches):
        return none_ranked()
    base = _base(matches, segment.entries, spans)
    order = np.argsort(spans.ids, kind="stable")
    starts = np.searchsorted(spans.ids[order], np.arange(len(spans.texts) + 1))
    counts = starts[matches.texts + 1] - starts[matches.texts]
    pair = np.repeat(np.arange(len(matches)), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    at = order[starts[matches.texts][pair] + offsets]
    first = _foremost(spans.listing[at], base[pair], kept * 5)
    pair, at = pair[first], at[first]
    entry, listing, where, kind = matches.entries[pair], spans.listing[at], spans.field[at], matches.kind[pair]
    entries = segment.entries
    mask = entries["classes"].to_numpy()[entry]
    flags = {
        "licensed": _licensed(known, entries, entry, listings, listing, bits),
        "sues": _sued(known, segment)[entry],
        "as brand": (where == FIELDS.index("brand")) & (kind != AFFIX) & (kind != TRANSLATION),
        "class": (mask & bits[listing]) != 0,
        "class unknown": (mask == 0) | (bits[listing] == 0),
        "fits": spans.fits[at] == 1,
        "ordinary word": (spans.levels[matches.texts] != ix.NEAR_TWO)[pair],
        "dead": ~entries["live"].to_numpy(zero_copy_only=False)[entry],
    }
    flags["other class"] = ~flags["class"] & ~flags["class unknown"]
    risk = base[pair]
    for name, factor in (
        ("licensed", 0.1),
        ("sues", 1.25),
        ("as brand", 1.1),
        ("class unknown", 0.8),
        ("other class", 0.6),
        ("fits", 0.7),
        ("dead", 0.3),
    ):
        risk = risk * np.where(flags[name], factor, 1.0)
    risk = np.minimum(np.round(risk), 100)
    best = np.lexsort((-risk, entry, listing))
    first = (np.diff(listing[best], prepend=-1) != 0) | (np.diff(entry[best], prepend=-1) != 0)
    best = best[first]
    told = sum(flags[name].astype(np.int64) << i for i, name in enumerate(WHY))
    columns = [
        listing,
        where,
        spans.start[at],
        spans.end[at],
        entry,
        kind,
        matches.sight[pair],
        matches.sound[pair],
        matches.meaning[pair],
        told,
        risk,
        np.full(len(pair), place),
    ]
    return pa.table({n: pa.array(c[best]) for n, c in zip(_NUMBERS, columns, strict=True)})


def _foremost(listing: Numbers, base: Any, kept: int) -> Numbers:
    """The places of the best of each listing: enough of them that what else moves a risk decides who is told."""
    key = (listing.astype(np.uint64) << np.uint64(44)) | ((120 - base).astype(np.uint64) << np.uint64(37))
    key = np.sort(key | np.arange(len(key), dtype=np.uint64))
    whose = key >> np.uint64(44)
    rank = np.arange(len(key)) - np.searchsorted(whose, whose, side="left")
    return np.asarray(key[rank < kept] & np.uint64((1 << 37) - 1), np.int64)


def _stands(register: Register, place: int, entries: Numbers) -> Any:
    """Whether any mark of each entry still stands."""
    segment, stands = register.segments[place], register.stands[place]
    if stands.all():
        return np.ones(len(entries), bool)
    held = np.logical_or.reduceat(stands[segment.rows], segment.starts[:-1])
    return held[entries]


def _base(matches: Matches, entries: pa.Table, spans: Spans) -> Any:
    """0 to 100: the best of the three scores, less for marks of many owners, ordinary words and very short ones."""
    heard = np.where(matches.sight >= 50, matches.sound - 5, matches.sound * 0.75)  # by sound alone says less
    score = np.maximum(matches.sight, np.maximum(heard, matches.meaning - 10)).astype(float)
    score += np.where((matches.kind == LETTERS) & (matches.sound >= 90), 4, 0)
    owners = entries["owners"].to_numpy()[matches.entries]
    score *= np.select([owners >= 10, owners >= 3], [0.75, 0.9], 1.0)
    plain = spans.levels[matches.texts] != ix.NEAR_TWO
    score *= np.where(plain & (matches.kind != SAME), 0.5, np.where(plain, 0.65, 1.0))
    lengths = np.array([len(t) if t.isascii() else sum(3 if is_han(c) else 1 for c in t) for t in spans.texts])
    lengths = lengths[matches.texts]  # a Chinese character says as much as three letters
    return score * np.select([lengths < 3, lengths < 4], [0.4, 0.7], 1.0)


def _sued(known: Known, segment: ix.Segment) -> Any:
    """Of each entry, whether it is a mark that is sued on or has an owner who sues."""
    texts = segment.entries["text"]
    found = pc.is_in(texts, pa.array(sorted(known.sued_marks), pa.string())).to_numpy(zero_copy_only=False)
    if known.suing_owners and "owner" in segment.marks.column_names:
        owners = pc.utf8_lower(segment.marks["owner"].cast(pa.string()))
        rows = pc.is_in(owners, pa.array(sorted(known.suing_owners))).to_numpy(zero_copy_only=False)
        found = found | np.logical_or.reduceat(rows[segment.rows], segment.starts[:-1])
    return found


def _licensed(
    known: Known, entries: pa.Table, entry: Numbers, listings: list[Listing], listing: Numbers, bits: Any
) -> Any:
    found = np.zeros(len(entry), bool)
    for licence in known.licences:
        theirs = pc.equal(entries["text"], licence.brand).to_numpy(zero_copy_only=False)
        at = theirs[entry]
        if licence.classes:
            at &= (bits[listing] == 0) | ((bits[listing] & np.uint64(licence.classes)) != 0)
        if licence.markets:
            there = np.array([not x.market or x.market in licence.markets for x in listings], bool)
            at &= there[listing]
        found |= at
    return found
