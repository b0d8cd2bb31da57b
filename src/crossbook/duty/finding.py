"""Finding the tariff line for goods described in trade words: full text over the whole path of descriptions.

BM25 (Robertson and Zaragoza, 2009) over the words of headings, subheadings and lines; `data/duty/synonyms.csv` adds the
schedule's words for those of the trade, in English and Chinese. A ranking is a help for a person, not a ruling: each
result says how sure it is and the rates that each candidate would bear are shown beside it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from crossbook.duty.lines import dotted
from crossbook.duty.schedule import table
from crossbook.duty.tables import FIRST_DAY, rows

K1, B = 1.2, 0.6
HEADING, SUBHEADING = 1.6, 1.0  # weight of a word by where it stands in the path
TEMPERATURE = 7.0  # of the shares below: with it, what is said of the first heading is about as often right
HINT = 6.0  # what a synonym's heading adds, as much as two rare words
STOP = frozenset(
    "a an and any are as at be by for from has have in into is it its not of on or other others otherwise such than "
    "that "
    "the their them these this to used use with without whether which kind elsewhere specified provided articles "
    "article "
    "including containing nesoi nesi classification tariff country origin marking applicability modification ruling "
    "affirmation revocation section components component individual kit set sets".split()
)
WORD = re.compile(r"[a-z][a-z0-9'-]+|[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: `sure` is its share of what the first ten headings score, 0 to 1."""

    code: str
    path: str
    score: float
    sure: float

    @property
    def shown(self) -> str:
        """The code with dots."""
        return dotted(self.code)


