"""Faults as published typologies of trade-based money laundering tell them, each in several shapes.

Written without sight of the rules that look for them. Sources: FATF and Egmont Group, Trade-Based Money Laundering:
Trends and Developments (2020) and Risk Indicators (2021); APG Typology Report on Trade Based Money Laundering (2012);
Wolfsberg Group, ICC and BAFT, Trade Finance Principles (2019); FATF, Trade Based Money Laundering (2006).

A case is a list of trades that are guilty together; each function makes the case numbered `k`,
whose shape turns with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from trade_names import SCRIPTS, firm, person, strangers
from trade_papers import GRAMS, OWN, OWN_IN_ENGLISH, SKUS, TITLES, Maker, Trade
from typologies_many import MANY

Case = Callable[[Maker, Random, int], list[Trade]]
FAULTS: dict[str, Case] = dict(MANY)
DAY = timedelta(days=1)


def _fault(case: Case) -> Case:
    FAULTS[case.__name__] = case
    return case


@_fault
def over_invoiced(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2006: the price is above what the goods are worth, on every paper alike."""
    factor = (2.4, 3.5, 6, 10)[k % 4]
    t = m.invoiced(rng, quantity=(1, 3, 1, 2)[k % 4])
    t.priced(int(t.order["goods"] * factor))
    return [t]


