"""Where two files state different amounts for one payout or transaction, or one file states a payout twice: read from
the publication `lines`."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.engine import Database


@dataclass(frozen=True)
class Contradiction:
    """Two files that state different amounts for one payout or transaction: what is used, what the other says. Where
    both evidences are the same it is one file that states a payout in several rows, of other amounts or days."""

    what: str
    account: str
    id: str
    currency: str
    used: int
    used_evidence: str
    used_line: int
    other: int
    other_evidence: str
    other_line: int


def contradictions(database: Database) -> list[Contradiction]:
    """Where two files state different amounts for one payout or transaction."""
    database.ask("lines")
    return [Contradiction(**row) for row in database.rows("SELECT * FROM contradiction ORDER BY ALL")]
