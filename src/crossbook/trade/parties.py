"""Parties: buyers, consignees, payers, payees and the business itself, as entities, and which papers name them.

Two mentions are one party where an e-mail, a phone, an account or an address with the same name ties them together, or
where two papers of one trade write one name. A name alone ties nothing across trades: there is more than one Wang Wei.
What ties more than `CROWD` different names together (a forwarder's phone, a shop's address) ties nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from crossbook.book import Book
from crossbook.engine import Database, Publication
from crossbook.trade.degree import Degree
from crossbook.trade.name_pairs import degrees
from crossbook.trade.signs import further_phones, phone, plain, shown
from crossbook.trade.transliteration import latin

CROWD = 5
SIGNS = ("email", "phone", "number", "home")  # what ties mentions together across trades, strongest first
NEAR = (Degree.SAME.value, Degree.MAY_BE.value)

# Who each paper names, in which part. `number` is an account with a bank or payment institution.
_NAMED = """
SELECT order_id, 'order' AS paper, 'buyer' AS role, buyer AS name, NULL AS address, phone, email, NULL AS number,
       NULL AS country, evidence, line FROM orders
UNION ALL
SELECT order_id, 'order', 'consignee', consignee, address, NULL, NULL, NULL, country, evidence, line FROM orders
UNION ALL
SELECT order_id, 'payment', 'payer', payer, payer_address, payer_phone, payer_email, payer_account, payer_country,
       evidence, line FROM payments
UNION ALL
SELECT order_id, 'payment', 'payee', payee, NULL, NULL, NULL, NULL, NULL, evidence, line FROM payments
UNION ALL
SELECT order_id, 'shipment', 'consignee', consignee, address, phone, NULL, NULL, country, evidence, line FROM parcels
UNION ALL
SELECT order_id, 'customs', 'consignee', consignee, NULL, NULL, NULL, NULL, destination, evidence, line
FROM declarations
UNION ALL
SELECT order_id, 'invoice', 'buyer', buyer, address, NULL, NULL, NULL, country, evidence, line FROM invoices
UNION ALL
SELECT order_id, 'receipt', 'consignee', signed_by, NULL, NULL, NULL, NULL, country, evidence, line FROM receipts
UNION ALL
SELECT NULL, 'bank', 'payer', counterparty, NULL, NULL, NULL, NULL, NULL, evidence, line
FROM bank_used WHERE amount > 0
UNION ALL
SELECT NULL, 'settings', 'business', name, address, phone, email, NULL, country, NULL, NULL FROM business_named
"""

# A mention with nothing but a name stands for its own trade alone. One with several phones stands once for each; those
# behind the first are `further`.
_MENTIONED = f"""
WITH one AS ({_NAMED}),
named AS (
  SELECT *, false AS further FROM one
  UNION ALL
  SELECT * FROM (
    SELECT order_id, paper, role, name, address, unnest({further_phones("phone")}) AS phone, email, number, country,
      evidence, line, true AS further
    FROM one WHERE phone IS NOT NULL
  ) b WHERE {phone("phone")} IS NOT NULL
),
folded AS (
  SELECT * REPLACE (nullif(trim(name), '') AS name, nullif(trim(address), '') AS address,
                    nullif(lower(trim(email)), '') AS email,
                    {phone("phone")} AS phone,
                    nullif(regexp_replace(upper(number), '[^0-9A-Z]', '', 'g'), '') AS number)
  FROM (SELECT * REPLACE ({shown("email")} AS email, {shown("number")} AS number)
        FROM named)
),
told AS (
  SELECT *,
         lower(regexp_replace({plain("address")}, '[^\\p{{L}}\\p{{N}}]', '', 'g')) AS home
  FROM folded WHERE name IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL OR number IS NOT NULL
)
SELECT *, dense_rank() OVER (ORDER BY name, email, phone, number, home,
         CASE WHEN coalesce(email, phone, number, home) IS NULL THEN concat(order_id, evidence, line) END) - 1 AS node
FROM told
"""

# Mentions that share a sign, each beside the first of every other name that has it.
_TIED = """
WITH nodes AS (SELECT DISTINCT node, name, "{sign}" AS sign FROM mentioned WHERE "{sign}" IS NOT NULL),
heads AS (SELECT sign, coalesce(lower(name), '') AS folded, min(node) AS head, min_by(name, node) AS name
          FROM nodes GROUP BY ALL),
