"""Steps of law that a user adds: `measures.csv` in the folder of the book, in the columns of the shipped table.

`scope` holds tariff numbers of any length, names of shipped scopes, or "*". A row whose id is that of a shipped measure
takes its place from its day on; any other stacks as the programme that it names does, or in full under a new one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import InvalidOperation
from pathlib import Path

from crossbook.duty.claims import FACTS, SHARES
from crossbook.duty.countries import COUNTRIES
from crossbook.duty.tables import FAR, Law, Measure, condition, percent
from crossbook.errors import CrossbookError

NAME = "measures.csv"
NEEDED = ("id", "name", "origins", "scope", "rate", "from", "source")
KINDS = ("add", "total", "instead", "exempt")


def with_own(table: Law, folder: Path) -> Law:
    """The law with the rows of `measures.csv` of a folder, if there is one. Raises CrossbookError for a wrong row."""
    path = folder / NAME
    if not path.exists():
        return table
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [n for n in NEEDED if n not in (reader.fieldnames or ())]
        if lacking:
            raise CrossbookError(f"no column {', '.join(lacking)}", where=str(path), todo="see docs/duty.md, New law")
        scopes = {scope for rows in table.scopes.by_prefix.values() for scope, *_ in rows}
        by_prefix = {k: list(v) for k, v in table.scopes.by_prefix.items()}
        added = []
        for r in reader:
            where = f"{path}, line {reader.line_num}"
            m = _measure(r, where, scopes)
            own = f"{NAME}:{reader.line_num}"
            for code in (s for s in m.scopes if s.isdigit()):
                by_prefix.setdefault(code, []).append((own, date.min, FAR, where))
            names = dict.fromkeys(own if s.isdigit() else s for s in m.scopes)
            added.append(replace(m, scopes=tuple(names)))
    measures = (*added, *_ended(table.measures, added))
    return replace(table, measures=measures, scopes=type(table.scopes)(by_prefix))


def _ended(shipped: Iterable[Measure], added: list[Measure]) -> list[Measure]:
    """Shipped rows, those of an id that a user's row has until the day before it."""
    since: dict[str, date] = {}
    for m in added:
        since[m.id] = min(m.since, since.get(m.id, FAR))
    kept = []
    for m in shipped:
        last = since[m.id] - timedelta(days=1) if m.id in since else m.until
        if m.since <= last:
            kept.append(replace(m, until=min(m.until, last)))
    return kept


def _measure(r: dict[str, str | None], where: str, scopes: set[str]) -> Measure:
    value = {k: (v or "").strip() for k, v in r.items() if k}

    def refuse(column: str, todo: str) -> CrossbookError:
        return CrossbookError(f"{column}: {value.get(column, '')!r}", where=where, todo=todo)

    def day(column: str, absent: date | None) -> date | None:
        text = value.get(column, "")
        try:
            return date.fromisoformat(text) if text else absent
        except ValueError:
            raise refuse(column, "write a day as 2026-12-01") from None

    for column in ("id", "name", "source"):
        if not value[column]:
            raise refuse(column, "say what it is; the source is the notice, such as 91 FR 12345")
    kind = value.get("kind") or "add"
    if kind not in KINDS:
        raise refuse("kind", "one of " + ", ".join(KINDS))
    try:
        rate = None if kind == "exempt" else percent(value["rate"])
    except (ValueError, InvalidOperation):
        raise refuse("rate", "write it as 12.5%") from None
    on = value.get("on") or "value"
    if on != "value" and on not in SHARES:
        raise refuse("on", "one of value, " + ", ".join(SHARES))
    origins = tuple(value["origins"].upper().split())
    if not origins or any(o.lstrip("-") not in {"ALL", "EU", "COL2", *COUNTRIES} for o in origins):
        raise refuse("origins", "two letters of ISO 3166-1, EU, COL2 or ALL, and -XX for what is taken out")
    scope = tuple(s.replace(".", "") if s[0].isdigit() else s for s in value["scope"].split())
    if not scope or any(not s.isdigit() and s != "*" and s.lstrip("+-") not in scopes for s in scope):
        raise refuse("scope", "tariff numbers, a scope of the shipped scopes.csv, or *")
    try:
        when = tuple(condition(c) for c in value.get("when", "").split("&") if c)
    except ValueError:
        raise refuse("when", "write facts as usmca=no&sts_crane=yes") from None
    if any(name not in FACTS and name != "mode" for name, _, _ in when):
        raise refuse("when", "known facts are " + ", ".join(FACTS))
    since = day("from", None)
    if since is None:
        raise refuse("from", "write the day from which it applies as 2026-12-01")
    return Measure(
        id=value["id"],
        programme=value.get("programme") or value["id"].partition(":")[0],
        name=value["name"],
        authority=value.get("authority", ""),
        heading=value.get("heading", ""),
        origins=origins,
        scopes=scope,
        kind=kind,
        rate=rate,
        on=on,
        when=when,
        sailed_before=day("sailed_before", None),
        since=since,
        until=day("to", FAR) or FAR,
        published=day("published", None),
        effective=day("effective", since) or since,
        source=f"{value['source']} ({NAME})",
    )
