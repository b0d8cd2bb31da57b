"""Days as tables write them, and what their own figures say of the order of day, month and year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from crossbook.sources import values
from crossbook.sources.mapping_spec import ORDERS as ORDERS
from crossbook.sources.table import eras
from crossbook.sources.table.amounts import unquoted

USUAL = ("ymd", "dmy", "mdy")
EARLIEST = 2005  # no table of an electronic account is older; a year before it was read in the wrong order
ENOUGH = 8  # distinct days in order, which are so by chance once in 20,000 times
LATEST = 2059  # of a year in two figures, as of the count of a workbook
_YEAR_SHORT = re.compile(r"(\d{1,2})[ ./-]([^\W\d_]{3,})\.?[ ./-](\d{2})")
_WIDE = str.maketrans("０１２３４５６７８９．／－：", "0123456789./-:")
_THREE = re.compile(r"(\d{1,4})\s?([-/.年])\s?(\d{1,2})\s?([-/.月])\s?(\d{1,4})日?\.?(?:[T ]\s*(.+)|(\s*))")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2}))?")
_SHORT = re.compile(r"(\d{2,3})(\d{2})(\d{2})")  # of three figures: a year of the Republic of China
_SERIAL = re.compile(r"(\d{5})(?:\.(\d+))?")
_COUNT = re.compile(r"(\d{5})(\.\d+)?")
_PERIOD = re.compile(
    r"期间|期間|区间|區間|起始|起止|查询时间|查询日期|日期范围|[至~～〜]|period|from|between|"
    r"zeitraum|\bvom\b|période|\bdu\b|per[ií]odo|"
    r"za okres|период|dönem|기간",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|"
    r"(?<!\d)\d{1,2}[-/. ](?:\d{1,2}|[^\W\d]{3,9}\.?)[-/. ]\d{2,4}|\b20\d{6}\b"
)
_EPOCH = date(1899, 12, 30)  # day 0 of a workbook's count, in the system of 1900
_SERIALS = range(38353, 58440)  # 2005 to 2059


def written(text: str, order: str) -> str:
    """The day (and time) in `text` as 2026-01-07 10:11:12, or the text as it is where it cannot be read so."""
    clean = unquoted(text).translate(_WIDE)
    if match := _COMPACT.fullmatch(clean):
        found = _of(int(match[1]), int(match[2]), int(match[3]))
        if found is not None:
            return f"{found} {match[4]}:{match[5]}:{match[6]}" if match[4] else f"{found}"
    if (match := _SERIAL.fullmatch(clean)) and int(match[1]) in _SERIALS:
        seconds = round(float(f"0.{match[2]}") * 86_400) if match[2] else 0
        at = _EPOCH + timedelta(days=int(match[1]) + seconds // 86_400)
        minutes, second = divmod(seconds % 86_400, 60)
        return f"{at} {minutes // 60:02}:{minutes % 60:02}:{second:02}" if seconds else f"{at}"
    if said := eras.named(clean):
        found = _of(*said[:3])
        return (f"{found} {said[3]}" if said[3] else f"{found}") if found is not None else text
    parts = _parts(clean)
    if parts is None:
        if eras.late(clean):
            clean = eras.earlier(clean) if eras.era_of(order) == eras.BUDDHIST else text
            return clean if clean == text else _named(clean) or clean
        return _named(clean) or clean
    found = _ordered(parts, order)
    if found is None:
        return text
    match = _THREE.fullmatch(clean)
    rest = (match[6] or "").strip() if match else ""
    return f"{found} {rest}" if rest else f"{found}"


def from_1904(text: str) -> str:
    """The number of a day in a workbook that counts from 1904, in the count from 1900: 1,462 more."""
    match = _COUNT.fullmatch(text.strip())
    return f"{int(match[1]) + 1462}{match[2] or ''}" if match else text


def period(text: str) -> tuple[date, date] | None:
    """The two days between which a heading says its rows lie ("2026-01-01 至 2026-01-31"); None where it does not, or
    leaves the order of their figures open."""
    found = ends(text)
    if found is None:
        return None
    left = orders(found, 9998)
    first, last = (read(day, left[0]) for day in found) if len(left) == 1 else (None, None)
    return (first, last) if first is not None and last is not None and first <= last else None


def ends(text: str) -> tuple[str, str] | None:
    """The two days of such a heading as they are written."""
    found = _DAY.findall(text) if _PERIOD.search(text) else []
    return (found[0], found[1]) if len(found) == 2 else None


def undecided(text: str) -> bool:
    """Whether a day is still in figures whose order is not that of the year first, or in a year of another count."""
    clean = unquoted(text).translate(_WIDE)
    parts = _parts(clean)
    if parts is None:
        return eras.named(clean) is None and eras.late(clean)
    return len(parts[0]) != 4 or int(parts[0]) in eras.LATE


def read(text: str, order: str) -> date | None:
    """The day in `text`; None where it holds none."""
    try:
        return date.fromisoformat(written(text, order)[:10])
    except ValueError:
        return None


def is_day(text: str) -> bool:
    """Whether a cell holds a day in some order."""
    return any(read(text, order) is not None for order in ORDERS)


def orders(texts: Iterable[str], latest: int, also: Sequence[str] = ()) -> tuple[str, ...]:
    """The orders, usual ones and those of `also`, in which every one of the texts is a day from `EARLIEST` to the year
    `latest`.

    One alone where no text depends on it: ymd.
    """
    open_ = list(dict.fromkeys(t for t in texts if undecided(t)))
    if not open_:
        return ("ymd",)
    found: dict[tuple[date | None, ...], str] = {}  # of two orders that read every text alike, the first
    for order in ("dmy", "mdy", "ymd", *also):
        days = tuple(read(t, order) for t in open_)
        if all(d is not None and EARLIEST <= d.year <= latest for d in days):
            found.setdefault(days, order)
    return tuple(found.values())


def nearest(texts: Sequence[str]) -> tuple[str, ...]:
    """The orders in which the most of the texts are days, in a year of any century, where in none all are days of an
    electronic account ("12/31/99"); empty where no text is a day so."""
    found = dict.fromkeys(USUAL, 0)
    for a, b, c, _ in (p for t in texts if (p := _parts(unquoted(t).translate(_WIDE))) is not None):
        for order in USUAL:
            figures = dict(zip(order, (a, b, c), strict=True))
            year = int(figures["y"]) % 100 + 2000
            found[order] += _of(year, int(figures["m"]), int(figures["d"])) is not None
    most = max(found.values())
    return tuple(order for order, n in found.items() if n == most) if most else ()


def refusal(text: str, order: str) -> str:
    """Why `text` is no day in an order: of two figures, a year that no table of an electronic account has."""
    if order in nearest([text]):
        return f"not a day in the order {order} from {EARLIEST} to {LATEST}: write its year with four figures"
    return f"not a day in the order {order}"


def in_order(days: Sequence[date]) -> bool:
    """Whether the days never go back, or never forward."""
    pairs = list(pairwise(days))
    return all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs)


def running(texts: Sequence[str], left: Sequence[str]) -> str | None:
    """The one of several orders in which three days or more run in order; None where they do in none or in more."""
    found = []
    for order in left:
        days = [d for t in texts if (d := read(t, order)) is not None]
        if len(set(days)) >= 3 and in_order(days):
            found.append(order)
    return found[0] if len(found) == 1 and len(left) > 1 else None


def turned(texts: Sequence[str]) -> tuple[str, str] | None:
    """The first day that a spreadsheet may have turned round, and what it may have been; None where none is likely so.

    A spreadsheet that takes days for months makes dates of 05/01/2026 (2026-05-01) and leaves 13/01/2026 as text: no
    date then has a day over 12, and no text one that may be a month.
    """
    whole = [d for t in dict.fromkeys(texts) if not undecided(t) and (d := read(t, "ymd")) is not None]
    parts = [
        p for t in dict.fromkeys(texts) if undecided(t) and (p := _parts(unquoted(t).translate(_WIDE))) is not None
    ]
    left = [max(int(a), int(b)) > 12 for a, b, c, _ in parts if len(a) <= 2 and len(c) == 4]
    if not parts or len(left) != len(parts) or not all(left) or any(d.day > 12 for d in whole):
        return None
    return next(((f"{d}", f"{d.year}-{d.day:02}-{d.month:02}") for d in whole if d.day != d.month), None)


def decided(
    texts: Sequence[str],
    latest: int,
    *,
    chained: bool = False,
    within: tuple[date, date] | None = None,
    words: str = "",
) -> tuple[str, ...]:
    """The orders that the texts leave open, most likely first: possible days, then days that run in order.

    Days in order decide only where there are enough of them, or where a running balance shows (`chained`) that the rows
    stand in the order of booking. A stated period (`within`) decides where the days of one order alone lie in it, and
    so do the words of the file where they name an era of years.
    """
    left = orders(texts, latest, eras.thinkable(words))
    left = tuple(o for o in left if eras.told(words) in ("", eras.era_of(o))) or left
    if len(left) < 2:
        return left
    days = {order: [d for t in texts if (d := read(t, order)) is not None] for order in left}
    if within is not None:
        inside = [order for order in left if all(within[0] <= d <= within[1] for d in days[order])]
        if len(inside) == 1:
            return tuple(inside)
    running = [order for order in left if in_order(days[order])]
    if len(running) == 1:
        distinct = len(set(days[running[0]]))
        if distinct >= ENOUGH or (chained and distinct >= 3):
            return tuple(running)
    spans = {order: max(days[order]) - min(days[order]) for order in left}
    return tuple(sorted(left, key=lambda o: (o not in running, spans[o])))


def _parts(clean: str) -> tuple[str, str, str, str] | None:
    """The three figures of a day, and what stands between them."""
    if match := _THREE.fullmatch(clean):
        return match[1], match[3], match[5], match[2]
    if match := _SHORT.fullmatch(clean):
        return match[1], match[2], match[3], ""
    if (match := _COMPACT.fullmatch(clean)) and int(match[1]) in eras.LATE:
        return match[1], match[2], match[3], ""
    return None


def _ordered(parts: tuple[str, str, str, str], order: str) -> date | None:
    a, b, c, between = parts
    if era := eras.era_of(order):
        return _in_era(era, order[-3:] if len(a) != 4 else "ymd", (a, b, c))
    first, second, third = int(a), int(b), int(c)
    if len(a) == 4:
        return _of(first, second, third) if len(c) <= 2 else None
    if len(a) == 3 or len(c) == 3:
        return None
    if len(c) == 4:
        if order == "mdy" and between != ".":  # nobody writes month.day.year
            return _of(third, first, second)
        return _of(third, second, first) if order == "dmy" or between == "." else None
    if len(c) == 1 and order != "ymd":
        return None
    if order == "ymd":
        return _of(2000 + first, second, third, EARLIEST) if len(a) == 2 else None
    month, day = (first, second) if order == "mdy" else (second, first)
    return _of(2000 + third, month, day, EARLIEST) if 2000 + third <= LATEST else None


def _in_era(era: str, order: str, figures: tuple[str, str, str]) -> date | None:
    year, month, day = (figures[order.index(letter)] for letter in "ymd")
    if len(month) > 2 or len(day) > 2:
        return None
    usual = eras.year(era, year, int(month))
    return _of(usual, int(month), int(day), EARLIEST) if usual else None


def _of(year: int, month: int, day: int, earliest: int = 1990) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found.year >= earliest and found.year not in eras.LATE else None


def _named(clean: str) -> str | None:
    """A day with the month's name: "Jan 5, 2026", "5 janv. 2026", "15-Jan-26"; None where it is none."""
    if short := _YEAR_SHORT.fullmatch(clean.strip()):
        clean = f"{short[1]} {short[2]} {2000 + int(short[3])}"
        if not EARLIEST <= 2000 + int(short[3]) <= LATEST:
            return None
    try:
        return f"{values.day(clean.strip(), 'dmy')}" if any(c.isalpha() for c in clean) else None
    except ValueError:
        return None
