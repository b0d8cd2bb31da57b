"""Withdrawals that came back: the bank refused them, and the balance that they left has the money again.

A line of a running balance that is a withdrawal and brings money in is such a return, and so is a reversal of no order.
It is of the withdrawal that it names, by its number or its reference; else of the last one before it of that account,
currency and amount which has not come back yet. What comes back may hold the withdrawal's fee, or lack what banks on
its way kept. A return that names its withdrawal and is of less is a part of it: which orders' part came back nobody
knows, so it is said and not followed. Payouts of named lines that came back (`trade/failed.py`) are told here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from crossbook import money
from crossbook.engine import Database

KEPT = 20  # of a named return banks keep a twentieth at most; one of less is a part
WITHIN = timedelta(days=60)  # of a return that names no withdrawal; recalls and refusals of banks take days or weeks

# Each withdrawal, and what left with it: its own amount, and the fee that stands in the same row.
DRAWN = """
SELECT d.account, d.payout_id, d.currency, d.amount, d.place, u.paid_on, u.reference,
       (SELECT CAST(-sum(f.amount) AS BIGINT) FROM balance_line f
        WHERE (f.evidence, f.line, f.account, f.currency) = (b.evidence, b.line, b.account, b.currency)) AS gross
FROM balance_drawn d
JOIN payout_used u ON u.account = d.account AND u.payout_id = d.payout_id AND u.currency = d.currency
JOIN balance_line b ON b.account = d.account AND b.currency = d.currency AND b.place = d.place
WHERE d.amount > 0 ORDER BY d.place
"""
# Every line that draws one of them, by its number: some platforms send what came back again under it.
SENT = """
SELECT DISTINCT b.account, b.reference AS payout_id, b.currency, b.place FROM balance_line b
JOIN balance_drawn d ON d.account = b.account AND d.payout_id = b.reference AND d.currency = b.currency
WHERE b.kind = 'withdrawal' AND b.amount < 0
"""
BACK = """
SELECT account, currency, amount, place, day, reference, related, evidence, line
FROM balance_line ANTI JOIN balance_drawn USING (account, currency, place)
WHERE (kind = 'withdrawal' OR (kind = 'reversal' AND order_id IS NULL)) AND amount > 0
ORDER BY account, currency, place
"""

Key = tuple[str, str, str]  # account, payout id, currency


@dataclass(frozen=True)
class Returned:
    """A withdrawal that came back on `day` (None where a file says no more than that it did), by the line that says so.
    `amount` came back of the payout, `beyond` more than it (its fee). `place` is that of the line in its balance and
    `drawn` that of the withdrawal, both None where it left no running balance; `named` when the line names it,
    `whole` when all of it came back; `doubtful` when files call it sent and failed, and none which is later; `again`
    when a line behind that one draws it once more under its number."""

    account: str
    payout_id: str
    currency: str
    amount: int
    beyond: int
    day: date | None
    evidence: str
    line: int
    place: int | None
    drawn: int | None
    named: bool
    whole: bool
    doubtful: bool = False
    again: bool = False

    @property
    def key(self) -> Key:
        """The payout that came back."""
        return self.account, self.payout_id, self.currency

    @property
    def problem(self) -> str:
        """What to say of a part, or of a payout of which files say two things."""
        if self.doubtful:
            return (
                f"{self.account}: a file says that payout {self.payout_id} was sent, another that it failed, and none "
                "which is later: it is taken as come back until a file sends it on a later day, or a bank credits it"
            )
        shown = money.show(self.amount, self.currency)
        return f"{self.account}: {shown} of payout {self.payout_id} came back on {self.day}: whose is not known"


def returns(database: Database) -> list[Returned]:
    """Every return of a withdrawal, whole or in part, in the order of the lines."""
    back = database.rows(BACK)
    sent: dict[Key, list[int]] = {}
    for row in database.rows(SENT) if back else ():
        sent.setdefault((row["account"], row["payout_id"], row["currency"]), []).append(row["place"])
    drawn: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in database.rows(DRAWN) if back else ():
        drawn.setdefault((row["account"], row["currency"]), []).append(row)
    found: list[Returned] = []
    gone: set[Key] = set()
    for line in back:
        before = [
            d
            for d in drawn.get((line["account"], line["currency"]), ())
            if d["place"] < line["place"] and (d["account"], d["payout_id"], d["currency"]) not in gone
        ]
        names = {line["related"], line["reference"]} - {None, ""}
        named = [d for d in before if names & {d["payout_id"], d["reference"]} and line["amount"] <= d["gross"]]
        near = [d for d in before if line["amount"] in (d["amount"], d["gross"]) and _near(d["paid_on"], line["day"])]
        if not (chosen := named or near):
            continue
        out = chosen[-1]
        one = Returned(
            account=out["account"],
            payout_id=out["payout_id"],
            currency=out["currency"],
            amount=min(line["amount"], out["amount"]),
            beyond=max(line["amount"] - out["amount"], 0),
            day=line["day"],
            evidence=line["evidence"],
            line=line["line"],
            place=line["place"],
            drawn=out["place"],
            named=bool(named),
            whole=KEPT * (out["amount"] - line["amount"]) <= out["amount"],
        )
        if any(place > line["place"] for place in sent.get(one.key, ())):
            one = replace(one, again=True)
        elif one.whole:
            gone.add(one.key)
        found.append(one)
    return found


def _near(paid_on: date | None, day: date) -> bool:
    return paid_on is None or day - paid_on <= WITHIN


def failed(database: Database) -> list[Returned]:
    """Every payout of named lines that came back, whole or of another amount than it."""
    return [
        Returned(
            account=row["account"],
            payout_id=row["payout_id"],
            currency=row["currency"],
            amount=row["back"],
            beyond=0,
            day=row["back_on"],
            evidence=row["back_evidence"],
            line=row["back_line"],
            place=None,
            drawn=None,
            named=row["named"],
            whole=row["whole"],
            doubtful=row["doubtful"],
        )
        for row in database.rows("SELECT * FROM payout_failed ORDER BY back_on, account, payout_id, currency")
    ]


def whole(found: list[Returned]) -> dict[Key, Returned]:
    """The payouts of which all came back, and which were not sent again under their number, by their keys."""
    return {r.key: r for r in found if r.whole and not r.again}


def as_table(found: list[Returned]) -> pa.Table:
    """The returns as columns."""
    types: Mapping[str, pa.DataType] = {
        **dict.fromkeys(("account", "currency", "evidence"), pa.string()),
        **dict.fromkeys(("amount", "beyond", "line"), pa.int64()),
        "day": pa.date32(),
        "again": pa.bool_(),
    }
    return pa.table({name: pa.array([getattr(r, name) for r in found], type_) for name, type_ in types.items()})
