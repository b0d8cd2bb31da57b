"""A trade in customs' terms: order (303), receipt (403), waybill (505), export list (603), cancellation (605)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from crossbook import customs_codes, money
from crossbook.filing.customs.message import Document, Fields, Problem
from crossbook.filing.customs.preflight import against, kilos
from crossbook.filing.customs.quantity import FIVE, NO_WEIGHT, legal
from crossbook.filing.customs.regime import against as against_flag
from crossbook.filing.customs.regime import code_of, flag_of
from crossbook.filing.customs.settings import Customs, Goods, Party
from crossbook.filing.customs.trade import UNSAID, Item, ToDeclare, Want
from crossbook.filing.customs.value import Value, value_of

CHINA = timezone(timedelta(hours=8))
OF_TRADES = ("303", "403", "505", "603")  # in the order in which customs wants them
NEW, CHANGE = "1", "2"
DECLARED = "2"
AS_TOTAL = "3"  # fFlag: freight stated as a sum, not as a rate or by weight
OWN_NUMBER = 30  # characters of copNo
BONDED = "1210"  # of which the list names the zone's account book

# The interface's words of these fields are "must be filled in the bonded mode" (保税模式必填), as programs for lists of
# imports quote them; the text for exports was not read.
NO_BOOK = (
    "a list of bonded goods (1210) names the account book, who keeps it and the goods' number in it: write account_book"
    " and zone_operator in [customs], record_number in [customs.goods]"
)

Made = Document | list[Problem]
_Told = tuple[Fields, tuple[Fields, ...]]


def guid_of(*parts: str) -> str:
    """A number of 36 characters that is the same whenever it is made of the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "crossbook:" + "|".join(parts))).upper()


def own_number(order_id: str) -> str:
    """A list's own number (copNo, 30 characters): the order's; a longer one is cut and told apart by a hash."""
    if len(order_id) <= OWN_NUMBER:
        return order_id
    return f"{order_id[-21:]}-{hashlib.sha256(order_id.encode()).hexdigest()[:8]}"


def documents(number: str, trade: ToDeclare, customs: Customs, at: datetime) -> list[tuple[ToDeclare, Made]]:
    """The documents of one kind that a trade needs: a receipt (403) for each payment, a waybill (505) for each parcel,
    one of the others; each with what it is of."""
    return [(part, document(number, part, customs, at)) for part in parts_of(number, trade)]


def parts_of(number: str, trade: ToDeclare) -> list[ToDeclare]:
    """The trade as each of its documents tells it: with one of its payments, or one of its parcels."""
    if number == "403" and trade.payments:
        return [
            replace(
                trade,
                payment_id=p.payment_id,
                institution=p.institution,
                paid=p.amount,
                pay_currency=p.currency,
                paid_at=p.paid_at,
            )
            for p in trade.payments
        ]
    if number == "505" and trade.parcels:
        return [
            replace(trade, tracking=p.tracking, carrier=p.carrier, weight_g=p.weight_g, pieces=p.pieces)
            for p in trade.parcels
        ]
    return [trade]


def document(number: str, trade: ToDeclare, customs: Customs, at: datetime, kind: str = NEW) -> Made:
    """One document of a trade as of a moment; or what stands against it: where its papers do not agree (`preflight`),
    and what the book or its settings lack for it."""
    maker = {"303": _order, "403": _receipt, "505": _waybill, "603": _list}[number]
    missing = _Missing(number, trade)
    reference = reference_of(number, trade)
    head: Fields = {
        "guid": guid_of(customs.seller.code, number, reference),
        "appType": kind,
        "appTime": f"{at.astimezone(CHINA):%Y%m%d%H%M%S}",
        "appStatus": DECLARED,
    }
    value = value_of(trade.parts, [i.amount for i in trade.items], trade.currency or "USD")
    missing.all(against(trade, value))
    more, items = maker(trade, value, customs, missing, at)
    if missing.found:
        return list(dict.fromkeys(missing.found))
    return Document(number=number, reference=reference, order_id=trade.order_id, head=head | more, items=items)


def reference_of(number: str, trade: ToDeclare) -> str:
    """A document's own number: the payment's, the waybill's, else the order's."""
    return {"403": trade.payment_id, "505": trade.tracking}.get(number, trade.order_id) or trade.order_id