def stem(word: str) -> str:
    """A plain English stem: plurals and the commonest endings."""
    clean = word.replace("'s", "").replace("'", "").strip("-")
    for end, put in (("sses", "ss"), ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ves", "f")):
        if clean.endswith(end) and len(clean) > len(end) + 1:
            return clean[: -len(end)] + put
    if clean.endswith("s") and not clean.endswith(("ss", "us", "is")) and len(clean) > 3:
        clean = clean[:-1]
    for end in ("ing", "ed"):
        if clean.endswith(end) and len(clean) > len(end) + 3:
            return clean[: -len(end)]
    return clean


def words(text: str) -> list[str]:
    """Stems of the words that tell goods apart; words joined by a hyphen also one by one."""
    found = []
    for word in WORD.findall(text.lower().replace("’", "'")):
        parts = [word, *word.split("-")] if "-" in word else [word]
        found += [stem(p) for p in parts if p not in STOP and len(p) > 1]
    return found


@dataclass(frozen=True)
class _Index:
    codes: list[str]
    paths: list[str]
    postings: dict[str, list[tuple[int, float]]]
    lengths: list[float]
    average: float
    rarity: dict[str, float]
    under: dict[str, list[int]]  # heading -> documents


@lru_cache(maxsize=4)
def _index(on: date) -> _Index:
    """Documents are the eight-digit subheadings of a day, their statistical lines folded in."""
    lines = table().select(["code", "valid_from", "valid_to", "path"]).to_pydict()
    groups: dict[str, list[str]] = defaultdict(list)
    for code, since, until, path in zip(
        lines["code"], lines["valid_from"], lines["valid_to"], lines["path"], strict=True
    ):
        if since <= on and (until is None or on <= until):
            groups[code[:8]].append(path)
    codes, paths, lengths = [], [], []
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    under: dict[str, list[int]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for number, (code, texts) in enumerate(groups.items()):
        weights: dict[str, float] = defaultdict(float)
        first = texts[0].split(" > ")
        for word in words(first[0]):
            weights[word] = max(weights[word], HEADING)
        below = {part for text in texts for part in text.split(" > ")[1:]}
        for word in words(" ".join(below)):
            weights[word] = max(weights[word], SUBHEADING) + (0.2 if word in weights else 0)
        codes.append(code)
        paths.append(" > ".join(first))
        lengths.append(sum(weights.values()))
        under[code[:4]].append(number)
        seen.update(weights.keys())
        for word, weight in weights.items():
            postings[word].append((number, weight))
    size = len(codes)
    rarity = {w: math.log(1 + (size - n + 0.5) / (n + 0.5)) for w, n in seen.items()}
    return _Index(
        codes=codes,
        paths=paths,
        postings=dict(postings),
        lengths=lengths,
        average=sum(lengths) / max(size, 1),
        rarity=rarity,
        under=dict(under),
    )


@lru_cache(maxsize=1)
def synonyms() -> list[tuple[tuple[str, ...], str, tuple[str, ...], str]]:
    """Trade terms as stems, the schedule's words for them, the headings they point to; the longest terms first."""
    found = [
        (tuple(words(r["term"])), r["words"], tuple(r["headings"].split()), r["term"]) for r in rows("synonyms.csv")
    ]
    return sorted(found, key=lambda s: -len(s[0]))


def _expanded(query: str) -> tuple[dict[str, float], Counter[str]]:
    own = words(query)
    asked: dict[str, float] = {}
    for place, word in enumerate(own):  # in English the last noun says what the thing is
        asked[word] = max(asked.get(word, 0), 1.0 + 0.4 * (place == len(own) - 1))
    hints: Counter[str] = Counter()
    used: set[str] = set()
    for stems, schedule, headings, term in synonyms():
        chinese = not term.isascii()
        if chinese and term.lower() not in query.lower():
            continue
        if not chinese and not (stems and set(stems) <= set(own) and not set(stems) <= used):
            continue
        used.update(stems)
        head = chinese or own[-1:] == list(stems[-1:])
        for word in words(schedule):
            asked[word] = max(asked.get(word, 0), 0.6 if head else 0.35)
        for rank, code in enumerate(headings):
            hints[code] = max(hints[code], round(100 * (1.0 if head else 0.45) * 0.85**rank))
    return asked, hints


def find(query: str, on: date | None = None, limit: int = 10) -> list[Found]:
    """Subheadings of eight digits for goods described in words, best first, at most three of one heading."""
    day = max(on or date(2026, 6, 8), FIRST_DAY)
    index = _index(day)
    asked, hints = _expanded(query)
    scores: dict[int, float] = defaultdict(float)
    for word, weight in asked.items():
        rare = index.rarity.get(word, 0.0) * weight
        for number, times in index.postings.get(word, ()):
            norm = K1 * (1 - B + B * index.lengths[number] / index.average)
            scores[number] += rare * times * (K1 + 1) / (times + norm)
    for hint, strength in hints.items():
        for number in index.under.get(hint[:4], ()):
            if index.codes[number].startswith(hint):
                scores[number] += HINT * strength / 100
    best: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, score in scores.items():
        best[index.codes[number][:4]].append((score, number))
    ranked = sorted(best.values(), key=lambda group: -max(group)[0])[: max(limit, 10)]
    whole = sum(math.exp(max(g)[0] / TEMPERATURE) for g in ranked[:10]) or 1.0
    found = []
    for group in ranked[:limit]:
        sure = math.exp(max(group)[0] / TEMPERATURE) / whole
        found += [
            Found(code=index.codes[n], path=index.paths[n], score=s, sure=sure)
            for s, n in sorted(group, reverse=True)[:3]
        ]
    return found


def recall(cases: Sequence[tuple[str, str]], on: date | None = None) -> dict[str, float]:
    """On (description, code) pairs: how often the heading is first or among ten, and the six digits are among these."""
    first = ten = six = 0
    for text, code in cases:
        found = find(text, on)
        headings = list(dict.fromkeys(f.code[:4] for f in found))
        first += headings[:1] == [code[:4]]
        ten += code[:4] in headings[:10]
        six += any(f.code[:6] == code[:6] for f in found)
    size = max(len(cases), 1)
    return {"heading at 1": first / size, "heading at 10": ten / size, "six digits at 10": six / size}
