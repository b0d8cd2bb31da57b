"""What one buyer or payer does over many trades, and what many do from one place: the same order in a steady rhythm,
amounts just below a limit, one payer for many buyers, many buyers at one address or phone."""

from __future__ import annotations

import csv
from importlib.resources import files

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.signs import phone
from crossbook.verify.persons import count_people

# The same goods for the same price to the same buyer: with the order before, where that was within an hour.
_AGAIN = """
SELECT account, lower(buyer) AS buyer, item, total FROM trade
WHERE buyer IS NOT NULL AND total IS NOT NULL AND item IS NOT NULL AND placed_at IS NOT NULL
GROUP BY ALL HAVING count(*) > 1
"""
_AGAIN_ORDERS = """
SELECT t.order_id, t.account, lower(t.buyer) AS buyer, t.item, t.total, t.currency, t.quantity, t.consignee,
       t.placed_at, o.address, o.phone, o.email
FROM trade t JOIN again a ON a.account IS NOT DISTINCT FROM t.account AND a.buyer = lower(t.buyer)
                         AND a.item = t.item AND a.total = t.total
JOIN orders o ON o.order_id = t.order_id
"""
_REPEATED = """
SELECT order_id, before_id, before_at FROM (
  SELECT order_id, lag(order_id) OVER w AS before_id, lag(placed_at) OVER w AS before_at, placed_at
  FROM again_order
  WINDOW w AS (PARTITION BY account, buyer, item, total, lower(consignee) ORDER BY placed_at, order_id)
) WHERE before_at > placed_at - INTERVAL 1 HOUR
"""
# A rhythm: at least so many, the gaps between them alike. There are many people of one name: it is one buyer when all
# of these orders name one address, phone or e-mail, or when they are most of what is ordered in that name.
_RHYTHM = """
WITH again_at AS (
  SELECT *, unnest(list_distinct(list_filter(['', phone, email, address], lambda c: c IS NOT NULL))) AS contact
  FROM again_order
),
g AS (
  SELECT *, date_diff('second', lag(placed_at) OVER w, placed_at) AS gap FROM again_at
  WINDOW w AS (PARTITION BY account, buyer, contact, item, total, currency, quantity ORDER BY placed_at, order_id)
),
group_of AS (
  SELECT account, buyer, contact, item, total, currency, quantity, count(*) AS orders, avg(gap) AS every,
         min(placed_at) AS first_at, max(placed_at) AS last_at,
         max(contact) <> '' OR count(address) = count(*) AND min(address) = max(address)
           OR count(phone) = count(*) AND min(phone) = max(phone)
           OR count(email) = count(*) AND min(email) = max(email) AS one
  FROM g GROUP BY ALL
  HAVING count(*) >= {least} AND avg(gap) >= 900 AND stddev_pop(gap) <= 0.12 * avg(gap)
),
named AS (
  SELECT account, lower(buyer) AS buyer, count(*) AS n FROM trade
  WHERE lower(buyer) IN (SELECT buyer FROM group_of) GROUP BY ALL
)
SELECT a.order_id, max(g.orders) AS orders, max(CAST(round(g.every / 3600) AS BIGINT)) AS hours
FROM again_at a JOIN group_of g ON g.account IS NOT DISTINCT FROM a.account AND g.buyer = a.buyer
  AND g.contact = a.contact
  AND g.item = a.item AND g.total = a.total AND g.currency IS NOT DISTINCT FROM a.currency
  AND g.quantity IS NOT DISTINCT FROM a.quantity
JOIN named n ON n.buyer = g.buyer AND n.account IS NOT DISTINCT FROM g.account
WHERE coalesce(g.one, false) OR g.orders >= 0.5 * n.n
GROUP BY a.order_id
"""

