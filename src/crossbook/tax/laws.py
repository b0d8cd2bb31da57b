"""The law under which a return is made on a day, and where it was read: rows of `data/tax/laws.csv`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from crossbook.i18n import t, translated

SECONDARY = "(secondary)"  # as rows of data write that no authority's page stands behind them


@dataclass(frozen=True)
class Law:
    """A law in force between two days. `secondary`: `source`, where it was read, is not the authority's own page."""

    name: str
    since: date
    until: date | None
    law: str
    source: str
    secondary: bool


@lru_cache(maxsize=1)
def laws() -> tuple[Law, ...]:
    """Every row."""
    text = (files("crossbook") / "data" / "tax" / "laws.csv").read_text(encoding="utf-8")
    return tuple(
        Law(
            name=r["return"],
            since=date.fromisoformat(r["valid_from"]),
            until=date.fromisoformat(r["valid_to"]) if r["valid_to"] else None,
            law=r["law"],
            source=r["source"],
            secondary=r["secondary"] == "yes",
        )
        for r in csv.DictReader(text.splitlines())
    )


def law_of(name: str, on: date) -> Law | None:
    """The law of a return on a day; None before any that is known.

    >>> law_of("cn_refund", date(2025, 12, 31)).law[:4], law_of("cn_refund", date(2026, 1, 1)).law[:3]
    ('财税〔2', '财政部')
    """
    return next((x for x in laws() if x.name == name and x.since <= on <= (x.until or date.max)), None)


def cited(source: str) -> str:
    """A source as rows of data write it ("law; secondary: address") in the language in use."""
    law, *page = re.split(r"; (?=secondary: |https?://)", source, maxsplit=1)
    told = translated(law).replace(SECONDARY, t(SECONDARY))
    return told + "".join("; " + p.replace("secondary: ", f"{t('secondary')}: ") for p in page)
