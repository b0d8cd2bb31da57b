"""What another authority told of parties under an agreement of the exchange, as the journal has it.

It names a party by identifiers in the one spelling of `watch/identified.py`. Whom these name is looked for anew in
the transfers that there are, so that what was told of a stranger shows as soon as transfers of it come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crossbook.book.journal import Entry
from crossbook.engine import Database
from crossbook.watch.identified import Named, parties_of

OUTSIDE, OUTSIDE_BACK = "watch outside", "watch outside back"


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What another authority told of a party. `way` is how it came to tell it; a flag has the `rule` that called,
    whether for `certain`, and what else the agreement lets it tell: `month`, `score` as the first of twenty points,
    `amount` as a power of ten of minor units with its currency. `points` is what it adds to a score here, by the
    agreement; `evidence` the file in this book that has it word for word."""

    name: str
    at: str
    other: str
    way: str
    named: tuple[Named, ...]
    flags: tuple[dict[str, Any], ...]
    text: str
    points: int
    evidence: str


def outside(entries: Iterable[Entry]) -> list[Outside]:
    """All that was told and not withdrawn, the oldest first."""
    found: dict[str, Outside] = {}
    for e in entries:
        if e.action == OUTSIDE:
            told = {name: e.body[name] for name in ("other", "way", "text", "points", "evidence")}
            named = tuple((kind, value) for kind, value in e.body["named"])
            found[e.subject] = Outside(name=e.subject, at=e.at, named=named, flags=tuple(e.body["flags"]), **told)
        elif e.action == OUTSIDE_BACK:
            found.pop(e.subject, None)
    return list(found.values())


def told_anew(found: Iterable[Outside]) -> list[Outside]:
    """Those of which something is new, the oldest first: what one authority tells twice of a party by the same
    identifier, if with another score, counts once."""
    seen: set[tuple[str, Named, tuple[tuple[str, str], ...]]] = set()
    anew: list[Outside] = []
    for x in sorted(found, key=lambda x: (x.at, x.name)):
        flags = [tuple(sorted((k, repr(v)) for k, v in flag.items() if k != "score")) for flag in x.flags]
        told = [{(x.other, named, flag) for named in x.named} for flag in flags]
        if any(not keys & seen for keys in told):
            anew.append(x)
        seen.update(*told)
    return anew


def by_party(database: Database, entries: Iterable[Entry]) -> dict[str, list[Outside]]:
    """What was told of each party of the watch."""
    told = outside(entries)
    known = parties_of(database, [one for x in told for one in x.named])
    return {party: [x for x in told if names & set(x.named)] for party, names in known.items()}
