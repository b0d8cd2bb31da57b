"""Currencies that a workbook shows its amounts in: of the number formats of its cells (`#,##0.00 [$€-407]`).

Of XLSX, and what a format shows: the format of a cell is named by its style (ECMA-376 part 1, 18.8.30 and 18.8.45). A
currency stands in brackets with a locale, `[$¥-804]`, whose number is Windows' ([MS-LCID] 2.2), or as text:
`"US$"#,##0.00`, `€`. The formats that come with Excel (5 to 8, 37 to 44) show the currency of who looks, and say
nothing.
"""

from __future__ import annotations

import locale
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from babel.numbers import get_territory_currencies

from crossbook import money
from crossbook.sources.table.amounts import UNITS

Codes = frozenset[str]  # the currencies that a format may show
Begin = Callable[[str, dict[str, str]], None]

# Signs of several currencies, and what is shown with each.
_SEVERAL: dict[str, Codes] = {
    "¥": frozenset({"CNY", "JPY"}),
    "￥": frozenset({"CNY", "JPY"}),
    "$": frozenset("USD AUD CAD HKD NZD SGD TWD MXN ARS CLP COP BRL MOP BND FJD JMD NAD".split()),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "kr.": frozenset({"DKK", "ISK"}),
    "£": frozenset({"GBP", "EGP", "GIP", "LBP"}),
}
_FURTHER = dict(
    pair.split()
    for pair in (
        "₽ RUB|руб RUB|руб. RUB|₺ TRY|฿ THB|₫ VND|đ VND|₱ PHP|₴ UAH|rp IDR|kč CZK|ft HUF|lei RON|лв BGN|лв. BGN|"
        "₪ ILS|rm MYR"
    ).split("|")
)
_IN_BRACKETS = re.compile(r"\[\$([^\[\]-]{0,20})(?:-([0-9A-Fa-f]{1,8}(?![\w-])|[A-Za-z]{2,3}-[A-Z]{2}))?[^\[\]]{,40}\]")
_LITERAL = re.compile(r'"([^"]{0,100})"|\\(.)')
_BARE = re.compile(r"[€£¥￥₩₹$円₽₺฿₫₱₴₪]")
UNREADABLE = (zipfile.BadZipFile, expat.ExpatError, KeyError, OSError, RuntimeError, ValueError, zlib.error)


@lru_cache(maxsize=4096)
def shown(code: str) -> Codes | None:
    """The currencies that a number format may show; None for one that shows none. A sign of several is decided by the
    locale beside it."""
    found: Codes | None = None
    for sign, lcid in _IN_BRACKETS.findall(code):
        if sign.strip():
            found = found or _of(sign, lcid)
    rest = _IN_BRACKETS.sub("", code)
    for quoted, escaped in _LITERAL.findall(rest):
        found = found or _of(quoted or escaped, "")
    for sign in _BARE.findall(re.sub(r"\[[^\[\]]*\]", "", _LITERAL.sub("", rest))):
        found = found or _of(sign, "")
    return found


def _of(sign: str, lcid: str) -> Codes | None:
    text = sign.strip().casefold()
    several = _SEVERAL.get(text)
    if several is None:
        code = UNITS.get(text) or _FURTHER.get(text) or (text.upper() if text.upper() in money.EXPONENT else None)
        return frozenset({code}) if code else None
    there = _currency_of(lcid) if lcid else None
    return frozenset({there}) if there in several else several


def _currency_of(told: str) -> str | None:
    """The currency of the country of a locale, by Windows' number or by its name (ja-JP)."""
    name = told if "-" in told else locale.windows_locale.get(int(told, 16) & 0xFFFF, "").replace("_", "-")
    territory = name.rpartition("-")[2]
    found = get_territory_currencies(territory) if len(territory) == 2 else []
    return str(found[0]) if found else None


def has_any(path: Path) -> bool:
    """Whether a workbook has a style that shows a currency; no other needs to be looked through."""
    try:
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return bool(_styles(archive))
    except UNREADABLE:
        return False


def currencies(path: Path, sheet: str, columns: Collection[int], below: int) -> dict[Codes, tuple[int, int]]:
    """What the numbers of some columns (from 0) of a sheet, in rows under row `below` (from 1), are shown in: how many
    of them, and the first row. Empty for a workbook of another kind, or one that cannot be read."""
    try:
        return _currencies(path, sheet, frozenset(columns), below)
    except UNREADABLE:
        return {}


def _currencies(path: Path, sheet: str, columns: frozenset[int], below: int) -> dict[Codes, tuple[int, int]]:
    with zipfile.ZipFile(path) as archive:
        styles, part = _styles(archive), _part(archive, sheet)
        counted: Counter[Codes] = Counter()
        first: dict[Codes, int] = {}
        cell: dict[str, str] = {}

        def begin(tag: str, told: dict[str, str]) -> None:
            nonlocal cell
            if tag == "c":
                cell = told
            codes = styles.get(cell.get("s", "0")) if tag == "v" and cell.get("t", "n") == "n" else None
            place = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", "")) if codes else None
            if codes and place and int(place[2]) > below and _column(place[1]) in columns:
                counted[codes] += 1
                first.setdefault(codes, int(place[2]))

        if part is not None:
            walk(archive, part, begin)
        return {codes: (n, first[codes]) for codes, n in counted.items()}


def walk(archive: zipfile.ZipFile, part: str, begin: Begin) -> None:
    """Call `begin` with each element of a part, by its name without a prefix. Raises ValueError for one with a type
    declaration, which no workbook has."""

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, told: begin(tag.rpartition(":")[2], told)
    parser.StartDoctypeDeclHandler = refuse
    with archive.open(part) as file:
        parser.ParseFile(file)


def _styles(archive: zipfile.ZipFile) -> dict[str, Codes]:
    """The styles of cells, by their numbers, that show a currency."""
    codes: dict[str, Codes] = {}
    found: dict[str, Codes] = {}
    group, number = "", 0

    def begin(tag: str, told: dict[str, str]) -> None:
        nonlocal group, number
        if tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            group = tag
        elif tag == "numFmt" and not group:
            if shows := shown(told.get("formatCode", "")):
                codes[told.get("numFmtId", "")] = shows
        elif tag == "xf" and group == "cellXfs":
            if shows := codes.get(told.get("numFmtId", "")):
                found[str(number)] = shows
            number += 1

    walk(archive, "xl/styles.xml", begin)
    return found


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of an archive that is the sheet of this name."""
    relations: dict[str, str] = {}
    wanted: list[str] = []

    def begin(tag: str, told: dict[str, str]) -> None:
        if tag == "sheet" and told.get("name") == sheet:
            wanted.extend(v for k, v in told.items() if k.endswith(":id"))
        elif tag == "Relationship":
            relations[told.get("Id", "")] = told.get("Target", "")

    walk(archive, "xl/workbook.xml", begin)
    walk(archive, "xl/_rels/workbook.xml.rels", begin)
    target = relations.get(wanted[0]) if wanted else None
    return None if target is None else target[1:] if target.startswith("/") else f"xl/{target}"


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - 64
    return place - 1
