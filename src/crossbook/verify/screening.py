"""Parties of trades held against the lists that the book has; `trade/listed.py` says what is a hit."""

from __future__ import annotations

from collections import defaultdict

from crossbook.engine import Database
from crossbook.trade.listed import STRONG, WEAK, hits

# Names of trades with the countries beside them.
_NAMED = """
SELECT order_id, 'buyer' AS role, buyer AS name, country FROM orders WHERE buyer IS NOT NULL
UNION ALL SELECT order_id, 'consignee', consignee, country FROM orders WHERE consignee IS NOT NULL
UNION ALL SELECT order_id, 'payer', payer, payer_country FROM payments WHERE payer IS NOT NULL
UNION ALL SELECT order_id, 'payee', payee, NULL FROM payments WHERE payee IS NOT NULL
UNION ALL SELECT order_id, 'consignee', consignee, country FROM parcels WHERE consignee IS NOT NULL
UNION ALL SELECT order_id, 'consignee', consignee, destination FROM declarations WHERE consignee IS NOT NULL
UNION ALL SELECT order_id, 'buyer', buyer, country FROM invoices WHERE buyer IS NOT NULL
"""
_HIT = """
SELECT n.order_id, n.role, h.* FROM screened_name h JOIN party_named n ON n.name = h.name
"""
_OF_TRADE = """
SELECT order_id, max(score) AS score, arg_max(name, (score, list, entry, name)) AS name,
       arg_max(listed, (score, list, entry, name)) AS listed,
       arg_max(concat(list, ' ', entry), (score, list, entry, name)) AS entry
FROM party_hit GROUP BY order_id
"""
ALL = (_NAMED, _HIT, _OF_TRADE, str((STRONG, WEAK)))


def make(database: Database) -> None:
    """Make `party_hit`, a row for each hit of a name in a trade, and `listed_trade`. Needs `trade`."""
    names: list[str] = []
    if database.rows("SELECT 1 FROM listed_party LIMIT 1"):
        database.scratch("party_named", _NAMED)
        names = database.arrow("SELECT DISTINCT name FROM party_named")["name"].to_pylist()
    else:
        database.scratch("party_named", "SELECT NULL AS order_id, NULL AS role, NULL AS name, NULL AS country LIMIT 0")
    countries: dict[str, set[str]] = defaultdict(set)
    for r in database.rows("SELECT DISTINCT name, country FROM party_named WHERE country IS NOT NULL"):
        countries[r["name"]].add(r["country"])
    database.put("screened_name", hits(database, names, countries))
    database.make("party_hit", _HIT)
    database.make("listed_trade", _OF_TRADE)
