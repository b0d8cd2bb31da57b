"""Rows of the tables of import duty that ship, and how they are written: see `market_schedules.py`."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "src/crossbook/data/duty/markets"
COLUMNS = ("code", "description", "duty", "origins", "measure", "from", "to", "note", "source")
CHAPTERS = {f"{n:02}" for n in range(33, 98)} - {"77"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table as it ships."""

    code: str
    description: str
    duty: str
    since: str
    source: str
    origins: str = "ALL"
    measure: str = "customs duty"
    until: str = ""
    note: str = ""


def short(text: str, most: int = 70) -> str:
    """The designation without markup and dashes, cut at a word."""
    clean = " ".join(re.sub(r"<[^>]+>", " ", html.unescape(text)).split()).strip(" -–:.")
    clean = re.split(r" \(excl\b| – ", clean)[0].rstrip(" ,;:")
    return clean if len(clean) <= most else clean[:most].rsplit(" ", 1)[0] + "…"


def folded(rows: Iterable[Row], names: dict[str, str], at: int = 6) -> list[Row]:
    """Rows of one subheading that say the same become one of `at` digits, with its designation from `names`."""
    found: list[Row] = []
    for code, group in groupby(sorted(rows, key=lambda r: r.code[:at]), key=lambda r: r.code[:at]):
        lines = list(group)
        if len({(r.duty, r.since, r.until, r.note, r.source) for r in lines}) == 1:
            found.append(replace(lines[0], code=code, description=short(names.get(code, "")) or lines[0].description))
        else:
            found += lines if at == 8 else folded(lines, names, 8)
    return sorted(found, key=lambda r: (r.code, r.since))


def of_headings(rows: list[Row]) -> list[Row]:
    """A row of four digits for each heading with one duty, for subheadings that came after the edition."""
    found = []
    for code, group in groupby(rows, key=lambda r: r.code[:4]):
        lines = list(group)
        if len({r.duty for r in lines}) == 1:
            found.append(
                replace(lines[0], code=code, description="", note="ask: all lines of the heading bore this duty then")
            )
    return found


# Subheadings of the Harmonized System of 2022 that sellers ship, by those of 2017 that they divide by their titles.
DIVIDED = {
    "340211": ("340231", "340239"),
    "340212": ("340241",),
    "340213": ("340242",),
    "340219": ("340249",),
    "340220": ("340250",),
    "441400": ("441410", "441490"),
    "442010": ("442011", "442019"),
    "852580": ("852581", "852582", "852583", "852589"),
    "853950": ("853952",),
    "854370": ("854340",),
    "870829": ("870822",),
    "940130": ("940131", "940139"),
    "940140": ("940141", "940149"),
    "940190": ("940191", "940199"),
    "940390": ("940391", "940399"),
    "940510": ("940511", "940519"),
    "940520": ("940521", "940529"),
    "940530": ("940531", "940539"),
    "940540": ("940541", "940542", "940549"),
    "940560": ("940561", "940569"),
}


def share(row: Row) -> float:
    """The share of the value that a duty is, 0 where it is free; raises ValueError where it is none."""
    return 0.0 if row.duty == "Free" else float(row.duty.removesuffix("%"))


def of_later(rows: list[Row]) -> list[Row]:
    """Rows for subheadings of 2022 from those of 2017: the highest duty of what they divide, with what it may be."""
    found = []
    for old, new in DIVIDED.items():
        lines = sorted((r for r in rows if r.code.startswith(old)), key=share)
        duties = list(dict.fromkeys(r.duty for r in lines))
        note = f"ask: from {old[:4]}.{old[4:]} of the HS 2017, which bore {' or '.join(duties)}"
        found += [replace(lines[-1], code=code, description="", note=note) for code in new]
    return found


def write(market: str, rows: list[Row]) -> None:
    """The table of a market, and what it holds on standard output."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{market}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for r in rows:
            writer.writerow((r.code, r.description, r.duty, r.origins, r.measure, r.since, r.until, r.note, r.source))
    six = {r.code[:6] for r in rows if len(r.code) >= 6}
    print(f"{market}: {len(rows)} rows, {len(six)} subheadings, {path.stat().st_size // 1024} KB")
