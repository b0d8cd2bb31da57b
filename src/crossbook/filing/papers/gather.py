"""What a trade's papers say: seller, consignee, goods with tariff number, origin, weight and value, from the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.trade.days import local_day


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
    """All that papers need. `freight` (with wrapping) and `tax` are what the buyer paid above the goods, None where no
    file says it; `gross_g` is what the carrier weighed."""

    order_id: str
    number: str
    on: date
    seller: Firm
    consignee: Firm
    currency: str
    lines: tuple[Line, ...]
    freight: int | None
    tax: int | None
    total: int
    gross_g: int | None
    pieces: int | None
    tracking: str
    carrier: str
    incoterm: str
    parcels_differ: tuple[str, ...] = ()  # in what several parcels differ: it is left empty

    @property
    def goods(self) -> int:
        """What the goods cost together."""
        return sum(line.amount for line in self.lines)

    @property
    def untold(self) -> int:
        """What of the total no file tells apart: freight, tax or something else."""
        return self.total - self.goods - (self.freight or 0) - (self.tax or 0)

    @property
    def charges(self) -> tuple[tuple[str, int], ...]:
        """What the buyer paid above the goods, by name."""
        told = (("Freight", self.freight or 0), ("Tax collected", self.tax or 0), ("Other charges", self.untold))
        return tuple((name, amount) for name, amount in told if amount)

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
            "how many packages there are": self.pieces,
            "a net weight": self.net_g,
            "what the total holds beside the goods": not self.untold and self.freight is not None,
        }
        return tuple(name for name, known in told.items() if not known) + tuple(
            f"the {name}: the parcels of this order differ in it" for name in self.parcels_differ
        )


# An order with its parcels: the trackings and carriers of all of them, the weight when it is known of each.
_TRADE = f"""
WITH sent AS (
  SELECT order_id, string_agg(DISTINCT tracking, ', ') AS tracking, string_agg(DISTINCT carrier, ', ') AS carrier,
         min(shipped_at) AS shipped_at, CASE WHEN count(weight_g) = count(*) THEN sum(weight_g) END AS weight_g,
         CASE WHEN count(pieces) = count(*) THEN sum(pieces) END AS pieces,
         CASE WHEN count(DISTINCT lower(trim(consignee))) < 2 THEN min(consignee) END AS consignee,
         CASE WHEN count(DISTINCT country) < 2 THEN min(country) END AS country,
         count(DISTINCT lower(trim(consignee))) > 1 AS consignee_differs, count(DISTINCT country) > 1 AS country_differs
  FROM parcels WHERE order_id = $id GROUP BY order_id
)
SELECT o.*, s.tracking, s.carrier, s.shipped_at, s.weight_g, s.pieces, s.consignee AS parcel_consignee,
       s.country AS parcel_country, coalesce(s.consignee_differs, false) AS consignee_differs,
       coalesce(s.country_differs, false) AS country_differs, {local_day("s.shipped_at", "Asia/Shanghai")} AS shipped_on
FROM orders o LEFT JOIN sent s USING (order_id) WHERE o.order_id = $id
"""
_GOODS = "SELECT * FROM order_lines WHERE order_id = $id ORDER BY evidence, line"


def gather(database: Database, book: Book, order_id: str) -> PaperTrade:
    """A trade's papers' content. Raises NotFoundError without an order of that number, CrossbookError when its goods
    or their prices are not known."""
    database.ask("trade")
    rows = database.rows(_TRADE, id=order_id)
    if not rows:
        raise NotFoundError(f"no order {order_id!r}", todo="look for it with the search")
    t = rows[0]
    goods = database.rows(_GOODS, id=order_id)
    if not goods or t["total"] is None or t["currency"] is None:
        raise CrossbookError(f"the book does not know what was sold in {order_id}", todo="add its order list")
    if any(g["quantity"] is None for g in goods):
        raise CrossbookError(
            f"how many of each item of {order_id} is not known", todo="add an order list with quantities"
        )
    amounts = _amounts(goods, t)
    if amounts is None:
        raise CrossbookError(
            f"the price of each item of {order_id} is not known",
            todo='add an order list with prices, or write total_is = "goods" in [accounts] if its totals hold neither'
            " freight nor tax",
        )
    if t["shipped_on"] is None and t["placed_on"] is None:
        raise CrossbookError(f"no file says the day of {order_id}", todo="add an order list with days")
    business = book.config.get("business", {})
    seller = Firm(
        name=str(business.get("name", "")),
        address=str(business.get("address", "")),
        country=str(business.get("country", "CN")),
        number=str(business.get("number", "")),
        phone=str(business.get("phone", "")),
    )
    consignee = Firm(
        name="" if t["consignee_differs"] else t["consignee"] or t["parcel_consignee"] or t["buyer"] or "",
        address="" if t["consignee_differs"] or t["country_differs"] else t["address"] or "",
        country="" if t["country_differs"] else t["country"] or t["parcel_country"] or "",
    )
    freight = None if t["shipping"] is None else int(t["shipping"]) + int(t["gift_wrap"] or 0)
    return PaperTrade(
        order_id=order_id,
        number=f"CI-{order_id}",
        on=t["shipped_on"] or t["placed_on"],
        seller=seller,
        consignee=consignee,
        currency=t["currency"],
        lines=tuple(_line(g, amount) for g, amount in zip(goods, amounts, strict=True)),
        freight=freight,
        tax=None if t["tax"] is None else int(t["tax"]),
        total=int(t["total"]),
        gross_g=None if t["weight_g"] is None else int(t["weight_g"]),
        pieces=None if t["pieces"] is None else int(t["pieces"]),
        tracking=t["tracking"] or "",
        carrier=t["carrier"] or "",
        incoterm=str(business.get("incoterm", "DAP")),
        parcels_differ=tuple(n for n in ("consignee", "country") if t[f"{n}_differs"]),
    )


def _amounts(goods: list[dict[str, Any]], order: dict[str, Any]) -> list[int] | None:
    """What each line cost: net of discounts, else as listed where the total holds as much. None where no file says it:
    a total may hold freight and tax, and is no price."""
    for name in ("net", "amount"):
        told = [g[name] for g in goods]
        if None not in told and (name == "net" or sum(told) <= order["total"]):
            return [int(x) for x in told]
    return None


def _line(g: dict[str, Any], amount: int) -> Line:
    description = g["product_name"] or g["title"] or g["item"]
    return Line(
        sku=g["item"] or "",
        description=description,
        quantity=int(g["quantity"]),
        amount=amount,
        hs=g["hs"] or g["product_hts"] or "",
        origin=g["origin"] or "",
        net_g=None if g["net_weight_g"] is None else int(g["net_weight_g"]),
    )
