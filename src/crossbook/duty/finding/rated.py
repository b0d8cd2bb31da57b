"""What each candidate would bear: the rates of its number on a day, as the duty desk works them out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.duty.finding.lines import provisions
from crossbook.duty.finding.ranking import RIGHT, Found, Search
from crossbook.duty.quoting import DutyQuote, duty
from crossbook.duty.schedule import lines_under
from crossbook.duty.tables import Law
from crossbook.i18n import language, t

WORTH = 10_000  # cents of goods of which the duty is worked out
LEAST = 0.01  # of a candidate that people are shown


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number found, with the ad valorem duty in all that it would bear; None where it is not one share of the value.

    `added` is what stands on top of `general`, its column 1. `lines` are its statistical numbers; `beside` how many
    other numbers of eight digits share its six.
    """

    hts: str
    path: str
    sure: float
    sure_of_six: float
    because: str
    known_from: str
    rate: Decimal | None
    rate_low: Decimal | None
    rate_high: Decimal | None
    general: str
    added: Decimal | None
    lines: tuple[str, ...]
    beside: int


def rated(found: Found, origin: str, on: date, table: Law | None = None) -> Candidate:
    """A candidate with the rates of its first statistical line for goods of `origin` on a day."""
    under = lines_under(found.code, on)
    outcome = duty(under[0], origin, on, WORTH, table=table) if under else None
    return Candidate(
        hts=found.shown,
        path=found.path,
        sure=round(found.sure, 3),
        sure_of_six=round(found.sure_of_six, 3),
        because=found.because,
        known_from=found.known_from,
        rate=outcome.outcome.rate if outcome else None,
        rate_low=outcome.lowest.rate if outcome else None,
        rate_high=outcome.highest.rate if outcome else None,
        general=under[0].general if under else provisions()[found.code].general,
        added=_added(outcome) if outcome else None,
        lines=tuple(x.shown for x in under),
        beside=found.beside - 1,
    )


def _added(of: DutyQuote) -> Decimal | None:
    amounts = [x.amount for x in of.outcome.lines if x.heading_9903 or x.programme != "column1"]
    return None if None in amounts else Decimal(sum(a or 0 for a in amounts)) / WORTH


def as_dict(told: Search, candidates: list[Candidate]) -> dict[str, Any]:
    """The search for JSON: rates as numbers, the question with its choices, None where nothing is asked."""
    rates = ("rate", "rate_low", "rate_high", "added")
    return {
        "verdict": told.verdict,
        "right_of_ten": RIGHT.get(told.verdict),
        "candidates": [
            {k: float(v) if k in rates and v is not None else v for k, v in asdict(c).items()} for c in candidates
        ],
        "question": asdict(told.question) if told.question else None,
        "unknown": list(told.unknown),
    }


def how_sure(told: Search) -> str:
    """The verdict as a sentence in the reader's language, with how often it was right."""
    right = RIGHT.get(told.verdict)
    return t(
        "{verdict}: of first headings that were called so, {right} of 10 were right on descriptions kept aside; "
        "a ranking is no ruling, check with a broker",
        verdict=t(told.verdict),
        right=right,
    )


def asked(told: Search) -> tuple[str, list[str]] | None:
    """The question and its choices in the reader's language, None where none would decide."""
    if told.question is None:
        return None
    q = told.question
    if language() == "zh":
        return q.chinese, [zh if zh == en else f"{zh}（{en}）" for en, zh in q.choices]
    return q.text, [en for en, _ in q.choices]


def worth_showing(candidates: list[Candidate]) -> list[Candidate]:
    """What people need to see of all candidates: those of 1 % or more, and the best of the first three headings."""
    best: dict[str, Candidate] = {}
    for c in candidates:
        best.setdefault(c.hts[:4], max((x for x in candidates if x.hts[:4] == c.hts[:4]), key=lambda x: x.sure_of_six))
    first = [best[h] for h in list(best)[:3]]
    return [c for c in candidates if c.sure_of_six >= LEAST or c in first]


def shortened(path: str) -> str:
    """A path of descriptions for a table: beginning and end of each (", knitted or crocheted"), the last in full."""
    *above, last = path.split(" > ")
    return " > ".join([*(_cut(part, 36, 24) for part in above), _cut(last, 90, 30)])


def _cut(text: str, begin: int, end: int) -> str:
    if len(text) <= begin + end:
        return text
    head, tail = text[: text.rfind(" ", 0, begin)], text[text.find(" ", len(text) - end) + 1 :]
    return f"{head.rstrip(' ,;(')} … {tail}"
