"""Whatever is written reconciles to the cent, whatever cannot is wanting: random orders, with sums worked out here.

An order is made from what a shop would charge: pieces and unit prices, discounts, freight and tax. Then its papers
are damaged or not: a part is struck out, a receipt says another sum, a line has no price. What the messages must say
is worked out from the charges alone, never from the program's own sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crossbook.filing.customs.documents import OF_TRADES, document, documents
from crossbook.filing.customs.message import Document, problems, schema, write
from crossbook.filing.customs.settings import Customs, Goods, Party, Platform
from crossbook.filing.customs.trade import Item, Parts, Payment, ToDeclare

NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
EXPONENT = {"USD": 2, "EUR": 2, "JPY": 0, "GBP": 2}
FIRM = Party("4403660099", "名")
CUSTOMS = Customs(
    mode="9610",
    office="5316",
    port="5316",
    transport="5",
    packing="2",
    order_type="E",
    freight_flag="3",
    seller=FIRM,
    agent=FIRM,
    owner=FIRM,
    transfer=FIRM,
    transfer_id="DXP1",
    statistics_flag="B",
    platforms={"shop": Platform("4403660099", "名")},
    institutions={"PayCo": FIRM},
    carriers={"Yun": FIRM},
    goods={"LAMP": Goods(code="8513100000", name="灯", model="LED", unit="007", unit1="007", unit2="035")},
)


@dataclass(frozen=True)
class Charged:
    """What a shop charged, in minor units: of each line pieces, price of one and the line's net sum; the rest apart."""

    currency: str
    lines: tuple[tuple[int, int, int], ...]
    freight: int
    tax: int

    @property
    def goods(self) -> int:
        return sum(net for _, _, net in self.lines)

    @property
    def total(self) -> int:
        return self.goods + self.freight + self.tax


@st.composite
def charged(draw: st.DrawFn) -> Charged:
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        pieces, price = draw(st.integers(1, 9)), draw(st.integers(1, 200_000))
        lines.append((pieces, price, pieces * price - draw(st.integers(0, pieces * price - 1))))
    return Charged(
        currency=draw(st.sampled_from(sorted(EXPONENT))),
        lines=tuple(lines),
        freight=draw(st.one_of(st.just(0), st.integers(1, 5_000))),
        tax=draw(st.one_of(st.just(0), st.integers(1, 5_000))),
    )


def trade(c: Charged, paid: tuple[int, ...], parts: Parts, amounts: list[int | None]) -> ToDeclare:
    items = tuple(
        Item(sku="LAMP", title="L", quantity=n, amount=a, net_g=100 * n)
        for (n, _, _), a in zip(c.lines, amounts, strict=True)
    )
    payments = tuple(Payment(f"P{i}", a, c.currency, "PayCo", NOW) for i, a in enumerate(paid)) if len(paid) > 1 else ()
    return ToDeclare(
        order_id="A1",
        account="shop",
        currency=c.currency,
        country="US",
        payment_id=None if payments else "P0",
        institution="PayCo",
        paid=sum(paid),
        pay_currency=c.currency,
        paid_at=NOW,
        tracking="T1",
        carrier="Yun",
        weight_g=100_000,
        pieces=1,
        items=items,
        parts=parts,
        payments=payments,
    )


def whole(c: Charged) -> Parts:
    listed = sum(n * price for n, price, _ in c.lines)
    return Parts(total=c.total, goods=listed, discount=listed - c.goods, freight=c.freight, tax=c.tax)


def minor(c: Charged, text: str | None) -> Fraction:
    assert text
    return Fraction(Decimal(text)) * 10 ** EXPONENT[c.currency]


def reconcile(c: Charged, one: ToDeclare) -> None:
    """Everything that is written says what was charged."""
    made = {n: [m for _, m in documents(n, one, CUSTOMS, NOW)] for n in OF_TRADES}
    order, waybill, listed = (made[n][0] for n in ("303", "505", "603"))
    assert isinstance(order, Document) and isinstance(waybill, Document) and isinstance(listed, Document)
    goods, freight = minor(c, order.head["goodsValue"]), minor(c, order.head["freight"])
    assert (goods, freight) == (c.goods, c.freight)
    assert minor(c, waybill.head["freight"]) == minor(c, listed.head["freight"]) == c.freight
    for document_ in (order, listed):
        for item, (pieces, _, net) in zip(document_.items, c.lines, strict=True):
            assert minor(c, item["totalPrice"]) == net and item["qty"] == str(pieces)
            assert abs(minor(c, item["price"]) * pieces - net) * 2 < 1  # five decimals: the cent stands
        assert sum(minor(c, i["totalPrice"]) for i in document_.items) == goods
    receipts = [m for m in made["403"] if isinstance(m, Document)]
    assert sum(minor(c, m.head["charge"]) for m in receipts) == goods + freight + c.tax == c.total
    for number, several in made.items():
        found = [m for m in several if isinstance(m, Document)]
        assert [p for m in found for p in problems(m)] == []
        transfer = {"copCode": "1", "copName": "名", "dxpMode": "DXP", "dxpId": "DXP1"}
        schema().assertValid(etree.fromstring(write(number, "0" * 36, found, transfer).xml))


@settings(max_examples=60, deadline=None)
@given(charged(), st.data())
def test_what_is_written_reconciles_to_the_cent(c: Charged, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, c.total - 1))
    paid = (c.total,) if cut == 0 else (cut, c.total - cut)
    reconcile(c, trade(c, paid, whole(c), [net for _, _, net in c.lines]))


DAMAGE = ("receipt", "total", "goods", "line", "no price", "no total", "no freight", "no tax", "free line")


@settings(max_examples=150, deadline=None)
@given(charged(), st.sampled_from(DAMAGE), st.integers(1, 999))
def test_what_does_not_reconcile_is_wanting_in_all_four(c: Charged, damage: str, by: int) -> None:
    parts, amounts = whole(c), [net for _, _, net in c.lines]
    told: dict[str, int | None] = {n: getattr(parts, n) for n in ("total", "goods", "discount", "freight", "tax")}
    nets: list[int | None] = list(amounts)
    paid = c.total
    match damage:
        case "receipt":
            paid += by
        case "total":
            told["total"], paid = c.total + by, c.total + by
        case "goods":
            told["goods"] = (told["goods"] or 0) + by
        case "line":
            nets[0] = amounts[0] + by
        case "no price":
            nets[-1] = None
        case "no total":
            told["total"] = None
        case "no freight":
            told["freight"] = None
        case "no tax":
            told["tax"] = None
        case "free line":
            nets[0] = 0
    one = trade(c, (paid,), Parts(**told), nets)
    # What the other parts prove is not lost: a price of one line, a part of which the total leaves nothing.
    proved = {
        "no price": len(c.lines) == 1,
        "no freight": c.freight == 0,
        "no tax": c.tax == 0,
    }.get(damage, False)
    if proved:
        reconcile(c, one)
        return
    for number in OF_TRADES:
        found = document(number, one, CUSTOMS, NOW)
        assert isinstance(found, list) and found, (number, damage)
        assert all(p.field and p.why for p in found)
