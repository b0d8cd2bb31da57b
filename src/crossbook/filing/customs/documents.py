"""A trade in customs' terms: order (303), receipt (403), waybill (505), export list (603), cancellation (605)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crossbook import customs_codes, money
from crossbook.filing.customs.message import Document, Fields, Problem
from crossbook.filing.customs.settings import Customs, Goods, Party

CHINA = timezone(timedelta(hours=8))
OF_TRADES = ("303", "403", "505", "603")  # in the order in which customs wants them
NEW, CHANGE = "1", "2"
DECLARED = "2"
SIMPLIFIED = "A"  # statisticsFlag: declared list by list
FIVE = Decimal("0.00001")


@dataclass(frozen=True)
class Item:
    """One line of goods of a trade; money in minor units of the trade's currency."""

    sku: str
    title: str
    quantity: int
    amount: int


@dataclass(frozen=True)
class ToDeclare:
    """A trade to be declared, from the book. Weights in grams; what the book does not know is None."""

    order_id: str
    account: str | None
    currency: str | None
    total: int | None
    country: str | None
    payment_id: str | None
    institution: str | None
    paid: int | None
    pay_currency: str | None
    paid_at: datetime | None
    tracking: str | None
    carrier: str | None
    weight_g: int | None
    net_g: int | None
    pieces: int | None
    items: tuple[Item, ...]
    list_number: str | None = None  # given by customs


