"""Trades that look odd and are honest, as shops, families, carriers and banks make them; each in several shapes.

Written without sight of the rules: none of these may be called contradicted or suspicious. Each function makes the case
numbered `k`. `ARGUABLE` are those of which some would ask, too; they are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from trade_names import SCRIPTS, firm, person, strangers
from trade_odd_names import NAMES
from trade_odd_places import PLACES
from trade_papers import OWN, PRICES, TITLES, Maker, Trade

Case = Callable[[Maker, Random, int], list[Trade]]
ODDITIES: dict[str, Case] = NAMES | PLACES
ARGUABLE = {"paid_by_spouse", "carrier_gives_a_number_again"}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _oddity(case: Case) -> Case:
    ODDITIES[case.__name__] = case
    return case


@_oddity
def whole_refund(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng)
    t.refunded(t.order["total"], days=(3, 20, 45)[k % 3])
    return [t]


@_oddity
def partial_refund(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng)
    t.refunded(int(t.order["total"] * (0.1, 0.3, 0.5, 0.7)[k % 4]), days=12 + k)
    return [t]


@_oddity
def second_refund(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng)
    t.refunded(t.order["total"] // 5, days=10)
    t.refunded(t.order["total"] // (3, 4)[k % 2], days=40, suffix="S")
    return [t]


@_oddity
def cancelled_and_paid_back(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng)
    t.order["status"] = ("已取消", "Cancelled")[k % 2]
    t.shipment, t.customs, t.receipt, t.tracking, t.invoice = [], [], [], [], []
    t.refunded(t.order["total"], days=1 + k % 3)
    return [t]


@_oddity
def two_parcels_two_lists(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng, quantity=(2, 4, 3)[k % 3])
    t.second_parcel((0.5, 0.5, 1 / 3)[k % 3], days=(0, 1, 4)[k % 3])
    return [t]


@_oddity
def part_shipped_rest_refunded(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Two of three were in stock; the third was paid back."""
    t = m.trade(rng, quantity=3)
    third = t.order["total"] // 3
    t.customs[0] |= {"quantity": 2, "amount": t.customs[0]["amount"] * 2 // 3}
    for row in (*t.customs, *t.shipment):
        row["weight_kg"] = row["weight_kg"] * 2 // 3
    t.refunded(third, days=2 + k % 4)
    return [t]


@_oddity
def sent_anew_after_loss(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The first parcel got lost; a second one went out with a list of its own."""
    t = m.trade(rng)
    parcel, listed = t.shipment[0], t.customs[0]
    gap, number = (18 + k % 5) * DAY, parcel["tracking"][:-3] + "8CN"
    again = parcel | {"tracking": number}
    again |= {name: parcel[name] + gap for name in ("shipped_at", "delivered_at")}
    arrival = t.tracking.pop()
    t.tracking += [
        e | {"tracking": number, "happened_at": e["happened_at"] + gap} for e in (*list(t.tracking), arrival)
    ]
    lost_at = parcel["shipped_at"] + 15 * DAY
    t.tracking.append({"tracking": parcel["tracking"], "happened_at": lost_at, "event": "lost", "country": ""})
    parcel["delivered_at"] = None
    t.shipment.append(again)
    t.customs.append(
        listed
        | {
            "declaration": "8" + listed["declaration"][1:],
            "tracking": number,
            "declared_on": listed["declared_on"] + gap,
        }
    )
    for row in t.receipt:
        row |= {"tracking": number, "received_at": again["delivered_at"] + 5 * HOUR}
    return [t]


@_oddity
def gift_to_another(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The order names who receives it; in some shapes abroad."""
    giver, friend = strangers(rng, 2, SCRIPTS[k % len(SCRIPTS)] if k % 2 else "")
    if k % 3 == 0:
        friend = replace(friend, country="GB")
        giver = replace(giver, country="US")
    t = m.trade(rng, who=friend)
    t.bought_by(giver.name, consignee=friend.name)
    t.payment[0] |= {"payer_country": giver.country, "payer_account": giver.account}
    return [t]


@_oddity
def paid_by_spouse(m: Maker, rng: Random, k: int) -> list[Trade]:
    a, b = strangers(rng, 2, SCRIPTS[k % len(SCRIPTS)])
    t = m.trade(rng, who=a)
    t.payment[0]["payer"] = replace(b, family=a.family).name
    return [t]


@_oddity
def two_cards(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng)
    t.paid_part((0.5, 0.3, 0.62)[k % 3], minutes=2 + k)["payer_account"] = person(rng).account
    return [t]


@_oddity
def gift_card_and_card(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng, sku="TENT-2P")
    row = t.paid_part(0.2, "G")
    row |= {"payer_account": "", "institution": "海桥支付"}
    if k % 2:
        row["payer"] = ""
    return [t]


@_oddity
def one_payment_for_two_orders(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Two orders of one buyer, checked out together: one payment that names both."""
    who = person(rng)
    one = m.trade(rng, who=who)
    other = m.trade(rng, who=who, placed=one.placed + timedelta(minutes=3))
    one.payment[0] |= {"order_id": f"{one.id},{other.id}", "amount": one.order["total"] + other.order["total"]}
    one.payment[0]["paid_at"] = other.placed + timedelta(minutes=4)
    other.payment = []
    return [one, other]


@_oddity
def two_orders_in_one_parcel(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Two or three orders of one buyer within hours, packed together; each has its list."""
    who = person(rng)
    first = m.trade(rng, who=who, sku="LAMP-01")
    found = [first]
    for n, sku in enumerate(("FILTER", "CABLE-3")[: 1 + k % 2]):
        found.append(m.trade(rng, who=who, sku=sku, placed=first.placed + (n + 2) * HOUR))
    for t in found:
        t.numbered(first.shipment[0]["tracking"])
        t.shipment[0] |= {x: first.shipment[0][x] for x in ("shipped_at", "delivered_at")}
        t.customs[0]["declared_on"] = first.customs[0]["declared_on"]
        t.receipt = []
    weight = sum(t.shipment[0]["weight_kg"] for t in found)
    for t in found:
        t.shipment[0]["weight_kg"] = weight if k % 4 == 3 else t.shipment[0]["weight_kg"]
        t.tracking = first.tracking if t is first else []
    return found


@_oddity
def monthly_reorder(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A regular buyer, about once a month, in changing amounts and goods."""
    who = person(rng)
    start = m.trade(rng).placed
    return [
        m.trade(
            rng,
            who=who,
            quantity=rng.randint(1, 4),
            placed=start + (n * 30 + rng.randint(-4, 5)) * DAY + rng.randint(0, 20) * HOUR,
        )
        for n in range(7)
    ]


@_oddity
def bought_again(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The same thing once more: for a friend the next day, or lost and bought anew some weeks later."""
    who = person(rng)
    first = m.trade(rng, who=who)
    gap = (1.3, 4, 33, 120)[k % 4]
    again = m.trade(
        rng, who=who, sku=first.order["item"], quantity=first.order["quantity"], placed=first.placed + gap * DAY
    )
    return [first, again]


@_oddity
def holiday_sale(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A strong discount for a day, shown as such on the order, to many."""
    placed = m.trade(rng).placed
    found = []
    for n in range(6):
        t = m.trade(rng, sku=("BAG-45", "LAMP-01", "SPEAKER")[k % 3], placed=placed + n * HOUR)
        goods = t.order["goods"]
        off = goods * (35, 45, 55)[k % 3] // 100
        t.priced(goods - off)
        t.order |= {"goods": goods, "discount": off, "price": PRICES[t.order["item"]]}
        found.append(t)
    return found


@_oddity
def bundle(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Two goods in one order, cheaper together; one parcel and one list of two lines."""
    t = m.trade(rng, sku="TENT-2P", quantity=1)
    other = ("LAMP-02", "MAT-SELF", "POT-SET")[k % 3]
    whole = PRICES["TENT-2P"] + PRICES[other]
    total = whole * 85 // 100
    t.priced(total)
    extra = m.trade(rng, sku=other, quantity=1)
    t.order |= {"goods": whole, "discount": whole - total, "price": PRICES["TENT-2P"]}
    t.more_lines = [t.order | {"item": other, "title": TITLES[other], "price": PRICES[other]}]
    weight = t.shipment[0]["weight_kg"] + extra.shipment[0]["weight_kg"]
    share = total * PRICES["TENT-2P"] // whole
    t.shipment[0]["weight_kg"] = t.customs[0]["weight_kg"] = weight
    t.customs.append(t.customs[0] | {"item": other, "title": TITLES[other], "amount": total - share})
    t.customs[0]["amount"] = share
    return [t]


@_oddity
def second_hand(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A returned piece sold as used, at sixty per cent."""
    t = m.trade(rng, quantity=1)
    t.priced(t.order["goods"] * (60, 65, 70)[k % 3] // 100)
    t.order["title"] = (f"{t.order['title']}（二手）", f"{t.order['title']} used", f"{t.order['title']} 翻新")[k % 3]
    return [t]


@_oddity
def wholesale(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A firm buys many at a discount, declared as trade between firms."""
    who = firm(rng, ("GmbH", "Ltd", "LLC")[k % 3], ("DE", "GB", "US")[k % 3])
    t = m.trade(rng, who=who, sku=("LAMP-01", "BAG-20", "POLES")[k % 3], quantity=120 + 20 * k)
    goods = t.order["goods"]
    t.priced(goods * 75 // 100)
    t.order |= {"goods": goods, "discount": goods - t.order["total"], "price": PRICES[t.order["item"]]}
    t.customs[0]["mode"] = "9710"
    return [t]


@_oddity
def pre_order(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Paid weeks before it can be sent."""
    t = m.trade(rng)
    t.later((21, 35, 50)[k % 3])
    return [t]


@_oddity
def late_delivery(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Under way for two or three months."""
    t = m.trade(rng)
    late = (55, 75, 88)[k % 3] * DAY
    t.shipment[0]["delivered_at"] += late
    t.tracking[-1]["happened_at"] += late
    for row in t.receipt:
        row["received_at"] += late
    return [t]


@_oddity
def held_by_customs(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Held in the country of arrival for a while, then released."""
    t = m.trade(rng)
    waybill, late = t.shipment[0]["tracking"], (10 + k % 15) * DAY
    held = t.tracking[1]["happened_at"] + 4 * DAY
    t.shipment[0]["delivered_at"] += late
    t.tracking[-1]["happened_at"] += late
    for row in t.receipt:
        row["received_at"] += late
    country = t.order["country"]
    t.tracking[2:2] = [
        {"tracking": waybill, "happened_at": held, "event": "EME", "country": country},
        {"tracking": waybill, "happened_at": held + late, "event": "EMF", "country": country},
    ]
    return [t]


@_oddity
def address_typo(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The carrier's address has a slip, or is abbreviated."""
    t = m.trade(rng)
    text = t.shipment[0]["address"]
    t.shipment[0]["address"] = (text.upper(), text[:6] + text[7:], text.replace("Street", "St"), text.replace(",", ""))[
        k % 4
    ]
    return [t]


@_oddity
def clocks_apart(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A system that writes its own zone's time, or summer time: some hours off."""
    t = m.trade(rng)
    if k % 3 == 0:
        t.payment[0]["paid_at"] -= (1, 8)[k % 2] * HOUR
    elif k % 3 == 1:
        t.shipment[0]["delivered_at"] += (1, -7)[k % 2] * HOUR
    else:
        for row in t.receipt:
            row["received_at"] = t.shipment[0]["delivered_at"] - (1, 6)[k % 2] * HOUR
    return [t]


@_oddity
def cents_of_conversion(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng, sku="BAG-45")
    t.payment[0]["amount"] += (-3, 2, -1, 7)[k % 4]
    return [t]


@_oddity
def declared_without_postage(m: Maker, rng: Random, k: int) -> list[Trade]:
    """The list has the goods' value after discount, without the postage that the buyer paid."""
    t = m.trade(rng, sku=("BAG-45", "TENT-2P", "CAM-SOLAR")[k % 3])
    net = t.order["goods"] - t.order["discount"]
    t.order |= {"shipping": 699, "total": net + 699}
    for row in (*t.payment, *t.invoice):
        row["amount"] = net + 699
    t.customs[0]["amount"] = net
    return [t]


@_oddity
def invoice_corrected(m: Maker, rng: Random, k: int) -> list[Trade]:
    """An invoice with a slip is cancelled and written anew."""
    t = m.invoiced(rng)
    first = t.invoice[0]
    cancel = first | {
        "invoice_id": f"{first['invoice_id']}C",
        "amount": -first["amount"],
        "corrects": first["invoice_id"],
    }
    anew = first | {"invoice_id": f"{first['invoice_id']}N"}
    for row in (cancel, anew):
        row["issued_on"] += 3 * DAY
    first["buyer"] = t.order["buyer"]
    t.invoice += [cancel, anew]
    return [t]


@_oddity
def words_of_state(m: Maker, rng: Random, k: int) -> list[Trade]:
    t = m.trade(rng)
    t.order["status"] = ("Completed", "Delivered", "已签收", "交易成功", "Shipped", "Paid")[k % 6]
    return [t]


@_oddity
def carrier_gives_a_number_again(m: Maker, rng: Random, k: int) -> list[Trade]:
    one = m.trade(rng, placed=m.trade(rng).placed - timedelta(days=260))
    other = m.trade(rng, placed=one.placed + timedelta(days=400 + k))
    other.numbered(one.shipment[0]["tracking"])
    return [one, other]


@_oddity
def goods_came_back(m: Maker, rng: Random, k: int) -> list[Trade]:
    """Sent back by the buyer with a waybill of its own, and paid back."""
    t = m.trade(rng)
    parcel = t.shipment[0]
    sent = parcel["delivered_at"] + (4 + k % 6) * DAY
    back = parcel | {"tracking": parcel["tracking"][:-3] + "5CN", "shipped_at": sent, "delivered_at": sent + 15 * DAY}
    t.shipment.append(
        back | {"country": "CN", "origin": t.order["country"], "consignee": OWN, "phone": "", "address": ""}
    )
    t.refunded(t.order["total"], days=(sent - t.placed).days + 17)
    return [t]


@_oddity
def sold_in_euro(m: Maker, rng: Random, k: int) -> list[Trade]:
    """A shop that sells in euros too; all papers are in euros."""
    t = m.trade(rng, who=replace(person(rng, "latin"), country=("DE", "FR")[k % 2]))
    for row in (t.order, *t.payment, *t.customs, *t.invoice):
        row["currency"] = "EUR"
    return [t]
