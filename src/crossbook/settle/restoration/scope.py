"""Which accounts have payouts to restore, and what that rests on: known before the solver is loaded."""

from __future__ import annotations

from crossbook.engine import Database

RESTS_ON = ("order", "shipment", "dispute", "payout")  # the kinds of fact that a restoration is made from


def restorable(database: Database) -> list[tuple[str, str]]:
    """The accounts and currencies that have payouts known by their total only."""
    rows = database.rows(
        "SELECT DISTINCT account, currency FROM payout_used WHERE basis = 'total' ORDER BY account, currency"
    )
    return [(row["account"], row["currency"]) for row in rows]
