"""A trade in customs' terms: order (303), receipt (403), waybill (505), export list (603), cancellation (605)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from crossbook import customs_codes, money
from crossbook.filing.customs.message import Document, Fields, Problem
from crossbook.filing.customs.quantity import FIVE, NO_WEIGHT, legal
from crossbook.filing.customs.regime import against, code_of, flag_of
from crossbook.filing.customs.settings import Customs, Goods, Party
from crossbook.filing.customs.trade import UNSAID, Item, ToDeclare, Want
from crossbook.filing.customs.value import Value, against_receipt, value_of

CHINA = timezone(timedelta(hours=8))
OF_TRADES = ("303", "403", "505", "603")  # in the order in which customs wants them
NEW, CHANGE = "1", "2"
DECLARED = "2"
AS_TOTAL = "3"  # fFlag: freight stated as a sum, not as a rate or by weight
OWN_NUMBER = 30  # characters of copNo


def guid_of(*parts: str) -> str:
    """A number of 36 characters that is the same whenever it is made of the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "crossbook:" + "|".join(parts))).upper()


def own_number(order_id: str) -> str:
    """A list's own number (copNo, 30 characters): the order's; a longer one is cut and told apart by a hash."""
    if len(order_id) <= OWN_NUMBER:
        return order_id
    return f"{order_id[-21:]}-{hashlib.sha256(order_id.encode()).hexdigest()[:8]}"


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
    missing.all(trade.sale)
    more, items = maker(trade, customs, missing, at)
    if missing.found:
        return list(dict.fromkeys(missing.found))
    return Document(number=number, reference=reference, order_id=trade.order_id, head=head | more, items=items)


def _reference(number: str, trade: ToDeclare) -> str:
    return {"403": trade.payment_id, "505": trade.tracking}.get(number, trade.order_id) or trade.order_id


class _Missing:
    """What is wanted and not there, collected."""

    def __init__(self, number: str, trade: ToDeclare) -> None:
        self.number, self.trade, self.found = number, trade, list[Problem]()

    def say(self, name: str, value: object, why: str) -> None:
        reference = _reference(self.number, self.trade)
        self.found.append(
            Problem(
                number=self.number, reference=reference, field=name, value="" if value is None else str(value), why=why
            )
        )

    def text(self, name: str, value: str | None) -> str:
        if not value:
            self.say(name, value, "no file of the book says it")
        return value or ""

    def number_of(self, name: str, value: int | None) -> int:
        if value is None:
            self.say(name, value, "no file of the book says it")
        return value or 0

    def party(self, name: str, table: Mapping[str, Party], key: str | None) -> Party:
        found = table.get(key or "")
        if found is None:
            self.say(name, key, f"is not in [customs.{name}] of book.toml")
        return found or Party("", "")

    def quantity(self, n: int, item: Item) -> str:
        if item.quantity is None or item.quantity <= 0:
            why = "no file of the book says it" if item.quantity is None else "is no quantity"
            self.say(f"qty[{n}]", item.quantity, why)
        return str(item.quantity)

    def all(self, wants: Iterable[Want]) -> None:
        for w in wants:
            self.say(w.field, w.value, w.why)

    def net_weight(self) -> Decimal:
        """What all goods weigh without packing, in grams."""
        trade, found = self.trade, Decimal(0)
        for n, i in enumerate(trade.items, start=1):
            if i.net_g is None:
                self.say(f"netWeight[{n}]", i.sku, NO_WEIGHT)
            found += i.net_g or 0
        if trade.weight_g is not None and found > trade.weight_g:
            self.say("netWeight", _kilos(found), f"the goods weigh more than the parcel, {_kilos(trade.weight_g)} kg")
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
            self.say(name, iso, f"customs has no code for this {name}" if iso else "no file of the book says it")
            return ""


def _plain(number: Decimal) -> str:
    text = f"{number.quantize(FIVE, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return text or "0"


def _amount(minor: int | None, currency: str | None) -> str:
    if minor is None:
        return ""  # said as wanting
    return _plain(Decimal(minor) / 10 ** money.exponent(currency or "USD"))


def _kilos(grams: int | Decimal) -> str:
    return _plain(Decimal(grams) / 1000)


def _worth(trade: ToDeclare) -> Value:
    return value_of(trade.parts, [i.amount for i in trade.items], trade.currency or "USD")


def _said(trade: ToDeclare, missing: _Missing) -> Value:
    """What a trade comes to; everything that stands against it is said."""
    found = _worth(trade)
    if not trade.items:
        missing.say("items", None, "no file of the book says what was sold")
    missing.all((*found.wants, *against_receipt(trade)))
    return found


def _platform(trade: ToDeclare, customs: Customs, missing: _Missing) -> Fields:
    p = missing.party("platforms", customs.platforms, trade.account)
    return {"ebpCode": p.code, "ebpName": p.name, "ebcCode": customs.seller.code, "ebcName": customs.seller.name}


def _order(trade: ToDeclare, customs: Customs, missing: _Missing, at: datetime) -> tuple[Fields, tuple[Fields, ...]]:
    currency, value = missing.code("currency", trade.currency), _said(trade, missing)
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


def _receipt(trade: ToDeclare, customs: Customs, missing: _Missing, at: datetime) -> tuple[Fields, tuple[Fields, ...]]:
    payer = missing.party("institutions", customs.institutions, trade.institution)
    missing.all((*trade.receipt, *against_receipt(trade)))
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
    missing.all(trade.waybill)
    names = "、".join(dict.fromkeys(missing.goods(customs, i.sku).name for i in trade.items))
    worth = _worth(trade)
    if worth.freight is None:
        missing.all([w for w in worth.wants if w.field == "freight"] or [Want("freight", "", UNSAID)])
    head: Fields = {
        "logisticsCode": carrier.code,
        "logisticsName": carrier.name,
        "logisticsNo": trade.tracking,
        "freight": _amount(worth.freight, trade.currency),
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
    missing.all(trade.waybill)
    value = _said(trade, missing)
    flag = flag_of(customs, trade.account, [i.sku for i in trade.items])
    missing.all(against(flag, trade, customs, value.goods))
    if value.freight and customs.freight_flag != AS_TOTAL:
        missing.say(
            "fFlag", customs.freight_flag, 'the book knows freight as a sum: write freight_flag = "3" in [customs]'
        )
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
        "grossWeight": _kilos(missing.number_of("weight", trade.weight_g)),
        "netWeight": _kilos(missing.net_weight()),
    }
    items = []
    for n, (i, amount) in enumerate(zip(trade.items, value.lines, strict=True), start=1):
        g = missing.goods(customs, i.sku)
        items.append(
            {
                "gnum": str(n),
                "itemNo": i.sku,
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
