"""ITC Trade Map's new interface: tables with codes of both countries, by the year or of one year.

By the year `reporterCd, reporterLabel, partnerCd, partnerLabel, productCd, productLabel, 2016 (…), 2017 (…), …` in
thousand US dollars; of one year the same with `Value (kUSD)`, whose year the name of the file has. Countries are
numbers of the United Nations, 000 the world, so that the language of the labels does not matter. Which way the
goods go is in no column, but in the file's name: `perus-exports-to-world-by-importer_090111.xlsx`,
`exporting-economies_090111.xlsx`, `colombias-imports-from-world-in-2025-by-exporter_060311.csv`,
`importing-economies_090111.xlsx`; "mirror" where the other side tells. Names and columns are as public programs of
2026 read such files (of Kenya's export agency, of a course in Colombia, of exporters in Peru); the words of the
unit in brackets were not seen, and one that is not thousand dollars is refused. What is empty is not known.
"""

from __future__ import annotations

import csv
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossbook.countries import of_number
from crossbook.errors import CrossbookError
from crossbook.sources import trade_flows
from crossbook.sources.encoding import read_head, to_utf8
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition

_CODES = ("reportercd", "partnercd", "productcd")
_VALUE = "value (kusd)"
_BY_YEAR = re.compile(r"((?:19|20)\d\d) ?\(([^()]{1,60})\)")
_THOUSANDS = ("usd thousand", "us dollar thousand", "kusd")
_IN_YEAR = re.compile(r"-in-((?:19|20)\d\d)\b")
_WORLD = ("0", "00", "000")


@dataclass(frozen=True, kw_only=True)
class _Columns:
    """Places of the three codes and of the values, these with their years (None: the file's name has it)."""

    codes: tuple[int, int, int]
    years: dict[int, int | None]
    units: tuple[str, ...]
    delimiter: str


class TradeMapCodes:
    """Tables of the new interface."""

    name = "trademap_codes"
    title = "ITC Trade Map (new interface, tables with country codes)"
    example = (
        "reporterCd,reporterLabel,partnerCd,partnerLabel,productCd,productLabel,2023 (USD Thousand),"
        "2024 (USD Thousand)\n"
        "156,China,000,World,851310,Portable electric lamps,900000,950000"
    )

    def recognise(self, head: Head) -> Recognition:
        if _columns(head) is None:
            return Recognition(0.0, "the first line has no reporterCd, partnerCd, productCd and values by the year")
        return Recognition(0.95, "the first line is the header of a table of Trade Map's new interface")

    def read(self, reading: Reading) -> Facts:
        head = read_head(reading.path, reading.name)
        found = _columns(head)
        if found is None:
            raise CrossbookError("no list of Trade Map", where=reading.name, todo="run crossbook formats")
        for unit in found.units:
            if not any(known in unit.casefold() for known in _THOUSANDS):
                raise CrossbookError(
                    f"the unit is {unit!r}, not US Dollar thousand",
                    where=reading.name,
                    todo="choose US Dollar in Trade Map and download the list again",
                )
        exported, mirror = _way(reading.name)
        years = {place: _year(year, reading.name) for place, year in found.years.items()}
        rows: list[dict[str, Any]] = []
        for line, cells in table_rows(head, 1, found.delimiter, reading):
            figures = (cells[place] for place in years if place < len(cells))
            trade_flows.hold_commas(figures, found.delimiter, f"{reading.name}:{line}")
            rows += _facts(found, years, line, cells, exported, mirror, reading)
        yield rows_table("trade_flow", rows)


def _columns(head: Head) -> _Columns | None:
    for delimiter in ",;\t":
        names = next(iter(head.heading.plain(delimiter)), ())
        lower = [name.casefold() for name in names]
        if not all(code in lower for code in _CODES):
            continue
        told = {place: match for place, name in enumerate(lower) if (match := _BY_YEAR.fullmatch(name))}
        years: dict[int, int | None] = {place: int(match[1]) for place, match in told.items()}
        if not years and _VALUE in lower:
            years = {lower.index(_VALUE): None}
        if years:
            first, second, third = (lower.index(code) for code in _CODES)
            units = tuple(dict.fromkeys(match[2] for match in told.values()))
            return _Columns(codes=(first, second, third), years=years, units=units, delimiter=delimiter)
    return None


def _way(name: str) -> tuple[bool, bool]:
    """Whether the reporter exports, and whether the other side tells. Raises CrossbookError where no word says so."""
    text = name.casefold()
    exported = "exports-to-" in text or text.startswith("exporting-")
    imported = "imports-from-" in text or text.startswith("importing-")
    if exported == imported:
        raise CrossbookError(
            "the file's name does not say whether these are exports or imports, nor does a column",
            where=name,
            todo="keep the name that Trade Map gives the file: …-exports-to-world-by-importer_851310.csv",
        )
    return exported, "-mirror" in text


def _year(told: int | None, name: str) -> int:
    if told is not None:
        return told
    match = _IN_YEAR.search(name)
    if match is None:
        raise CrossbookError(
            "the file's name does not say of which year it is",
            where=name,
            todo="keep the name that Trade Map gives the file: …-in-2025-by-importer_851310.csv",
        )
    return int(match[1])


def _facts(
    found: _Columns,
    years: dict[int, int],
    line: int,
    cells: list[str],
    exported: bool,
    mirror: bool,
    reading: Reading,
) -> list[dict[str, Any]]:
    reporter, partner, code = (cells[place].strip() if place < len(cells) else "" for place in found.codes)
    for name, text in (("reporterCd", reporter), ("partnerCd", partner)):
        if not text.isdigit():
            reading.report(line, name, text, "not a country's number")
            return []
    try:
        product = trade_flows.product(code)
    except ValueError as error:
        reading.report(line, "productCd", code, str(error))
        return []
    exporter, importer = (reporter, partner) if exported else (partner, reporter)
    inward = exported == mirror
    rows = []
    for place, year in years.items():
        text = cells[place].strip() if place < len(cells) else ""
        try:
            value = trade_flows.amount(text, 100_000)
        except ValueError as error:
            reading.report(line, str(year), text, str(error))
            continue
        sides = (of_number(exporter), of_number(importer))
        rows.append(fact(line, year, product, value, (_told(exporter), _told(importer)), sides, inward=inward))
    return rows


def _told(number: str) -> str:
    return "World" if number in _WORLD else number


def fact(
    line: int,
    year: int,
    product: str,
    value: int | None,
    told: tuple[str, str],
    sides: tuple[str | None, str | None],
    *,
    inward: bool,
) -> dict[str, Any]:
    """A fact of Trade Map: exporter and importer as told and as countries; `inward`: the importer tells."""
    return {
        "line": line,
        "dataset": "trademap",
        "year": year,
        "product": product,
        "value": value,
        "exporter": sides[0],
        "exporter_told": told[0],
        "importer": sides[1],
        "importer_told": told[1],
        "reporter": "importer" if inward else "exporter",
        "flow": "import" if inward else "export",
    }


def table_rows(head: Head, header: int, delimiter: str, reading: Reading) -> list[tuple[int, list[str]]]:
    """The rows below the line of the header that have a first cell, each with its line."""
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        path = to_utf8(reading.path, head.encoding, Path(folder) / "utf8", reading.name)
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for _ in range(header):
                file.readline()
            reader = csv.reader(file, delimiter=delimiter)
            try:
                return [(header + reader.line_num, row) for row in reader if row and row[0].strip()]
            except csv.Error as error:
                raise CrossbookError(f"no table: {error}", where=reading.name) from None
