"""Faults that only several trades together show, as published typologies tell them, each in several shapes.

Sources and what a case is: see `typologies.py`, which takes these in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from trade_names import firm, person, strangers
from trade_papers import PRICES, SKUS, Maker, Trade

Case = Callable[[Maker, Random, int], list[Trade]]
MANY: dict[str, Case] = {}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _fault(case: Case) -> Case:
    MANY[case.__name__] = case
    return case


def _two(m: Maker, rng: Random, gap: float) -> tuple[Trade, Trade]:
    """Trades of two strangers, so many days apart."""
    a, b = strangers(rng, 2)
    one = m.invoiced(rng, who=a)
    other = m.invoiced(rng, who=b, placed=one.placed + gap * DAY)
    return one, other


@_fault
def one_payment_two_orders(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: one payment shown as the proof of several trades."""
    one, other = _two(m, rng, (0.2, 3, 30, 90)[k % 4])
    number = one.payment[0]["payment_id"]
    other.payment[0]["payment_id"] = number.lower() if k % 3 == 1 else f" {number}" if k % 3 == 2 else number
    return [one, other]


@_fault
def one_waybill_two_trades(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Wolfsberg 2019: one transport document for several deliveries; in some shapes written in another way."""
    one, other = _two(m, rng, (0.5, 4, 25, 80)[k % 4])
    number = one.shipment[0]["tracking"]
    other.numbered((number, number.lower(), f"{number[:6]} {number[6:]}", f"{number[:2]}-{number[2:]}")[k % 4])
    return [one, other]


@_fault
def one_list_two_trades(m: Maker, rng: Random, k: int) -> list[Trade]:
    """APG 2012: one export declaration used for several trades."""
    one, other = _two(m, rng, (0.1, 5, 20, 70)[k % 4])
    number = one.customs[0]["declaration"]
    other.customs[0]["declaration"] = f"{number[:4]} {number[4:]}" if k % 3 == 2 else number
    return [one, other]


@_fault
def one_invoice_two_trades(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020: one invoice presented for several trades."""
    one, other = _two(m, rng, (0.3, 6, 33, 75)[k % 4])
    number = one.invoice[0]["invoice_id"]
    other.invoice[0]["invoice_id"] = (
        number.lower() if k % 3 == 1 else number.replace("-", " ") if k % 3 == 2 else number
    )
    return [one, other]


@_fault
def one_payer_for_many(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: one third party settles the purchases of many unrelated buyers."""
    payer, *buyers = strangers(rng, 7)
    found = []
    placed = m.trade(rng).placed
    for n, who in enumerate(buyers):
        t = m.trade(rng, who=who, placed=placed + n * (1 + k % 5) * DAY)
        t.payment[0]["payer_account"] = payer.account
        if k % 2:
            t.payment[0]["payer"] = payer.name
        found.append(t)
    return found


@_fault
def one_parcel_many_orders(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Wolfsberg 2019: many sales stand on one carriage, of many buyers or all to one consignee."""
    buyers = strangers(rng, 6 + k % 4)
    placed = m.trade(rng).placed
    found = [m.trade(rng, who=who, placed=placed + n * HOUR) for n, who in enumerate(buyers)]
    for t in found[1:]:
        t.numbered(found[0].shipment[0]["tracking"])
        t.shipment[0] |= {x: found[0].shipment[0][x] for x in ("shipped_at", "delivered_at")}
        if k % 2:
            t.order["consignee"] = t.shipment[0]["consignee"] = t.customs[0]["consignee"] = buyers[0].name
    return found


@_fault
def many_buyers_one_address(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021, structural: unrelated parties share one private address; written in several ways."""
    home, *others = strangers(rng, 8 + k % 3)
    placed = m.trade(rng).placed
    found = []
    for n, who in enumerate([home, *others]):
        t = m.trade(rng, who=who.living_at(home), placed=placed + n * (1 + k % 4) * DAY)
        if k % 2:
            text = home.address
            written = (text, text.upper(), text.replace(" Street", " St.").replace(" Road", " Rd"), f"{text}, ")
            t.at(written[n % 4])
        found.append(t)
    return found


@_fault
def many_buyers_one_phone(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021, structural: unrelated parties share contact details; written in several ways."""
    home, *others = strangers(rng, 8)
    placed = m.trade(rng).placed
    plain = "".join(c for c in home.phone if c.isdigit())
    written = (home.phone, f"00{plain}", f"+{plain}", home.phone.replace(" ", "-")) if k % 2 else (home.phone,)
    found = []
    for n, who in enumerate([home, *others]):
        same = replace(who, phone=written[n % len(written)])
        found.append(m.trade(rng, who=same, placed=placed + n * (1 + k % 4) * DAY))
    return found


@_fault
def steady_rhythm(m: Maker, rng: Random, k: int) -> list[Trade]:
    """APG 2012: the same order again and again at even distances, as made by a clock."""
    who = person(rng)
    first = m.trade(rng, who=who)
    gap = (1, 3, 7, 14, 0.25)[k % 5]
    found = [first]
    for n in range(1, 8):
        at = first.placed + n * gap * DAY + timedelta(minutes=rng.randint(-20, 20) if k % 2 else 0)
        t = m.trade(rng, who=who, sku=first.order["item"], quantity=first.order["quantity"], placed=at)
        t.priced(first.order["total"])
        found.append(t)
    return found


@_fault
def just_below_a_limit(m: Maker, rng: Random, k: int) -> list[Trade]:
    """APG 2012, structuring: amounts a little below USD 50,000 (or EUR 150 of goods) that add up within days."""
    small = k % 4 == 3
    who = replace(person(rng, "latin"), country="DE") if small else firm(rng, country=("US", "DE", "GB")[k % 3])
    sku = "TENT-2P" if small else ("TENT-2P", "LAMP-01", "BAG-45")[k % 3]
    first = m.trade(rng, who=who).placed
    found = []
    for n in range(4):
        total = rng.randint(14_200, 14_990) if small else rng.randint(4_850_000, 4_998_000)
        t = m.trade(rng, who=who, sku=sku, quantity=round(total / PRICES[sku]), placed=first + n * (1 + k % 3) * DAY)
        t.priced(total)
        t.customs[0]["mode"] = "9610" if small else "9710"
        if small:
            for row in (t.order, *t.payment, *t.customs, *t.invoice):
                row["currency"] = "EUR"
        found.append(t)
    return found


@_fault
def carousel(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020: the same goods go round between two firms, there and back."""
    who = firm(rng, "Limited", ("GB", "DE", "US")[k % 3])
    sku = SKUS[k % len(SKUS)]
    start = m.trade(rng, who=who, sku=sku, quantity=24).placed
    found = []
    for n in range(6):
        t = m.trade(rng, who=who, sku=sku, quantity=24, placed=start + n * (9 + k % 3) * DAY)
        t.priced(PRICES[sku] * 24)
        t.customs[0]["mode"] = "9710"
        t.shipment[0]["weight_kg"] = found[0].shipment[0]["weight_kg"] if found else t.shipment[0]["weight_kg"]
        if n % 2 and k % 2:
            t.shipment[0] |= {"origin": who.country, "country": "CN"}
        found.append(t)
    return found


@_fault
def bought_and_paid_back(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020: one buyer's purchases are paid and paid back again and again, so that money has an origin."""
    who = person(rng)
    start = m.trade(rng).placed
    found = []
    for n in range(8):
        t = m.trade(rng, who=who, placed=start + n * (2 + k % 4) * DAY)
        t.refunded(t.order["total"], days=6 + k % 3)
        found.append(t)
    return found


@_fault
def sold_to_own_firm(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020: buyer and seller are of one owner."""
    name = (
        "Yuanshan Outdoor (HK) Limited",
        "远山户外（香港）有限公司",
        "YUANSHAN OUTDOOR LLC",
        "Yuanshan Outdoor GmbH",
    )[k % 4]
    who = replace(firm(rng), firm=name)
    return [m.trade(rng, who=who, quantity=2 + k % 3)]
