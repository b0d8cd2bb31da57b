"""Texts held against the marks of a segment: how near each pair is by sight, by sound and by meaning."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from crossbook.brand import index as ix
from crossbook.brand.letters import fold
from crossbook.errors import CrossbookError

Numbers = npt.NDArray[np.int64]
KINDS = ("same", "look-alike", "letters", "sound", "affix", "translation")
SAME, LOOKS, LETTERS, SOUND, AFFIX, TRANSLATION = range(len(KINDS))
LOOK_ALIKE = 97  # sight of texts that differ in look-alike letters only
FAR = 2  # letters off beyond which the distance is not measured
SOUNDS_ALIKE = 80  # from which a pair is told for its sound alone
AFFIXES = frozenset(
    "a the my i e x s es er ed ly us usa uk eu hq tm co inc ltd official original genuine real new pro plus max mini "
    "lite ultra super mega shop store mall outlet online direct world home kids baby men women sport sports style "
    "styles case cases cover bag bags shoes wear gear tech brand deal sale best top go get we by for and".split()
)


@dataclass(frozen=True)
class Matches:
    """Pairs of a text and an entry, with three scores of 0 to 100 and how they came together (an index of KINDS)."""

    texts: Numbers
    entries: Numbers
    sight: Numbers
    sound: Numbers
    meaning: Numbers
    kind: Numbers

    def where(self, mask: Any) -> Matches:
        """The pairs for which `mask` is true, or those at its places."""
        return Matches(*(getattr(self, n)[mask] for n in self.__dataclass_fields__))

    def __len__(self) -> int:
        return len(self.texts)


def match(
    segment: ix.Segment, forms: pa.Table, levels: Numbers, single: Numbers, pairs: Mapping[str, tuple[str, ...]]
) -> Matches:
    """Every pair of a text and an entry that is near enough to tell.

    `single` are the texts that are one word, in which marks with something added are looked for; `pairs` gives for a
    folded text those that mean the same.
    """
    texts, entries = ix.candidates(segment, forms, levels)
    near = _near(forms, segment.entries, texts, entries)
    held = _affixed(segment, forms, single)
    meant = _meant(segment, forms, pairs)
    parts = [np.concatenate(columns) for columns in zip(*map(_columns, (near, held, meant)), strict=True)]
    both = Matches(texts=parts[0], entries=parts[1], sight=parts[2], sound=parts[3], meaning=parts[4], kind=parts[5])
    return _once(both)


def _columns(of: Matches) -> list[Numbers]:
    return [getattr(of, n) for n in of.__dataclass_fields__]


def _once(found: Matches) -> Matches:
    """Each pair once, with the best score of each sort and the kind in which it was found first."""
    if not len(found):
        return found
    pair = (found.texts << 32) | found.entries
    order = np.argsort(pair, kind="stable")
    found, pair = found.where(order), pair[order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    sight, sound, meaning = (np.maximum.reduceat(x, first) for x in (found.sight, found.sound, found.meaning))
    return Matches(
        texts=found.texts[first],
        entries=found.entries[first],
        sight=sight,
        sound=sound,
        meaning=meaning,
        kind=found.kind[first],
    )


def allowed(lengths: Numbers) -> Numbers:
    """How many letters may be off in a text of so many: none below four, one below seven, else two."""
    return np.select([lengths < 4, lengths < 7], [0, 1], 2)


def _near(forms: pa.Table, marks: pa.Table, texts: Numbers, entries: Numbers) -> Matches:
    off = _distance(forms["skeleton"], marks["skeleton"], texts, entries)
    said = _distance(forms["code"], marks["code"], texts, entries)
    codes_mine, codes_theirs = (_lengths(t["code"])[at] for t, at in ((forms, texts), (marks, entries)))
    spoken = (codes_mine >= ix.SHORT_CODE) & (codes_theirs >= ix.SHORT_CODE)
    sound = np.where(spoken, _share(said, np.maximum(codes_mine, codes_theirs)), 0)
    mine, theirs = (_lengths(t["skeleton"])[at] for t, at in ((forms, texts), (marks, entries)))
    within = off <= allowed(np.minimum(mine, theirs))
    keep = np.flatnonzero(within | (sound >= SOUNDS_ALIKE))
    texts, entries, off, sound = texts[keep], entries[keep], off[keep], sound[keep]
    within, mine, theirs = within[keep], mine[keep], theirs[keep]
    equal = _equal(forms["text"], marks["text"], texts, entries, np.flatnonzero(off == 0))
    sight = np.where(off == 0, np.where(equal, 100, LOOK_ALIKE), _share(off, np.maximum(mine, theirs)))
    kind = np.where(within, np.where(off == 0, np.where(equal, SAME, LOOKS), LETTERS), SOUND)
    kind = np.where((kind == LETTERS) & (sound > sight), SOUND, kind)
    return Matches(
        texts=texts,
        entries=entries,
        sight=sight,
        sound=np.where(equal, 100, sound),
        meaning=np.where(equal, 100, 0),
        kind=kind,
    )


def _share(off: Numbers, longest: Numbers) -> Numbers:
    near = 100 - (100 * np.minimum(off, longest)) // np.maximum(longest, 1)
    return np.asarray(np.where(off > FAR, 0, near), np.int64)


def _objects(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    return np.array(column.to_pylist(), dtype=object)


def _lengths(column: pa.ChunkedArray) -> Numbers:
    import pyarrow.compute as pc

    return np.asarray(pc.utf8_length(column).to_numpy(zero_copy_only=False), np.int64)


def _distance(mine: pa.ChunkedArray, theirs: pa.ChunkedArray, texts: Numbers, entries: Numbers) -> Numbers:
    """Optimal string alignment distance of each pair, FAR + 1 standing for all that is more."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    if not len(texts):
        return np.zeros(0, np.int64)
    a, b = _taken(mine, texts), _taken(theirs, entries)
    return np.asarray(cpdist(a, b, scorer=OSA.distance, score_cutoff=FAR, workers=-1, dtype=np.uint8), np.int64)


