"""Dates, times and tariff numbers as reports write them: many layouts, zone names, offsets."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo

from babel import Locale

# Zone names that reports print. Offsets as in the IANA database for the region named.
_ZONES = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "MEZ": 1,
    "MESZ": 2,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "JST": 9,
    "KST": 9,
    "HKT": 8,
    "SGT": 8,
    "AEST": 10,
    "AEDT": 11,
}
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?")
# Month names as English, German, French, Italian, Spanish, Dutch, Portuguese, Polish, Swedish and Turkish reports
# shorten them (as in the Unicode CLDR, which the platforms' date forms follow).
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janv gen ene sty oca",
            "feb febr févr fév fev lut şub",
            "mar mär mrz mars mrt",
            "apr avr abr kwi nis",
            "may mai mag mei maj",
            "jun juin giu cze haz",
            "jul juil lug lip tem",
            "aug août aoû ago sie ağu",
            "sep sept set wrz eyl",
            "oct okt ott out paź eki",
            "nov lis kas",
            "dec dez déc dic gru ara",
        ),
        start=1,
    )
    for name in names.split()
}


@lru_cache(maxsize=256)
def zone(text: str, *, chinese: bool = False) -> timezone | ZoneInfo:
    """The zone named by `text`: an abbreviation, an offset, or an IANA name. Raises ValueError otherwise.

    CST is China Standard Time in a Chinese report and US Central Standard Time elsewhere.
    """
    name = text.strip()
    if name.upper() == "CST":
        return timezone(timedelta(hours=8 if chinese else -6))
    if name.upper() in _ZONES:
        return timezone(timedelta(hours=_ZONES[name.upper()]))
    if match := _OFFSET.fullmatch(name):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes >= 24 * 60 or int(match[3] or 0) >= 60:
            raise ValueError(f"unknown time zone {name!r}")
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"unknown time zone {name!r}") from None


_NUMERIC = re.compile(r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?")
_NAMED = re.compile(
    r"([^\W\d_]{3,})\.? (\d{1,2}),? (\d{4})|(\d{1,2})\.?[ /-](?:de )?([^\W\d_]{3,})[.,]?[ /-](?:de )?(\d{4})"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def day(text: str, order: str = "mdy") -> date:
    """The day written in `text`. `order` ("mdy", "dmy" or "ymd") reads numbers that do not start with the year.

    Raises ValueError for anything else, impossible days included.
    """
    clean = text.strip()
    try:
        if match := _NUMERIC.fullmatch(clean):
            a, b, c = (int(g) for g in match.groups())
            if len(match[1]) == 4:
                return date(a, b, c)
            year = c + 2000 if c < 100 else c
            if "." in clean or order == "dmy":
                return date(year, b, a)
            if order == "ymd" and len(match[1]) == 1:
                raise ValueError("not a date")  # no year has one digit: 3/1/26 is a spreadsheet's
            return date(a + 2000, b, c) if order == "ymd" else date(year, a, b)
        if match := _NAMED.fullmatch(clean):
            month = _month((match[1] or match[5]).lower())
            return date(int(match[3] or match[6]), month, int(match[2] or match[4]))
        if match := _COMPACT.fullmatch(clean):
            return date(int(match[1]), int(match[2]), int(match[3]))
    except (ValueError, KeyError):
        raise ValueError("no such day") from None
    raise ValueError("not a date")


def _month(name: str) -> int:
    known = next((_MONTHS[name[:n]] for n in (len(name), 4, 3) if name[:n] in _MONTHS), None)
    return known if known is not None else _other_months()[name]


# Languages whose months are written as the Unicode CLDR has them, beside those above: none of their names is another's.
_LANGUAGES = (
    "en",
    "de",
    "fr",
    "it",
    "es",
    "nl",
    "pt",
    "pl",
    "sv",
    "tr",
    "da",
    "nb",
    "fi",
    "cs",
    "hu",
    "ro",
    "ru",
    "uk",
    "id",
)


@lru_cache(maxsize=1)
def _other_months() -> dict[str, int]:
    """Months by their names, in full and short, in `_LANGUAGES`; without a name that means several."""
    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        months = Locale(language).months
        for form, width in product(("format", "stand-alone"), ("wide", "abbreviated")):
            for number, name in months[form][width].items():
                found.setdefault(name.lower().strip("."), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


_INSTANT = re.compile(
    r"(?P<day>.{1,60}?)(?:T|[ ,]{1,9})(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:\.(?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\b\.?)?\s*(?P<zone>\S.*)?"
)


def instant(text: str, order: str = "mdy", default: str = "UTC", *, chinese: bool = False) -> datetime:
    """The moment written in `text`, in UTC. A day alone is its midnight; without a zone, `default` is meant. 24:00 is
    the end of the day."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        return _in_utc(datetime.combine(day(text, order), datetime.min.time()), zone(default, chinese=chinese))
    hour = int(match["h"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no such time")
        hour = hour % 12 + (12 if match["half"][0] in "Pp" else 0)
    when = day(match["day"].rstrip(" ,"), order)
    micro = int((match["f"] or "0").ljust(6, "0")[:6])
    minute, second = int(match["m"]), int(match["s"] or 0)
    ended = hour == 24 and not match["half"] and not (minute or second or micro)
    try:
        moment = datetime(  # noqa: DTZ001 - the zone is set below
            when.year, when.month, when.day, 0 if ended else hour, minute, second, micro
        ) + timedelta(days=ended)
    except (ValueError, OverflowError):
        raise ValueError("no such time") from None
    return _in_utc(moment, zone(match["zone"] or default, chinese=chinese))


def _in_utc(moment: datetime, place: tzinfo) -> datetime:
    try:
        return moment.replace(tzinfo=place).astimezone(UTC)
    except OverflowError:  # before the first year, or after the last
        raise ValueError("no such time") from None


def tariff_number(text: str) -> str:
    """The digits of a tariff number of any market, 2 to 12 of them. Raises ValueError for anything else."""
    clean = text.replace(".", "").replace(" ", "")
    if not clean.isdigit() or not 2 <= len(clean) <= 12:
        raise ValueError("not a tariff code of 2 to 12 digits")
    return clean