few AS (SELECT sign FROM heads GROUP BY sign HAVING count(*) <= {crowd})
SELECT DISTINCT n.node AS a, h.head AS b, n.name AS x, h.name AS y
FROM nodes n JOIN few USING (sign) JOIN heads h USING (sign) WHERE n.node <> h.head
"""
_OF_ONE_TRADE = """
SELECT DISTINCT m.node AS a, o.node AS b, m.name AS x, o.name AS y
FROM mentioned m JOIN mentioned o ON o.order_id = m.order_id AND o.node > m.node
WHERE m.name IS NOT NULL AND o.name IS NOT NULL
"""

MENTIONS = """
SELECT party_of.party, m.order_id, m.paper, m.role, m.name, m.address, m.phone, m.email, m.number, m.country,
       m.evidence, m.line
FROM mentioned m JOIN party_of USING (node)
"""
# A party is called what it is called most often; of equals what is not all capitals, then the first of the alphabet.
PARTIES = """
WITH called AS (
  SELECT party, name, row_number() OVER (PARTITION BY party ORDER BY count(*) DESC, name = upper(name), name) AS place
  FROM mentions WHERE name IS NOT NULL GROUP BY party, name
)
SELECT m.party, min(c.name) AS name, list_sort(list(DISTINCT m.name) FILTER (m.name IS NOT NULL)) AS names,
       list_sort(list(DISTINCT address) FILTER (address IS NOT NULL)) AS addresses,
       list_sort(list(DISTINCT phone) FILTER (phone IS NOT NULL)) AS phones,
       list_sort(list(DISTINCT email) FILTER (email IS NOT NULL)) AS emails,
       list_sort(list(DISTINCT number) FILTER (number IS NOT NULL)) AS accounts,
       list_sort(list(DISTINCT country) FILTER (country IS NOT NULL)) AS countries,
       list_sort(list(DISTINCT role)) AS roles, count(DISTINCT order_id) AS orders,
       count(*) FILTER (NOT further) AS papers, bool_or(role = 'business') AS business
FROM (SELECT p.party, m.* FROM mentioned m JOIN party_of p ON p.node = m.node) m
LEFT JOIN called c ON c.party = m.party AND c.place = 1 GROUP BY m.party
"""


def make(database: Database, book: Book) -> None:
    """Make `parties`, one row each, and `mentions`, every place in a paper that names one."""
    business = book.config.get("business", {})
    told = {n: [str(business.get(n, "")) or None] for n in ("name", "address", "phone", "email", "country")}
    make_from(database, pa.table({n: pa.array(v, pa.string()) for n, v in told.items()}))


def make_from(database: Database, business: pa.Table) -> None:
    """The same for a business given as a table of one row: name, address, phone, email, country."""
    database.put("business_named", business)
    database.scratch("mentioned", _MENTIONED)
    nodes = int(database.rows("SELECT coalesce(max(node) + 1, 0) AS n FROM mentioned")[0]["n"])
    top = list(range(nodes))
    for select, near in [(_TIED.format(sign=s, crowd=CROWD), NEAR) for s in SIGNS] + [(_OF_ONE_TRADE, NEAR[:1])]:
        _tie(top, database.arrow(select), near)
    party = {
        "node": pa.array(range(nodes), pa.int64()),
        "party": pa.array([_top(top, n) for n in range(nodes)], pa.int64()),
    }
    database.put("party_of", pa.table(party))
    database.make("mentions", MENTIONS)
    database.make("party_told", PARTIES)
    names = database.rows("SELECT party, name FROM party_told")
    spelled = {"party": [r["party"] for r in names], "latin": [_spelled(r["name"]) for r in names]}
    database.put(
        "party_latin",
        pa.table({"party": pa.array(spelled["party"], pa.int64()), "latin": pa.array(spelled["latin"], pa.string())}),
    )
    database.make("parties", "SELECT p.*, l.latin FROM party_told p JOIN party_latin l USING (party)")
    database.drop("party_told")


def _tie(top: list[int], edges: pa.Table, near: Iterable[str]) -> None:
    """Unite the mentions of each edge whose names are near enough; where one names nobody the sign alone ties them."""
    told = degrees(edges["x"], edges["y"]).to_pylist()
    nameless = [x is None or y is None for x, y in zip(edges["x"].to_pylist(), edges["y"].to_pylist(), strict=True)]
    for a, b, degree, alone in zip(edges["a"].to_pylist(), edges["b"].to_pylist(), told, nameless, strict=True):
        if alone or degree in near:
            one, other = _top(top, a), _top(top, b)
            top[max(one, other)] = min(one, other)


def _top(top: list[int], node: int) -> int:
    while top[node] != node:
        top[node] = top[top[node]]
        node = top[node]
    return node


def _spelled(name: str | None) -> str | None:
    """A name in Latin letters; None where it is in Latin letters already."""
    if name is None or name.isascii():
        return None
    return " ".join(latin(word) for word in name.split())


PARTIES_OF_TRADES = Publication(
    name="parties", make=make, rests_on=("trade",), state=lambda book: repr(book.config.get("business", {}))
)
