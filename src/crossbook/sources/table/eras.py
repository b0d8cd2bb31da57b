"""Years that are counted otherwise: of the Republic of China (民國115年), of Japan (令和8年), of the Buddha (2569).

A day that names its era is read by it. One that does not is read so where the file is of such a country and no other
reading is left; else it is asked about.
"""

from __future__ import annotations

import re

from crossbook.sources import mapping_spec

ROC, REIWA, BUDDHIST = "roc", "reiwa", "buddhist"
ORDERS = tuple(order for order in mapping_spec.ORDERS if "-" in order)
NAMES = {ROC: "the Republic of China", REIWA: "Reiwa", BUDDHIST: "the Buddha"}
LATE = range(2400, 2700)  # years that can only be the Buddha's
# First years less one: 1912, 2019 and 1989; the Buddha's years run 543 ahead.
_BEFORE = {ROC: 1911, REIWA: 2018, "heisei": 1988, BUDDHIST: -543}
_THAI = {  # months, short and in full, as the Unicode CLDR has them (th.xml, calendar gregorian)
    name: number
    for number, names in enumerate(
        (
            "ม.ค. มกราคม",
            "ก.พ. กุมภาพันธ์",
            "มี.ค. มีนาคม",
            "เม.ย. เมษายน",
            "พ.ค. พฤษภาคม",
            "มิ.ย. มิถุนายน",
            "ก.ค. กรกฎาคม",
            "ส.ค. สิงหาคม",
            "ก.ย. กันยายน",
            "ต.ค. ตุลาคม",
            "พ.ย. พฤศจิกายน",
            "ธ.ค. ธันวาคม",
        ),
        start=1,
    )
    for name in names.split()
}
_REST = r"(?:[T ]\s*(?P<rest>\d.*))?"
_OF_ROC = re.compile(
    r"(?:中[華华])?民[國国]\s*[./-]?\s*(?P<y>元|\d{1,3})\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})日?"
    + _REST
)
_OF_JAPAN = re.compile(
    r"(?P<era>令和|平成|令|平|[RHＲＨ])\s*\.?\s*"
    r"(?:(?P<y>元|\d{1,2})\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})日?|"
    r"(?P<y6>\d{2})(?P<m6>\d{2})(?P<d6>\d{2}))" + _REST,
    re.IGNORECASE,
)
_OF_THAILAND = re.compile(
    r"(?P<d>\d{1,2})\s*(?P<m>" + "|".join(map(re.escape, _THAI)) + r")\s*(?:พ\.ศ\.\s*)?(?P<y>\d{4}|\d{2})" + _REST
)
_LATE_NAMED = re.compile(r"(?<![\d:])2[45]\d\d(?!\d)")
_SAID = {
    ROC: re.compile(r"民[國国]"),
    REIWA: re.compile(r"令和|平成|和暦"),
    BUDDHIST: re.compile(r"พ\.\s?ศ\.|buddhist|\bB\.\s?E\.", re.IGNORECASE),
}
_OF_PLACE = {
    ROC: re.compile(r"新[臺台][幣币]|[臺台][幣币灣湾]|NT\$|\bNTD\b|\bTWD\b"),
    REIWA: re.compile(r"[\u3040-\u30ff円]|取引|残高|\bJPY\b"),
    BUDDHIST: re.compile(r"[\u0e00-\u0e7f]|\bTHB\b"),
}


def named(text: str) -> tuple[int, int, int, str] | None:
    """Year, month, day and what follows (a time) of a day that names its era; None of any other."""
    if match := _OF_ROC.fullmatch(text):
        return _number(match["y"]) + _BEFORE[ROC], int(match["m"]), int(match["d"]), match["rest"] or ""
    if match := _OF_JAPAN.fullmatch(text):
        year, month, day = (
            (match["y"], match["m"], match["d"]) if match["y"] else (match["y6"], match["m6"], match["d6"])
        )
        era = REIWA if match["era"].upper() in ("令和", "令", "R", "Ｒ") else "heisei"
        return _number(year) + _BEFORE[era], int(month), int(day), match["rest"] or ""
    if match := _OF_THAILAND.fullmatch(text):
        year = int(match["y"]) if len(match["y"]) == 4 else _in_full(int(match["y"]))
        return year - 543 if year in LATE else year, _THAI[match["m"]], int(match["d"]), match["rest"] or ""
    return None


def _number(year: str) -> int:
    return 1 if year == "元" else int(year)


def _in_full(year: int) -> int:
    """A year of two figures beside a Thai month: the Buddha's, unless it would be before 2005."""
    return 2500 + year if year >= 48 else 2000 + year


def era_of(order: str) -> str:
    """The era of an order of days; "" where years are counted as usual."""
    return order.partition("-")[0] if "-" in order else ""


def year(era: str, text: str, month: int) -> int | None:
    """The usual year of one in an era, as it is written without a name; None where it can be none."""
    number = int(text)
    if era == BUDDHIST:
        full = number if len(text) == 4 else 2500 + number if len(text) == 2 else 0
        return full - 543 if full in LATE else None
    if era == ROC:
        return number + _BEFORE[ROC] if len(text) in (2, 3) else None
    if len(text) > 2 or not number:
        return None
    if number == 31 and month <= 4:
        return 2019  # Heisei, until 2019-04-30
    return number + _BEFORE[REIWA]


def late(text: str) -> bool:
    """Whether a day with a month's name has a year that can only be the Buddha's: 5 Jan 2569."""
    return any(c.isalpha() for c in text) and bool(_LATE_NAMED.search(text))


def earlier(text: str) -> str:
    """The same day in the usual count."""
    return _LATE_NAMED.sub(lambda m: str(int(m[0]) - 543), text, count=1)


def thinkable(words: str) -> tuple[str, ...]:
    """The orders in eras that days may be in, by the words of a file. Short Japanese years look like usual ones, so
    that only a Japanese file is thought to have them."""
    japanese = bool(_SAID[REIWA].search(words) or _OF_PLACE[REIWA].search(words))
    return tuple(o for o in ORDERS if japanese or era_of(o) != REIWA)


def told(words: str) -> str:
    """The one era that words name; "" for none or several."""
    found = [era for era, pattern in _SAID.items() if pattern.search(words)]
    return found[0] if len(found) == 1 else ""


def proved(order: str, words: str) -> bool:
    """Whether the words of a file show that days which no other reading fits are in the era of this order."""
    era = era_of(order)
    return not era or bool(_SAID[era].search(words) or _OF_PLACE[era].search(words))
