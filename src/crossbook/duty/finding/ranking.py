"""Ranking tariff numbers for goods described in words, with how sure each is.

A conditional logit over the six-digit subheadings: `WEIGHTS` times the features of `index.features`, fitted by
`tools/finding_weights.py`. Shares are probabilities; `SURE` are what they must come to for a word that people read, and
`docs/benchmarks.md` has how often that word was right on descriptions kept aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from crossbook.duty.finding import traits
from crossbook.duty.finding.index import FEATURES, NAMES, features, index
from crossbook.duty.finding.lines import eight_digits
from crossbook.duty.finding.traits import Array
from crossbook.duty.finding.words import is_chinese, plain, stem, stems
from crossbook.duty.lines import dotted
from crossbook.duty.schedule import last_revision
from crossbook.duty.tables import FIRST_DAY

WEIGHTS = {
    "words": 1.70,
    "same words": 4.5,  # by hand: fitting compares known goods with others, so nothing teaches it; nor the last three
    "a known good whole": 1.15,
    "words of a reference": 1.05,
    "words of a described good": 2.42,
    "words of the tariff": 3.02,
    "meaning": 2.34,
    "meaning of the tariff": 2.13,
    "words in the heading": 4.19,
    "meaning in the heading": 1.24,
    "last word": 1.26,
    "agrees": 0.84,
    "conflicts": -0.51,
    "another wearer": -2.0,
    "asked and conflicts": -9.0,
    "number": 12.0,
}
SURE = (("likely", 0.6), ("possible", 0.3), ("a guess", 0.0))  # of the share of a heading
RIGHT = {
    "likely": 8,
    "possible": 6,
    "a guess": 4,
}  # of ten headings so called, on descriptions kept aside
SUBHEADINGS = 3  # of one heading


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: the number that fits best, of `beside` numbers of eight digits in these six.

    `sure` is the probability of its heading, `sure_of_six` that of its six digits; `because` is the known description
    that comes nearest, `known_from` what kind of text that is.
    """

    code: str
    path: str
    sure: float
    sure_of_six: float
    beside: int
    because: str
    known_from: str

    @property
    def shown(self) -> str:
        """The code with dots."""
        return dotted(self.code)


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask so that an answer tells the candidates apart: values in English and Chinese."""

    trait: str
    text: str
    chinese: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What was found for a description: candidates, best first, how sure the first is, and what would decide.

    `unknown` are words of the description that nothing known has; brands and misspellings are among them.
    """

    found: tuple[Found, ...]
    verdict: str
    question: Question | None
    unknown: tuple[str, ...]


def shares(query: str, answers: Mapping[str, str] | None = None) -> tuple[Array, Array]:
    """The probability of each subheading of the index, and how near each known description is."""
    given = traits.answered(answers or {})
    table, similar = features(query, given)
    score = table @ np.array([WEIGHTS[name] for name in FEATURES], np.float32)
    share = np.exp(score - score.max())
    return share / share.sum(), similar


def search(query: str, on: date | None = None, limit: int = 10, answers: Mapping[str, str] | None = None) -> Search:
    """Tariff numbers for goods described in words, `limit` headings, at most three subheadings of each.

    `on` is the day whose schedule is meant (default: the newest shipped). `answers` are trait and value of questions
    answered before. Raises CrossbookError for an answer to no question.
    """
    ix = index()
    day = max(on or last_revision(), FIRST_DAY)
    asked = list(dict.fromkeys(stems(query)))
    unknown = _unknown(query)
    if not any(w in ix.stems for w in asked):
        return Search(found=(), verdict="nothing found", question=None, unknown=unknown)
    share, similar = shares(query, answers)
    by_heading: dict[str, float] = defaultdict(float)
    for number in np.argsort(-share)[:400]:
        by_heading[ix.codes[number][:4]] += float(share[number])
    found: list[Found] = []
    kept: list[int] = []
    taken = 0
    for heading, whole in sorted(by_heading.items(), key=lambda x: -x[1]):
        numbers = [int(i) for i in np.flatnonzero(ix.headings == int(heading))]
        mine = _of_heading(sorted(numbers, key=lambda i: -share[i]), day, whole, share, similar, set(asked))
        if not mine:
            continue
        found += [f for f, _ in mine] if taken < limit else []
        kept += [i for _, i in mine]
        taken += 1
        if taken == max(limit, 6):
            break
    verdict = next(word for word, least in SURE if found and found[0].sure >= least) if found else "nothing found"
    return Search(
        found=tuple(found), verdict=verdict, question=_question(query, answers or {}, share, kept), unknown=unknown
    )


def _unknown(query: str) -> tuple[str, ...]:
    """Words that no known text has: English ones as stems; of Chinese ones the characters that no known pair covers."""
    known = index().stems
    found: list[str] = []
    for word in plain(query):
        if not is_chinese(word):
            found += [] if stem(word) in known or "-" in word else [stem(word)]
            continue
        pairs = [i for i in range(len(word) - 1) if word[i : i + 2] in known]
        covered = {j for i in pairs for j in (i, i + 1)} | ({0} if len(word) == 1 and word in known else set())
        found += "".join(c if i not in covered else " " for i, c in enumerate(word)).split()
    return tuple(dict.fromkeys(found))


def find(query: str, on: date | None = None, limit: int = 10, answers: Mapping[str, str] | None = None) -> list[Found]:
    """The candidates of `search` alone."""
    return list(search(query, on, limit, answers).found)


def _of_heading(
    numbers: list[int], day: date, whole: float, share: Array, similar: Array, asked: set[str]
) -> list[tuple[Found, int]]:
    ix = index()
    found: list[tuple[Found, int]] = []
    for i in numbers:
        if not (numbers_of := eight_digits(ix.codes[i], day)):
            continue
        code = _fitting(numbers_of, asked)
        nearest = ix.nearest(i, similar)
        near = similar[nearest] > 0
        found.append(
            (
                Found(
                    code=code,
                    path=numbers_of[code][0],
                    sure=min(whole, 1.0),
                    sure_of_six=float(share[i]),
                    beside=len(numbers_of),
                    because=ix.texts[nearest] if near else "",
                    known_from=NAMES[int(ix.kind[nearest])] if near else "",
                ),
                i,
            )
        )
        if len(found) == SUBHEADINGS:
            break
    return found


def _fitting(numbers: dict[str, tuple[str, frozenset[str]]], asked: set[str]) -> str:
    """The number whose own words the query has most of; the last, which is what is left over, where none has any."""
    return max(enumerate(numbers), key=lambda x: (len(numbers[x[1]][1] & asked), x[0]))[1]


def _question(query: str, answers: Mapping[str, str], share: Array, kept: list[int]) -> Question | None:
    """What tells the candidates apart best, of what neither the description nor an answer says."""
    chosen = [i for i in kept if share[i] > 0.005][:12]
    if len(chosen) < 2:
        return None
    told = traits.stated(query)
    known = {v.trait for v, is_told in zip(traits.values(), told, strict=True) if is_told} | set(answers)
    having = index().traits[chosen]
    deciding = traits.deciding(having, share[chosen] / share[chosen].sum(), known)
    if not deciding or deciding[0][0] < 0.15:
        return None
    trait = deciding[0][1]
    text, chinese = traits.questions()[trait]
    at = [i for i in traits.columns(trait) if having[:, i].any()]
    choices = tuple((v.value, v.chinese[0] if v.chinese else v.value) for v in (traits.values()[i] for i in at))
    return Question(trait=trait, text=text, chinese=chinese, choices=choices)