class _Missing:
    """What is wanted and not there, collected."""

    def __init__(self, number: str, trade: ToDeclare) -> None:
        self.number, self.trade, self.found = number, trade, list[Problem]()

    def say(self, name: str, value: object, why: str) -> None:
        reference = reference_of(self.number, self.trade)
        self.found.append(
            Problem(
                number=self.number, reference=reference, field=name, value="" if value is None else str(value), why=why
            )
        )

    def text(self, name: str, value: str | None) -> str:
        if not value:
            self.say(name, value, UNSAID)
        return value or ""

    def number_of(self, name: str, value: int | None) -> int:
        if value is None:
            self.say(name, value, UNSAID)
        elif value <= 0:
            self.say(name, value, "must be more than 0")
        return value or 0

    def party(self, name: str, table: Mapping[str, Party], key: str | None) -> Party:
        found = table.get(key or "")
        if found is None:
            self.say(name, key, f"is not in [customs.{name}] of book.toml")
        return found or Party("", "")

    def quantity(self, n: int, item: Item) -> str:
        if item.quantity is None or item.quantity <= 0:
            why = UNSAID if item.quantity is None else "is no quantity"
            self.say(f"qty[{n}]", item.quantity, why)
        return str(item.quantity)

    def some_goods(self) -> None:
        if not self.trade.items:
            self.say("items", None, "no file of the book says what was sold")

    def all(self, wants: Iterable[Want]) -> None:
        for w in wants:
            self.say(w.field, w.value, w.why)

    def net_weight(self) -> Decimal:
        """What all goods weigh without packing, in grams."""
        trade, found = self.trade, Decimal(0)
        for n, i in enumerate(trade.items, start=1):
            if i.net_g is None:
                self.say(f"netWeight[{n}]", i.sku, NO_WEIGHT)
            elif i.net_g <= 0:
                self.say(f"netWeight[{n}]", i.net_g, "must be more than 0")
            found += i.net_g or 0
        return found

    def legal(self, name: str, unit: str, goods: Goods, item: Item) -> str:
        found = legal(unit, goods.unit, item, goods.per_piece.get(unit))
        if isinstance(found, str):
            self.say(name, unit, found)
            return ""
        return _plain(found)

    def goods(self, customs: Customs, sku: str | None) -> Goods:
        found = customs.goods.get(sku or "")
        if found is None:
            self.say("goods", sku, "is not in [customs.goods] of book.toml")
        return found or Goods(code="0" * 10, name="", model="", unit="", unit1="")

    def code(self, name: str, iso: str | None) -> str:
        try:
            return {"currency": customs_codes.currency, "country": customs_codes.country}[name](iso or "")
        except KeyError:
            self.say(name, iso, f"customs has no code for this {name}" if iso else UNSAID)
            return ""


def _plain(number: Decimal) -> str:
    text = f"{number.quantize(FIVE, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return text or "0"


def _amount(minor: int | None, currency: str | None) -> str:
    if minor is None:
        return ""  # said as wanting
    return _plain(Decimal(minor) / 10 ** money.exponent(currency or "USD"))


def _platform(trade: ToDeclare, customs: Customs, missing: _Missing) -> Fields:
    p = missing.party("platforms", customs.platforms, trade.account)
    return {"ebpCode": p.code, "ebpName": p.name, "ebcCode": customs.seller.code, "ebcName": customs.seller.name}


def _order(trade: ToDeclare, value: Value, customs: Customs, missing: _Missing, at: datetime) -> _Told:
    currency = missing.code("currency", trade.currency)
    missing.some_goods()
    head = _platform(trade, customs, missing) | {
        "orderType": customs.order_type,
        "orderNo": trade.order_id,
        "goodsValue": _amount(value.goods, trade.currency),
        "freight": _amount(value.freight, trade.currency),
        "currency": currency,
    }
    items: list[Fields] = []
    for n, (i, amount) in enumerate(zip(trade.items, value.lines, strict=True), start=1):
        g = missing.goods(customs, i.sku)
        items.append(
            {
                "gnum": str(n),
                "itemNo": i.sku,
                "itemName": g.name,
                "unit": g.unit,
                "currency": currency,
                "qty": missing.quantity(n, i),
                "price": _amount_each(amount, i, trade.currency),
                "totalPrice": _amount(amount, trade.currency),
            }
        )
    return head, tuple(items)


def _amount_each(amount: int | None, item: Item, currency: str | None) -> str:
    if amount is None or not item.quantity:
        return ""  # said as wanting
    return _plain(Decimal(amount) / 10 ** money.exponent(currency or "USD") / item.quantity)


def _receipt(trade: ToDeclare, value: Value, customs: Customs, missing: _Missing, at: datetime) -> _Told:
    payer = missing.party("institutions", customs.institutions, trade.institution)
    if trade.payments and not trade.payment_id:
        missing.say("payNo", None, "the order was paid by several payments, and this one has no number to tell it by")
    if trade.same_payment:
        missing.say("payNo", trade.payment_id, f"is the payment of {', '.join(trade.same_payment)}, too")
    paid_at = trade.paid_at
    if paid_at is None:
        missing.say("paid_at", None, UNSAID)
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


def _waybill(trade: ToDeclare, value: Value, customs: Customs, missing: _Missing, at: datetime) -> _Told:
    carrier = missing.party("carriers", customs.carriers, trade.carrier)
    missing.text("tracking", trade.tracking)
    missing.all(trade.one_waybill)
    names = list(dict.fromkeys(missing.goods(customs, i.sku).name for i in trade.items))
    missing.some_goods()
    if trade.parcels and len(names) > 1:
        missing.say("goodsInfo", "、".join(names), "no file says which of the goods are in which of several parcels")
    if trade.parcels and value.freight:
        shown = money.show(value.freight, trade.currency or "USD")
        missing.say("freight", shown, "no file says how much of the freight is for which of several parcels")
    head: Fields = {
        "logisticsCode": carrier.code,
        "logisticsName": carrier.name,
        "logisticsNo": trade.tracking,
        "freight": _amount(value.freight, trade.currency),
        "insuredFee": "0",
        "currency": missing.code("currency", trade.currency),
        "grossWeight": kilos(missing.number_of("weight", trade.weight_g)),
        "packNo": str(missing.number_of("pieces", trade.pieces)),
        "goodsInfo": "、".join(names)[:200],
        "ebcCode": customs.seller.code,
        "ebcName": customs.seller.name,
    }
    return head, ()


