"""Listings held against a register: every span of one to four words, ranked by how likely an owner objects.

A screen, no legal clearance: it says how near words are to marks, not whether anybody would be confused.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.brand import index as ix
from crossbook.brand.keys import mix
from crossbook.brand.letters import fold, is_han, words
from crossbook.brand.matching import AFFIX, KINDS, LETTERS, SAME, TRANSLATION, Matches, Numbers, match
from crossbook.brand.register import Register

BATCH = 10_000  # listings screened at a time
SPAN = 4  # words of a span
FIELDS = ("title", "bullets", "brand")
KEPT = 8  # hits of a listing that are told, the gravest first
LEVELS = (("act", 80), ("look", 50), ("note", 0))
# What precedes a mark where a listing only says what the goods fit, within three words.
_FITS = frozenset(
    "for fit fits fitting compatible with replacement replaces 适用 适用于 兼容 适配 可用于 替换 配套".split()
)
_REACH = 3


@dataclass(frozen=True)
class Listing:
    """What is offered: its words, and the Nice classes where they are known.
    `evidence` and `line` say where it is read."""

    listing: str
    title: str = ""
    bullets: str = ""
    brand: str = ""
    sku: str = ""
    account: str = ""
    category: str = ""
    classes: str = ""
    market: str = ""
    picture: str = ""
    evidence: str = ""
    line: int = 0


@dataclass(frozen=True)
class Licence:
    """A brand that may be used: folded, with the classes (as bits) and markets it is for; 0 and none mean all."""

    brand: str
    classes: int = 0
    markets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """What the book knows besides the register: folded marks that are sued on, owners who sue (lower case),
    licences."""

    sued_marks: frozenset[str] = frozenset()
    suing_owners: frozenset[str] = frozenset()
    licences: tuple[Licence, ...] = ()
    translations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Spans:
    texts: list[str]
    levels: Numbers
    single: Numbers
    ids: Numbers  # span of each place
    listing: Numbers
    field: Numbers
    start: Numbers  # characters
    end: Numbers
    fits: Numbers  # 1 where the listing only says what the goods fit


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
    spans = _spans(listings, register)
    own = [_classes_of(register, listing) for listing in listings]
    tables = []
    if spans.texts:
        forms = ix.forms_of(spans.texts, spans.levels)
        bits = np.array([sum(1 << c for c in classes) for classes in own], np.uint64)
        for place in range(len(register.segments)):
            matches = match(register.segments[place], forms, spans.levels, spans.single, known.translations)
            tables.append(_ranked(register, place, listings, spans, matches, bits, known, kept))
    found = pa.concat_tables(tables) if tables else _none()
    listing, risk = found["listing"].to_numpy(), found["risk"].to_numpy()
    order = np.lexsort((found["start"].to_numpy(), -risk, listing))
    rank = np.arange(len(order)) - np.searchsorted(listing[order], listing[order], side="left")
    return _written(found.take(pa.array(order[rank < kept])), register, listings, own)


def _spans(listings: list[Listing], register: Register) -> _Spans:
    ordinary, goods = register.ordinary, register.goods.places
    forms: dict[str, int] = {}
    folded: list[str] = []
    plain: list[bool] = []
    of: list[int] = []  # the form of each word of each field of each listing
    counts: list[int] = []  # words of each field
    starts: list[int] = []
    ends: list[int] = []
    for listing in listings:
        for name in FIELDS:
            found = words(getattr(listing, name))
            counts.append(len(found))
            for word, start, end in found:
                form = forms.get(word)
                if form is None:
                    form = forms[word] = len(folded)
                    text = fold(word)
                    folded.append(text)
                    plain.append(text in ordinary or text in goods or _singular(text) in goods or text.isdigit())
                of.append(form)
                starts.append(start)
                ends.append(end)
    listing_, where, first, last, opening = _places(np.array(counts, np.int64))
    word_of = np.array(of, np.int64)
    ids, chosen = _distinct(word_of, first, last)
    odd = np.append(0, np.cumsum(~np.array(plain, bool)[word_of])) if len(word_of) else np.zeros(1, np.int64)
    a, b = first[chosen], last[chosen]
    levels = np.where(odd[b + 1] > odd[a], ix.NEAR_TWO, np.where(a == b, ix.NEAR_ONE, ix.EXACT))
    names = [folded[i] for i in of]
    texts = ["".join(names[i : j + 1]) for i, j in zip(a.tolist(), b.tolist(), strict=True)]
    starts_, ends_ = np.array(starts, np.int64), np.array(ends, np.int64)
    return _Spans(
        texts=texts,
        levels=levels,
        single=np.flatnonzero((a == b) & (levels == ix.NEAR_TWO)),
        ids=ids,
        listing=listing_,
        field=where,
        start=starts_[first],
        end=ends_[last],
        fits=_fitting(folded, word_of, first, opening),
    )


def _distinct(word: Numbers, first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
    """(which distinct span each one is, a place where each distinct one stands), by the words in it."""
    if not len(first):
        return first, first
    spread = mix(np.arange(word.max() + 1, dtype=np.uint64) + np.uint64(1), 0)[word]
    key = np.zeros(len(first), np.uint64)
    for step in range(SPAN):
        at = first + step
        inside = at <= last
        key = np.where(inside, key * np.uint64(0x9E3779B97F4A7C15) + spread[np.minimum(at, len(word) - 1)], key)
    _, chosen, ids = np.unique(key, return_index=True, return_inverse=True)
    return ids, chosen


def _fitting(folded: list[str], word: Numbers, first: Numbers, opening: Numbers) -> Numbers:
    """1 for each span that comes within _REACH words behind one that says what goods fit, in the same field."""
    if not len(word):
        return first
    single = np.array([f in _FITS for f in folded], bool)[word]
    pairs = np.array(
        [folded[i] + folded[j] in _FITS for i, j in zip(word[:-1].tolist(), word[1:].tolist(), strict=True)]
        if any(len(f) == 1 for f in folded)
        else [False] * (len(word) - 1),
        bool,
    )
    says = single | np.append(False, pairs)
    before = np.append(0, np.cumsum(says))
    return np.asarray((before[first] - before[np.maximum(first - _REACH, opening)]) > 0, np.int64)


def _singular(text: str) -> str:
    return text[:-1] if len(text) > 3 and text.endswith("s") else text


def _places(counts: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """(listing, field, first word, last word, first word of the field) of every span, of fields with so many words."""
    before = np.cumsum(counts) - counts
    sizes = np.minimum(SPAN, np.repeat(before + counts, counts) - np.arange(counts.sum()))  # spans from each word
    first = np.repeat(np.arange(len(sizes)), sizes)
    last = first + np.arange(len(first)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    held = np.repeat(np.arange(len(counts)), counts)[first]
    return held // len(FIELDS), held % len(FIELDS), first, last, before[held]


def _classes_of(register: Register, listing: Listing) -> tuple[int, ...]:
    """The Nice classes that the business says, else those that the words are most like."""
    if listing.classes:
        return tuple(int(c) for c in listing.classes.split())
    return register.goods.classes(f"{listing.category} {listing.title}")


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


def _none() -> pa.Table:
    return pa.table({n: pa.array([], pa.float64() if n == "risk" else pa.int64()) for n in _NUMBERS})


def _ranked(
    register: Register,
    place: int,
    listings: list[Listing],
    spans: _Spans,
    matches: Matches,
    bits: Any,
    known: Known,
    kept: int,
) -> pa.Table:
    """Every place where a matched span stands, with its risk; a mark once for each listing, where it is gravest."""
    segment = register.segments[place]
    matches = matches.where(_stands(register, place, matches.entries))
    if not len(matches):
        return _none()
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


def _base(matches: Matches, entries: pa.Table, spans: _Spans) -> Any:
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
