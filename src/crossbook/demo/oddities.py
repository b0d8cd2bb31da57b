"""Trades of the sample business that look odd and are not: names written otherwise, parcels and payments in parts, and
sales to a country whose rate changed, with what went back of them.

Nothing here is a fault: no rule may call it. What is planted is told in the sample's truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from crossbook.demo.business import COUNTRIES, Sales, as_datetime, stamp
from crossbook.demo.papers import Papers
from crossbook.demo.writing import Ints

Oddity = Callable[[Papers, int], None]
ODDITIES: dict[str, Oddity] = {}
TO_ROMANIA, TO_ROMANIA_LATER = 4, 2  # orders before and after Romania's rate changed
BEFORE, CHANGE = date(2025, 7, 1), date(2025, 8, 1)
RETURNED_AT = stamp(date(2025, 9, 23), 9)  # the whole of one order, under the new rate
PARTS_AT = (stamp(date(2025, 8, 20), 9), stamp(date(2025, 9, 25), 9))  # parts of another, in two months

RETURNS_AT = (RETURNED_AT, *PARTS_AT)


def _oddity(plant: Oddity) -> Oddity:
    ODDITIES[plant.__name__] = plant
    return plant


def _names(p: Papers, i: int, buyer: str, payer: str) -> None:
    """The buyer's name on order, parcel and invoice; the payer's on the payment."""
    for column in (p.buyer, p.consignee, p.ship_consignee, p.invoice_buyer):
        column[i] = buyer
    p.payer[i] = payer


@_oddity
def characters_and_pinyin(p: Papers, i: int) -> None:
    """A Chinese buyer abroad whose card is in Latin letters."""
    _names(p, i, "王伟", "Wang Wei")


@_oddity
def cyrillic_and_latin(p: Papers, i: int) -> None:
    """A buyer who orders in Cyrillic and pays with a card in Latin letters."""
    _names(p, i, "Дмитрий Соколов", "Dmitry Sokolov")


@_oddity
def umlaut_written_out(p: Papers, i: int) -> None:
    """A card that has no umlauts."""
    _names(p, i, "Jürgen Müller", "Juergen Mueller")


@_oddity
def double_surname(p: Papers, i: int) -> None:
    """A married buyer whose card has both surnames."""
    _names(p, i, "Anna Schneider", "Anna Schneider-Koch")


@_oddity
def initials(p: Papers, i: int) -> None:
    """A payment page that shortens first names."""
    _names(p, i, "William Harris", "W. Harris")


@_oddity
def gift_to_another(p: Papers, i: int) -> None:
    """A present: the parcel goes to another person than who ordered and paid."""
    p.consignee[i] = p.ship_consignee[i] = "Nancy Rivera"


@_oddity
def paid_in_two_parts(p: Papers, i: int) -> None:
    """A gift card for ten dollars, the rest by card some minutes later."""
    part = min(1000, int(p.paid[i]) // 2)
    p.paid[i] -= part
    p.more_payments.append(
        {
            "pay_id": f"{p.pay_id[i]}G",
            "pay_orders": p.pay_orders[i],
            "payer": p.payer[i],
            "payer_country": p.payer_country[i],
            "paid": part,
            "pay_currency": p.pay_currency[i],
            "paid_at": int(p.paid_at[i]) + 240,
            "institution": p.institution[i],
        }
    )


@_oddity
def two_parcels(p: Papers, i: int) -> None:
    """Two pieces in a parcel each, with a waybill and an export list each."""
    half = {
        name: int(getattr(p, name)[i]) // 2 for name in ("weight", "declared_weight", "declared", "declared_quantity")
    }
    tracking, number = (f"{text[:9]}9{text[10:]}" for text in (p.tracking[i], p.declaration[i]))
    names = "order_id shipped delivered ship_country ship_consignee declared_on declared_sku declared_currency".split()
    numbered = {"tracking": tracking, "declared_tracking": tracking, "declaration": number}
    p.more_parcels.append({name: getattr(p, name)[i] for name in names} | half | numbered)
    for name, value in half.items():
        getattr(p, name)[i] -= value


def plant(p: Papers, fit: Ints, faulty: set[str]) -> dict[str, str]:
    """Plant each oddity in a trade drawn evenly from `fit`, none in an order of `faulty`: the order of each kind."""
    free = [i for i in fit.tolist() if p.order_id[i] not in faulty]
    places = np.linspace(0, len(free) - 1, len(ODDITIES) + 2).astype(int)[1:-1].tolist() if free else []
    found = {}
    for (kind, change), place in zip(ODDITIES.items(), places, strict=False):
        i = next((k for k in free[place:] if kind != two_parcels.__name__ or p.quantity[k] == 2), None)
        if i is not None:
            change(p, i)
            found[kind] = str(p.order_id[i])
    return found


def to_romania(sales: Sales) -> Sales:
    """The shop's sales, some to Germany of the summer of 2025 now to Romania, whose rate rose on 2025-08-01.

    Law no. 141 of 2025 made it 21 % from 19 %.
    """
    country = sales.country.copy()
    german = country == COUNTRIES.index("DE")
    days = [german & (sales.placed >= stamp(a)) & (sales.placed < stamp(b)) for a, b in _SUMMER]
    for of, most in zip(days, (TO_ROMANIA, TO_ROMANIA_LATER), strict=True):
        country[np.flatnonzero(of)[:most]] = COUNTRIES.index("RO")
    return replace(sales, country=country)


_SUMMER = ((BEFORE, CHANGE), (CHANGE, date(2025, 9, 1)))


def returned(sales: Sales, refunded: Ints) -> list[tuple[int, int, int]]:
    """What goes back of sales to Romania before its rate changed: (second, order, cents).

    One order wholly in September, one by a fifth in August and by another fifth in September. Orders that are refunded
    otherwise are left alone.
    """
    before = (sales.country == COUNTRIES.index("RO")) & (sales.placed < stamp(CHANGE))
    left = [i for i in np.flatnonzero(before).tolist() if i not in set(refunded.tolist())]
    found = [(RETURNED_AT, i, int(sales.total[i])) for i in left[:1]]
    for i in left[1:2]:
        found += [(at, i, int(sales.total[i]) // 5) for at in PARTS_AT]
    return found


def told(sales: Sales, name: Callable[[int], str]) -> list[dict[str, str]]:
    """The sales to Romania for the sample's truth: order and day, in the zone of the seller's platform (UTC)."""
    there = np.flatnonzero(sales.country == COUNTRIES.index("RO")).tolist()
    return [{"order": name(i), "day": str(as_datetime(int(sales.placed[i])).date())} for i in there]