def _taken(column: pa.ChunkedArray, at: Numbers) -> list[str]:
    """The texts at some places; of a column that is much longer, only those are made Python texts."""
    if len(column) <= 4 * len(at):
        return list(_objects(column)[at])
    places, back = np.unique(at, return_inverse=True)
    return list(_objects(column.take(pa.array(places)))[back])


def _equal(mine: pa.ChunkedArray, theirs: pa.ChunkedArray, texts: Numbers, entries: Numbers, at: Numbers) -> Any:
    import pyarrow.compute as pc

    equal = np.zeros(len(texts), bool)
    if len(at):
        same = pc.equal(mine.take(pa.array(texts[at])), theirs.take(pa.array(entries[at])))
        equal[at] = same.to_numpy(zero_copy_only=False)
    return equal


def _affixed(segment: ix.Segment, forms: pa.Table, single: Numbers) -> Matches:
    """Words that hold a whole mark at their start or end; the more of the word it is, the nearer."""
    texts, entries = ix.inside(segment, forms, single)
    mine, theirs = (_lengths(t["skeleton"])[at] for t, at in ((forms, texts), (segment.entries, entries)))
    words, marks = _taken(forms["skeleton"], texts), _taken(segment.entries["skeleton"], entries)
    affixes = _affix_skeletons()
    rest = [
        w[len(m) :] if w.startswith(m) else w[: -len(m)] if w.endswith(m) else None
        for w, m in zip(words, marks, strict=True)
    ]
    held = np.array([r is not None for r in rest], bool)  # keys also meet where a letter is missing
    known = np.array([r in affixes for r in rest], bool)
    keep = held & (known | (mine - theirs <= 3) | (theirs * 2 >= mine))
    texts, entries, mine, theirs, known = texts[keep], entries[keep], mine[keep], theirs[keep], known[keep]
    sight = np.where(known, 70 + (25 * theirs) // np.maximum(mine, 1), 50 + (40 * theirs) // np.maximum(mine, 1))
    none = np.zeros(len(texts), np.int64)
    return Matches(texts=texts, entries=entries, sight=sight, sound=none, meaning=none, kind=np.full(len(texts), AFFIX))


@lru_cache(maxsize=1)
def _affix_skeletons() -> frozenset[str]:
    from crossbook.brand.letters import skeletons

    return frozenset(skeletons(sorted(AFFIXES)))


def _meant(segment: ix.Segment, forms: pa.Table, pairs: Mapping[str, tuple[str, ...]]) -> Matches:
    found: list[tuple[int, str]] = []
    if pairs:
        found = [(i, other) for i, text in enumerate(forms["text"].to_pylist()) for other in pairs.get(text, ())]
    if not found:
        none = np.zeros(0, np.int64)
        return Matches(texts=none, entries=none, sight=none, sound=none, meaning=none, kind=none)
    others = ix.forms_of([other for _, other in found])
    which, entries = ix.candidates(segment, others, np.full(len(found), ix.EXACT))
    exact = _equal(others["text"], segment.entries["text"], which, entries, np.arange(len(which)))
    which, entries = which[exact], entries[exact]
    texts = np.array([i for i, _ in found], np.int64)[which]
    none = np.zeros(len(texts), np.int64)
    return Matches(
        texts=texts,
        entries=entries,
        sight=none,
        sound=none,
        meaning=np.full(len(texts), 100),
        kind=np.full(len(texts), TRANSLATION),
    )


@lru_cache(maxsize=4)
def translations(own: Path | None = None) -> dict[str, tuple[str, ...]]:
    """{folded text: folded texts that mean the same} of the table that ships and of the user's `own` (columns en,
    zh)."""
    shipped = files("crossbook.data").joinpath("brand/translations.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(shipped.splitlines()))
    if own is not None:
        try:
            text = own.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CrossbookError(f"the translations cannot be read: {error}", where=str(own)) from None
        mine = csv.DictReader(text.splitlines())
        if not {"en", "zh"} <= set(mine.fieldnames or ()):
            raise CrossbookError("a table of translations has the columns en and zh", where=str(own))
        rows += list(mine)
    return _paired((fold(r["en"] or ""), fold(r["zh"] or "")) for r in rows)


def _paired(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    pairs: dict[str, list[str]] = {}
    for en, zh in rows:
        if en and zh:
            pairs.setdefault(en, []).append(zh)
            pairs.setdefault(zh, []).append(en)
    return {k: tuple(dict.fromkeys(v)) for k, v in pairs.items()}