@_fault
def under_invoiced(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2006: the price is far below what the goods are worth, on every paper alike."""
    t = m.invoiced(rng, quantity=(1, 2, 5, 1)[k % 4])
    t.priced(int(t.order["goods"] * (0.08, 0.15, 0.25, 0.35)[k % 4]))
    return [t]


@_fault
def invoice_above_order(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: the invoice's value differs from what was agreed and paid."""
    t = m.invoiced(rng)
    t.invoice[0]["amount"] = int(t.order["total"] * (1.5, 2, 4, 0.5)[k % 4])
    return [t]


@_fault
def under_declared(m: Maker, rng: Random, k: int) -> list[Trade]:
    """APG 2012: customs is told a value below what was paid; in one shape the same figure in a smaller currency."""
    t = m.trade(rng)
    if k % 4 == 3:
        t.customs[0]["currency"] = "CNY"
    else:
        t.customs[0]["amount"] = int(t.order["total"] * (0.2, 0.4, 0.6)[k % 4])
    return [t]


@_fault
def over_declared(m: Maker, rng: Random, k: int) -> list[Trade]:
    """APG 2012: an export declared above what was paid, for the tax that is refunded."""
    t = m.trade(rng)
    t.customs[0]["amount"] = int(t.order["total"] * (1.5, 2, 4)[k % 3])
    return [t]


@_fault
def phantom_shipment(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020: paid, invoiced and declared, and nothing ever moved."""
    t = m.invoiced(rng)
    t.receipt, t.tracking = [], []
    if k % 4 == 0:
        t.shipment = []
    elif k % 4 == 1:
        t.shipment[0]["delivered_at"] = None
    elif k % 4 == 2:
        t.shipment[0]["delivered_at"] = None
        at = t.shipment[0]["shipped_at"]
        t.tracking = [{"tracking": t.shipment[0]["tracking"], "happened_at": at, "event": "announced", "country": "CN"}]
    else:
        t.shipment, t.customs = [], []
    return [t]


@_fault
def invoiced_several_times(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020, multiple invoicing: more than one invoice (and payment) for one delivery."""
    t = m.invoiced(rng)
    first = t.invoice[0]
    for n in range((1, 2, 1, 1)[k % 4]):
        again = first | {"invoice_id": f"{first['invoice_id']}-{n + 2}"}
        again["issued_on"] += (n + 1) * (12 if k % 2 else 2) * DAY
        if k % 4 == 2:
            again["buyer"] = person(rng).name
        t.invoice.append(again)
        if k % 4 == 3:
            paid = t.payment[0]
            t.payment.append(paid | {"payment_id": f"{paid['payment_id']}9", "paid_at": paid["paid_at"] + 12 * DAY})
    return [t]


@_fault
def paid_several_times(m: Maker, rng: Random, k: int) -> list[Trade]:
    """APG 2012: the same delivery is paid again, by the same or through another institution."""
    t = m.trade(rng)
    paid = t.payment[0]
    for n in range(1 + k % 2):
        more = paid | {"payment_id": f"{paid['payment_id']}{n + 5}"}
        more["paid_at"] += (n + 1) * (9 if k % 3 else 40) * DAY
        if k % 4 > 1:
            more["institution"] = "PingPong"
        t.payment.append(more)
    return [t]


@_fault
def payer_in_third_country(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: the payment comes from a country that has nothing to do with the trade."""
    t = m.trade(rng)
    t.payment[0]["payer_country"] = ("NG", "PA", "VG", "BZ", "TR", "LR")[k % 6]
    if k % 2:
        t.payment[0]["payer"] = person(rng, "latin").name
    return [t]


@_fault
def listed_country(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF's call for action: payer, buyer or destination in Iran, North Korea or Myanmar."""
    t = m.trade(rng)
    country = ("IR", "KP", "MM")[k % 3]
    if k % 4 < 2:
        t.payment[0]["payer_country"] = country
    elif k % 4 == 2:
        t.shipment[0]["country"] = t.customs[0]["destination"] = country
    else:
        t.order["country"] = t.payment[0]["payer_country"] = t.shipment[0]["country"] = country
        t.customs[0]["destination"] = t.tracking[-1]["country"] = country
    return [t]


@_fault
def stranger_pays(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: a third party pays who is not on the trade's papers; Latin letters."""
    a, b = strangers(rng, 2, "latin")
    t = m.trade(rng, who=a)
    t.payment[0] |= {"payer": b.name.upper() if k % 2 else b.name, "payer_account": b.account}
    return [t]


@_fault
def stranger_pays_in_other_scripts(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The same where buyer and payer are written in other scripts, or the payer in Latin letters."""
    a, b = strangers(rng, 2, SCRIPTS[1 + k % (len(SCRIPTS) - 1)])
    t = m.trade(rng, who=a)
    t.payment[0] |= {"payer": b.latin() if k // (len(SCRIPTS) - 1) % 2 else b.name, "payer_account": b.account}
    return [t]


@_fault
def firm_pays_for_person(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: a firm without visible tie to the buyer pays."""
    t = m.trade(rng)
    name = firm(rng, ("Ltd", "LLC", "FZE", "Limited")[k % 4]).name
    t.payment[0] |= {"payer": ("鑫源贸易有限公司", name)[k % 3 > 0], "payer_account": person(rng).account}
    return [t]


@_fault
def payee_is_own_firm_elsewhere(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020: the money goes to a firm of the same owner in another place, not to the seller."""
    t = m.trade(rng)
    t.payment[0]["payee"] = (
        "Yuanshan Outdoor (HK) Limited",
        "远山户外（香港）有限公司",
        "Yuanshan Outdoor FZE",
        "YUANSHAN OUTDOOR LLC",
        "遠山戶外國際有限公司",
    )[k % 5]
    return [t]


@_fault
def payee_is_a_stranger(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: payment is asked to an account of somebody who is not the seller."""
    t = m.trade(rng)
    t.payment[0]["payee"] = (person(rng, "han").name, firm(rng, "Ltd").name, "鑫源国际贸易有限公司")[k % 3]
    return [t]


@_fault
def payer_is_the_seller(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020: the seller pays itself; nobody bought."""
    t = m.trade(rng)
    t.payment[0]["payer"] = (OWN, OWN_IN_ENGLISH, "Yuanshan Outdoor (HK) Limited", "深圳远山户外")[k % 4]
    return [t]


@_fault
def dates_in_impossible_order(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Wolfsberg 2019: dates that cannot be: arrived before sent, sent before ordered, declared after arrival …"""
    t = m.invoiced(rng)
    parcel = t.shipment[0]
    shape = k % 6
    if shape == 0:
        parcel["delivered_at"] = parcel["shipped_at"] - 4 * DAY
    elif shape == 1:
        t.later(-9)
    elif shape == 2:
        t.payment[0]["paid_at"] -= 45 * DAY
    elif shape == 3:
        t.receipt[0]["received_at"] = parcel["shipped_at"] - 2 * DAY
    elif shape == 4:
        t.customs[0]["declared_on"] = parcel["delivered_at"] + 12 * DAY
    else:
        t.tracking[-1]["happened_at"] = t.tracking[0]["happened_at"] - 5 * DAY
    return [t]


@_fault
def mode_that_does_not_fit(m: Maker, rng: Random, k: int) -> list[Trade]:
    """APG 2012: the declared way of trading is not how it was sold: wholesale as parcels, a consumer as a firm …"""
    if k % 3 == 0:
        t = m.trade(rng, who=firm(rng, "GmbH", "DE"), quantity=400, sku="LAMP-02")
    else:
        t = m.trade(rng, quantity=1)
        t.customs[0]["mode"] = ("", "9710", "9810")[k % 3]
    return [t]


@_fault
def goods_described_otherwise(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: the goods are called something else than what they are, on the order or to customs."""
    t = m.trade(rng)
    other = rng.choice([x for x in SKUS if x != t.order["item"]])
    odd = ("塑料玩具", "金手链 18K", "Gift, no commercial value", "二手手机")[k % 4]
    if k % 3 == 0:
        t.order["title"] = odd
    elif k % 3 == 1:
        t.customs[0]["title"] = odd
    else:
        t.customs[0] |= {"item": other, "title": TITLES[other]}
    return [t]


@_fault
def goods_off_the_business(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: goods that the business does not deal in, at a price that none of its goods has."""
    t = m.trade(rng, quantity=1)
    item, title, price = (
        ("AU-BAR", "金条 100克", 980_000),
        ("PHONE-X", "智能手机 1TB", 149_900),
        ("COIN-BTC", "纪念币", 250_000),
        ("MED-01", "进口药品", 64_000),
    )[k % 4]
    for row in (t.order, *t.customs):
        row |= {"item": item, "title": title}
    t.priced(price)
    return [t]


@_fault
def impossible_weight(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Wolfsberg 2019: weight that the goods cannot have: empty parcels, bricks, or papers that disagree."""
    t = m.trade(rng, sku=("TENT-2P", "TENT-4P", "BAG-45", "POT-SET")[k % 4])
    grams = GRAMS[t.order["item"]] * t.order["quantity"]
    if k % 3 == 0:
        t.shipment[0]["weight_kg"] = t.customs[0]["weight_kg"] = grams // 20
    elif k % 3 == 1:
        t.shipment[0]["weight_kg"] = t.customs[0]["weight_kg"] = grams * 8
    else:
        t.customs[0]["weight_kg"] = grams * 3
    return [t]


@_fault
def quantity_misdeclared(m: Maker, rng: Random, k: int) -> list[Trade]:
    """FATF 2020, over- and under-shipment: customs is told another quantity than what was sold."""
    t = m.trade(rng, quantity=(1, 3, 6)[k % 3])
    t.customs[0]["quantity"] = (10, 1, 60)[k % 3]
    return [t]


@_fault
def refunded_to_somebody_else(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: overpaid or cancelled, and the money goes back to another person or country."""
    t = m.trade(rng)
    if k % 3 == 0:
        t.payment[0]["amount"] *= 2
        row = t.refunded(t.order["total"], days=6)
    else:
        row = t.refunded(t.order["total"], days=20)
    row |= {"payer": strangers(rng, 1)[0].name, "payer_account": person(rng).account}
    if k % 2:
        row["payer_country"] = ("AE", "PA", "TR")[k % 3]
    t.order["refunded"] = 0 if k % 3 == 0 else t.order["refunded"]
    return [t]


@_fault
def diverted(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: the goods go to another country than where they were sold to."""
    t = m.trade(rng)
    country = ("KG", "TR", "RU", "AM")[k % 4]
    if k % 5 == 4:
        t.shipment[0]["country"] = t.tracking[-1]["country"] = "CN"
    elif k % 2:
        t.tracking[-1]["country"] = country
        t.receipt = []
    else:
        t.shipment[0]["country"] = t.customs[0]["destination"] = country
    return [t]


@_fault
def other_consignee(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Wolfsberg 2019: the carrier's consignee is none of those whom the order names."""
    a, b = strangers(rng, 2, SCRIPTS[k % len(SCRIPTS)])
    t = m.trade(rng, who=a)
    t.shipment[0]["consignee"] = b.name
    return [t]


@_fault
def paid_otherwise_than_ordered(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: the payment does not fit the order: too much, too little, or in another currency."""
    t = m.trade(rng)
    if k % 3 == 2:
        t.payment[0]["currency"] = ("EUR", "GBP", "HKD")[k % 9 // 3]
    else:
        t.payment[0]["amount"] = int(t.order["total"] * (1.5, 0.6)[k % 3])
    return [t]


@_fault
def cancelled_and_kept(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: an order that was called off, whose money stays, and goods or papers go on."""
    t = m.trade(rng)
    t.order["status"] = ("已取消", "Cancelled", "cancelled by buyer")[k % 3]
    if k % 2:
        t.shipment, t.customs, t.receipt, t.tracking = [], [], [], []
    return [t]


@_fault
def invoiced_to_another(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: the invoice names another party than the order and the carrier."""
    a, b = strangers(rng, 2, SCRIPTS[k % len(SCRIPTS)])
    t = m.invoiced(rng, who=a)
    t.invoice[0]["buyer"] = firm(rng, "LLC").name if k % 3 == 2 else b.name
    return [t]


@_fault
def no_order_behind(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Wolfsberg 2019: payment, list or parcel speak of an order that the platform does not know."""
    t = m.invoiced(rng)
    t.has_order = False
    if k % 3 == 1:
        t.shipment, t.receipt, t.tracking = [], [], []
    elif k % 3 == 2:
        t.payment = []
    return [t]


@_fault
def declared_twice(m: Maker, rng: Random, k: int) -> list[Trade]:
    """APG 2012: the same parcel on two export lists, for what is refunded on each."""
    t = m.trade(rng)
    again = t.customs[0] | {"declaration": "7" + t.customs[0]["declaration"][1:]}
    again["declared_on"] += (0, 3, 20)[k % 3] * DAY
    t.customs.append(again)
    return [t]


@_fault
def many_pay_for_one(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Risk indicators 2021: one purchase is settled in parts by several third parties."""
    t = m.trade(rng, quantity=3)
    for n, other in enumerate(strangers(rng, 4)):
        row = t.paid_part(0.25, f"P{n}", minutes=30 * (n + 1))
        row |= {"payer": other.name, "payer_account": other.account}
        if k % 2:
            row |= {"payer_country": other.country}
    return [t]