def guid_of(*parts: str) -> str:
    """A number of 36 characters that is the same whenever it is made of the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "crossbook:" + "|".join(parts))).upper()


def document(
    number: str, trade: ToDeclare, customs: Customs, at: datetime, kind: str = NEW
) -> Document | list[Problem]:
    """One document of a trade as of a moment; or what the book or its settings lack for it."""
    maker = {"303": _order, "403": _receipt, "505": _waybill, "603": _list}[number]
    missing = _Missing(number, trade)
    reference = _reference(number, trade)
    head: Fields = {
        "guid": guid_of(customs.seller.code, number, reference or trade.order_id),
        "appType": kind,
        "appTime": f"{at.astimezone(CHINA):%Y%m%d%H%M%S}",
        "appStatus": DECLARED,
    }
    more, items = maker(trade, customs, missing, at)
    if missing.found:
        return list(dict.fromkeys(missing.found))
    return Document(number, reference, trade.order_id, head | more, items)


def _reference(number: str, trade: ToDeclare) -> str:
    return {"403": trade.payment_id, "505": trade.tracking}.get(number, trade.order_id) or trade.order_id


class _Missing:
    """What is wanted and not there, collected."""

    def __init__(self, number: str, trade: ToDeclare) -> None:
        self.number, self.trade, self.found = number, trade, list[Problem]()

    def say(self, name: str, value: object, why: str) -> None:
        reference = _reference(self.number, self.trade)
        self.found.append(Problem(self.number, reference, name, "" if value is None else str(value), why))

    def text(self, name: str, value: str | None) -> str:
        if not value:
            self.say(name, value, "no file of the book says it")
        return value or ""

    def number_of(self, name: str, value: int | None) -> int:
        if value is None:
            self.say(name, value, "no file of the book says it")
        return value or 0

    def party(self, name: str, table: dict[str, Party], key: str | None) -> Party:
        found = table.get(key or "")
        if found is None:
            self.say(name, key, f"is not in [customs.{name}] of book.toml")
        return found or Party("", "")

    def goods(self, customs: Customs, sku: str) -> Goods:
        found = customs.goods.get(sku)
        if found is None:
            self.say("goods", sku, "is not in [customs.goods] of book.toml")
        return found or Goods("0" * 10, "", "", "", "")

    def code(self, name: str, iso: str | None) -> str:
        try:
            return {"currency": customs_codes.currency, "country": customs_codes.country}[name](iso or "")
        except KeyError:
            self.say(name, iso, f"customs has no code for this {name}" if iso else "no file of the book says it")
            return ""


def _plain(number: Decimal) -> str:
    text = f"{number.quantize(FIVE, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return text or "0"


def _amount(minor: int, currency: str | None) -> str:
    return _plain(Decimal(minor) / 10 ** money.exponent(currency or "USD"))


def _kilos(grams: int) -> str:
    return _plain(Decimal(grams) / 1000)


def _platform(trade: ToDeclare, customs: Customs, missing: _Missing) -> Fields:
    p = missing.party("platforms", customs.platforms, trade.account)
    return {"ebpCode": p.code, "ebpName": p.name, "ebcCode": customs.seller.code, "ebcName": customs.seller.name}


def _order(trade: ToDeclare, customs: Customs, missing: _Missing, at: datetime) -> tuple[Fields, tuple[Fields, ...]]:
    currency = missing.code("currency", trade.currency)
    total = missing.number_of("total", trade.total)
    goods = sum(i.amount for i in trade.items)
    if not trade.items:
        missing.say("items", None, "no file of the book says what was sold")
    head = _platform(trade, customs, missing) | {
        "orderType": customs.order_type,
        "orderNo": trade.order_id,
        "goodsValue": _amount(goods, trade.currency),
        "freight": _amount(max(0, total - goods), trade.currency),
        "currency": currency,
    }
    items: tuple[Fields, ...] = tuple(
        {
            "gnum": str(n),
            "itemNo": i.sku,
            "itemName": missing.goods(customs, i.sku).name,
            "unit": missing.goods(customs, i.sku).unit,
            "currency": currency,
            "qty": str(i.quantity),
            "price": _amount_each(i, trade.currency),
            "totalPrice": _amount(i.amount, trade.currency),
        }
        for n, i in enumerate(trade.items, start=1)
    )
    return head, items


def _amount_each(item: Item, currency: str | None) -> str:
    return _plain(Decimal(item.amount) / 10 ** money.exponent(currency or "USD") / item.quantity)


def _receipt(trade: ToDeclare, customs: Customs, missing: _Missing, at: datetime) -> tuple[Fields, tuple[Fields, ...]]:
    payer = missing.party("institutions", customs.institutions, trade.institution)
    paid_at = trade.paid_at
    if paid_at is None:
        missing.say("paid_at", None, "no file of the book says it")
    head = _platform(trade, customs, missing) | {
        "orderNo": trade.order_id,
        "payCode": payer.code or None,
        "payName": payer.name,
        "payNo": trade.payment_id,
        "charge": _amount(missing.number_of("paid", trade.paid), trade.pay_currency),
        "currency": missing.code("currency", trade.pay_currency),
        "accountingDate": f"{paid_at.astimezone(CHINA):%Y%m%d%H%M%S}" if paid_at else "",
    }
    return head, ()


def _waybill(trade: ToDeclare, customs: Customs, missing: _Missing, at: datetime) -> tuple[Fields, tuple[Fields, ...]]:
    carrier = missing.party("carriers", customs.carriers, trade.carrier)
    names = "、".join(dict.fromkeys(missing.goods(customs, i.sku).name for i in trade.items))
    head: Fields = {
        "logisticsCode": carrier.code,
        "logisticsName": carrier.name,
        "logisticsNo": missing.text("tracking", trade.tracking),
        "freight": "0",
        "insuredFee": "0",
        "currency": missing.code("currency", trade.currency),
        "grossWeight": _kilos(missing.number_of("weight", trade.weight_g)),
        "packNo": str(missing.number_of("pieces", trade.pieces)),
        "goodsInfo": names[:200],
        "ebcCode": customs.seller.code,
        "ebcName": customs.seller.name,
    }
    return head, ()


def _list(trade: ToDeclare, customs: Customs, missing: _Missing, at: datetime) -> tuple[Fields, tuple[Fields, ...]]:
    currency, country = missing.code("currency", trade.currency), missing.code("country", trade.country)
    carrier = missing.party("carriers", customs.carriers, trade.carrier)
    gross = missing.number_of("weight", trade.weight_g)
    net = trade.net_g if trade.net_g and trade.net_g <= gross else gross
    head = _platform(trade, customs, missing) | {
        "customsCode": customs.office,
        "orderNo": trade.order_id,
        "logisticsCode": carrier.code,
        "logisticsName": carrier.name,
        "logisticsNo": missing.text("tracking", trade.tracking),
        "copNo": trade.order_id[-30:],
        "ieFlag": "E",
        "portCode": customs.port,
        "ieDate": f"{at.astimezone(CHINA):%Y%m%d}",
        "statisticsFlag": SIMPLIFIED,
        "agentCode": customs.agent.code,
        "agentName": customs.agent.name,
        "ownerCode": customs.owner.code,
        "ownerName": customs.owner.name,
        "tradeMode": customs.mode,
        "trafMode": customs.transport,
        "country": country,
        "POD": country,
        "freight": "0",
        "fCurrency": currency,
        "fFlag": customs.freight_flag,
        "insuredFee": "0",
        "iCurrency": currency,
        "iFlag": customs.freight_flag,
        "wrapType": customs.packing,
        "packNo": str(missing.number_of("pieces", trade.pieces)),
        "grossWeight": _kilos(gross),
        "netWeight": _kilos(net),
    }
    pieces = sum(i.quantity for i in trade.items)
    items = []
    for n, i in enumerate(trade.items, start=1):
        g = missing.goods(customs, i.sku)
        kilos = _kilos(net * i.quantity // pieces)
        items.append({
            "gnum": str(n), "itemNo": i.sku, "itemName": i.title, "gcode": g.code, "gname": g.name, "gmodel": g.model,
            "barCode": g.bar_code, "country": country, "currency": currency,
            "qty": str(i.quantity), "qty1": _legal(g.unit1, i.quantity, kilos),
            "qty2": _legal(g.unit2, i.quantity, kilos) if g.unit2 else None,
            "unit": g.unit, "unit1": g.unit1, "unit2": g.unit2 or None,
            "price": _amount_each(i, trade.currency), "totalPrice": _amount(i.amount, trade.currency),
        })  # fmt: skip
    return head, tuple(items)


def _legal(unit: str, quantity: int, kilos: str) -> str:
    """A quantity in a legal unit: kilograms (035) are of the net weight, everything else is pieces."""
    return kilos if unit == "035" else str(quantity)


def cancellation(trade: ToDeclare, customs: Customs, at: datetime, reason: str) -> Document | list[Problem]:
    """The cancellation (605) of a trade's export list, which customs has given a number."""
    missing = _Missing("605", trade)
    head: Fields = {
        "guid": guid_of(customs.seller.code, "605", trade.order_id),
        "appType": NEW,
        "appTime": f"{at.astimezone(CHINA):%Y%m%d%H%M%S}",
        "appStatus": DECLARED,
        "customsCode": customs.office,
        "copNo": trade.order_id[-30:],
        "invtNo": missing.text("list_number", trade.list_number),
        "reason": missing.text("reason", reason.strip()),
        "agentCode": customs.agent.code,
        "agentName": customs.agent.name,
        "ebcCode": customs.seller.code,
        "ebcName": customs.seller.name,
    }
    return missing.found or Document("605", trade.order_id, trade.order_id, head)


def of_row(row: dict[str, Any]) -> ToDeclare:
    """A trade from a row of the database; `goods` holds its lines. A single line without a price has the order's."""
    lines = row["goods"] or []
    single = len(lines) == 1
    items = tuple(
        Item(
            g["item"] or g["title"] or "",
            g["title"] or g["item"] or "",
            int(g["quantity"] or 1),
            int(g["amount"] if g["amount"] is not None else (row["total"] or 0) if single else 0),
        )
        for g in lines
    )
    names = ToDeclare.__dataclass_fields__
    return ToDeclare(**{k: v for k, v in row.items() if k in names} | {"items": items})
