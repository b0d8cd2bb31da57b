"""What of the transfers is likely wrong and counts all the same: how many, and the first line that each stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crossbook.engine import Database

# What is odd, and the SELECT of its transfers. A day may be ahead of ours by the time zone of the book.
_OF = "SELECT id, evidence, line FROM watch_transfer t WHERE "
ODD = {
    "dated later than today: a clock may be wrong": _OF + "t.day > $today",
    "dated before 1970: a clock may be wrong": _OF + "t.day < DATE '1970-01-01'",
    "under one number in one file, though party, amount or day is another": """
        SELECT id, evidence, line FROM watch_transfer WHERE transfer_id IS NOT NULL
        QUALIFY count(*) OVER (PARTITION BY evidence, transfer_id, kind) > 1""",
    "under one UETR in two files, though an account is another": """
        SELECT id, evidence, line FROM watch_transfer WHERE length(transfer_id) = 36
        QUALIFY min(evidence) OVER (PARTITION BY transfer_id, kind) <>
          max(evidence) OVER (PARTITION BY transfer_id, kind)""",
    "returned in part, less than half: followed by the whole amount": """
        SELECT id, evidence, line FROM watch_transfer WHERE NOT returned AND (
          transfer_id IN (SELECT original FROM watch_transfer WHERE kind = 'return' AND original IS NOT NULL)
          OR reference IN (SELECT original FROM watch_transfer WHERE kind = 'return' AND original IS NOT NULL))""",
    "a return of what is not in the book": _OF
    + """t.kind = 'return' AND NOT EXISTS (
        SELECT 1 FROM watch_transfer o WHERE o.transfer_id = t.original AND o.kind <> 'return')
      AND NOT EXISTS (SELECT 1 FROM watch_transfer o WHERE o.reference = t.original AND o.kind <> 'return')""",
}


@dataclass(frozen=True, kw_only=True)
class Odd:
    """One thing that is odd: in words, how many transfers, and where the first of them stands (file:line)."""

    what: str
    transfers: int
    first: str


def odd(database: Database, today: date) -> tuple[Odd, ...]:
    """What is odd about the transfers; nothing where nothing is."""
    found = []
    for what, sql in ODD.items():
        asked = {"today": today + timedelta(days=1)} if "$today" in sql else {}
        (row,) = database.rows(
            "SELECT count(*) AS n, min_by(e.name || ':' || CAST(o.line AS VARCHAR), o.id) AS first "
            f"FROM ({sql}) o JOIN evidence e ON e.sha = o.evidence",
            **asked,
        )
        if row["n"]:
            found.append(Odd(what=what, transfers=row["n"], first=row["first"]))
    return tuple(found)