def _list(trade: ToDeclare, value: Value, customs: Customs, missing: _Missing, at: datetime) -> _Told:
    currency, country = missing.code("currency", trade.currency), missing.code("country", trade.country)
    one = not trade.parcels  # of several, each has its own carrier
    carrier = missing.party("carriers", customs.carriers, trade.carrier) if one else Party("", "")
    missing.all(trade.waybill)
    missing.some_goods()
    flag = flag_of(customs, trade.account, [i.sku for i in trade.items])
    missing.all(against_flag(flag, trade, customs, value.goods))
    if value.freight and customs.freight_flag != AS_TOTAL:
        missing.say(
            "fFlag", customs.freight_flag, 'the book knows freight as a sum: write freight_flag = "3" in [customs]'
        )
    keeper = customs.zone_operator
    told_of_book = {"iacCode": keeper.code, "iacName": keeper.name, "emsNo": customs.account_book}
    head = _platform(trade, customs, missing) | {
        "customsCode": customs.office,
        "orderNo": trade.order_id,
        "logisticsCode": carrier.code,
        "logisticsName": carrier.name,
        "logisticsNo": trade.tracking,
        "copNo": own_number(trade.order_id),
        "ieFlag": "E",
        "portCode": customs.port,
        "ieDate": f"{at.astimezone(CHINA):%Y%m%d}",
        "statisticsFlag": flag,
        "agentCode": customs.agent.code,
        "agentName": customs.agent.name,
        "ownerCode": customs.owner.code,
        "ownerName": customs.owner.name,
        **_bonded(told_of_book, customs, missing),
        "tradeMode": customs.mode,
        "trafMode": customs.transport,
        "country": country,
        "POD": country,
        "freight": _amount(value.freight, trade.currency),
        "fCurrency": currency,
        "fFlag": customs.freight_flag,
        "insuredFee": "0",  # the parts of the total leave nothing for it
        "iCurrency": currency,
        "iFlag": customs.freight_flag,
        "wrapType": customs.packing,
        "packNo": str(missing.number_of("pieces", trade.pieces)),
        "grossWeight": kilos(missing.number_of("weight", trade.weight_g)),
        "netWeight": kilos(missing.net_weight()),
    }
    items = []
    for n, (i, amount) in enumerate(zip(trade.items, value.lines, strict=True), start=1):
        g = missing.goods(customs, i.sku)
        items.append(
            {
                "gnum": str(n),
                "itemNo": i.sku,
                **_bonded({"itemRecordNo": g.record_number}, customs, missing, f"[{n}]"),
                "itemName": i.title or i.sku,
                "gcode": code_of(flag, customs.mode, g.code),
                "gname": g.name,
                "gmodel": g.model,
                "barCode": g.bar_code,
                "country": country,
                "currency": currency,
                "qty": missing.quantity(n, i),
                "qty1": missing.legal(f"qty1[{n}]", g.unit1, g, i),
                "qty2": missing.legal(f"qty2[{n}]", g.unit2, g, i) if g.unit2 else None,
                "unit": g.unit,
                "unit1": g.unit1,
                "unit2": g.unit2 or None,
                "price": _amount_each(amount, i, trade.currency),
                "totalPrice": _amount(amount, trade.currency),
            }
        )
    return head, tuple(items)


def _bonded(told: Mapping[str, str], customs: Customs, missing: _Missing, place: str = "") -> dict[str, str]:
    """What a list of bonded goods must name of the account book; other lists leave it out."""
    if customs.mode != BONDED:
        return {}
    for name, text in told.items():
        if not text:
            missing.say(name + place, text, NO_BOOK)
    return dict(told)


def cancellation(trade: ToDeclare, customs: Customs, at: datetime, reason: str) -> Document | list[Problem]:
    """The cancellation (605) of a trade's export list, which customs has given a number."""
    missing = _Missing("605", trade)
    head: Fields = {
        "guid": guid_of(customs.seller.code, "605", trade.order_id),
        "appType": NEW,
        "appTime": f"{at.astimezone(CHINA):%Y%m%d%H%M%S}",
        "appStatus": DECLARED,
        "customsCode": customs.office,
        "copNo": own_number(trade.order_id),
        "invtNo": missing.text("list_number", trade.list_number),
        "reason": missing.text("reason", reason.strip()),
        "agentCode": customs.agent.code,
        "agentName": customs.agent.name,
        "ebcCode": customs.seller.code,
        "ebcName": customs.seller.name,
    }
    return missing.found or Document(number="605", reference=trade.order_id, order_id=trade.order_id, head=head)
