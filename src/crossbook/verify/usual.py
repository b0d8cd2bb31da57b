"""What is usual for a product, an account, a carrier, and the trades that are not: prices, titles, modes of customs,
paid and never sent, sent and never seen."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
from rapidfuzz import fuzz

from crossbook.engine import Database
from crossbook.trade.country_names import differ, unknown
from crossbook.trade.transliteration import plain, scripts

_PRICE = """
SELECT item, currency, quantile_cont(unit_price, 0.5) AS middle, quantile_cont(unit_price, 0.05) AS low,
       quantile_cont(unit_price, 0.95) AS high, count(*) AS n
FROM trade WHERE unit_price IS NOT NULL GROUP BY item, currency HAVING count(*) >= 20
"""
# What the goods of an order with several lines usually come to, where each of them has a usual price.
_GOODS = """
SELECT l.order_id, sum(u.low * l.quantity) AS low, sum(u.middle * l.quantity) AS middle,
       sum(u.high * l.quantity) AS high
FROM order_lines l SEMI JOIN several_order_lines USING (order_id)
LEFT JOIN usual_price u ON u.item = l.item AND u.currency = l.currency
GROUP BY l.order_id HAVING count(u.middle * l.quantity) = count(*)
"""
# The most frequent, of equals the first of the alphabet: which row comes first is chance.
_INSTITUTION = """
SELECT account, min(institution) FILTER (place = 1) AS usual, max(paid_by) AS usual_by
FROM (
  SELECT account, institution, max(paid_by) AS paid_by,
         row_number() OVER (PARTITION BY account ORDER BY institution IS NULL, count(*) DESC, institution) AS place
  FROM trade WHERE account IS NOT NULL AND has_payment GROUP BY account, institution
) GROUP BY account
"""
# How many of an account's paid orders of a month the book has a parcel of.
_SENT = """
SELECT account, date_trunc('month', placed_on) AS month, count(*) AS n,
       count(*) FILTER (has_shipment) / count(*) AS share
FROM trade WHERE has_payment AND sale AND account IS NOT NULL AND placed_on IS NOT NULL GROUP BY ALL
"""
# Parcels that no tracker says anything of, nor the buyer or another than the seller that they came, of carriers whose
# other parcels of the month are followed (`followed`); or that nobody says to have come, where nearly all others did.
_UNSCANNED = """
WITH got AS (SELECT DISTINCT order_id FROM receipts WHERE received_at IS NOT NULL),
p AS (
  SELECT p.order_id, p.tracking, p.carrier, p.shipped_at, date_trunc('month', p.shipped_at) AS month,
         p.silent IS NOT NULL OR g.order_id IS NOT NULL OR p.delivered_at IS NOT NULL AND p.witness <> 'seller' AS seen,
         p.silent IS NOT NULL AS scanned,
         coalesce(p.delivered_at, p.handed_at, p.moved_at) IS NOT NULL OR coalesce(p.silent, false)
           OR g.order_id IS NOT NULL AS came
  FROM parcels p LEFT JOIN got g ON g.order_id = p.order_id WHERE p.tracking IS NOT NULL AND p.shipped_at IS NOT NULL
),
usual AS (
  SELECT carrier, month, count(*) FILTER (scanned) >= 0.9 * count(*) AS followed,
         count(*) - count(*) FILTER (came) <= greatest(1, 0.02 * count(*)) AS arrived
  FROM p GROUP BY ALL HAVING count(*) >= 20
)
SELECT order_id, min(tracking) AS tracking, min(shipped_at) AS shipped_at, bool_or(followed AND NOT seen) AS followed
FROM p JOIN usual u ON u.carrier IS NOT DISTINCT FROM p.carrier AND u.month = p.month
WHERE followed AND NOT seen OR arrived AND NOT came GROUP BY order_id
"""
_REFUND = """
SELECT r.order_id, min(r.refunded_at) AS refunded_at FROM refunds r
JOIN trade t ON t.order_id = r.order_id WHERE r.refunded_at < t.paid_at GROUP BY r.order_id
"""
# An export list of a trade that names another consignee or another country.
_DECLARED = f"""
SELECT d.order_id, min(d.destination) FILTER ({differ("d.destination", "t.country")}) AS country,
       min(d.consignee) FILTER (n.degree = 'different') AS consignee
