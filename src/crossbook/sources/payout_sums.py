"""Payouts that a report tells row by row: the sum of each, from its own row or else from its lines."""

from __future__ import annotations

from typing import Any

Sums = dict[tuple[str, str], dict[str, Any]]


def note(sums: Sums, row: dict[str, Any]) -> None:
    """Count a row (id, currency, day, amount, line; `out`: the payout's own) in the sum of its payout.

    Of a row whose amount could not be read, which is told as bad, the sum is not known."""
    known = sums.setdefault((row["id"], row["currency"]), {**row, "lines": 0, "stated": None, "unread": False})
    if row["amount"] is None:
        known["unread"] = True
    elif row["out"]:
        known["stated"], known["line"] = -row["amount"], row["line"]
    else:
        known["lines"] += row["amount"]


def facts(account: str, sums: Sums) -> list[dict[str, Any]]:
    """Rows of `payout`, but for their basis, of the payouts whose sums are known."""
    return [
        {
            "line": p["line"],
            "account": account,
            "payout_id": p["id"],
            "currency": p["currency"],
            "amount": p["lines"] if p["stated"] is None else p["stated"],
            "paid_on": p["day"],
            "reference": p["id"],
            "basis": "implied" if p["stated"] is None else "lines",
        }
        for p in sums.values()
        if p["stated"] is not None or not p["unread"]
    ]
