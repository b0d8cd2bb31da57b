"""Disputes replayed: the legal limits that followed from each event, beside the day on which it really happened."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files

from crossbook.cases.clock import Span
from crossbook.cases.procedure import Event, deadlines, procedure
from crossbook.errors import NotFoundError

PROCEDURE = "wto_dispute"


@dataclass(frozen=True)
class Replayed:
    """A limit of a dispute: when the law had it, and when it happened; `days` late (early, when negative); both
    sources.

    `stopped` is the event (`stopped_on` its day) that ended the limit before it was met.
    """

    limit: str
    title: str
    title_zh: str
    kind: str
    law: str
    due: Span
    actual: date | None
    days: int | None
    source: str
    stopped: Event | None = None
    stopped_on: date | None = None


@lru_cache(maxsize=1)
def rows() -> tuple[dict[str, str], ...]:
    """The dated events of the disputes, each with its source."""
    text = files("crossbook.data").joinpath("cases/replays.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def disputes() -> dict[str, str]:
    """The disputes that can be replayed, with their titles."""
    return {r["dispute"]: r["title"] for r in rows() if r["title"]}


def replay(dispute: str) -> list[Replayed]:
    """A dispute's limits in order. Raises NotFoundError."""
    mine = [r for r in rows() if r["dispute"] == dispute.upper()]
    if not mine:
        raise NotFoundError(f"no dispute {dispute!r} to replay", todo=f"use one of {', '.join(disputes())}")
    happened = {r["event"]: date.fromisoformat(r["day"]) for r in mine if r["event"]}
    actual = {r["limit"]: r for r in mine if r["limit"]}
    of = procedure(PROCEDURE)
    events, limits = {e.name: e for e in of.events}, {x.name: x for x in of.limits}
    out = []
    for d in deadlines(replace(of, limits=tuple(replace(x, unless=()) for x in of.limits)), happened):
        stops = [name for name in limits[d.limit.name].unless if name in happened and d.limit.name not in actual]
        stopped = min(stops, key=happened.__getitem__, default="")
        row = actual.get(d.limit.name)
        day = date.fromisoformat(row["day"]) if row else None
        out.append(
            Replayed(
                limit=d.limit.name,
                title=d.limit.title,
                title_zh=d.limit.title_zh,
                kind=d.limit.kind,
                law=d.limit.source,
                due=d.due,
                actual=day,
                days=(day - d.due.latest).days if day else None,
                source=row["source"] if row else "",
                stopped=events.get(stopped),
                stopped_on=happened.get(stopped),
            )
        )
    return out