FROM declarations d JOIN trade t ON t.order_id = d.order_id
LEFT JOIN declared_name n ON n.a = d.consignee AND n.b = t.consignee
WHERE NOT coalesce(d.cancelled, false) AND ({differ("d.destination", "t.country")} OR n.degree = 'different')
GROUP BY d.order_id
"""
# What papers write for a country that is none: the first of them, and what it has. The order comes first.
_STRANGE_COUNTRY = f"""
SELECT order_id, min_by(paper, place) AS paper, min_by(told, place) AS told FROM (
  SELECT order_id, 1 AS place, 'order' AS paper, country AS told FROM trade WHERE {unknown("country")}
  UNION ALL SELECT order_id, 2, 'payment', payer_country FROM trade WHERE {unknown("payer_country")}
  UNION ALL SELECT order_id, 3, 'shipment', ship_country FROM trade WHERE {unknown("ship_country")}
  UNION ALL SELECT order_id, 4, 'tracking', handed_country FROM trade WHERE {unknown("handed_country")}
  UNION ALL SELECT order_id, 5, 'customs', destination FROM declarations
  WHERE {unknown("destination")} AND order_id IN (SELECT order_id FROM trade)
) s GROUP BY order_id
"""
_DECLARED_NAMES = """
SELECT d.consignee AS a, o.consignee AS b FROM declarations d JOIN orders o USING (order_id)
WHERE d.consignee IS NOT NULL
"""

# Companies by the legal forms in their names.
FIRM = (
    r"regexp_matches(lower(coalesce({}, '')), '\b(ltd|limited|llc|inc|corp|corporation|company|co|gmbh|kg|ag|sarl|sas|"
    r"plc|pty|pte|bv|nv|ab|oy|as|aps|srl|spa|sl|kft|sro|doo|kk|ug|ohg)\b|公司|株式会社|有限会社|合同会社|주식회사|"
    r"유한회사|ооо|зао|оао|商行|商会|工厂|集团')"
)
# The mode of most lists of an account, and lists whose mode does not fit the trade. 9610 and 1210 are for retail, 9710
# for sales to firms, 9810 for goods that are stored abroad before they are sold.
_MODE = """
WITH most AS (
  SELECT account, max_by(mode, (n, mode)) AS mode, sum(n) AS n, max(n) / sum(n) AS share
  FROM (SELECT account, mode, count(*) AS n FROM trade WHERE mode IS NOT NULL GROUP BY ALL) GROUP BY account
),
listed AS (
  SELECT d.order_id, d.mode, d.declared_on, d.tracking, t.account, t.quantity, t.placed_at, t.total, p.tracking AS sent,
         {firm} AS firm, t.has_order
  FROM (SELECT DISTINCT order_id, mode, declared_on, tracking FROM declarations
        WHERE mode IS NOT NULL AND NOT coalesce(cancelled, false)) d
  JOIN trade t ON t.order_id = d.order_id
  LEFT JOIN parcels p ON p.order_id = d.order_id AND p.tracking = d.tracking
  WHERE t.has_order AND (d.mode <> '9610' OR t.quantity >= {wholesale})
)
SELECT l.order_id, min(l.mode) AS mode, min(m.mode) AS usual,
       min(CASE WHEN l.mode IN ('9610', '1210') AND l.quantity >= {wholesale} THEN 'wholesale'
                WHEN l.mode = '9710' AND NOT firm AND coalesce(l.quantity, 1) < 10 THEN 'consumer'
                WHEN l.mode = '9810' AND l.sent IS NOT NULL
                     AND l.declared_on >= CAST(l.placed_at + INTERVAL 8 HOURS AS DATE) THEN 'sold before'
                ELSE 'unusual' END) AS reason
