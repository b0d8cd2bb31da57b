"""The index of known goods: what a query is compared with, and how near it comes to each six-digit subheading.

`data/duty/finding/index.npz` is made by `tools/finding_index.py` of own words of the trade (`goods.csv`), search
references of the British tariff and sellers' titles (`references.csv`, `titles.csv`), the newest schedule's text, and
vectors of words. Nothing is loaded from elsewhere. Scores are arrays with a row for each subheading.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np

from crossbook.duty.finding import traits
from crossbook.duty.finding.traits import Array
from crossbook.duty.finding.words import goods_themselves, is_chinese, plain, stems

OWN, CHINESE, REFERENCE, DESCRIPTION, TITLE, SCHEDULE = range(6)
NAMES = (
    "words of the trade",
    "words of the trade",
    "British search reference",
    "British described goods",
    "sellers' title",
    "tariff text",
)
NUMBERS = re.compile(r"(?<![\d.])(\d{4}\.\d{2})(?:\.\d{2,4})*(?![\d])")
CHUNK = 1024  # documents whose means are made at once, so that they stay in the processor's cache
SAME = 0.97  # of the cosine of words that are the same but for endings
LONGEST = 0.99  # of the longest known good in a query: a shorter one inside it does not count
WHOLE = 0.98  # of a known good's words that must stand in the query for it to stand there whole
REST = 0.5  # weight of words after "with", "in", "for": they tell of what goes with the goods
FEATURES = (
    "words",
    "same words",
    "a known good whole",
    "words of a reference",
    "words of a described good",
    "words of the tariff",
    "meaning",
    "meaning of the tariff",
    "words in the heading",
    "meaning in the heading",
    "last word",
    "agrees",
    "conflicts",
    "another wearer",
    "asked and conflicts",
    "number",
)


@dataclass(frozen=True)
class Index:
    """Documents sorted by subheading: `codes` of six digits, `subheading` of each document, its `kind` and text."""

    codes: tuple[str, ...]
    subheading: Array
    kind: Array
    texts: tuple[str, ...]
    stems: dict[str, int]
    starts: Array
    posted: Array
    times: Array
    rare: Array
    norms: Array
    words: dict[str, int]
    vectors: Array
    meanings: Array
    segments: Array
    headings: Array
    traits: Array
    made_of: str

    def best(self, of_documents: Array) -> Array:
        """The highest of documents' scores for each subheading."""
        return np.maximum.reduceat(of_documents, self.segments)

    def nearest(self, number: int, similar: Array) -> int:
        """The document of subheading `number` that is nearest by `similar`."""
        end = self.segments[number + 1] if number + 1 < len(self.segments) else len(similar)
        start = int(self.segments[number])
        return start + int(np.argmax(similar[start:end]))

    def example(self, number: int, kind: int, similar: Array) -> str:
        """The known good of subheading `number` that is nearest by `similar`, of a kind where one of it is near."""
        mine = np.flatnonzero((self.subheading == number) & (self.kind == kind) & (similar > 0))
        return self.texts[int(mine[np.argmax(similar[mine])]) if len(mine) else self.nearest(number, similar)]

    def named(self, query: str) -> Array:
        """The share of its first six digits of a tariff number that stands in `query` itself: 8518.30, 9817.00.96."""
        found = np.zeros(len(self.codes), np.float32)
        for number in NUMBERS.findall(query):
            digits = number.replace(".", "")[:6]
            found = np.maximum(found, [c.startswith(digits) for c in self.codes])
        return found

    def in_heading(self, of_subheadings: Array) -> Array:
        """The highest of subheadings' scores in each one's heading."""
        starts = np.flatnonzero(np.diff(self.headings, prepend=-1))
        best = np.maximum.reduceat(of_subheadings, starts)
        found: Array = np.repeat(best, np.diff([*starts, len(of_subheadings)]))
        return found


