"""What a trade's papers say: seller, consignee, goods with tariff number, origin, weight and value, from the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database, newest
from crossbook.errors import CrossbookError, NotFoundError


@dataclass(frozen=True)
class Firm:
    """A party to a trade as its papers name it; empty where the book does not know."""

    name: str
    address: str = ""
    country: str = ""
    number: str = ""  # tax or registration number
    phone: str = ""


@dataclass(frozen=True)
class Line:
    """One line of goods. Money in minor units of the trade's currency, weight in grams of all pieces, net."""

    sku: str
    description: str
    quantity: int
    amount: int
    hs: str
    origin: str
    net_g: int | None


@dataclass(frozen=True)
class PaperTrade:
    """All that papers need. `freight` is what the buyer paid above the goods; `gross_g` what the carrier weighed."""

    order_id: str
    number: str
    on: date
    seller: Firm
    consignee: Firm
    currency: str
    lines: tuple[Line, ...]
    freight: int
    total: int
    gross_g: int | None
    pieces: int
    tracking: str
    carrier: str
    incoterm: str

    @property
    def goods(self) -> int:
        """What the goods cost together."""
        return sum(line.amount for line in self.lines)

    @property
    def net_g(self) -> int | None:
        """The net weight, when it is known of every line."""
        weights = [line.net_g for line in self.lines]
        return None if None in weights else sum(w for w in weights if w is not None)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the book does not know and a paper needs, in the words of the paper."""
        told = {
            "the seller's address": self.seller.address,
            "the consignee's name": self.consignee.name,
            "the consignee's address": self.consignee.address,
            "a tariff number": all(line.hs for line in self.lines),
            "a country of origin": all(line.origin for line in self.lines),
            "a gross weight": self.gross_g,
            "a net weight": self.net_g,
        }
        return tuple(name for name, known in told.items() if not known)


_TRADE = """
SELECT t.*, o.address FROM trade t
LEFT JOIN (SELECT order_id, any_value(address) AS address FROM {order} GROUP BY order_id) o USING (order_id)
WHERE t.order_id = $id AND t.has_order
"""
_GOODS = """
SELECT i.item, i.title, coalesce(i.quantity, 1) AS quantity, i.amount, any_value(p.name) AS name,
       any_value(p.hts) AS hts,
       any_value(p.origin) AS origin, any_value(p.weight_kg) AS weight_kg
FROM {order_item} i LEFT JOIN product p ON p.sku = i.item WHERE i.order_id = $id
GROUP BY i.item, i.title, i.quantity, i.amount, i.line ORDER BY i.line
"""


def gather(database: Database, book: Book, order_id: str) -> PaperTrade:
    """A trade's papers' content. Raises NotFoundError without an order of that number, CrossbookError when its goods
    or their prices are not known. Needs `open_verify`."""
    order, order_item = newest(database, "order"), newest(database, "order_item")
    rows = database.rows(_TRADE.format(order=order), id=order_id)
    if not rows:
        raise NotFoundError(f"no order {order_id!r}", todo="look for it with the search")
    t = rows[0]
    goods = database.rows(_GOODS.format(order_item=order_item), id=order_id)
    if not goods or t["total"] is None or t["currency"] is None:
        raise CrossbookError(f"the book does not know what was sold in {order_id}", todo="add its order list")
    if len(goods) == 1 and goods[0]["amount"] is None:
        goods[0]["amount"] = t["total"]
    if any(g["amount"] is None for g in goods):
        raise CrossbookError(f"the price of each item of {order_id} is not known", todo="add an order list with prices")
    lines = tuple(_line(g) for g in goods)
    business = book.config.get("business", {})
    seller = Firm(str(business.get("name", "")), str(business.get("address", "")), str(business.get("country", "CN")),
                  str(business.get("number", "")), str(business.get("phone", "")))  # fmt: skip
    consignee = Firm(t["consignee"] or t["ship_consignee"] or t["buyer"] or "", t["address"] or "",
                     t["country"] or t["ship_country"] or "")  # fmt: skip
    day = (t["shipped_at"] or t["placed_at"]).date()
    return PaperTrade(
        order_id, f"CI-{order_id}", day, seller, consignee, t["currency"], lines,
        max(0, int(t["total"]) - sum(x.amount for x in lines)), int(t["total"]), t["weight_g"] and int(t["weight_g"]),
        int(t["pieces"] or 1), t["tracking"] or "", t["carrier"] or "", str(business.get("incoterm", "DAP")),
    )  # fmt: skip


def _line(g: dict[str, Any]) -> Line:
    quantity = int(g["quantity"])
    try:
        grams = int(Decimal(g["weight_kg"]) * 1000) * quantity if g["weight_kg"] else None
    except ArithmeticError:
        grams = None
    description = g["name"] or g["title"] or g["item"]
    return Line(g["item"] or "", description, quantity, int(g["amount"]), g["hts"] or "", g["origin"] or "", grams)