FROM listed l LEFT JOIN most m ON m.account = l.account
WHERE l.mode IN ('9610', '1210') AND l.quantity >= {wholesale}
   OR l.mode = '9710' AND NOT firm AND coalesce(l.quantity, 1) < 10
   OR l.mode = '9810' AND l.sent IS NOT NULL AND l.declared_on >= CAST(l.placed_at + INTERVAL 8 HOURS AS DATE)
   OR l.mode <> m.mode AND m.n >= 20 AND m.share >= 0.9 AND NOT firm AND coalesce(l.quantity, 1) < 10
GROUP BY l.order_id
"""
WHOLESALE = 100  # pieces in one order, from which it is no retail

# Goods that hardly anybody bought, of which the list of products knows nothing, at more than twice the dearest price
# that is usual, where five products or more have one.
_OFF = """
WITH dear AS (SELECT currency, max(high) AS dearest FROM usual_price GROUP BY currency HAVING count(*) >= 5),
rare AS (
  SELECT t.item, t.account FROM trade t WHERE t.item IS NOT NULL GROUP BY ALL HAVING count(*) <= 5
)
SELECT t.order_id, min(coalesce(l.title, t.item)) AS title, max(d.dearest) AS dearest
FROM trade t JOIN rare r ON r.item = t.item AND r.account IS NOT DISTINCT FROM t.account
JOIN dear d ON d.currency = t.currency AND t.unit_price > 2 * d.dearest
JOIN order_lines l ON l.order_id = t.order_id
GROUP BY t.order_id HAVING count(l.product_name) = 0
"""

# Titles that are rare for their product in an account, each beside all that are usual for it.
_TITLES = """
WITH told AS (
  SELECT l.account, l.item, l.title, count(*) AS n, min(l.product_name) AS product
  FROM {lines} l WHERE l.item IS NOT NULL AND l.title IS NOT NULL GROUP BY l.account, l.item, l.title
),
most AS (SELECT account, item, max(n) AS most FROM told GROUP BY ALL HAVING count(*) > 1)
SELECT r.account, r.item, r.title, u.title AS usual, r.product,
       (SELECT max(o.n) FROM told o WHERE o.title = r.title AND o.item <> r.item
          AND o.account IS NOT DISTINCT FROM r.account) > r.n AS elsewhere
FROM told r JOIN most m ON m.item = r.item AND m.account IS NOT DISTINCT FROM r.account AND 2 * r.n <= m.most
JOIN told u ON u.item = r.item AND u.account IS NOT DISTINCT FROM r.account AND u.n > r.n
"""
_STRANGE = """
SELECT l.order_id, min(l.item) AS item, min(l.title) AS title, min(s.usual) AS usual
FROM {lines} l JOIN {table} s ON s.item = l.item AND s.title = l.title
                                       AND s.account IS NOT DISTINCT FROM l.account
