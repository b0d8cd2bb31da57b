"""Whether a report writes the day or the month first, by what its rows themselves prove; nothing is assumed.

A number over 12 can only be a day. An abbreviation such as CET or PDT tells the season, and so which of two months
is meant. Whoever writes a decimal comma writes the day first (no locale of the Unicode CLDR has a comma and the month
first). Rows stand in the order of their moments, or follow one another by their balance, in one of both readings only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from crossbook.errors import CrossbookError

ORDERS = ("mdy", "dmy")
_NUMERIC = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d{2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
# Abbreviations that tell the season, with a place that has them. CST, MST and AEST are said all year in some places.
_SEASONS = {
    "CET": "Europe/Berlin",
    "CEST": "Europe/Berlin",
    "GMT": "Europe/London",
    "BST": "Europe/London",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "CDT": "America/Chicago",
    "MDT": "America/Denver",
    "AEDT": "Australia/Sydney",
}
_GERMAN = {"MEZ": "CET", "MESZ": "CEST"}


def moment(day: str, hour: str, order: str) -> datetime | None:
    """The local moment that two texts write, in one of both readings; None where it writes no such day."""
    if (match := _NUMERIC.fullmatch(day.strip())) is None:
        return None
    one, two, year = (int(g) for g in match.groups())
    month, number = (one, two) if order == "mdy" else (two, one)
    clock = _TIME.match(hour.strip())
    at, minute, second = (int(g or 0) for g in clock.groups()) if clock else (0, 0, 0)
    try:
        return datetime(year + 2000 if year < 100 else year, month, number, at, minute, second)  # noqa: DTZ001 - no zone is meant
    except ValueError:
        return None


def decide(
    days: Sequence[str],
    hours: Sequence[str],
    zones: Sequence[str],
    *,
    comma: bool,
    follows: Callable[[Sequence[datetime]], bool] = lambda moments: False,
    sorted_rows: bool = True,
) -> str | None:
    """ "mdy" or "dmy" of rows with these days, times and zones; None where nothing in them decides.

    `sorted_rows` says that the rows stand in the order of their moments, `comma` that amounts have a decimal comma;
    `follows` whether the rows, at these moments, prove one another (by their balance). Raises ValueError when days over
    12 stand in both places.
    """
    known = {text.strip() for text in days}
    numbers = [m for text in known if (m := _NUMERIC.fullmatch(text))]
    if not numbers or all(m[1] == m[2] for m in numbers):
        return "mdy"  # no numeric day, or one that both readings share
    readable = [order for order, place in (("mdy", 1), ("dmy", 2)) if all(int(m[place]) <= 12 for m in numbers)]
    if not readable:
        raise ValueError("days over 12 stand in both places of its dates")
    if len(readable) == 1:
        return readable[0]
    rows = list(zip(days, hours, zones, strict=True))
    calm = [order for order in ORDERS if not any(_out_of_season(*row, order) for row in set(rows))]
    if len(calm) == 1:
        return calm[0]
    if comma:
        return "dmy"
    read = {order: [moment(day, hour, order) for day, hour, _ in rows] for order in ORDERS}
    whole = {order: [m for m in found if m is not None] for order, found in read.items()}
    for proof in (_in_order, follows) if sorted_rows else ():
        proved = [order for order in ORDERS if len(whole[order]) == len(rows) and proof(whole[order])]
        if len(proved) == 1:
            return proved[0]
    return None


def of_texts(texts: Iterable[str], *, comma: bool) -> str | None:
    """The same of days, or of moments in one text, of any columns of one file, which tell nothing by their order."""
    known = sorted({text.strip() for text in texts if _NUMERIC.match(text.strip())})
    days = [re.split(r"[ T,]", text, maxsplit=1)[0] for text in known]
    zones = [text.rsplit(" ", 1)[-1] for text in known]
    return decide(days, known, zones, comma=comma, sorted_rows=False)


def undecided(texts: Iterable[str], name: str, todo: str) -> CrossbookError:
    """The error of the file `name`, of whose days `texts` none decides; it shows one both ways."""
    days = (re.split(r"[ T,]", text.strip(), maxsplit=1)[0] for text in texts)
    text = next(d for d in days if moment(d, "", "mdy") != moment(d, "", "dmy"))
    first, second = (f"{at:%Y-%m-%d}" for o in ORDERS if (at := moment(text, "", o)))
    return CrossbookError(
        f"whether the day or the month comes first is not decided by this file: {text} is {first} or {second}",
        where=name,
        todo=todo,
    )


def _out_of_season(day: str, hour: str, zone: str, order: str) -> bool:
    said = _GERMAN.get(zone.strip().upper(), zone.strip().upper())
    at = moment(day, hour, order)
    if at is None or said not in _SEASONS:
        return False
    return at.replace(tzinfo=ZoneInfo(_SEASONS[said])).tzname() != said


def _in_order(moments: Iterable[datetime]) -> bool:
    pairs = list(pairwise(moments))
    return all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs)
