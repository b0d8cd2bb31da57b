"""Every trade in one row: order, payment, parcel, tracking, export list, customs' answer, receipt and invoice beside
each other. Rules are conditions on these columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.statuses import NOT_SALES
from crossbook.trade.witnesses import SELLER, WITNESSES
from crossbook.verify import jurisdictions, own_firms, papers, refunds, repeats, rings, screening, together, usual
from crossbook.verify.needs import PAPERS, Needs

# The states of an order that is no more; others that are no sale may still become one.
GONE = ("cancelled", "voided", "expired")

# `sale` and `called_off` are null where the book has no order. What several papers of a trade say: `papers`.
_TRADE = """
WITH o AS (
  SELECT order_id, account, placed_at, placed_on, status, status_told, status NOT IN ({not_sales}) AS sale,
         status IN ({gone}) AS called_off, currency, total, remainder, unknown AS unknown_parts, discount,
         tax AS tax_part, tax_included, country, buyer, consignee, witness AS order_witness,
         true AS has_order
  FROM orders
),
p AS ({payment}), s AS ({parcel}), c AS ({list}), i AS ({item}), r AS ({receipt}), v AS ({invoice}), f AS ({refund}),
a AS ({answer}), d AS ({dispute}),
named AS (
  SELECT order_id, o.* EXCLUDE (order_id), p.* EXCLUDE (order_id), s.* EXCLUDE (order_id),
         c.* EXCLUDE (order_id, answer, answer_code, cancelled), c.answer AS list_answer,
         c.answer_code AS list_answer_code, c.cancelled AS list_cancelled
  FROM o FULL JOIN p USING (order_id) FULL JOIN s USING (order_id) FULL JOIN c USING (order_id)
)
SELECT n.* EXCLUDE (several_lists, list_answer, list_answer_code, list_cancelled, left_at, came_at, stray_waybill,
                    declared_item, strange_item, ship_country, handed_country, payer_country, pay_currency,
                    declared_currency, lost_received_at, unproved),
       i.* EXCLUDE (order_id), r.* EXCLUDE (order_id, sent_at), v.* EXCLUDE (order_id), d.paid_back,
       n.ship_country, n.handed_country, n.payer_country, n.pay_currency, n.declared_currency,
       CASE WHEN has_customs THEN list_answer ELSE a.answer END AS answer,
       CASE WHEN has_customs THEN list_answer_code ELSE a.answer_code END AS answer_code,
       CASE WHEN has_customs THEN list_cancelled ELSE a.cancelled END AS cancelled,
       CASE WHEN several_lists THEN left_at ELSE shipped_at END AS list_left_at,
       CASE WHEN several_lists THEN came_at ELSE coalesce(delivered_at, handed_at) END AS list_came_at,
       CASE WHEN several_lists THEN stray_waybill WHEN declared_tracking <> tracking THEN declared_tracking END
         AS stray_waybill,
       CASE WHEN several_lists THEN coalesce(strange_item, declared_item) ELSE declared_item END AS declared_item,
       CASE WHEN several_lists THEN strange_item WHEN declared_item <> i.item THEN declared_item END AS strange_item,
       coalesce(r.sent_at, shipped_at) AS sent_at,
       CASE WHEN parcels > 1 THEN lost_received_at WHEN lost IS NOT NULL THEN coalesce(r.received_at, delivered_at) END
         AS lost_received_at,
       CASE WHEN parcels > 1 THEN unproved WHEN r.received_at IS NULL THEN unproved ELSE 0 END AS unproved,
       {witnesses} AS witnesses,
       f.refunded, f.refund_currency, CASE WHEN f.refund_currency = n.pay_currency THEN n.paid - f.refunded END AS kept,
       CASE WHEN i.items = 1 AND i.quantity > 0 AND n.total IS NOT NULL THEN n.total / i.quantity END AS unit_price
