"""The transactions inside a payout, each with what the book knows of its goods, parcel and customs entry.

Transactions and other items (advertising, reserves, carried balances) add up to the payout's amount; what they leave
is the `difference`. The fees in the transactions are told a second time by what they are for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from crossbook.filing.pack import settings
from crossbook.filing.pack.listing import Words
from crossbook.filing.pack.origins import Origin, origins
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.flow.following import followed
from crossbook.settle.flow.inside import by_lots, inside_sql
from crossbook.settle.sold import Sold, lines_of, sent_in, sold

# Lines of an order in the payout, sales and refunds apart; a fee is what is stated as one or a line that is one.
SORTED = """
SELECT *,
  CASE WHEN kind IN ('refund', 'refund_fee', 'reversal', 'chargeback') THEN 'refund'
       WHEN kind IN ('dispute_hold', 'dispute_release') THEN kind ELSE 'sale' END AS type_of,
  CASE WHEN fee IS NOT NULL THEN fee WHEN kind IN ('fee', 'refund_fee') THEN amount ELSE 0 END AS fee_part
FROM ({lines}) WHERE order_id IS NOT NULL
"""
FROM_LINES = """
SELECT order_id, type_of AS type, min(day) AS settled_on, sum(amount - fee_part) AS amount, sum(fee_part) AS fees,
       sum(amount) AS net, min_by(country, (line, country)) AS country,
       min_by(evidence, (apart, line, evidence)) AS evidence, min_by(line, (apart, line, evidence)) AS line,
       CAST(NULL AS DOUBLE) AS probability, CAST(sum(began) AS BIGINT) AS began,
       min(began_currency) AS began_currency,
       CAST(sum(CASE WHEN began IS NOT NULL THEN amount END) AS BIGINT) AS became,
       CASE WHEN count(DISTINCT (gave, got)) FILTER (gave IS NOT NULL) = 1 AND count(gave) = count(began)
            THEN min(gave) END AS gave,
       CASE WHEN count(DISTINCT (gave, got)) FILTER (gave IS NOT NULL) = 1 AND count(gave) = count(began)
            THEN min(got) END AS got
FROM ({sorted}) GROUP BY order_id, type_of
"""
# What came back, where the lines of a refund name it: several lines may tell of one (price, tax, fee). How many came
# back is known where each of them is counted.
CAME_BACK = """
SELECT order_id, list(DISTINCT item) AS items,
       CASE WHEN count(quantity) = count(*) THEN CAST(sum(quantity) AS BIGINT) END AS quantity
FROM (SELECT order_id, item, posted_at, max(abs(quantity)) AS quantity FROM ({sorted})
      WHERE type_of = 'refund' AND kind = 'refund' GROUP BY ALL)
GROUP BY order_id HAVING count(item) = count(*)
"""
CONVERSIONS = """
SELECT converted_on AS day, began_currency AS currency, gave, got, CAST(sum(began) AS BIGINT) AS began,
       CAST(sum(amount) AS BIGINT) AS became
FROM ({lines}) WHERE gave IS NOT NULL AND began IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
# Money that was converted more than once, or came converted from a wallet: no one conversion has its two sums.
FURTHER = """
SELECT began_currency AS currency, CAST(sum(began) AS BIGINT) AS began, CAST(sum(amount) AS BIGINT) AS became
FROM ({lines}) WHERE gave IS NULL AND began IS NOT NULL AND began_currency <> $currency GROUP BY ALL ORDER BY ALL
"""
FEES = """
SELECT kind, type, count(*) FILTER (NOT apart) + count(DISTINCT (evidence, line)) FILTER (apart) AS lines,
       sum(fee_part) AS amount, min_by(evidence, (line, evidence)) AS evidence, min(line) AS line
FROM ({sorted}) WHERE fee_part <> 0 GROUP BY kind, type ORDER BY abs(sum(fee_part)) DESC, kind, type
"""
OTHER_ITEMS = """
SELECT kind, type, count(*) AS lines, sum(amount) AS amount, min_by(evidence, (line, evidence)) AS evidence,
       min(line) AS line
FROM ({lines}) WHERE order_id IS NULL GROUP BY kind, type ORDER BY abs(sum(amount)) DESC, kind, type
"""


def _joined(column: str) -> str:
    """All texts of a column in one, in their order; null where there are none."""
    listed = f"list_sort(list(DISTINCT {column}) FILTER ({column} IS NOT NULL))"
    return f"nullif(array_to_string({listed}, ', '), '')"


