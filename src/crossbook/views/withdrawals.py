"""Where withdrawals went: from which account into which, how many, and how much arrived."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from crossbook.settle.desk import Desk, Payout


@dataclass(frozen=True)
class Went:
    """The payouts of an account in one currency into one account (`into`; None: none has arrived), in minor units.

    `arrived` is what they brought in `arrived_in`, None where it is not known apart; `last` the day of the newest."""

    account: str
    currency: str
    into: str | None
    payouts: int
    paid: int
    arrived: int | None
    arrived_in: str | None
    last: date | None


def went(desk: Desk, day: date) -> list[Went]:
    """The payouts of up to a day by the account that they arrived in by then, largest first within an account."""
    groups: dict[tuple[str, str, str | None, str | None], list[Payout]] = defaultdict(list)
    for p in desk.payouts:
        if p.amount <= 0 or p.paid_on is None or p.paid_on > day or desk.back(p):
            continue
        booked = desk.booked_on(p)
        credits = [desk.side.credits[c] for c in p.match.credits] if p.match and booked and booked <= day else []
        into = ", ".join(sorted({c["account"] for c in credits})) or None
        codes = sorted({c["currency"] for c in credits})
        groups[p.account, p.currency, into, codes[0] if len(codes) == 1 else None].append(p)
    found = []
    for (account, currency, into, code), payouts in groups.items():
        keys = {c for p in payouts if p.match for c in p.match.credits} if into else set()
        whole = all(set(m.payouts) <= {p.id for p in payouts} for p in payouts if (m := p.match)) and code is not None
        found.append(
            Went(
                account=account,
                currency=currency,
                into=into,
                payouts=len(payouts),
                paid=sum(p.amount for p in payouts),
                arrived=sum(desk.side.credits[c]["amount"] for c in keys) if into and whole else None,
                arrived_in=code if into else None,
                last=max(p.paid_on for p in payouts if p.paid_on),
            )
        )
    return sorted(found, key=lambda w: (w.account, w.into is None, -w.paid))
