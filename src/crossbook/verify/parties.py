"""The parties of trades that may be on a list: each hit with its score and why, the entry, and the trades behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crossbook.engine import Database
from crossbook.findings import Reference

SHOWN = 20  # order numbers named for each hit

_LISTS = """
SELECT list, max(published) AS published, count(DISTINCT entry) AS entries, count(*) AS names
FROM listed_party GROUP BY list ORDER BY list
"""
_HITS = """
SELECT name, list, entry, listed, quality, type, countries, born, program, listed_on, published, score, reason,
       evidence, line, count(DISTINCT order_id) AS n, list_sort(list(DISTINCT role)) AS roles,
       list_sort(list(DISTINCT order_id))[:{shown}] AS orders
FROM party_hit GROUP BY ALL ORDER BY score DESC, n DESC, name, list, entry
"""


@dataclass(frozen=True)
class Hit:
    """One name of the trades that is near to one entry of a list.

    `score` is of 100, `reason` says why; `trades` counts those that name it, `orders` are the first of them, `roles`
    what it is in them. `countries`, `born`, `program` and the days are the entry's, to compare with; None where the
    list does not say. `because` is the row of the list.
    """

    name: str
    roles: tuple[str, ...]
    trades: int
    orders: tuple[str, ...]
    score: int
    reason: str
    list: str
    entry: str
    listed: str
    quality: str
    type: str
    countries: str | None
    born: str | None
    program: str | None
    listed_on: date | None
    published: date | None
    because: Reference


@dataclass(frozen=True)
class Edition:
    """A list that the book has: its newest day, how many entries and names. `published` is None where it has no day."""

    list: str
    published: date | None
    entries: int
    names: int


@dataclass(frozen=True)
class Screened:
    """All hits, the surest first, and the lists that were asked; none where the book has no list."""

    lists: tuple[Edition, ...]
    hits: tuple[Hit, ...]


def screened(database: Database) -> Screened:
    """Every hit on the lists of the book. Needs the publication `verdict`."""
    lists = tuple(
        Edition(list=r["list"], published=r["published"], entries=r["entries"], names=r["names"])
        for r in database.rows(_LISTS)
    )
    hits = tuple(
        Hit(
            name=r["name"],
            roles=tuple(r["roles"]),
            trades=r["n"],
            orders=tuple(r["orders"]),
            score=r["score"],
            reason=r["reason"],
            list=r["list"],
            entry=r["entry"],
            listed=r["listed"],
            quality=r["quality"],
            type=r["type"],
            countries=r["countries"],
            born=r["born"],
            program=r["program"],
            listed_on=r["listed_on"],
            published=r["published"],
            because=(r["evidence"], r["line"]),
        )
        for r in database.rows(_HITS.format(shown=SHOWN))
    )
    return Screened(lists=lists, hits=hits)
