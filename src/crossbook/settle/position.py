"""Where the money is on a day: from goods not yet shipped to money at the bank, and when the rest is expected.

Every order is in one place, and so is every payout of which no order is known. What an order is expected to bring is
its settled amount where a report gives it, else its total times what the account's orders have brought so far. When it
comes is read off the account's own past delays: the 10th, 50th and 90th in a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from crossbook.settle import no_order, settled
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.flow import moved
from crossbook.settle.orders import KNOWN
from crossbook.settle.reserves import HELD_BEFORE
from crossbook.trade.statuses import NOT_SALES

PLACES = (
    "not_shipped",
    "in_transit",
    "awaiting_release",
    "in_dispute",
    "in_balance",
    "untraced",
    "in_reserve",
    "on_its_way",
    "not_received",
    "at_bank",
)
ARRIVED = ("at_bank", "untraced")  # not under way any more: at the bank, or converted into what no file tells

WAY = f"""
WITH {KNOWN},
given_back AS (
  SELECT order_id, currency, sum(amount) AS amount FROM refunds
  WHERE told_by <> 'settlement' AND (refunded_on IS NULL OR refunded_on <= $day) GROUP BY order_id, currency
),
paid AS (
  SELECT s.account, s.currency, s.order_id, s.settled_on, s.net, s.held, s.payout_id
  FROM order_settled s
  UNION ALL
  SELECT account, currency, order_id, paid_on, net, 0, payout_id FROM order_restored WHERE paid_on <= $day
)
SELECT o.account, o.currency, o.order_id, o.total, o.country, o.evidence, o.line,
       o.placed_on,
       CAST(s.shipped_at AS DATE) AS shipped_on, CAST(s.delivered_at AS DATE) AS delivered_on, o.status,
       c.opened_on, c.closed_on, c.state, p.settled_on, p.net, p.held, p.payout_id,
       y.paid_on, y.booked_on, g.amount AS back, q.amount AS waiting, q.deferred, q.release_on,
       p.account AS settled_by
FROM orders o
LEFT JOIN sent s ON s.order_id = o.order_id
LEFT JOIN cases c ON c.account = o.account AND c.order_id = o.order_id
LEFT JOIN paid p ON p.order_id = o.order_id AND p.currency = o.currency
LEFT JOIN given_back g ON g.order_id = o.order_id AND g.currency = o.currency
LEFT JOIN payout_arrival y ON y.account = p.account AND y.payout_id = p.payout_id AND y.currency = p.currency
LEFT JOIN order_waiting q ON q.account = o.account AND q.order_id = o.order_id AND q.currency = o.currency
WHERE o.placed_on <= $day AND o.total > 0
  AND o.status <> 'refunded' AND o.status NOT IN {NOT_SALES}
"""

# The orders of a day, each in its place. Of a payout that the lots tell whole, its other orders bear what one cost.
IN_PLACES = """
WITH shares AS (
  SELECT account, currency, sum(net) / nullif(sum(total), 0) AS share FROM order_way
  WHERE net IS NOT NULL AND net > 0 GROUP BY account, currency
)
  SELECT w.*,
    CASE
      WHEN booked_on <= $day THEN 'at_bank'
      WHEN paid_on <= $day THEN 'on_its_way'
      WHEN (opened_on <= $day AND coalesce(closed_on, DATE '9999-12-31') > $day) OR coalesce(held, 0) < 0
        THEN 'in_dispute'
      WHEN state IN ('lost', 'refunded') AND closed_on <= $day THEN 'gone'
      WHEN waiting IS NOT NULL THEN 'awaiting_release'
      WHEN settled_on IS NOT NULL THEN 'in_balance'
      WHEN delivered_on <= $day THEN 'awaiting_release'
      WHEN shipped_on <= $day THEN 'in_transit'
      WHEN status IN ('paid', 'shipped', 'completed', 'part_refunded') THEN 'awaiting_release'
      ELSE 'not_shipped'
    END AS place,
    CAST(coalesce(CASE WHEN net <= 0 AND paid_on <= $day AND b.payout_id IS NOT NULL THEN 0
                       WHEN net > 0 OR paid_on <= $day THEN net END,
                  round(greatest(total - coalesce(back, 0), 0) * coalesce(s.share, 1)))
         AS BIGINT) AS brings
  FROM order_way w LEFT JOIN shares s ON s.account = w.account AND s.currency = w.currency
  LEFT JOIN told_by_lots b ON b.account = w.settled_by AND b.payout_id = w.payout_id AND b.currency = w.currency
  WHERE NOT EXISTS (SELECT 1 FROM order_touched m WHERE m.order_id = w.order_id AND m.origin_currency = w.currency)
  UNION ALL
  SELECT * FROM order_elsewhere
