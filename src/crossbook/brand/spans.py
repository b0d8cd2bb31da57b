"""Every span of one to four words of listings, each distinct one once, as columns of numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crossbook.brand import index as ix
from crossbook.brand.keys import mix
from crossbook.brand.letters import fold, words
from crossbook.brand.listing import FIELDS, Listing
from crossbook.brand.matching import Numbers
from crossbook.brand.register import Register

SPAN = 4  # words of a span
# What precedes a mark where a listing only says what the goods fit, within three words.
_FITS = frozenset(
    "for fit fits fitting compatible with replacement replaces 适用 适用于 兼容 适配 可用于 替换 配套".split()
)
_REACH = 3


@dataclass(frozen=True)
class Spans:
    texts: list[str]
    levels: Numbers
    single: Numbers
    ids: Numbers  # span of each place
    listing: Numbers
    field: Numbers
    start: Numbers  # characters
    end: Numbers
    fits: Numbers  # 1 where the listing only says what the goods fit


def spans_of(listings: list[Listing], register: Register) -> Spans:
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
    return Spans(
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
