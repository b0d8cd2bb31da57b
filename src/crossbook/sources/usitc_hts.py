"""The Harmonized Tariff Schedule of the United States as its commission exports it (https://hts.usitc.gov, Export).

JSON is a list of lines with htsno, indent, description, superior, units, general, special, other, footnotes; CSV has
the same under "HTS Number", "Indent", "Description", "Unit of Quantity", "General Rate of Duty", ... Lines without
a number are headings of what follows; ten-digit lines without a rate have that of the line above them.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from crossbook.errors import CrossbookError
from crossbook.sources import located_json
from crossbook.sources.located_json import LINE
from crossbook.sources.report import rows_table
from crossbook.sources.source import Head, Reading, Recognition

CSV_COLUMNS = {
    "HTS Number": "htsno",
    "Indent": "indent",
    "Description": "description",
    "Unit of Quantity": "units",
    "General Rate of Duty": "general",
    "Special Rate of Duty": "special",
    "Column 2 Rate of Duty": "other",
}
_HEADING = re.compile(r"99\d\d\.\d\d\.\d\d")


@dataclass(frozen=True, slots=True)
class Line:
    """One line on which goods can be declared: `code` in digits, 10 of them (8 where the schedule ends there)."""

    number: int  # the line of the file on which it begins, from 1
    code: str
    path: str  # descriptions from the heading down, joined by " > "
    general: str
    special: str
    other: str
    units: str  # joined by ","
    footnotes: str  # chapter 99 headings that its footnotes name, joined by ","


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """The rows of an export, JSON or CSV, gzipped or not, each with its line under LINE. Raises ValueError when it is
    neither."""
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = content.decode("utf-8-sig")
    if text.lstrip()[:1] == "[":
        try:
            rows = json.loads(text)
        except RecursionError:
            raise ValueError("JSON nested too deeply") from None
        if not all(isinstance(row, dict) and "htsno" in row for row in rows):
            raise ValueError("rows without htsno")
        return [row | {LINE: line} for row, line in zip(rows, _lines(text, len(rows)), strict=True)]
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not set(CSV_COLUMNS) <= set(reader.fieldnames or ()):
        raise ValueError("neither the JSON nor the CSV export of the tariff schedule")
    found, before = [], reader.line_num
    for row in reader:
        found.append({CSV_COLUMNS.get(k, k): v for k, v in row.items()} | {LINE: before + 1})
        before = reader.line_num
    return found


def _lines(text: str, count: int) -> list[int]:
    """The line on which each of `count` objects of a list begins; the commission writes all of them on one."""
    if "\n" not in text.strip():
        return [text[: text.index("[")].count("\n") + 1] * count
    return [int(row[LINE]) for row in located_json.parse(text)]


def lines_of(rows: list[dict[str, Any]]) -> Iterator[Line]:
    """Lines that goods are declared on, with what they inherit from above. Chapters 98 and 99 are left out."""
    above: list[tuple[int, str]] = []
    rated: dict[str, Any] = {}
    waiting: Line | None = None
    for row in rows:
        code = str(row["htsno"] or "").replace(".", "").strip()
        indent = int(row["indent"] or 0)
        if code.startswith(("98", "99")):
            continue
        text = _plain(row["description"]).rstrip(":")
        above = [(depth, words) for depth, words in above if depth < indent]
        above.append((indent, text))
        if len(code) >= 8 and _filled(row):
            rated = {"code": code[:8], **{c: _plain(row[c]) for c in ("general", "special", "other")}}
        if waiting and not code.startswith(waiting.code) and code:
            yield waiting
        waiting = None if code else waiting
        if len(code) not in (8, 10) or rated.get("code") != code[:8]:
            continue
        marks = row.get("footnotes") or []
        named = marks if isinstance(marks, str) else " ".join(str(m.get("value", "")) for m in marks)
        if len(code) == 8:
            rated["footnotes"] = ",".join(_HEADING.findall(named))
        else:
            rated["footnotes"] = ",".join(
                dict.fromkeys([*filter(None, str(rated.get("footnotes", "")).split(",")), *_HEADING.findall(named)])
            )
        line = Line(
            number=row[LINE],
            code=code,
            path=" > ".join(words for _, words in above if words),
            general=rated["general"],
            special=rated["special"],
            other=rated["other"],
            units=_units(row.get("units")),
            footnotes=rated["footnotes"],
        )
        if len(code) == 8:
            waiting = line
        else:
            yield line
    if waiting:
        yield waiting


def _plain(value: Any) -> str:
    """Text without the markup and the spacing that come and go between revisions: "m<sup>2</sup>", "AU,BH, CL"."""
    return re.sub(r",\s+(?=[A-Z*+]{1,2}[,)*+])", ",", " ".join(re.sub(r"<[^<>]+>", "", str(value or "")).split()))


def _filled(row: dict[str, Any]) -> bool:
    return bool(str(row.get("general") or "").strip() or str(row.get("other") or "").strip())


def _units(value: Any) -> str:
    found = value if isinstance(value, list) else re.split(r"[,;]", _plain(value))
    clean = (re.sub(r"[\[\]\"']", "", _plain(u)).replace("m²", "m2").replace("m³", "m3").strip() for u in found)
    return ",".join(u for u in clean if u)


class _UsitcHts:
    name = "usitc_hts"
    title = "US tariff schedule (USITC export, JSON or CSV)"
    example = '[{"htsno":"0101","indent":"0","description":"Live horses, asses, mules and hinnies:","superior":null,'

    def recognise(self, head: Head) -> Recognition:
        start = head.text.lstrip()
        if start.startswith("[") and '"htsno"' in start[:400]:
            return Recognition(0.95, "lines with htsno")
        if "HTS Number" in head.lines[0] and "General Rate of Duty" in head.lines[0]:
            return Recognition(0.95, "columns of the tariff schedule's CSV export")
        return Recognition(0.0, "no htsno")

    def read(self, reading: Reading) -> Iterator[tuple[str, pa.Table]]:
        try:
            lines = list(lines_of(rows_of(reading.path.read_bytes())))
        except (ValueError, TypeError, KeyError, AttributeError, csv.Error) as error:
            raise CrossbookError(f"not an export of the tariff schedule: {error}", where=reading.name) from None
        since = _since(reading)
        yield rows_table(
            "tariff",
            [
                {
                    "line": line.number,
                    "market": "US",
                    "code": line.code,
                    "description": line.path,
                    "general": line.general,
                    "special": line.special,
                    "other": line.other,
                    "units": line.units,
                    "footnotes": line.footnotes,
                    "valid_from": since,
                }
                for line in lines
            ],
        )


def _since(reading: Reading) -> date | None:
    """The day it came into force, which no export states: `crossbook duty add --from DAY` does. None if not said."""
    _, _, text = (reading.account or "").partition("@")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CrossbookError(f"{text!r} is no date", where=reading.name, todo="--from 2026-08-03") from None


SOURCE = _UsitcHts()