FROM named n LEFT JOIN i USING (order_id) LEFT JOIN a USING (order_id) LEFT JOIN r USING (order_id)
LEFT JOIN v USING (order_id) LEFT JOIN d USING (order_id) LEFT JOIN f USING (order_id)
"""

# Whom a label names, without the firm or host in whose care the parcel is.
ADDRESSEE = r"regexp_replace(ship_consignee, '[\s,(（]+(c/o|care of|z\. ?hd\.?|in care of)\s.*$', '', 'i')"

# The names that rules hold against each other.
_NAMES = f"""
SELECT payer AS a, buyer AS b FROM trade UNION ALL SELECT {ADDRESSEE}, consignee FROM trade
UNION ALL SELECT invoice_buyer, buyer FROM trade UNION ALL SELECT consignee, buyer FROM trade
"""
_BUSINESS = """
SELECT $own AS own, max(day) AS day FROM (
  SELECT max(placed_on) AS day FROM trade UNION ALL SELECT CAST(max(delivered_at) AS DATE) FROM trade
  UNION ALL SELECT CAST(max(shipped_at) AS DATE) FROM trade UNION ALL SELECT CAST(max(paid_at) AS DATE) FROM trade)
"""
# What the tables are made of, so that kept ones are made anew when it changes.
TEXTS = (
    *(
        _TRADE,
        _NAMES,
        _BUSINESS,
        *papers.ALL,
        *together.ALL,
        *usual.ALL,
        *repeats.ALL,
        *refunds.ALL,
        *rings.ALL,
        *jurisdictions.ALL,
    ),
    *own_firms.ALL,
    *screening.ALL,
)


def read(database: Database, needs: Mapping[str, Needs], own: str = "", affiliates: Sequence[str] = ()) -> None:
    """Make `trade`, and beside it what all trades together tell.

    `needs` says by account which papers a trade must have; the account "" is for all others. `own` is the name of the
    business, so that a payment from itself is seen, and `affiliates` are the names of its firms elsewhere.
    """
    papers.several(database)
    paid = papers.PAYMENT
    if database.rows("SELECT 1 FROM settled LIMIT 1"):
        paid += f"UNION ALL {papers.SETTLED}"
    select = _TRADE.format(
        payment=paid,
        parcel=papers.PARCEL,
        list=papers.LIST,
        item=papers.ITEM,
        receipt=papers.RECEIPT,
        invoice=papers.INVOICE,
        refund=papers.REFUND,
        answer=papers.ANSWER,
        dispute=papers.DISPUTE,
        witnesses=_witnesses(),
        not_sales=_quoted(NOT_SALES),
        gone=_quoted(GONE),
    )
    database.make("trade", select, own=own)
    together.make(database)
    usual.make(database)
    repeats.make(database)
    refunds.make(database, own)
    rings.make(database)
    jurisdictions.make(database)
    own_firms.make(database, own, affiliates)
    screening.make(database)
    from crossbook.trade.name_pairs import keep_name_pairs  # its alphabets take a while, and tables are often kept

    keep_name_pairs(database, "name_pair", _NAMES)
    columns: dict[str, list[Any]] = {"account": list(needs)}
    columns |= {paper: [paper in n.papers for n in needs.values()] for paper in PAPERS}
    database.keep("needed", pa.table(columns))
    database.make("business", _BUSINESS, own=own)


def _witnesses() -> str:
    """Who else than the seller says anything of the trade, in SQL: words parted by spaces, null for nobody."""
    told = ", ".join(f"{paper}_witness" for paper in ("order", "payment", "shipment", "receipt", "invoice"))
    customs = "CASE WHEN has_customs THEN customs_witness WHEN a.answer IN ('accepted', 'released') THEN 'customs' END"
    words = ", ".join(
        f"CASE WHEN '{who}' IN ({told}, {customs}) THEN '{who}' END" for who in WITNESSES if who != SELLER
    )
    return f"nullif(concat_ws(' ', {words}), '')"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
