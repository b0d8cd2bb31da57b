"""A day and a time of day in two columns of a table: which is which is judged by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crossbook.sources import header_words
from crossbook.sources.mapping_spec import MOMENTS, TIME
from crossbook.sources.table import clock, days

_CLOCK = re.compile(r"\d[:时時시]\d")
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00)?(?:\.0+)?$")  # which a workbook shows of a day alone

_TWINS = (("时间", "日期"), ("時間", "日期"), ("時刻", "日"), ("時間", "日"), ("time", "date"), ("uhrzeit", "datum"))


def with_time(
    kind: str, columns: dict[str, str], headers: Sequence[str], cells: Callable[[str], list[str]]
) -> dict[str, str]:
    """The columns with the day of a row's moment and the time of day beside it, where two columns have them.

    A column that is called a time and holds whole moments is the moment itself, and nothing is joined to it.
    """
    name, beside = MOMENTS.get(kind), columns.get(TIME)
    found = {n: h for n, h in columns.items() if n != TIME}
    if name is None or name not in found:
        return found
    free = [h for h in headers if h and h not in found.values()]
    if _is_time(kind, found[name]) and clock.are_times(cells(found[name])):
        dated = [h for h in free if _are_days(cells(h))]
        day = next((h for h in dated if h in _twins(found[name])), None) or header_words.told(kind, name, dated)
        if day:  # six figures may be a day, too, and stay one where no other column is
            return {**found, name: day, TIME: found[name]}
    if not _are_days(cells(found[name])):
        return found
    named = [beside] if beside else []
    named += [h for h in free if h not in named and header_words.named(h, header_words.words()[kind][TIME])]
    for header in named:
        if clock.are_times(cells(header)):
            return {**found, TIME: header}
        if _are_moments(cells(header)):
            return {**found, name: header}
    return found


def _is_time(kind: str, header: str) -> bool:
    return any(time in header for time, _ in _TWINS) or header_words.named(header, header_words.words()[kind][TIME])


def _twins(header: str) -> set[str]:
    """What the day beside a time may be called by the time's own header: 下单日期 of 下单时间."""
    return {header.replace(time, day) for time, day in _TWINS if time in header}


def _are_days(texts: Sequence[str]) -> bool:
    """Whether each text that is not empty, and one at least, is a day without a time of its own."""
    told = [_MIDNIGHT.sub("", text.strip()) for text in dict.fromkeys(texts) if text.strip()]
    return bool(told) and all(days.is_day(text) and not _CLOCK.search(text) for text in told)


def _are_moments(texts: Sequence[str]) -> bool:
    """Whether each text that is not empty, and one at least, is a day with its time."""
    told = [text for text in dict.fromkeys(texts) if text.strip()]
    return bool(told) and all(days.is_day(text) and (_CLOCK.search(text) or _is_long(text)) for text in told)


def _is_long(text: str) -> bool:
    return len(text.strip()) == 14 and text.strip().isdigit()