# Goods by their title, behind the Chinese name that [customs.goods] has for them, with how many of each where there are
# several; a quantity that one line leaves out is not known. A code that some of the goods lack says so. Of declarations
# those at China's customs count that were not cancelled.
# Of a refund of a part (`pack_part`) the goods that came back are told where its lines name goods of the order, else
# those of the order; how many only where its lines say so.
ENRICHED = f"""
WITH listed AS (
  SELECT order_id, item, title, quantity, hs FROM order_lines
  UNION ALL SELECT order_id, item, title, quantity, NULL FROM stray_lines
),
known AS (
  SELECT p.order_id, bool_and(l.item IS NOT NULL) AS named
  FROM (SELECT order_id, unnest(items) AS item FROM pack_part) p
  LEFT JOIN (SELECT DISTINCT order_id, item FROM listed) l ON l.order_id = p.order_id AND l.item = p.item
  GROUP BY p.order_id
),
told AS (
  SELECT l.*, false AS part FROM listed l
  UNION ALL
  SELECT l.* REPLACE (CASE WHEN len(p.items) = 1 AND k.named THEN p.quantity END AS quantity), true AS part
  FROM listed l JOIN pack_part p ON p.order_id = l.order_id LEFT JOIN known k ON k.order_id = l.order_id
  WHERE NOT coalesce(k.named, false) OR list_contains(p.items, l.item)
),
named AS (
  SELECT t.order_id, t.part, concat_ws(' ', nullif(min(nullif(g.name, '')), coalesce(t.title, t.item)),
                               coalesce(t.title, t.item)) AS name,
         CASE WHEN count(t.quantity) = count(*) THEN sum(t.quantity) END AS quantity,
         min(coalesce(t.hs, nullif(g.code, ''))) AS hs, bool_and(s.item IS NOT NULL) AS no_parcel,
         count(*) OVER (PARTITION BY t.order_id, t.part) AS names
  FROM told t SEMI JOIN pack_body b ON b.order_id = t.order_id
  LEFT JOIN pack_code g ON g.item = t.item LEFT JOIN pack_no_parcel s ON s.item = t.item
  GROUP BY t.order_id, t.part, coalesce(t.title, t.item)
),
goods AS (
  SELECT order_id, part,
         string_agg(CASE WHEN names > 1 THEN concat(name, ' ×', coalesce(CAST(quantity AS VARCHAR), '?')) ELSE name END,
                    ', ' ORDER BY name) AS goods,
         CASE WHEN count(quantity) = count(*) THEN CAST(sum(quantity) AS BIGINT) END AS quantity,
         {_joined("hs")} AS hs, count(hs) < count(*) AS hs_lacks, bool_and(no_parcel) AS no_parcel
  FROM named GROUP BY order_id, part
),
sent AS (
  SELECT order_id, {_joined("tracking")} AS tracking, min(shipped_at) AS shipped_at, {_joined("carrier")} AS carrier
  FROM parcels GROUP BY order_id
),
entries AS (
  SELECT order_id, {_joined("declaration")} AS declaration, {_joined("mode")} AS mode, {_joined("hs")} AS hs
  FROM declarations WHERE coalesce(country, 'CN') = 'CN' AND NOT cancelled GROUP BY order_id
)
SELECT b.*, p.placed_on, p.status, p.cancelled_at, g.goods, g.quantity, coalesce(c.hs, g.hs) AS hs,
       c.hs IS NULL AND g.hs IS NOT NULL AND g.hs_lacks AS hs_lacks, coalesce(g.no_parcel, false) AS no_parcel,
       coalesce(p.country, b.country) AS to_country, s.tracking, s.carrier, CAST(s.shipped_at AS DATE) AS shipped_on,
       c.declaration, c.mode, e.name AS file, j.verdict
FROM pack_body b
LEFT JOIN pack_part r ON r.order_id = b.order_id
LEFT JOIN goods g ON g.order_id = b.order_id AND g.part = (b.type = 'refund' AND r.order_id IS NOT NULL)
LEFT JOIN orders p ON p.order_id = b.order_id
LEFT JOIN sent s ON s.order_id = b.order_id
LEFT JOIN entries c ON c.order_id = b.order_id
LEFT JOIN evidence e ON e.sha = b.evidence
LEFT JOIN verdict j ON j.order_id = b.order_id
ORDER BY coalesce(p.placed_on, b.settled_on), b.order_id, b.type
"""
NOT_TO_SEND = ("cancelled", "voided", "expired")  # states of trade/statuses.py


