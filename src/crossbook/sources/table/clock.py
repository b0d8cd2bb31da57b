"""The time of day that stands in a column of its own beside the day, as tables write it.

24:00 is the end of the day, as in XML Schema 1.1 (part 2, endOfDayFrag of dateTime). Figures alone are hours, minutes
and seconds, or hours and minutes: a spreadsheet leaves the zeros before them out, so that which of both is the column's
to say (`FIGURES`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from crossbook.sources.mapping_spec import FIGURES
from crossbook.sources.table.amounts import unquoted

_WIDE = str.maketrans("０１２３４５６７８９：．", "0123456789:.")
_HALVES = {"上午": "a", "午前": "a", "오전": "a", "下午": "p", "午後": "p", "오후": "p"}
_TOLD = re.compile(
    rf"(?:(?P<before>{'|'.join(_HALVES)})\s?|T)?(?P<h>\d{{1,2}})(?P<mark>[:时時시h])\s?(?P<m>\d{{1,2}})"
    r"(?:[:分분]\s?(?:(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?[秒초]?)?)?"
    r"(?:\s?(?P<half>[AaPp]\.?\s?[Mm]\.?))?(?:\s?(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d:?\d\d))?"
)
_DOTTED = re.compile(r"(\d{2})\.(\d{2})\.(\d{2})")
_ALONE = re.compile(r"\d{1,6}")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_MIDNIGHT = ("00:00", "00:00:00", "0:00", "0:00:00")
_DAYS = re.compile(r"(?:1899-12-3[01]|1900-01-0[01]) (?!0?0:00)")  # the day 0 of a workbook, or of a database


@lru_cache(maxsize=1 << 17)  # there are 86,400 seconds in a day
def read(text: str, figures: str = "") -> str:
    """The time of day in a text as 09:30:15, with its fraction and zone where it has them; empty of an empty text.

    `figures` is one of `FIGURES`, or empty where the mapping does not say. Raises ValueError for what is none.
    """
    clean = _DAYS.sub("", unquoted(text).translate(_WIDE).strip())
    if not clean:
        return ""
    if match := _DOTTED.fullmatch(clean):
        return _of(int(match[1]), int(match[2]), int(match[3]))
    if _ALONE.fullmatch(clean):
        return _in_figures(clean, figures)
    match = _TOLD.fullmatch(clean)
    if match is None:
        raise ValueError("not a time of day")
    hour = _hour(
        int(match["h"]), _HALVES.get(match["before"], (match["half"] or "")[:1].lower()), bool(match["before"])
    )
    minute, second = match["m"], match["s"] or "0"
    if match["mark"] == ":" and (len(minute) < 2 or len(match["s"] or "00") < 2):
        raise ValueError("not a time of day")
    found = _of(hour, int(minute), int(second), match["f"] or "")
    return found + (match["zone"] or "")


def _hour(hour: int, half: str, word: bool) -> int:
    """The hour of 24, of one of a half of the day: "a", "p" or empty. `word`: whether a word before it says so, as in
    Chinese, Japanese and Korean, where noon may be 0 and 下午14:30 is written."""
    if not half or (word and half == "p" and 12 < hour < 24):
        return hour
    if not (0 if word else 1) <= hour <= 12:
        raise ValueError("no such time")
    return hour % 12 + (12 if half == "p" else 0)


def _in_figures(text: str, figures: str) -> str:
    """Figures alone: six of them are hours, minutes and seconds, and so are five; of fewer the mapping says it."""
    if len(text) == 4 and text[0] == "0" and figures != "hhmmss":
        figures = "hhmm"  # no spreadsheet left its zeros out
    elif len(text) > 4 and figures != "hhmm":
        figures = "hhmmss"
    if not figures:
        raise ValueError('hours and minutes, or minutes and seconds: say clock = "hhmm" or clock = "hhmmss"')
    wide = len(figures)
    if len(text) > wide or (text[0] == "0" and 1 < len(text) < wide and text.strip("0")):
        raise ValueError(f"not a time of day as {figures}")
    whole = text.zfill(wide)
    return _of(int(whole[:2]), int(whole[2:4]), int(whole[4:] or 0))


def _of(h: int, m: int, s: int, fraction: str = "") -> str:
    if h > 24 or m > 59 or s > 59 or (h == 24 and (m or s or fraction.strip("0"))):
        raise ValueError("no such time")
    return f"{h:02}:{m:02}:{s:02}" + (f".{fraction}" if fraction.strip("0") else "")


def are_times(texts: Collection[str]) -> bool:
    """Whether more than half of the texts that are not empty are times of day; the others will be bad rows."""
    told = [text for text in texts if text.strip()]
    return 2 * sum(any(_reads(text, f) for f in ("", *FIGURES)) for text in told) > len(told)


def _reads(text: str, figures: str) -> bool:
    try:
        return bool(read(text, figures))
    except ValueError:
        return False


def figures_of(texts: Collection[str]) -> tuple[str, ...]:
    """What the figures alone of a column may be: both where nothing in them decides it, none where it has none."""
    alone = {clean for text in texts if _ALONE.fullmatch(clean := unquoted(text).strip())}
    if not alone:
        return ()
    return tuple(f for f in FIGURES if all(_reads(text, f) for text in alone)) or FIGURES[:1]


def joined(day: str, time: str) -> str:
    """A day that is written with the year first, with the time of day behind it.

    A day that has a time of its own keeps it: midnight is what a workbook shows of a day alone, and any other that is
    not the same time raises ValueError.
    """
    if not _ISO.match(day):
        return f"{day} {time}".strip()
    own = day[10:].strip(" T")
    if not time:
        return day[:10] if own in _MIDNIGHT else day
    if not own or own in _MIDNIGHT:
        return f"{day[:10]} {time}"
    if own == time or own == time.removesuffix(":00"):
        return day
    raise ValueError("the day beside it has a time of its own, which is another")