# Orders just below a limit, by buyer and by payer; in a window that rolls their sum is over it.
_NEAR = """
SELECT 'buyer' AS part, lower(t.buyer) AS name, t.order_id, t.total AS amount, t.placed_at AS moment, l.name AS "limit",
       l.amount AS most, l.days, l.large
FROM trade t JOIN amount_limit l ON l.currency = t.currency AND t.total < l.amount AND t.total >= l.amount * l.near
 AND (l.country IS NULL OR l.country = t.country) AND coalesce(t.placed_on >= l.since, false)
 AND (l.until IS NULL OR t.placed_on < l.until)
WHERE t.buyer IS NOT NULL AND t.placed_at IS NOT NULL AND NOT coalesce(t.called_off, false)
UNION ALL
SELECT 'contact', concat(lower(t.buyer), ' ', coalesce(o.phone, o.email, o.address)), t.order_id, t.total, t.placed_at,
       l.name, l.amount, l.days, l.large
FROM trade t JOIN amount_limit l ON l.currency = t.currency AND t.total < l.amount AND t.total >= l.amount * l.near
 AND (l.country IS NULL OR l.country = t.country) AND coalesce(t.placed_on >= l.since, false)
 AND (l.until IS NULL OR t.placed_on < l.until) AND NOT l.large
JOIN orders o ON o.order_id = t.order_id
WHERE t.buyer IS NOT NULL AND t.placed_at IS NOT NULL AND NOT coalesce(t.called_off, false)
  AND coalesce(o.phone, o.email, o.address) IS NOT NULL
UNION ALL
SELECT 'payer', lower(p.payer), p.order_id, p.amount, p.paid_at, l.name, l.amount, l.days, l.large
FROM payments p JOIN amount_limit l ON l.currency = p.currency AND p.amount < l.amount AND p.amount >= l.amount * l.near
 AND l.country IS NULL AND CAST(p.paid_at AS DATE) >= l.since
 AND (l.until IS NULL OR CAST(p.paid_at AS DATE) < l.until)
WHERE p.payer IS NOT NULL AND p.paid_at IS NOT NULL
"""
_SUMMED = """
WITH w AS (
  SELECT a.part, a.name, a."limit", a.order_id AS first, b.order_id, b.amount, a.most, a.large
  FROM near_told a JOIN near_told b ON b.part = a.part AND b.name = a.name AND b."limit" = a."limit"
   AND b.moment >= a.moment AND b.moment < a.moment + to_days(CAST(a.days AS INTEGER))
),
over AS (
  SELECT part, name, "limit", first FROM w GROUP BY ALL
  HAVING count(DISTINCT order_id) >= {least} AND sum(amount) > max(most)
),
named AS (
  SELECT lower(buyer) AS name, count(*) AS n FROM trade WHERE lower(buyer) IN (SELECT name FROM over) GROUP BY ALL
),
mine AS (SELECT part, name, "limit", count(DISTINCT order_id) AS n FROM near_told GROUP BY ALL)
SELECT w.order_id, min(w."limit") AS "limit", min_by(l.source, l.name) AS source,
       max(s.orders) AS orders, max(s.amount) AS amount
FROM w JOIN (SELECT part, name, "limit", first, count(DISTINCT order_id) AS orders, sum(amount) AS amount
             FROM w GROUP BY ALL) s USING (part, name, "limit", first)
JOIN over USING (part, name, "limit", first) JOIN mine USING (part, name, "limit")
LEFT JOIN named d ON d.name = w.name LEFT JOIN amount_limit l ON l.name = w."limit"
WHERE w.large OR w.part = 'contact' OR mine.n >= 0.5 * coalesce(d.n, mine.n)
GROUP BY w.order_id
"""

# Who paid for several buyers: by the account that it was paid from, where it is written in full, or by a name that is
# not the buyer's. An account behind a twentieth of all payments is an institution's, and nobody's.
_PAYERS = """
WITH named AS (
  SELECT concat('name ', lower(p.payer), ' ', coalesce(p.payer_country, '')) AS sign, p.order_id, o.buyer AS name
  FROM payments p JOIN orders o USING (order_id)
  WHERE p.payer IS NOT NULL AND o.buyer IS NOT NULL AND lower(p.payer) <> lower(o.buyer)
),
account AS (
  SELECT concat('account ', upper(regexp_replace(p.payer_account, '[^0-9A-Za-z]', '', 'g'))) AS sign, p.order_id,
         o.buyer AS name
  FROM payments p JOIN orders o USING (order_id)
  WHERE p.payer_account IS NOT NULL AND o.buyer IS NOT NULL AND NOT contains(p.payer_account, '*')
    AND length(regexp_replace(p.payer_account, '[^0-9A-Za-z]', '', 'g')) >= 8
),
every AS (SELECT * FROM named UNION ALL SELECT * FROM account)
SELECT * FROM every WHERE sign IN (
  SELECT sign FROM every GROUP BY sign
  HAVING count(DISTINCT lower(name)) >= {least}
     AND (count(*) < 200 OR 20 * count(*) < (SELECT count(*) FROM payments)))
"""
# Kinds of street, which addresses write out, shorten or leave away; a street with its number names no place on it:
# 88 College Ave is no college. An address without these and without the state before an American postcode is one
# however it is written (USPS Publication 28, appendices B and C1).
_KINDS = (
    "street|str|st|avenue|ave?|road|rd|row|way|lane|ln|drive|dr|"
    "boulevard|blvd|court|ct|circle|cir|place|pl|terrace|ter|"
    "parkway|pkwy|square|sq|highway|hwy|close|crescent|alley|trail|plaza"
)
_STREET = (
    rf"\b[0-9]+[a-z]?,?\s+(?:[a-z.\-]+\s+){{1,3}}(?:{_KINDS})\b"
    rf"|\b(?:[a-z.\-]+\s+){{1,2}}(?:{_KINDS})\.?\s+[0-9]+"
)
_STATE = r"\b[a-z]{2}\s+([0-9]{5})\s*$"
_FOLDED = rf"""replace(regexp_replace(regexp_replace(regexp_replace(
  translate(lower(address), '.,;:-#/\''"()', '           '), '{_STATE}', '\1'),
  '\b(?:{_KINDS}|nos?|nr)\b', ' ', 'g'), '\b([nsew])(?:orth|outh|ast|est)\b', '\1', 'g'), ' ', '')"""
