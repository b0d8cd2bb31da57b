"""Ranking tariff numbers for goods described in words, with how sure each is.

A conditional logit over the six-digit subheadings: `WEIGHTS` times the features of `index.features`, fitted by
`tools/finding_weights.py`. What people are told is how often a first heading with such a share was right on
descriptions kept aside (`EVEN`, `AT_MOST`); `SURE` are what it must come to for a word that they read.
`docs/benchmarks.md` has both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from crossbook.duty.finding import traits
from crossbook.duty.finding.index import CHINESE, FEATURES, NAMES, OWN, features, index
from crossbook.duty.finding.lines import eight_digits
from crossbook.duty.finding.traits import Array
from crossbook.duty.finding.words import is_chinese, plain, stem, stems
from crossbook.duty.lines import dotted
from crossbook.duty.schedule import last_revision
from crossbook.duty.tables import FIRST_DAY
from crossbook.errors import CrossbookError

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
# Fitting takes a description's words for independent. They are not: by known goods, each compared with all others but
# itself, the scores so many times as large rank best, above all in Chinese.
SHARP = 2.5
EVEN, AT_MOST = 0.6, 0.8  # a heading's share to this power, and at most: as often right as they say
SURE = (("likely", 0.6), ("possible", 0.3), ("a guess", 0.0))  # of the share of a heading
RIGHT = {
    "likely": 8,
    "possible": 5,
    "a guess": 3,
}  # of ten headings so called, on descriptions kept aside
SUBHEADINGS = 3  # of one heading
LEAST = 0.005  # of a candidate that a question is to tell apart
ENOUGH = 0.15  # bits of doubt that are worth a question
CHOICES = 4  # headings to choose from


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
    if heading := (answers or {}).get(traits.HEADING):
        score += WEIGHTS["asked and conflicts"] * (index().headings != _heading(heading))
    share = np.exp(SHARP * (score - score.max()))
    return share / share.sum(), similar


def _heading(answer: str) -> int:
    """The heading that an answer begins with. Raises CrossbookError where it begins with none."""
    digits = answer[:4]
    if len(digits) < 4 or not digits.isdecimal() or int(digits) not in index().headings:
        raise CrossbookError(f"{answer!r} begins with no heading", todo="give its four digits: heading=9617")
    return int(digits)


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
    said = _said(by_heading)
    part = bool(traits.stated(query)[traits.at("whole", traits.PART)])
    found: list[Found] = []
    kept: list[tuple[int, float]] = []
    taken = 0
    for heading in sorted(by_heading, key=lambda h: -by_heading[h]):
        numbers = [int(i) for i in np.flatnonzero(ix.headings == int(heading))]
        even = share[numbers] ** EVEN
        of_six = dict(zip(numbers, (said[heading] * even / even.sum()).tolist(), strict=True))
        mine = _of_heading(of_six, day, said[heading], similar, set(asked), part)
        if not mine:
            continue
        found += [f for f, _ in mine] if taken < limit else []
        kept += [(i, f.sure_of_six) for f, i in mine]
        taken += 1
        if taken == max(limit, 6):
            break
    verdict = next(word for word, least in SURE if found and found[0].sure >= least) if found else "nothing found"
    return Search(
        found=tuple(found), verdict=verdict, question=_question(query, answers or {}, kept, similar), unknown=unknown
    )


def _said(by_heading: Mapping[str, float]) -> dict[str, float]:
    """What people are told of each heading's share: as often as that first headings were right."""
    whole = sum(share**EVEN for share in by_heading.values())
    return {heading: AT_MOST * share**EVEN / whole for heading, share in by_heading.items()}


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
    of_six: Mapping[int, float], day: date, whole: float, similar: Array, asked: set[str], part: bool
) -> list[tuple[Found, int]]:
    ix = index()
    found: list[tuple[Found, int]] = []
    for i in sorted(of_six, key=lambda i: -of_six[i]):
        if not (numbers_of := eight_digits(ix.codes[i], day)):
            continue
        code = _fitting(numbers_of, asked, part)
        nearest = ix.nearest(i, similar)
        near = similar[nearest] > 0
        found.append(
            (
                Found(
                    code=code,
                    path=numbers_of[code][0],
                    sure=whole,
                    sure_of_six=of_six[i],
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


def _fitting(numbers: dict[str, tuple[str, frozenset[str]]], asked: set[str], part: bool) -> str:
    """The number whose own words the query has most of; the last, which is what is left over, where none has any. One
    of parts only where the query is of a part."""

    def fit(at: tuple[int, str]) -> tuple[bool, int, int]:
        path, words = numbers[at[1]]
        return part or not traits.of_parts(path), len(words & asked), at[0]

    return max(enumerate(numbers), key=fit)[1]


def _question(query: str, answers: Mapping[str, str], kept: list[tuple[int, float]], similar: Array) -> Question | None:
    """What tells the candidates apart best, of what neither the description nor an answer says: a trait, or where none
    takes away half of the doubt between the headings, known goods of each."""
    likely = sorted((x for x in kept if x[1] > LEAST), key=lambda x: -x[1])[:12]
    if len(likely) < 2:
        return None
    chosen = [i for i, _ in likely]
    share = np.array([s for _, s in likely])
    share /= share.sum()
    told = traits.stated(query)
    known = {v.trait for v, is_told in zip(traits.values(), told, strict=True) if is_told} | set(answers)
    having = index().traits[chosen]
    gain, trait = next(iter(traits.deciding(having, share, known)), (0.0, ""))
    headings = index().headings[chosen]
    doubt = traits.entropy(np.array([share[headings == h].sum() for h in dict.fromkeys(headings.tolist())]))
    if doubt > ENOUGH and gain < doubt / 2 and traits.HEADING not in answers:
        return _of_headings(chosen, similar)
    if gain < ENOUGH:
        return None
    text, chinese = traits.questions()[trait]
    at = [i for i in traits.columns(trait) if having[:, i].any()]
    choices = tuple((v.value, v.chinese[0] if v.chinese else v.value) for v in (traits.values()[i] for i in at))
    return Question(trait=trait, text=text, chinese=chinese, choices=choices)


def _of_headings(chosen: list[int], similar: Array) -> Question:
    """Which of the headings it is, each told by the known goods of its likeliest six digits that come nearest."""
    ix = index()
    first: dict[int, int] = {}
    for i in chosen:
        first.setdefault(int(ix.headings[i]), i)
    text, chinese = traits.questions()[traits.HEADING]
    choices = tuple(
        (
            f"{heading:04d} {ix.example(i, OWN, similar)}".strip(),
            f"{heading:04d} {ix.example(i, CHINESE, similar)}".strip(),
        )
        for heading, i in list(first.items())[:CHOICES]
    )
    return Question(trait=traits.HEADING, text=text, chinese=chinese, choices=choices)
