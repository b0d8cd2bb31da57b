"""CAPE, the process in ACE by which IEEPA duties are refunded: what it rejects and when, and the file to upload.

Its phases are dated rows of `data/duty/cape.csv`. The file is ACE's template (CBP publication 5537-0426; secondary:
https://newscard.xyz/2026/04/21/cbp-creates-cape-for-ieepa-tariff-refunds/ and
https://capeportalguide.com/resources/cape-upload-template/): one column headed "Entry Number", one entry a row, eleven
letters and digits, none twice, 9,999 entries a file at most, comma-separated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from crossbook.duty.state import State
from crossbook.duty.tables import FAR, day_or, rows

HEADER = "Entry Number"
MOST = 9_999


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: in a phase, entries of which `fact` is one of `values` are rejected, or wait for their money."""

    phase: str
    since: date
    until: date
    fact: str
    values: tuple[str, ...]
    effect: str
    why: str
    source: str


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            phase=r["phase"],
            since=date.fromisoformat(r["from"]),
            until=day_or(r["to"], FAR),
            fact=r["fact"],
            values=tuple(v.strip() for v in r["values"].removeprefix("not ").split(",")),
            effect=r["effect"] if not r["values"].startswith("not ") else f"{r['effect']} others",
            why=r["why"],
            source=r["source"],
        )
        for r in rows("cape.csv")
    )


def opened() -> date:
    """The day from which declarations are taken."""
    return min(r.since for r in rules())


def that_apply(state: State, on: date, effect: str) -> tuple[Rule, ...]:
    """The rows in force on a day that an entry meets: `effect` is "rejects" or "waits"."""
    told = {
        "type": state.type,
        "reconciliation": state.reconciliation,
        "flagged type": state.type if state.reconciliation == "flagged" else "",
        "drawback": state.drawback,
        "protest": "open" if state.protested else "",
        "liquidation": state.liquidation,
    }
    found = []
    for r in rules():
        value = told[r.fact]
        inside = value in r.values
        if value and r.since <= on <= r.until and r.effect == (effect if inside else f"{effect} others"):
            found.append(r)
    return tuple(found)


def entry_number(text: str) -> str:
    """An entry number as CAPE takes it, without dashes: "ABC12345678". Empty when it has not eleven letters and digits.

    >>> entry_number("BX1-0010527-5"), entry_number("BX1-105275")
    ('BX100105275', '')
    """
    clean = re.sub(r"[\s-]", "", text).upper()
    return clean if re.fullmatch(r"[A-Z0-9]{3}[0-9]{8}", clean) else ""


def declarations(entries: Iterable[str]) -> list[Sequence[str]]:
    """The entry numbers of each file: none twice, sorted, at most 9,999 a file."""
    numbers = sorted({n for e in entries if (n := entry_number(e))})
    return [numbers[i : i + MOST] for i in range(0, len(numbers), MOST)]