_ADDRESSES = """
WITH written AS (
  SELECT order_id, address, coalesce(consignee, buyer) AS consignee, buyer FROM orders WHERE address IS NOT NULL
  UNION ALL
  SELECT p.order_id, p.address, p.consignee, o.buyer FROM parcels p LEFT JOIN orders o ON o.order_id = p.order_id
  WHERE p.address IS NOT NULL
),
place AS MATERIALIZED (
  SELECT *, {folded} AS folded FROM written WHERE length(address) >= 8 AND regexp_matches(address, '[0-9]')
),
told AS (
  SELECT concat('to ', folded) AS sign, order_id, consignee AS name, address FROM place
  UNION ALL
  SELECT concat('by ', folded), order_id, buyer, address FROM place
)
SELECT t.sign, t.order_id, t.name FROM told t
JOIN (SELECT sign FROM told GROUP BY sign HAVING count(DISTINCT lower(name)) >= {least}) s USING (sign)
WHERE NOT regexp_matches(regexp_replace(lower(t.address), '{street}', ' ', 'g'), '{places}')
"""
_PHONES = """
WITH told AS (
  SELECT {of_order} AS sign, o.order_id, coalesce(o.consignee, o.buyer) AS name, o.address
  FROM orders o WHERE o.phone IS NOT NULL
  UNION ALL
  SELECT {of_parcel}, p.order_id, p.consignee, p.address FROM parcels p
  WHERE p.phone IS NOT NULL
)
SELECT sign, order_id, name FROM told
WHERE length(replace(sign, left(sign, 1), '')) > 0
  AND sign IN (SELECT sign FROM told GROUP BY sign
               HAVING count(DISTINCT lower(name)) >= {least} AND count(DISTINCT lower(name)) < 50)
  AND NOT coalesce(regexp_matches(regexp_replace(lower(address), '{street}', ' ', 'g'), '{places}'), false)
"""
_MANY = """
SELECT t.order_id, max(p.people) AS people, max_by(t.sign, (p.people, t.sign)) AS sign
FROM {told} t JOIN {people} p USING (sign) WHERE p.people >= {least} GROUP BY t.order_id
"""
PAYERS, PHONES, ADDRESSES, RHYTHM, NEAR = 3, 4, 5, 4, 3  # from how many on it is said

ALL = (_AGAIN, _AGAIN_ORDERS, _REPEATED, _RHYTHM, _NEAR, _SUMMED, _PAYERS, _ADDRESSES, _PHONES, _MANY)


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("crossbook") / "data" / "verify" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def limits() -> pa.Table:
    """`data/verify/limits.csv`: amounts in minor units, from which share of them on an order is just below."""
    rows = _rows("limits.csv")
    columns = {
        "name": pa.array([r["name"] for r in rows]),
        "source": pa.array([r["source"] for r in rows]),
        "amount": pa.array([int(r["amount"]) for r in rows], pa.int64()),
        "currency": pa.array([r["currency"] for r in rows]),
        "near": pa.array([int(r["near_percent"]) / 100 for r in rows], pa.float64()),
        "days": pa.array([int(r["window_days"]) for r in rows], pa.int64()),
        "large": pa.array([r["large"] == "yes" for r in rows]),
        "country": pa.array([r["country"] or None for r in rows], pa.string()),
        "since": pa.array([r["valid_from"] for r in rows]).cast(pa.date32()),
        "until": pa.array([r["valid_to"] or None for r in rows], pa.string()).cast(pa.date32()),
    }
    return pa.table(columns)


def places() -> str:
    """A pattern of the words of addresses at which many receive, by `data/verify/places.csv`."""
    return "|".join(r["pattern"] for r in _rows("places.csv")).replace("'", "''")


def state() -> str:
    """A text that changes with the tables that ship."""
    return repr((_rows("limits.csv"), _rows("places.csv")))


def make(database: Database) -> None:
    """Make the tables. Needs `trade`."""
    database.scratch("again", _AGAIN)
    database.scratch("again_order", _AGAIN_ORDERS)
    database.make("repeated", _REPEATED)
    database.make("rhythm", _RHYTHM.format(least=RHYTHM))
    database.put("amount_limit", limits())
    database.scratch("near_told", _NEAR)
    database.make("near_limit", _SUMMED.format(least=NEAR))
    _many(database, "payer_many", _PAYERS.format(least=PAYERS), PAYERS)
    _many(
        database,
        "address_many",
        _ADDRESSES.format(least=ADDRESSES, places=places(), street=_STREET, folded=_FOLDED),
        ADDRESSES,
    )
    phones = {"of_order": phone("o.phone"), "of_parcel": phone("p.phone")}
    _many(database, "phone_many", _PHONES.format(least=PHONES, places=places(), street=_STREET, **phones), PHONES)


def _many(database: Database, name: str, select: str, least: int) -> None:
    database.scratch(f"{name}_told", select)
    count_people(database, f"{name}_people", f"SELECT sign, name FROM {name}_told", families=True)
    database.make(name, _MANY.format(told=f"{name}_told", people=f"{name}_people", least=least))
