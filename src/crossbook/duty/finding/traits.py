"""What decides between tariff numbers: material, wearer, knitted or woven, a part or the whole article.

`data/duty/finding/traits.csv` says of each value by which codes and words of the tariff's text a subheading has it, and
by which words people state it; `questions.csv` how to ask.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from crossbook.duty.finding.words import goods_themselves, plain, stem
from crossbook.errors import CrossbookError

Array = np.ndarray[Any, np.dtype[Any]]
HEADING = "heading"  # the question which heading it is, by known goods
PART = "a part or accessory"
ANYWHERE = frozenset({"wearer", "use"})  # "for women" says as much as "women's"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a trait: how the tariff writes it, and how people do."""

    trait: str
    value: str
    codes: tuple[str, ...]
    text: re.Pattern[str] | None
    said: tuple[tuple[str, ...], ...]
    chinese: tuple[str, ...]

    @property
    def label(self) -> str:
        """The value in both languages, for people."""
        return f"{self.value} / {self.chinese[0]}" if self.chinese else self.value


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of a table of `data/duty/finding/`."""
    text = files("crossbook").joinpath("data", "duty", "finding", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _split(text: str) -> tuple[str, ...]:
    return tuple(x for x in text.split(";") if x)


@lru_cache(maxsize=1)
def values() -> tuple[Value, ...]:
    """All values of all traits, in the order of the table, which is that of the index's columns."""
    return tuple(
        Value(
            trait=r["trait"],
            value=r["value"],
            codes=tuple(r["codes"].split()),
            text=re.compile(r["text"], re.IGNORECASE | re.MULTILINE) if r["text"] else None,
            said=tuple(tuple(stem(w) for w in plain(s)) for s in _split(r["words"])),
            chinese=_split(r["chinese"]),
        )
        for r in rows("traits.csv")
    )


@lru_cache(maxsize=1)
def questions() -> dict[str, tuple[str, str]]:
    """Trait -> its question in English and Chinese."""
    return {r["trait"]: (r["question"], r["chinese"]) for r in rows("questions.csv")}


def of_subheading(code: str, paths: Sequence[str]) -> list[bool]:
    """For each value whether the six digits `code` can have it, by its code or by the text of one of its lines."""
    text = "\n".join(paths)
    return [bool((v.codes and code.startswith(v.codes)) or (v.text and v.text.search(text))) for v in values()]


def stated(query: str) -> Array:
    """For each value whether the words of `query` state it: who wears it anywhere, all else of the thing itself."""
    return np.array([_says(v, query if v.trait in ANYWHERE else goods_themselves(query)) for v in values()])


def answered(answers: Mapping[str, str]) -> Array:
    """For each value whether it is the answer given to its trait. Raises CrossbookError for what is not asked."""
    known: dict[str, list[Value]] = {}
    for v in values():
        known.setdefault(v.trait, []).append(v)
    found = np.zeros(len(values()), bool)
    for trait, answer in answers.items():
        if trait == HEADING:
            continue
        if trait not in known:
            todo = f"answer one of {', '.join((*known, HEADING))}"
            raise CrossbookError(f"no question is called {trait!r}", todo=todo)
        wanted = answer.strip().lower()
        fitting = [v for v in known[trait] if wanted in (v.value.lower(), v.label.lower(), *v.chinese)]
        fitting = fitting or [v for v in known[trait] if wanted and _says(v, wanted)]
        if not fitting:
            choices = "; ".join(v.label for v in known[trait])
            raise CrossbookError(f"{answer!r} answers no question on {trait}", todo=f"choose one of: {choices}")
        for v in fitting:
            found[values().index(v)] = True
    return found


def parsed(texts: Iterable[str]) -> dict[str, str]:
    """Answers as people type them, `construction=woven` or `woven` alone, by trait. Raises CrossbookError."""
    found: dict[str, str] = {}
    for text in texts:
        trait, given, answer = text.partition("=")
        if not given and text.strip()[:4].isdecimal():
            found[HEADING] = text.strip()
            continue
        if not given:
            exact = [v for v in values() if text.strip().lower() in (v.value.lower(), *v.chinese)]
            fitting = exact or [v for v in values() if _says(v, text)]
            if not fitting:
                known = ", ".join(dict.fromkeys(v.trait for v in values()))
                raise CrossbookError(f"{text!r} answers no question", todo=f"say which: QUESTION=ANSWER, of {known}")
            for v in fitting:
                found.setdefault(v.trait, text)
            continue
        found[trait.strip()] = answer.strip()
    return found


def _says(value: Value, answer: str) -> bool:
    words = _stems(answer)
    return any(set(s) <= words for s in value.said if s) or any(c in answer.lower() for c in value.chinese)


@lru_cache(maxsize=256)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in plain(text))


def at(trait: str, value: str) -> int:
    """Where a value of a trait stands among all."""
    return next(i for i, v in enumerate(values()) if (v.trait, v.value) == (trait, value))


def of_parts(path: str) -> bool:
    """Whether the text of a line is of parts alone."""
    text = values()[at("whole", PART)].text
    return bool(text and text.search(path))


def columns(trait: str) -> list[int]:
    """Where the values of a trait stand among all."""
    return [i for i, v in enumerate(values()) if v.trait == trait]


def compared(wanted: Array, having: Array) -> tuple[Array, Array]:
    """For each subheading (rows of `having`): in how many traits it agrees with `wanted`, in how many it cannot.

    A subheading whose text says nothing of a trait neither agrees nor conflicts.
    """
    agree = np.zeros(len(having), np.float32)
    conflict = np.zeros(len(having), np.float32)
    for trait in dict.fromkeys(v.trait for v in values()):
        at = columns(trait)
        if not wanted[at].any():
            continue
        own = having[:, at]
        fits = (own & wanted[at]).any(axis=1)
        agree += fits
        conflict += own.any(axis=1) & ~fits
    return agree, conflict


def deciding(having: Array, shares: Array, known: Iterable[str]) -> list[tuple[float, str]]:
    """Traits that would tell candidates apart, the best first: bits that an answer takes away, and the trait.

    `having` are the rows of the candidates, `shares` their probabilities, `known` traits that are settled.
    """
    found = []
    for trait in dict.fromkeys(v.trait for v in values()):
        if trait in known or trait not in questions():
            continue
        own = having[:, columns(trait)]
        count = own.sum(axis=1)
        groups = (own[count == 1] * shares[count == 1, None]).sum(axis=0)
        if (groups > 0.02).sum() < 2:
            continue
        # a candidate of several values may have any of them, as one whose text is silent may: each as often as the
        # candidates that have it alone, so that most answers do not take it away
        may = np.where(count[:, None] == 0, True, own) * (groups + 1e-9)
        spread = shares[:, None] * may / may.sum(axis=1, keepdims=True)
        left = sum(float(column.sum()) * entropy(column) for column in spread.T if column.any())
        found.append((entropy(shares) - left, trait))
    return sorted(found, reverse=True)


def entropy(shares: Array) -> float:
    """Bits of doubt that shares leave."""
    part = shares[shares > 0] / shares.sum()
    return float(-(part * np.log2(part)).sum())
