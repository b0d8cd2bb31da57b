"""A bank entry that is no known payout, as reasons: what it is, and entries of other accounts that may be its other
side."""

from __future__ import annotations

import re
from typing import Any

from crossbook.settle.bank.side import ENTRIES, credit_key
from crossbook.settle.desk import Desk
from crossbook.views.reason import Reason

WITHIN = 7  # days between leaving one account and reaching another
SHOWN = 3  # entries that may be the other side
_NAMED = f"""{ENTRIES} WHERE line = $line AND (file = $name OR (length($name) >= 6 AND starts_with(evidence, $name)))
ORDER BY evidence"""
_OTHER_SIDE = f"""{ENTRIES}
WHERE account <> $account AND currency = $currency AND amount = -$amount
  AND date_diff('day', CAST($day AS DATE), booked_on) * sign($amount) BETWEEN {-WITHIN} AND 0
ORDER BY abs(date_diff('day', CAST($day AS DATE), booked_on)), account, line LIMIT {SHOWN}
"""


def named(desk: Desk, name: str) -> list[dict[str, Any]]:
    """The bank entries called NAME:LINE, by a file's name or the first figures of its hash."""
    match = re.fullmatch(r"(.+):(\d{1,9})'*", name)
    if match is None:
        return []
    return desk.database.rows(_NAMED, name=match[1], line=int(match[2]))


def told(row: dict[str, Any]) -> Reason:
    """What an entry is."""
    text = " ".join(str(row[n]) for n in ("counterparty", "description") if row[n])
    what = "credit" if row["amount"] > 0 else "debit"
    return Reason(
        text=f"{what} on {row['account']}, booked {row['booked_on']}: {text}",
        amount=row["amount"],
        currency=row["currency"],
        because=[(row["evidence"], row["line"])],
    )


def other_side(desk: Desk, row: dict[str, Any]) -> list[Reason]:
    """Where money without a known way may have come from or gone to: entries of other accounts with the same sum. It is
    what a person is to look at, and no more."""
    found = desk.database.rows(
        _OTHER_SIDE, account=row["account"], currency=row["currency"], amount=row["amount"], day=row["booked_on"]
    )
    way = "left" if row["amount"] > 0 else "reached"
    return [
        Reason(
            f"the same sum {way} {r['account']} on {r['booked_on']}: {credit_key(r)}; it may be its other side",
            r["amount"],
            r["currency"],
            [(r["evidence"], r["line"])],
        )
        for r in found
    ]


def in_account(credits: list[dict[str, Any]]) -> str:
    """Where credits are: "in A, booked on 2026-01-21"."""
    accounts = ", ".join(dict.fromkeys(c["account"] for c in credits))
    return f"in {accounts}, booked on {max(c['booked_on'] for c in credits)}"