"""

# Those with the day from which their money was to come and the days that it may come; and the payouts of which no order
# is known, as a row without one; what stands beside the orders; what is missing of a payout at the bank, too.
PLACED = f"""
WITH held_before AS ({HELD_BEFORE}),
delays AS (
  SELECT account, currency,
         quantile_disc(date_diff('day', placed_on, booked_on), [0.1, 0.5, 0.9]) AS from_placed,
         quantile_disc(date_diff('day', coalesce(settled_on, paid_on), booked_on), [0.1, 0.5, 0.9]) AS from_settled,
         quantile_disc(date_diff('day', paid_on, booked_on), [0.1, 0.5, 0.9]) AS from_paid,
         quantile_disc(date_diff('day', delivered_on, booked_on), [0.1, 0.5, 0.9]) AS from_delivered
  FROM order_placed WHERE booked_on <= $day GROUP BY account, currency
),
paid_delays AS (
  SELECT account, currency, quantile_disc(date_diff('day', paid_on, booked_on), [0.1, 0.5, 0.9]) AS delay
  FROM payout_arrival WHERE booked_on <= $day GROUP BY account, currency
),
timed AS (
  SELECT p.* REPLACE (CASE WHEN p.place = 'awaiting_release' AND waiting IS NOT NULL
                           THEN CAST(coalesce(net, 0) + deferred AS BIGINT) ELSE brings END AS brings),
    CASE p.place WHEN 'on_its_way' THEN paid_on WHEN 'in_balance' THEN settled_on
                 WHEN 'awaiting_release' THEN coalesce(release_on, delivered_on, placed_on) ELSE placed_on END AS since,
    CASE WHEN p.place = 'awaiting_release' AND waiting IS NOT NULL
         THEN CASE WHEN release_on IS NOT NULL THEN [0, 0, 0] END ELSE
    CASE p.place WHEN 'untraced' THEN NULL WHEN 'at_bank' THEN NULL
                 WHEN 'on_its_way' THEN coalesce(from_paid, y.delay)
                 WHEN 'in_balance' THEN from_settled
                 WHEN 'awaiting_release' THEN coalesce(from_delivered, from_placed) ELSE from_placed END END AS delay
  FROM order_placed p LEFT JOIN delays d ON d.account = p.account AND d.currency = p.currency
  LEFT JOIN paid_delays y ON y.account = p.account AND y.currency = p.currency
  WHERE p.place <> 'gone'
),
unlisted AS (
  SELECT account, payout_id, currency, CAST(sum(amount) AS BIGINT) AS amount FROM piece_now
  WHERE order_id IS NOT NULL AND place IN ('at_bank', 'on_its_way') GROUP BY account, payout_id, currency
),
whole AS (
  SELECT account, currency, place, NULL AS what, order_id, country, total, brings, placed_on, shipped_on, delivered_on,
         settled_on, paid_on, booked_on, payout_id, evidence, line, since, delay
  FROM timed
  UNION ALL
  -- what awaits release of orders that the book does not have; of those that stand elsewhere, what is deferred
  SELECT q.account, q.currency, 'awaiting_release', NULL, CASE WHEN t.order_id IS NULL THEN q.order_id END, NULL,
         CASE WHEN t.order_id IS NULL THEN q.amount ELSE q.deferred END,
         CASE WHEN t.order_id IS NULL THEN q.amount ELSE q.deferred END,
         NULL, NULL, NULL, NULL, NULL, NULL, NULL, q.evidence, q.line, coalesce(q.release_on, q.day),
         CASE WHEN q.release_on IS NOT NULL THEN [0, 0, 0] END
  FROM order_waiting q
  LEFT JOIN timed t ON t.account = q.account AND t.currency = q.currency AND t.order_id = q.order_id
  WHERE t.order_id IS NULL OR (t.place <> 'awaiting_release' AND q.deferred <> 0)
  UNION ALL
  -- payouts of no order that is listed; what their lots say is of an order, apart
  SELECT y.account, y.currency, CASE WHEN y.booked_on <= $day THEN 'at_bank' ELSE 'on_its_way' END, x.what, NULL, NULL,
         x.amount, x.amount, NULL, NULL, NULL, NULL, y.paid_on, y.booked_on, y.payout_id, y.evidence, y.line, y.paid_on,
         CASE WHEN y.booked_on <= $day THEN NULL ELSE d.delay END
  FROM payout_arrival y LEFT JOIN paid_delays d ON d.account = y.account AND d.currency = y.currency
  LEFT JOIN unlisted n ON n.account = y.account AND n.payout_id = y.payout_id AND n.currency = y.currency
  CROSS JOIN LATERAL (VALUES ('unknown_order', n.amount), (NULL, y.amount - coalesce(n.amount, 0))) x(what, amount)
  WHERE y.amount > 0 AND y.paid_on <= $day AND x.amount <> 0
    AND NOT EXISTS (SELECT 1 FROM timed t WHERE t.payout_id = y.payout_id AND t.currency = y.currency)
    AND NOT EXISTS (SELECT 1 FROM order_moved m WHERE m.payout_id = y.payout_id AND m.currency = y.currency)
    AND NOT EXISTS (SELECT 1 FROM told_by_lots b
                    WHERE b.account = y.account AND b.payout_id = y.payout_id AND b.currency = y.currency)
  UNION ALL
  -- what stands beside the orders
  SELECT r.account, r.currency, r.place, r.what, NULL, NULL, r.amount, r.amount, NULL, NULL, NULL, NULL, r.paid_on,
         r.booked_on, r.payout_id, r.evidence, r.line, r.since,
         CASE r.place WHEN 'on_its_way' THEN p.delay WHEN 'in_balance' THEN d.from_settled END
  FROM (SELECT * FROM rest_of_lots UNION ALL SELECT * FROM rest_of_lines) r
  LEFT JOIN paid_delays p ON p.account = r.account AND p.currency = r.currency
  LEFT JOIN delays d ON d.account = r.account AND d.currency = r.currency
  UNION ALL
  -- what lies in an account of which the book knows no order at all
  SELECT r.account, r.currency, 'in_balance', NULL, NULL, NULL, r.amount, r.amount, NULL, NULL, NULL, NULL, NULL, NULL,
         NULL, r.evidence, r.line, r.since, NULL
  FROM account_rest r
  UNION ALL
  -- what is missing in a credit that a person took for the payout: not at the bank, though its orders were paid out
  SELECT y.account, y.currency, s.place, NULL, NULL, NULL, s.sign * y.short, s.sign * y.short, NULL, NULL, NULL, NULL,
         y.paid_on, y.booked_on, y.payout_id, y.evidence, y.line, y.paid_on, NULL
  FROM payout_arrival y CROSS JOIN (VALUES ('not_received', 1), ('at_bank', -1)) s(place, sign)
  WHERE y.short > 0 AND y.booked_on <= $day
  UNION ALL
  -- what a platform holds back of no order in particular
  SELECT l.account, l.currency, 'in_reserve', NULL, NULL, NULL,
         CAST(coalesce(max(b.amount), 0) - sum(l.amount) AS BIGINT),
         CAST(coalesce(max(b.amount), 0) - sum(l.amount) AS BIGINT),
         NULL, NULL, NULL, NULL, NULL, NULL, NULL,
         max_by(l.evidence, (l.day, l.line, l.evidence)), max_by(l.line, (l.day, l.line, l.evidence)), NULL, NULL
  FROM line l LEFT JOIN held_before b ON b.account = l.account AND b.currency = l.currency
  WHERE l.kind IN ('reserve_hold', 'reserve_release') AND l.day <= $day
  GROUP BY l.account, l.currency HAVING coalesce(max(b.amount), 0) <> sum(l.amount)
)
SELECT *, since + CAST(delay[1] AS INTEGER) AS earliest, since + CAST(delay[2] AS INTEGER) AS likely,
       since + CAST(delay[3] AS INTEGER) AS latest
