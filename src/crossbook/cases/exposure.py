"""What is at stake in a US suit on counterfeit marks, and from where on answering is worth its cost. Pure sums.

The range of statutory damages is 15 U.S.C. 1117(c), in its amounts since 2009: read as quoted at kleinlitigation.com
(?p=1553); that they are those of 2009 at inta.org (October 2019).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from crossbook.cases.case import IF, Case
from crossbook.errors import CrossbookError

LEAST, MOST, MOST_WILFUL = 1_000_00, 200_000_00, 2_000_000_00  # US cents, per counterfeit mark and type of goods
SOURCE = "15 U.S.C. 1117(c); https://kleinlitigation.com/?p=1553"
NOTE = "Counterfeit marks only; the court chooses within the range, and what it chooses is often far from its ends."
NOTE_IF = f"{NOTE} {IF}"


@dataclass(frozen=True)
class Exposure:
    """The range of statutory damages in US cents: least, most, most if wilful; how many marks and types of goods."""

    marks: int
    types: int
    least: int
    most: int
    most_wilful: int
    source: str = SOURCE
    note: str = NOTE


def exposure(marks: int, types: int) -> Exposure:
    """The range for so many counterfeit marks on so many types of goods. Raises CrossbookError for less than one."""
    if marks < 1 or types < 1:
        raise CrossbookError("at least one mark and one type of goods", todo="give --marks 1 --types 1")
    n = marks * types
    return Exposure(marks=marks, types=types, least=n * LEAST, most=n * MOST, most_wilful=n * MOST_WILFUL)


def exposure_of(case: Case, marks: int = 1, types: int = 1) -> Exposure | None:
    """The range in a US suit on trademarks in which an order was entered; None elsewhere, where that law says nothing.

    When the case does not say which right it is on, the note does.
    """
    if not case.marks_order:
        return None
    found = exposure(marks, types)
    return found if case.right else replace(found, note=NOTE_IF)


@dataclass(frozen=True)
class Quotes:
    """The user's own figures, in minor units: counsel to answer and defend, a settlement with its counsel, what a
    judgment could take, and money frozen now."""

    answer: int
    settle: int
    judgment: int
    frozen: int


@dataclass(frozen=True)
class Choice:
    """What a choice costs if it goes ill and if it goes well, in minor units, and in words what it rests on."""

    name: str
    well: int
    ill: int
    rests_on: str


@dataclass(frozen=True)
class Weighed:
    """The three choices and where they meet.

    `answer_beats_settle` is the chance of winning (per mille) from which answering costs less than settling;
    `answer_beats_default` that from which it costs less than letting judgment be entered. None: at no chance;
    `recoverable` is what a default judgment can take here: no more than the judgment, and no less than is frozen of it.
    """

    choices: tuple[Choice, ...]
    recoverable: int
    answer_beats_settle: int | None
    answer_beats_default: int | None


def weigh(quotes: Quotes) -> Weighed:
    """Answering, settling and defaulting side by side. Raises CrossbookError for a negative figure."""
    if min(quotes.answer, quotes.settle, quotes.judgment, quotes.frozen) < 0:
        raise CrossbookError("a quote is no less than nothing", todo="give sums without a sign")
    taken = min(quotes.judgment, quotes.frozen) if quotes.frozen else quotes.judgment
    choices = (
        Choice(
            name="answer",
            well=quotes.answer,
            ill=quotes.answer + quotes.judgment,
            rests_on="the frozen money comes free if it is won",
        ),
        Choice(
            name="settle",
            well=quotes.settle,
            ill=quotes.settle,
            rests_on="the settlement says that the order is lifted",
        ),
        Choice(
            name="default",
            well=taken,
            ill=quotes.judgment,
            rests_on="the plaintiff takes what is frozen, and may come for the rest",
        ),
    )
    return Weighed(
        choices=choices,
        recoverable=taken,
        answer_beats_settle=_from(quotes.answer, quotes.judgment, quotes.settle),
        answer_beats_default=_from(quotes.answer, quotes.judgment, taken),
    )


def _from(sure: int, lost: int, other: int) -> int | None:
    """The least chance of winning, per mille and rounded up, at which `sure` + (1 - chance)
    x `lost` is under `other`."""
    if sure + lost <= other:
        return 0
    if sure >= other or not lost:
        return None
    return -(-(sure + lost - other) * 1000 // lost)
