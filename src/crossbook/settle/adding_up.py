"""Do the figures of an account meet: what its orders and its other lines brought, against what was paid and is held?

Counted from lines, payouts and stated balances alone, apart from where each order is said to be.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from crossbook.settle.desk import Desk
from crossbook.settle.position import Beside
from crossbook.settle.reserves import HELD_BEFORE
from crossbook.settle.returned import as_table
from crossbook.settle.sold import NAMED, ORDER_OF

# A payout below zero that the next one takes over moves nothing, nor does the line that takes it over. One that came
# back was not paid.
ADDED = f"""
WITH taken_over AS (
  SELECT DISTINCT u.account, u.currency, u.amount FROM payout_used u
  JOIN line l ON l.kind = 'carried' AND l.account = u.account AND l.currency = u.currency AND l.amount = u.amount
  WHERE u.amount < 0
),
named AS ({NAMED}),
held_before AS ({HELD_BEFORE}),
lines AS (
  SELECT l.account, l.currency, CASE WHEN l.kind <> 'conversion' AND {ORDER_OF} IS NOT NULL THEN 'orders'
                                     ELSE l.kind END AS what,
         CASE WHEN u.paid_on <= $day THEN 'paid' WHEN l.payout_id IS NOT NULL AND u.paid_on IS NULL THEN 'undated'
              ELSE 'held' END AS state,
         sum(l.amount) AS amount
  FROM line l
  LEFT JOIN payout_used u ON u.account = l.account AND u.payout_id = l.payout_id AND u.currency = l.currency
  LEFT JOIN named r ON r.account = l.account AND r.reference = l.related
  LEFT JOIN taken_over t
    ON l.kind = 'carried' AND t.account = l.account AND t.currency = l.currency AND t.amount = l.amount
  WHERE (l.day <= $day OR u.paid_on <= $day) AND l.kind <> 'withdrawal' AND t.account IS NULL
    AND NOT EXISTS (SELECT 1 FROM payout_returned r WHERE r.evidence = l.evidence AND r.line = l.line)
  GROUP BY ALL
),
running AS (
  SELECT account, currency, max_by(after, place) FILTER (day <= $day) AS held,
         CASE WHEN min(day) <= $day THEN min_by(coalesce(balance - run, opening), place) END AS opening
  FROM (SELECT *, sum(amount) OVER (PARTITION BY account, currency ORDER BY place) AS run FROM balance_line)
  GROUP BY account, currency
),
bare AS (SELECT DISTINCT account, currency FROM payout_used WHERE basis = 'total'),
parts AS (
  SELECT account, currency, what, amount FROM lines
  UNION ALL SELECT account, currency, 'reserve', -amount FROM lines WHERE what IN ('reserve_hold', 'reserve_release')
  UNION ALL
  SELECT account, currency, p.part, amount FROM held_before CROSS JOIN (VALUES ('reserve'), ('opening')) p(part)
  WHERE EXISTS (SELECT 1 FROM lines l WHERE l.account = held_before.account AND l.currency = held_before.currency
                AND l.what IN ('reserve_hold', 'reserve_release'))
  UNION ALL SELECT account, currency, 'undated', amount FROM lines WHERE state = 'undated'
  UNION ALL SELECT account, currency, 'opening', opening FROM running
  UNION ALL SELECT account, currency, 'held', held FROM running
  UNION ALL
  SELECT account, currency, 'held', amount FROM lines ANTI JOIN running USING (account, currency)
  ANTI JOIN bare USING (account, currency) WHERE state = 'held'
  UNION ALL
  SELECT account, currency, 'paid', amount FROM payout_used ANTI JOIN taken_over USING (account, currency, amount)
  WHERE paid_on <= $day
  UNION ALL SELECT account, currency, 'paid', -amount FROM payout_returned WHERE day <= $day AND NOT again
  UNION ALL SELECT account, currency, 'reversal', beyond FROM payout_returned WHERE day <= $day AND beyond <> 0
)
SELECT account, currency, what, CAST(sum(amount) AS BIGINT) AS amount FROM parts WHERE amount IS NOT NULL
GROUP BY account, currency, what ORDER BY account, currency, abs(sum(amount)) DESC, what
"""
CONVERTED = "conversion"
RESERVED = ("reserve_hold", "reserve_release")
SIDES = ("orders", "opening", "paid", "held", "reserve", "undated")


@dataclass(frozen=True)
class AddedUp:
    """One account in one currency, in minor units: `orders`, the lines `beside` them by kind and the `opening` of a
    stated balance, against what was `paid` out, is `held` in the balance and in `reserve`, and lines that are in
    payouts of which the book knows no day (`undated`). `difference` is what the second side has beyond the first.
    A running balance's orders go by the reference of their sale where no line has a number."""

    account: str
    currency: str
    orders: int
    beside: tuple[Beside, ...]
    opening: int
    paid: int
    held: int
    reserve: int
    undated: int

    @property
    def of_no_order(self) -> int:
        """The sum of the lines beside the orders that are no conversion."""
        return sum(b.amount for b in self.beside if b.what != CONVERTED)

    @property
    def converted(self) -> int:
        """What conversions brought from other currencies, less what they took: of whatever orders it was there."""
        return sum(b.amount for b in self.beside if b.what == CONVERTED)

    @property
    def difference(self) -> int:
        """What was paid or is held beyond what the lines explain; 0 where all is explained."""
        brought = self.orders + self.of_no_order + self.converted + self.opening
        return self.paid + self.held + self.reserve + self.undated - brought


def added_up(desk: Desk, day: date) -> list[AddedUp]:
    """Each account and currency that has lines or payouts by `day`, by name.

    What a reserve holds counts as held, not as a line. Orders of restored payouts count with what was restored.
    """
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    desk.database.put("payout_returned", as_table(desk.returns))
    for row in desk.database.rows(ADDED, day=day):
        found[row["account"], row["currency"]][row["what"]] = int(row["amount"])
    for p in desk.payouts:
        r = p.restoration
        if r is not None and r.verdict != "unexplained" and p.paid_on is not None and p.paid_on <= day:
            mine = found[p.account, p.currency]
            mine["orders"] = mine.get("orders", 0) + sum(o.net for o in r.orders)
    return [_added(account, currency, parts) for (account, currency), parts in sorted(found.items()) if any(parts)]


def _added(account: str, currency: str, parts: dict[str, int]) -> AddedUp:
    beside = [Beside(what, n) for what, n in parts.items() if n and what not in (*SIDES, *RESERVED)]
    return AddedUp(account, currency, beside=tuple(beside), **{name: parts.get(name, 0) for name in SIDES})