@dataclass(frozen=True)
class Transaction:
    """One trade inside a payout. Texts and days are None where the book does not know them.

    `no_parcel` is why it needs no tracking number, None where it needs one.
    """

    order_id: str
    type: str  # sale, refund, dispute_hold or dispute_release
    ordered_on: date | None
    settled_on: date | None  # by the platform's report
    goods: str | None
    quantity: int | None
    hs: str | None
    amount: int
    fees: int
    net: int
    country: str | None
    shipped_on: date | None
    carrier: str | None
    tracking: str | None
    no_parcel: Words | None
    declaration: str | None
    mode: str | None
    evidence: str
    file: str
    line: int
    probability: float | None
    verdict: str | None  # of the verify desk
    began: int | None = None  # before it was converted or sent on, in minor units of `began_currency`
    began_currency: str | None = None
    became: int | None = None  # what that is here
    gave: int | None = None  # the two sums of the conversion that all of it came by, where it is one
    got: int | None = None
    takes_back: tuple[Sold, ...] = ()  # what was sold, of one that is no sale: a row each currency
    sold_at: str = ""  # file and line of the first of them


@dataclass(frozen=True)
class Conversion:
    """A conversion that a payout's money came by: its two sums, `gave` in `currency` and `got` in the payout's, and
    how much of them is in the payout (`began` and `became`)."""

    day: date
    currency: str
    gave: int
    got: int
    began: int
    became: int


@dataclass(frozen=True)
class Converted:
    """Money of a payout that was converted more than once, or came converted: what it was and what it is."""

    currency: str
    began: int
    became: int


@dataclass(frozen=True)
class Item:
    """What a payout holds beside its trades, or one sort of the fees in them: `kind` in the words of all platforms,
    `type` in the report's own."""

    kind: str
    type: str
    amount: int
    lines: int | None = None
    file: str = ""
    line: int = 0

    @property
    def what(self) -> str:
        """The report's word, else the kind's."""
        return self.type or self.kind