def made_of() -> str:
    """The hash of the tables that the index is made of (but for the schedule), as they stand now."""
    digest = hashlib.sha256()
    for name in ("goods.csv", "references.csv", "titles.csv", "provisions.csv", "traits.csv"):
        digest.update(files("crossbook").joinpath("data", "duty", "finding", name).read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def index() -> Index:
    """The shipped index, read once."""
    with (
        as_file(files("crossbook").joinpath("data", "duty", "finding", "index.npz")) as path,
        np.load(path, allow_pickle=False) as data,
    ):
        read = {name: data[name] for name in data.files}
    codes = tuple(str(read["codes"]).split("\n"))
    vectors = read["vectors"].astype(np.float32) * read["scales"].astype(np.float32)[:, None]
    subheading = read["subheading"]
    headings = np.array([int(c[:4]) for c in codes])
    return Index(
        codes=codes,
        subheading=subheading,
        kind=read["kind"],
        texts=tuple(str(read["texts"]).split("\n")),
        stems={w: i for i, w in enumerate(str(read["stems"]).split("\n"))},
        starts=read["starts"],
        posted=read["posted"],
        times=read["times"],
        rare=read["rare"].astype(np.float32),
        norms=read["norms"].astype(np.float32),
        words={w: i for i, w in enumerate(str(read["words"]).split("\n"))},
        vectors=vectors,
        meanings=_means(vectors, read["inside"], read["inside_starts"]),
        segments=np.flatnonzero(np.diff(subheading, prepend=-1)),
        headings=headings,
        traits=read["traits"].astype(bool),
        made_of=str(read["made_of"]),
    )


def _means(vectors: Array, inside: Array, starts: Array) -> Array:
    """The mean vector of each document's words, of length 1; zeros where none is known."""
    sums = np.zeros((len(starts) - 1, vectors.shape[1]), np.float32)
    for first in range(0, len(sums), CHUNK):
        some = np.arange(first, min(first + CHUNK, len(sums)))
        some = some[np.diff(starts)[some] > 0]
        low, high = int(starts[some[0]]), int(starts[some[-1] + 1])
        sums[some] = np.add.reduceat(vectors[inside[low:high]], starts[some] - low)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return sums / np.where(lengths == 0, 1, lengths)


def _parts(word: str, known: dict[str, int]) -> list[int]:
    """A word, or the two known ones it is made of (earhook: ear, hook)."""
    if word in known:
        return [known[word]]
    for cut in range(len(word) - 3, 2, -1):
        if word[:cut] in known and word[cut:] in known:
            return [known[word[:cut]], known[word[cut:]]]
    return []


def weighed(query: str) -> dict[str, float]:
    """Words of a query -> weight: 1 for those of the thing itself, `REST` for what it is with, in or for."""
    head = goods_themselves(query)
    found = dict.fromkeys(plain(query), REST)
    found.update(dict.fromkeys(plain(head), 1.0))
    return found


def _longest(whole: Array) -> Array:
    """Of known goods that stand in a query whole, the longest alone: a laptop stand is a stand and no laptop."""
    found: Array = np.where(whole >= LONGEST * whole.max(), whole, 0)
    return found


def features(query: str, answers: Array | None = None) -> tuple[Array, Array]:
    """How near `query` comes to each subheading (a column of `FEATURES` each), and how near each document.

    `answers` are values of traits that people gave to questions (`traits.answered`).
    """
    ix = index()
    weights = weighed(query)
    asked: dict[int, float] = {}
    for text, weight in weights.items():
        for s in stems(text):
            if s in ix.stems:
                asked[ix.stems[s]] = max(weight, asked.get(ix.stems[s], 0.0))
    size = len(ix.subheading)
    overlap, law, last = (np.zeros(size, np.float32) for _ in range(3))
    end = next((w for w in reversed(asked) if asked[w] == 1.0), None)
    for word, weight in asked.items():
        at = slice(ix.starts[word], ix.starts[word + 1])
        docs, times = ix.posted[at], ix.times[at].astype(np.float32)
        overlap[docs] += weight * ix.rare[0, word] ** 2
        law[docs] += weight * ix.rare[1, word] * times * 2.2 / (times + 1.2)
        if word == end:
            last[docs] = ix.rare[0, word]
    length = float(np.sqrt(sum(w * ix.rare[0, i] ** 2 for i, w in asked.items()))) or 1.0
    cosine = overlap / (ix.norms * length)
    schedule = ix.kind == SCHEDULE
    loose = (ix.kind == DESCRIPTION) | (ix.kind == TITLE)
    meaning = np.zeros(size, np.float32)
    heard = [(i, weight) for w, weight in weights.items() if not is_chinese(w) for i in _parts(w, ix.words)]
    if heard:
        whole = np.array([w for _, w in heard], np.float32) @ ix.vectors[[i for i, _ in heard]]
        meaning = ix.meanings @ (whole / (float(np.linalg.norm(whole)) or 1.0))
    trade = (ix.kind == OWN) | (ix.kind == CHINESE)
    words = ix.best(np.where(trade, cosine, 0))
    references = ix.best(np.where(ix.kind == REFERENCE, cosine, 0))
    near = ix.best(np.where(schedule, 0, meaning))
    total = sum(w * float(ix.rare[1, i]) for i, w in asked.items()) or 1.0
    stated = traits.stated(query)
    agree, conflict = traits.compared(stated, ix.traits)
    wearer = np.isin(np.arange(len(stated)), traits.columns("wearer"))
    _, other = traits.compared(stated & wearer, ix.traits)
    refused = np.zeros(len(ix.codes), np.float32)
    if answers is not None and answers.any():
        more, refused = traits.compared(answers, ix.traits)
        agree = agree + more
    table = np.stack(
        [
            words,
            words > SAME,
            _longest(ix.best(np.where(trade & (overlap >= WHOLE * ix.norms**2), ix.norms, 0)) / 10),
            references,
            ix.best(np.where(loose, cosine, 0)),
            ix.best(np.where(schedule, law, 0)) / total,
            near,
            ix.best(np.where(schedule, meaning, 0)),
            ix.in_heading(np.maximum(words, references)),
            ix.in_heading(near),
            ix.best(np.where(schedule, 0, last / (ix.norms + 1))),
            np.minimum(agree, 3),
            np.minimum(conflict, 3),
            other,
            refused,
            ix.named(query),
        ],
        axis=1,
    )
    similar = np.maximum(cosine, meaning * 0.9)
    similar[schedule] = 0
    return table, similar