GROUP BY l.order_id
"""
# Lines of lists as lines of orders. Beside what else an item is declared as, its title in orders is a name of it, too.
_DECLARED_LINES = """
SELECT t.account, d.order_id, d.item, d.title, l.title AS product_name
FROM declarations d JOIN trade t ON t.order_id = d.order_id
LEFT JOIN (
  SELECT account, item, title, row_number() OVER (PARTITION BY account, item ORDER BY count(*) DESC, title) AS place
  FROM order_lines WHERE title IS NOT NULL GROUP BY account, item, title
) l ON l.item = d.item AND l.account IS NOT DISTINCT FROM t.account AND l.place = 1
WHERE NOT coalesce(d.cancelled, false) AND d.title IS NOT NULL
"""
ALIKE = 55  # of 100, rapidfuzz's set ratio of two titles' words

ALL = (
    _PRICE,
    _GOODS,
    _INSTITUTION,
    _SENT,
    _UNSCANNED,
    _REFUND,
    _DECLARED,
    _STRANGE_COUNTRY,
    _MODE,
    _TITLES,
    _STRANGE,
    _OFF,
    _DECLARED_LINES,
    str(ALIKE),
)


def make(database: Database) -> None:
    """Make the tables. Needs `trade`, and `several_order_lines`."""
    from crossbook.trade.name_pairs import keep_name_pairs  # its alphabets take a while, and tables are often kept

    database.make("usual_price", _PRICE)
    database.make("usual_goods", _GOODS)
    database.make("usual_institution", _INSTITUTION)
    database.make("sent_share", _SENT)
    database.make("unscanned", _UNSCANNED)
    database.make("early_refund", _REFUND)
    keep_name_pairs(database, "declared_name", _DECLARED_NAMES)
    database.make("declared_else", _DECLARED)
    database.make("strange_country", _STRANGE_COUNTRY)
    firm = " OR ".join(FIRM.format(f"t.{column}") for column in ("buyer", "consignee", "invoice_buyer"))
    database.make("unfit_mode", _MODE.format(firm=f"({firm})", wholesale=WHOLESALE))
    database.make("off_business", _OFF)
    _titles(database, "order_lines", "title_strange", "strange_title")
    database.scratch("declared_line", _DECLARED_LINES)
    _titles(database, "declared_line", "declared_strange", "strange_declared")


def _titles(database: Database, lines: str, table: str, name: str) -> None:
    """`name`: orders whose goods are called otherwise in these lines than their product is."""
    usual: dict[tuple[str | None, str, str], list[str]] = {}
    taken = set()  # titles that another product is usually called by
    for r in database.rows(_TITLES.format(lines=lines)):
        key = (r["account"], r["item"], r["title"])
        usual.setdefault(key, []).append(r["usual"])
        if r["product"]:
            usual[key].append(r["product"])
        if r["elsewhere"]:
            taken.add(key)
    written = _written(database, lines) if usual else {}
    strange = []
    for key, others in usual.items():
        letters = _letters(key[2])
        foreign = all(not letters & _letters(other) for other in others)
        if key in taken or not (any(alike(key[2], o) for o in others) or (foreign and written[key[0]](letters))):
            strange.append((*key, others[0]))
    columns = zip(
        ("account", "item", "title", "usual"), zip(*strange, strict=True) if strange else [[]] * 4, strict=True
    )
    database.put(table, pa.table({column: pa.array(list(told), pa.string()) for column, told in columns}))
    database.make(name, _STRANGE.format(lines=lines, table=table))


def _letters(title: str) -> frozenset[str]:
    """The scripts of a title; Han and kana are one, for a Japanese title has both."""
    return frozenset("han" if s == "kana" else s for s in scripts(plain(title)))


def _written(database: Database, lines: str) -> dict[str | None, Callable[[frozenset[str]], bool]]:
    """By account, whether more than a tenth of its orders have titles in some of these scripts: it writes both."""
    found: dict[str | None, dict[frozenset[str], int]] = {}
    for r in database.rows(f"SELECT account, title, count(*) AS n FROM {lines} WHERE title IS NOT NULL GROUP BY ALL"):
        told = found.setdefault(r["account"], {})
        letters = _letters(r["title"])
        told[letters] = told.get(letters, 0) + r["n"]

    def both(told: dict[frozenset[str], int]) -> Callable[[frozenset[str]], bool]:
        return lambda letters: 10 * sum(n for of, n in told.items() if of & letters == letters) > sum(told.values())

    return {account: both(told) for account, told in found.items()}


def alike(a: str, b: str) -> bool:
    """Whether two titles may be of one product: they share words, or characters where no spaces part words."""
    x, y = plain(a), plain(b)
    if scripts(x) & scripts(y) & {"han", "kana", "hangul", "thai"}:
        return bool({c for c in x if not c.isascii()} & {c for c in y if not c.isascii()})
    return fuzz.token_set_ratio(x, y) >= ALIKE or fuzz.partial_ratio(x, y) >= 80