FROM whole
"""

# What was to be released on a day that is past comes nobody knows when: it is no money of tomorrow.
STAGES = """
WITH dated AS (
  SELECT * REPLACE (CASE WHEN past THEN NULL ELSE earliest END AS earliest,
                    CASE WHEN past THEN NULL ELSE likely END AS likely,
                    CASE WHEN past THEN NULL ELSE latest END AS latest)
  FROM (SELECT *, coalesce(place = 'awaiting_release' AND delay[1] = 0 AND delay[3] = 0 AND since < $day, false) AS past
        FROM {table})
)
SELECT account, currency, place, count(order_id) AS orders, sum(brings) AS amount, sum(total) AS gross,
       min(earliest) AS earliest, min(likely) AS first_likely, max(likely) AS last_likely, max(latest) AS latest,
       count(CASE WHEN latest IS NULL AND brings <> 0 THEN 1 END) AS undated
FROM dated GROUP BY account, currency, place
"""

BESIDE = """
SELECT account, currency, place, what, sum(brings) AS amount FROM {table}
WHERE what IS NOT NULL GROUP BY account, currency, place, what HAVING sum(brings) <> 0
ORDER BY account, currency, place, abs(sum(brings)) DESC, what
"""


@dataclass(frozen=True)
class Beside:
    """What of a place is of no order that stands in it: `what` is a kind of settlement line or one of `no_order.KINDS`,
    `amount` minor units."""

    what: str
    amount: int


@dataclass(frozen=True)
class Stage:
    """Money of one account in one place: what it is expected to bring, and when (None at the bank or if unknown).
    `beside` is the part of it that is of no order."""

    account: str
    currency: str
    place: str
    orders: int
    amount: int
    gross: int
    earliest: date | None
    likely: date | None
    latest: date | None
    beside: tuple[Beside, ...] = ()


KEPT_DAYS = 3  # tables of orders by day that one database keeps


def orders_on(desk: Desk, day: date) -> str:
    """The name of the table with every order known on `day` and its place then; made when asked for first.

    Payouts of which the book knows no order, and what a platform holds in reserve, are in it, too, as rows whose
    order_id is NULL; so is what stands beside the orders, whose column `what` says what it is. An order whose money was
    converted, sent to a wallet or drawn in parts stands where its lots are, in their currency and in a row for each
    place.

    Columns: account, currency, place, what, order_id, country, total, brings (minor units), the days of its way,
    payout_id, evidence and line of the order, and earliest, likely and latest day of arrival (NULL at the bank or if
    unknown).
    """
    database, table = desk.database, f"order_on_{day:%Y%m%d}"
    with database.making:
        made = [
            r["table_name"]
            for r in database.rows(
                "SELECT table_name FROM information_schema.tables "
                "WHERE table_name LIKE 'order_on_%' ORDER BY table_name"
            )
        ]
        if table in made:
            return table
        for old in made[: max(0, len(made) - KEPT_DAYS + 1)]:
            database.drop(old)
        database.put("order_restored", _restored(desk))
        database.put("payout_arrival", _arrivals(desk))
        settled.make(database, day)
        database.scratch("order_way", WAY, day=day)
        moved.make(desk, day)
        database.scratch("order_placed", IN_PLACES, day=day)
        no_order.make(desk, day)
        database.make(table, PLACED, day=day)
        for name in ("order_placed", "order_way", *settled.TABLES, *moved.TABLES, *no_order.TABLES):
            database.drop(name)
    return table


def position(desk: Desk, day: date) -> list[Stage]:
    """Where the money is on `day`, by account, currency and place, in the order of `PLACES`."""
    database, table = desk.database, orders_on(desk, day)
    beside: dict[tuple[str, str, str], list[Beside]] = {}
    for row in database.rows(BESIDE.format(table=table)):
        key = (row["account"], row["currency"], row["place"])
        beside.setdefault(key, []).append(Beside(row["what"], int(row["amount"])))
    stages = [
        replace(stage, beside=tuple(beside.get((stage.account, stage.currency, stage.place), ())))
        for stage in (_stage(row, day) for row in database.rows(STAGES.format(table=table), day=day))
    ]
    return sorted(stages, key=lambda s: (s.account, s.currency, PLACES.index(s.place)))


def in_doubt(desk: Desk, day: date) -> dict[str, tuple[int, int]]:
    """Of what counts as at the bank on `day`, what something speaks against: by currency how many payouts, and their
    sum in minor units."""
    found: dict[str, tuple[int, int]] = {}
    for p in desk.payouts:
        if p.match is None or not p.match.against or p.match.contradicted:
            continue
        booked = desk.booked_on(p)
        if booked is not None and booked <= day:
            payouts, amount = found.get(p.currency, (0, 0))
            found[p.currency] = (payouts + 1, amount + p.amount)
    return found


def held(desk: Desk, day: date, accounts: tuple[str, ...] = ()) -> list[Stage]:
    """The money of some accounts (all, when none is named) that is under way on `day`: what an order can freeze.

    The desk must have its payouts restored: orders of a bare total that was paid are at the bank, not awaiting release.
    """
    return [
        s
        for s in position(desk, day)
        if s.place not in ARRIVED and s.amount and (not accounts or s.account in accounts)
    ]


def _stage(row: dict[str, Any], day: date) -> Stage:
    dates: list[date | None] = [None, None, None]
    if row["earliest"] and row["place"] != "at_bank":
        middle = row["first_likely"] + (row["last_likely"] - row["first_likely"]) / 2
        dates = [max(found, day + timedelta(days=1)) for found in (row["earliest"], middle, row["latest"])]
        if row["undated"]:  # of a part nobody knows when: the last day is not known, nor the middle one
            dates[1:] = [None, None]
    return Stage(
        account=row["account"],
        currency=row["currency"],
        place=row["place"],
        orders=row["orders"],
        amount=int(row["amount"]),
        gross=int(row["gross"]),
        earliest=dates[0],
        likely=dates[1],
        latest=dates[2],
    )


def _restored(desk: Desk) -> pa.Table:
    rows = [
        (r.account, r.currency, o.order_id, p.paid_on, o.net, r.payout_id)
        for p in desk.payouts
        if (r := p.restoration) is not None and r.verdict != "unexplained"
        for o in r.orders
    ]
    names = ("account", "currency", "order_id", "paid_on", "net", "payout_id")
    types = (pa.string(), pa.string(), pa.string(), pa.date32(), pa.int64(), pa.string())
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})


def _arrivals(desk: Desk) -> pa.Table:
    """When each payout was paid and booked, and what is missing in a credit that a person took for it.

    A match that more than the amount speaks against proves no arrival. A payout of nothing (or
    less) sends nothing: what it settled comes with the next.
    """
    payouts = [p for p in desk.payouts if p.basis != "failed"]  # one that failed sent nothing
    paid_on: list[date | None] = []
    booked_on: list[date | None] = []
    short: list[int] = []
    back = [(r.day if (r := desk.back(p)) else None) for p in payouts]
    following: dict[tuple[str, str], Payout] = {}
    for p in reversed(payouts):  # they are in the order of their days
        sent = p if p.amount > 0 else following.get((p.account, p.currency), p)
        if p.amount > 0:
            following[p.account, p.currency] = p
        paid_on.append(sent.paid_on)
        booked_on.append(None if sent.match and sent.match.contradicted else desk.booked_on(sent))
        short.append((p.match.short or 0) if p.match and p.match.against and not p.match.contradicted else 0)
    columns = {
        "account": pa.array([p.account for p in payouts], pa.string()),
        "currency": pa.array([p.currency for p in payouts], pa.string()),
        "payout_id": pa.array([p.payout_id for p in payouts], pa.string()),
        "amount": pa.array([p.amount for p in payouts], pa.int64()),
        "evidence": pa.array([p.evidence for p in payouts], pa.string()),
        "line": pa.array([p.line for p in payouts], pa.int64()),
        "short": pa.array(short[::-1], pa.int64()),
        "paid_on": pa.array(paid_on[::-1], pa.date32()),
        "booked_on": pa.array(booked_on[::-1], pa.date32()),
        "returned_on": pa.array(back, pa.date32()),
    }
    return pa.table(columns)
