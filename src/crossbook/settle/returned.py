"""Withdrawals that came back: the bank refused them, and the balance that they left has the money again.

A line of a running balance that is a withdrawal and brings money in is such a return. It is of the withdrawal that it
names; else of the last one before it of that account, currency and amount which has not come back yet. A reversal of no
order is one where it names a withdrawal of its amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crossbook.engine import Database

WITHIN = timedelta(days=60)  # of a return that names no withdrawal; recalls and refusals of banks take days or weeks

DRAWN = """
SELECT d.account, d.payout_id, d.currency, d.amount, d.place, u.paid_on
FROM balance_drawn d JOIN payout_used u
  ON u.account = d.account AND u.payout_id = d.payout_id AND u.currency = d.currency
WHERE d.amount > 0 ORDER BY d.place
"""
BACK = """
SELECT account, currency, amount, place, kind, day, reference, related, evidence, line FROM balance_line
ANTI JOIN balance_drawn USING (account, currency, place)
WHERE (kind = 'withdrawal' OR (kind = 'reversal' AND order_id IS NULL)) AND amount > 0
ORDER BY account, currency, place
"""

Key = tuple[str, str, str]  # account, payout id, currency


@dataclass(frozen=True)
class Returned:
    """A withdrawal that came back on `day`, by the line that says so. `place` is that of the line in its balance,
    `drawn` that of the withdrawal; `named` when the line names the withdrawal."""

    account: str
    payout_id: str
    currency: str
    amount: int
    day: date
    evidence: str
    line: int
    place: int
    drawn: int
    named: bool

    @property
    def key(self) -> Key:
        """The payout that came back."""
        return self.account, self.payout_id, self.currency


def returned(database: Database) -> dict[Key, Returned]:
    """Every payout that came back to the balance it was drawn from, by its key."""
    back = database.rows(BACK)
    if not back:
        return {}
    drawn: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for row in database.rows(DRAWN):
        drawn.setdefault((row["account"], row["currency"], row["amount"]), []).append(row)
    found: dict[Key, Returned] = {}
    for line in back:
        before = [
            d
            for d in drawn.get((line["account"], line["currency"], line["amount"]), ())
            if d["place"] < line["place"] and (d["account"], d["payout_id"], d["currency"]) not in found
        ]
        named = [d for d in before if d["payout_id"] in (line["related"], line["reference"])]
        guess = line["kind"] == "withdrawal"
        near = [d for d in before if guess and (d["paid_on"] is None or line["day"] - d["paid_on"] <= WITHIN)]
        if not (chosen := named or near):
            continue
        out = chosen[-1]
        one = Returned(
            account=out["account"],
            payout_id=out["payout_id"],
            currency=out["currency"],
            amount=out["amount"],
            day=line["day"],
            evidence=line["evidence"],
            line=line["line"],
            place=line["place"],
            drawn=out["place"],
            named=bool(named),
        )
        found[one.key] = one
    return found