@dataclass(frozen=True)
class Contents:
    """Transactions and items add up to the payout's amount, but for `difference`; `fees` are in the transactions."""

    transactions: list[Transaction]
    items: list[Item]
    fees: list[Item]
    difference: int
    conversions: tuple[Conversion, ...] = ()
    further: tuple[Converted, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def sent(self) -> list[Transaction]:
        """Sales of goods that are to leave the country, or left: those that need a parcel and an export declaration."""
        return [t for t in self.of("sale") if t.no_parcel is None]

    def of(self, *types: str) -> list[Transaction]:
        """The transactions of these types."""
        return [t for t in self.transactions if t.type in types]


def contents(desk: Desk, payout: Payout) -> Contents:
    """What is inside `payout`, from its lines or from its restoration."""
    database, book = desk.database, desk.book
    database.ask("verdict")
    told = settings.selling(book, payout.account)
    goods, without = settings.goods(book), sorted(settings.without_parcel(book))
    codes, words = ([of[i] for of in goods.values()] for i in (0, 1))
    database.put("pack_code", _texts(item=list(goods), code=codes, name=words))
    database.put("pack_no_parcel", _texts(item=without))
    items: list[Item] = []
    conversions: tuple[Conversion, ...] = ()
    further: tuple[Converted, ...] = ()
    names = {e["sha"]: e["name"] for e in book.evidence()}
    if payout.restoration is not None:
        sales = {}
        database.put("pack_body", _restored_rows(payout))
        database.put("pack_part", _PART.empty_table())
        total = -sum(o.fee for o in payout.restoration.orders)
        fees = [Item("fee", "by the settlement rule", total, len(payout.restoration.orders))] if total else []
    else:
        lines = inside_sql(desk, payout)
        sorted_lines = SORTED.format(lines=lines)
        values = {"account": payout.account, "payout": payout.payout_id, "currency": payout.currency}
        body = database.arrow(FROM_LINES.format(sorted=sorted_lines), **values)
        database.put("pack_body", body)
        back = [
            o for o, kind in zip(body["order_id"].to_pylist(), body["type"].to_pylist(), strict=True) if kind != "sale"
        ]
        sales = sold(lines_of(database, back), sent_in(followed(desk), back) if back else {})
        database.put(
            "pack_part", _parts(database.rows(CAME_BACK.format(sorted=sorted_lines), **values), body, payout, sales)
        )
        items = [_item(row, names) for row in database.rows(OTHER_ITEMS.format(lines=lines), **values)]
        fees = [_item(row, names) for row in database.rows(FEES.format(sorted=sorted_lines), **values)]
        conversions = tuple(Conversion(**row) for row in database.rows(CONVERSIONS.format(lines=lines), **values))
        further = tuple(Converted(**row) for row in database.rows(FURTHER.format(lines=lines), **values))
        if payout.closure and payout.basis == "balance" and not by_lots(desk, payout):
            items += [Item("carried", what, amount) for what, amount in payout.closure.parts if what != "lines"]
    transactions = [
        _transaction(
            row, told, () if row["type"] == "sale" else sales.get((payout.account, row["order_id"]), ()), names
        )
        for row in database.rows(ENRICHED)
    ]
    rest = payout.amount - sum(t.net for t in transactions) - sum(i.amount for i in items)
    return Contents(transactions, items, fees, rest, conversions, further, origins(desk, payout, names))


def _item(row: dict[str, Any], names: dict[str, str]) -> Item:
    return Item(
        kind=row["kind"],
        type=row["type"] or "",
        amount=int(row["amount"]),
        lines=row["lines"],
        file=names.get(row["evidence"], ""),
        line=row["line"],
    )


_PART = pa.schema([("order_id", pa.string()), ("items", pa.list_(pa.string())), ("quantity", pa.int64())])


def _parts(
    came: list[dict[str, Any]], body: pa.Table, payout: Payout, sales: dict[tuple[str, str], list[Sold]]
) -> pa.Table:
    """The refunds that are of less than was sold, or of an order whose sale is in no file, with what came back."""
    by_order = {row["order_id"]: row for row in came}
    rows = []
    for order, type_, amount in zip(*(body[n].to_pylist() for n in ("order_id", "type", "amount")), strict=True):
        whole = {(s.currency, s.amount) for s in sales.get((payout.account, order), ())}
        if type_ == "refund" and (payout.currency, -amount) not in whole:
            told = by_order.get(order, {})
            rows.append({"order_id": order, "items": told.get("items") or [], "quantity": told.get("quantity")})
    return pa.Table.from_pylist(rows, _PART)


def _transaction(
    row: dict[str, Any], told: settings.Selling, sales: Sequence[Sold], names: dict[str, str]
) -> Transaction:
    quantity, codes = row["quantity"], row["hs"]
    return Transaction(
        order_id=row["order_id"],
        type=row["type"],
        ordered_on=row["placed_on"],
        settled_on=row["settled_on"],
        goods=row["goods"],
        quantity=None if quantity is None else int(quantity),
        hs=f"{codes}, 缺" if row["hs_lacks"] else codes,
        amount=int(row["amount"]),
        fees=int(row["fees"]),
        net=int(row["net"]),
        country=row["to_country"],
        shipped_on=row["shipped_on"],
        carrier=row["carrier"],
        tracking=row["tracking"],
        no_parcel=None if row["tracking"] else _no_parcel(row, told.ships),
        declaration=row["declaration"],
        mode=row["mode"] or (told.customs_mode or None if row["declaration"] else None),
        evidence=row["evidence"],
        file=row["file"] or "",
        line=row["line"],
        probability=row["probability"],
        verdict=row["verdict"],
        began=row["began"],
        began_currency=row["began_currency"],
        became=row["became"],
        gave=row["gave"],
        got=row["got"],
        takes_back=tuple(sales),
        sold_at=f"{names.get(sales[0].evidence, '')}:{sales[0].line}" if sales else "",
    )


def _no_parcel(row: dict[str, Any], ships: bool) -> Words | None:
    """Why a transaction without a tracking number needs none. That the book has no parcel is no reason of its own:
    money that was kept for goods that are to be sent needs one."""
    if row["type"] == "refund":
        return "退款", "a refund"
    if row["type"] == "dispute_hold":
        return "款项冻结", "money held"
    if not ships or row["no_parcel"]:
        return "数字商品或服务", "digital goods or services"
    if row["shipped_on"] is None and (row["status"] in NOT_TO_SEND or row["cancelled_at"] is not None):
        return "已取消，无发货记录", "cancelled, no dispatch on record"
    if row["shipped_on"] is None and row["status"] == "refunded":
        return "已全额退款，无发货记录", "refunded, no dispatch on record"
    return None


def _restored_rows(payout: Payout) -> pa.Table:
    r = payout.restoration
    orders = r.orders if r else ()
    return pa.table(
        {
            "order_id": pa.array([o.order_id for o in orders], pa.string()),
            "type": pa.array(["sale"] * len(orders), pa.string()),
            "settled_on": pa.nulls(len(orders), pa.date32()),
            "amount": pa.array([o.net + o.fee for o in orders], pa.int64()),
            "fees": pa.array([-o.fee for o in orders], pa.int64()),
            "net": pa.array([o.net for o in orders], pa.int64()),
            "country": pa.nulls(len(orders), pa.string()),
            "evidence": pa.array([o.evidence for o in orders], pa.string()),
            "line": pa.array([o.line for o in orders], pa.int64()),
            "probability": pa.array([o.probability for o in orders], pa.float64()),
            "began": pa.nulls(len(orders), pa.int64()),
            "began_currency": pa.nulls(len(orders), pa.string()),
            "became": pa.nulls(len(orders), pa.int64()),
            "gave": pa.nulls(len(orders), pa.int64()),
            "got": pa.nulls(len(orders), pa.int64()),
        }
    )


def _texts(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
