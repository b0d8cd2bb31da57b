"""ITC Trade Map: its lists of importers, exporters, supplying and importing markets and products, by the year.

A text file starts with its header, `Exporters<tab>Exported value in 2020<tab>…`; a CSV file or workbook has some lines
above it that name the list, the product and the unit (as public programs read them: github.com, files
"Trade_Map_-_List_of_supplying_markets_for_a_product_imported_by_China.txt"). Whose list it is stands in these lines or
in the name of the file; the product in these lines, or in `--account 610910` where they are missing.

Values are in thousand US dollars. Of a list that is a mirror, the other side tells. The World and groups have no
country. What is empty is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossbook.countries import of_name
from crossbook.errors import CrossbookError
from crossbook.sources import trade_flows
from crossbook.sources.encoding import read_head
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition, Source
from crossbook.sources.trademap_codes import TradeMapCodes, fact, table_rows

_FIRST = {"exporters": "exporter", "importers": "importer", "code": "product", "product code": "product"}
_VALUE = re.compile(r"(imported|exported) value in (\d{4})(-[mq]\d+)?(?:,? \(?(?:us dollar|usd) thousand\)?)?")
_WHOSE = re.compile(r"\b(?:imported|exported) by (.+?)(?: \(mirror\))?(?: in \d{4})?(?: \(.*)?$", re.IGNORECASE)
_PRODUCT = re.compile(r"\bproducts?\s*:\s*'?(TOTAL|All products|\d{2,6})\b", re.IGNORECASE)
_UNIT = re.compile(r"\bunit\s*:\s*(.+)", re.IGNORECASE)
_WORLD = "World"
NOT_COUNTRIES = "read as no country, as no list of countries has these names: {names}"
NO_UNIT = "the file names no unit: read as thousand US dollars, which Trade Map writes unless asked for another"


@dataclass(frozen=True, kw_only=True)
class _List:
    """What a file lists: where its header is, what its first column is, the columns of values with their years, and
    which way the goods go from the country that the list is about."""

    line: int
    delimiter: str
    first: str
    way: str  # imported, exported
    years: dict[int, int]


class TradeMap:
    """The lists of Trade Map."""

    name = "trademap"
    also: tuple[Source, ...] = (TradeMapCodes(),)
    title = "ITC Trade Map (lists of markets and products, by the year)"
    example = (
        "Product: 610910 T-shirts of cotton\nUnit: US Dollar thousand\n"
        "Exporters\tImported value in 2022\tImported value in 2023\nWorld\t4500\t4700\nChina\t900\t950"
    )

    def recognise(self, head: Head) -> Recognition:
        found = _header(head)
        if found is None:
            return Recognition(0.0, "no line has Importers, Exporters or Code before columns 'Imported value in 2023'")
        return Recognition(0.95, f"line {found.line} is the header of a list of Trade Map")

    def read(self, reading: Reading) -> Facts:
        head = read_head(reading.path, reading.name)
        found = _header(head)
        if found is None:
            raise CrossbookError("no list of Trade Map", where=reading.name, todo="run crossbook formats")
        texts = [" ".join(filter(None, row)) for row in head.heading.rows(found.delimiter)[: found.line - 1]]
        texts = [*texts, Path(reading.name).stem.replace("_", " ")]
        _check_unit(texts, reading)
        whose = next((m[1].strip() for m in map(_WHOSE.search, texts) if m), None)
        mirror = any("mirror" in text.lower() for text in texts)
        product = _product(texts, reading, found)
        unknown: dict[str, None] = {}
        rows = []
        for line, cells in table_rows(head, found.line, found.delimiter, reading):
            figures = (cells[place] for place in found.years if place < len(cells))
            trade_flows.hold_commas(figures, found.delimiter, f"{reading.name}:{line}")
            rows += _facts(found, line, cells, whose, mirror, product, unknown, reading)
        if unknown:
            reading.notes.append(NOT_COUNTRIES.format(names=", ".join(unknown)))
        yield rows_table("trade_flow", rows)


def _header(head: Head) -> _List | None:
    for delimiter in "\t,;":
        for number, row in enumerate(head.heading.plain(delimiter), 1):
            if not row or row[0].lstrip("'") not in _FIRST:
                continue
            told = {place: match for place, text in enumerate(row) if (match := _VALUE.fullmatch(text))}
            if told:
                if any(m[3] for m in told.values()):
                    return None
                ways = {m[1] for m in told.values()}
                years = {place: int(m[2]) for place, m in told.items()}
                if len(ways) == 1:
                    first = _FIRST[row[0].lstrip("'")]
                    return _List(line=number, delimiter=delimiter, first=first, way=ways.pop(), years=years)
    return None


def _check_unit(texts: list[str], reading: Reading) -> None:
    unit = next((m[1] for m in map(_UNIT.search, texts) if m), None)
    if unit is None:
        reading.notes.append(NO_UNIT)
    elif not re.match(r"(us dollar|usd) thousand", unit.strip().lower()):
        raise CrossbookError(
            f"the unit is {unit.strip()!r}, not US Dollar thousand",
            where=reading.name,
            todo="choose US Dollar in Trade Map and download the list again",
        )


def _product(texts: list[str], reading: Reading, found: _List) -> str | None:
    """The product of the list; None where each row names its own."""
    if found.first == "product":
        return None
    told = next((m[1] for m in map(_PRODUCT.search, texts) if m), None) or reading.account
    if told is None and any("(all products)" in text.lower() for text in texts):
        told = "TOTAL"
    if told is None:
        raise CrossbookError(
            "the file does not say of which product it is",
            where=reading.name,
            todo="name its HS code (--account 610910), or download the list as CSV or Excel",
        )
    try:
        return trade_flows.product("TOTAL" if told.lower() == "all products" else told)
    except ValueError as error:
        raise CrossbookError(f"{told!r}: {error}", where=reading.name, todo="--account 610910") from None


def _facts(
    found: _List,
    line: int,
    cells: list[str],
    whose: str | None,
    mirror: bool,
    product: str | None,
    unknown: dict[str, None],
    reading: Reading,
) -> list[dict[str, Any]]:
    """The facts of a row, one a year."""
    first = cells[0].strip()
    try:
        goods = product or trade_flows.product(first)
    except ValueError as error:
        reading.report(line, "Code", first, str(error))
        return []
    exporter, importer = _sides(found, first, whose)
    if exporter is None or importer is None:
        raise CrossbookError(
            "neither the file nor its name says whose list it is",
            where=reading.name,
            todo="keep the name that Trade Map gives the file (…_imported_by_China), or download it as CSV",
        )
    for told in (exporter, importer):
        if of_name(told) is None and told != _WORLD:
            unknown[told] = None
    inward = (found.way == "imported") != mirror
    rows = []
    for place, year in found.years.items():
        text = cells[place] if place < len(cells) else ""
        try:
            value = trade_flows.amount(text.strip(), 100_000)
        except ValueError as error:
            reading.report(line, f"{found.way.title()} value in {year}", text, str(error))
            continue
        sides = (of_name(exporter), of_name(importer))
        rows.append(fact(line, year, goods, value, (exporter, importer), sides, inward=inward))
    return rows


def _sides(found: _List, first: str, whose: str | None) -> tuple[str | None, str | None]:
    """Exporter and importer of a row. Lists of all importers or exporters are of the trade with the world."""
    if found.first == "product":
        return (_WORLD, whose) if found.way == "imported" else (whose, _WORLD)
    if found.first == "exporter":
        return first, whose if found.way == "imported" else _WORLD
    return whose if found.way == "exported" else _WORLD, first


SOURCE = TradeMap()
