"""Import duties of other markets: rows of their tables, those that ship, and which of them reach goods.

A market's table is a CSV of `data/duty/markets` in the columns `COLUMNS`; `data/duty/editions.csv` says of each which
file it is, where it was read, on which day it was in force, and what is not in it. Markets of one tariff share a file;
a doubt of one of them alone begins "ask RU: ". A table that the user added takes its place.

The first six digits of a tariff number are the same in all markets, the rest are each market's own: lines under one
subheading that bear several duties are all possible until the line is stated (`line=61091010`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from crossbook.duty.tables import FAR, is_origin, rows

COLUMNS = ("code", "description", "duty", "origins", "measure", "from", "to", "note", "source")
# Names of measures that stand for the ordinary duty, of several the lowest, and of agreements under which one may be
# claimed in its place. Any other measure is a duty on top.
ORDINARY = ("import duty", "customs duty", "third country duty", "mfn", "general", "wto")
AGREEMENTS = {
    "rcep": "RCEP",
    "china-korea": "China-Korea FTA",
    "chafta": "China-Australia FTA",
    "china-switzerland": "China-Switzerland FTA",
    "apta": "APTA",
    "cptpp": "CPTPP",
    "preference": "trade agreement",
}
OLD = timedelta(days=366)  # an edition older than this is an estimate
ASK = "ask: "  # a note that begins so is a doubt of the row


@dataclass(frozen=True, slots=True)
class ForeignDuty:
    """One row of a market's duty table: a code of any length, a duty, for whom and when. `cite` names file and line."""

    market: str
    code: str
    description: str
    duty: str
    origins: tuple[str, ...]
    measure: str
    since: date
    until: date | None
    cite: str
    note: str = ""

    @property
    def ordinary(self) -> bool:
        """Whether this is the duty that goods bear which claim nothing."""
        return self.measure.lower() in ORDINARY

    @property
    def agreement(self) -> str:
        """The agreement under which this may be claimed in place of the ordinary duty, "" where it is none."""
        return AGREEMENTS.get(self.measure.lower(), "")


@dataclass(frozen=True, slots=True)
class Edition:
    """The table of a market that ships: its file, the day it was in force on, its title and address, what it lacks."""

    market: str
    file: str
    day: date
    title: str
    address: str
    lacks: str

    def doubt(self, on: date) -> str:
        """Why duties of a day are an estimate by this edition, "" where they are none."""
        if on - self.day > OLD:
            return f"an estimate: the table of {self.market} is of {self.day}"
        if on < self.day:
            return f"an estimate: the table of {self.market} is of {self.day}, and later than {on}"
        return ""


@cache
def editions() -> dict[str, Edition]:
    """The tables that ship, by market."""
    return {
        r["market"]: Edition(
            market=r["market"],
            file=r["file"],
            day=date.fromisoformat(r["day"]),
            title=r["title"],
            address=r["address"],
            lacks=r["lacks"],
        )
        for r in rows("editions.csv")
    }


@cache
def shipped(market: str) -> tuple[ForeignDuty, ...]:
    """The rows of a market's table that ships, none where there is none."""
    if market not in editions():
        return ()
    return tuple(
        ForeignDuty(
            market=market,
            code=r["code"],
            description=r["description"],
            duty=r["duty"],
            origins=tuple(r["origins"].split()),
            measure=r["measure"],
            since=date.fromisoformat(r["from"]),
            until=date.fromisoformat(r["to"]) if r["to"] else None,
            cite=r["source"],
            note=_of_market(r["note"], market),
        )
        for r in rows(f"markets/{editions()[market].file}.csv")
    )


def _of_market(note: str, market: str) -> str:
    """A note as it is for a market: what is a doubt of another alone is none."""
    alone = re.match(r"ask ([A-Z]{2}): ", note)
    if alone is None:
        return note
    return ASK + note[alone.end() :] if alone[1] == market else ""


@cache
def _of_chapter(market: str, chapter: str) -> tuple[ForeignDuty, ...]:
    return tuple(r for r in shipped(market) if r.code[:2] == chapter)


def table_of(market: str, code: str, added: Sequence[ForeignDuty]) -> tuple[Sequence[ForeignDuty], Edition | None]:
    """The rows to look into for a code of a market: those that were added, else those that ship with their edition."""
    mine = [r for r in added if r.market == market]
    if mine or market not in editions():
        return mine, None
    return _of_chapter(market, code[:2]), editions()[market]


def applicable(
    table: Sequence[ForeignDuty], market: str, code: str, origin: str, on: date, *, line: str = "", early: bool = False
) -> dict[str, list[ForeignDuty]]:
    """Rows of a market's table that reach goods, by measure: the row of the longest code of up to six digits, or each
    line below the subheading, any of which the goods may be. `line` is the market's own number where it is stated.

    With `early`, rows that come into force later than `on` count where none is in force yet.
    """
    subheading = code[:6]
    reach: dict[str, list[ForeignDuty]] = {}
    for row in table:
        if row.market != market or not _of_origin(origin, row.origins):
            continue
        if row.code.startswith(subheading) if len(row.code) > 6 else subheading.startswith(row.code):
            reach.setdefault(row.measure, []).append(row)
    found = {}
    for measure, every in reach.items():
        now = [r for r in every if r.since <= on <= (r.until or FAR)]
        if not now and early and (later := [r for r in every if r.since > on]):
            first = min(r.since for r in later)
            now = [r for r in later if r.since == first]
        if now:
            found[measure] = _nearest(now, line)
    return found


def _of_origin(origin: str, tokens: Sequence[str]) -> bool:
    """As `is_origin`, but ALL of a market abroad has the United States among them."""
    return is_origin(origin, tokens) or (origin == "US" and "ALL" in tokens and "-US" not in tokens)


def _nearest(now: list[ForeignDuty], line: str) -> list[ForeignDuty]:
    below = [r for r in now if len(r.code) > 6]
    if stated := [r for r in below if line and (line.startswith(r.code) or r.code.startswith(line))]:
        return stated
    if below:
        return below
    most = max(len(r.code) for r in now)
    return [r for r in now if len(r.code) == most][:1]
