"""What two sellers of the sample fleet have in common: faults, each to be found by its rule, and honest look-alikes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from crossbook.demo.fleet.seller import FIRST, Row, Seller, add_order

Planted = dict[str, Any]


def plant(sellers: Sequence[Seller], start: int) -> list[Planted]:
    """One fault of each rule among three sellers and more, from seller `start` on. What was planted, by rule."""
    a, b, c = (sellers[(start + k) % len(sellers)] for k in range(3))
    told: list[Planted] = []

    def tell(rule: str, key: str, *of: Seller) -> None:
        told.append({"rule": rule, "key": key, "books": sorted({f"seller-{s.number:03d}" for s in of})})

    pay, other = a.rows["payment"][3], b.rows["payment"][4]
    other |= {n: pay[n] for n in ("payment_id", "institution", "amount", "currency", "paid_at", "payer")}
    tell("same_payment", pay["payment_id"], a, b)

    parcel, copied = a.rows["shipment"][5], c.rows["shipment"][6]
    copied["tracking"] = f" {parcel['tracking'].lower()}"  # as another paper writes it
    c.of("customs", copied["order_id"])["tracking"] = parcel["tracking"]
    tell("same_parcel", parcel["tracking"], a, c)

    invoice, again = a.rows["invoice"][1], b.rows["invoice"][2]
    again |= {n: invoice[n] for n in ("invoice_id", "buyer", "amount", "currency", "issued_on")}
    tell("same_invoice", invoice["invoice_id"], a, b)

    listed, twice = b.rows["customs"][8], c.rows["customs"][9]
    twice["declaration"] = listed["declaration"]
    tell("same_declaration", listed["declaration"], b, c)

    credit = dict(a.rows["bank"][0])
    c.rows["bank"].append(credit)
    tell("same_credit", credit["reference"], a, c)

    _one_file(b, c, tell)
    _names(a, b, tell)
    _one_place(a, b, c, tell)
    _limits(a, b, c, tell)
    _honest(a, b)
    return told


def _one_file(a: Seller, b: Seller, tell: Any) -> None:
    """A statement that two sellers show, each as the own one."""
    name = f"bank-{a.number:03d}"
    credit = {
        "booked_on": date(2026, 3, 9),
        "amount": 912_300,
        "currency": "USD",
        "reference": f"TRF{a.number:06d}4417",
    }
    for s in (a, b):
        s.further[name] = ("bank", [credit | {"counterparty": "Bazaar Payments Ltd", "description": "payout"}])
    tell("same_file", f"{name}.csv", a, b)


def _names(a: Seller, b: Seller, tell: Any) -> None:
    """Two payers of quite other names with one account."""
    one, two = a.rows["payment"][10], b.rows["payment"][12]
    two["payer_account"] = one["payer_account"]
    one["payer"], two["payer"] = "Alice Hernandez", "Viktor Petrov"
    tell("several_names", one["payer_account"], a, b)


def _one_place(a: Seller, b: Seller, c: Seller, tell: Any) -> None:
    """Parcels of three sellers within a month to one address, under many names; and to one phone, at many addresses."""
    address, phone = f"{a.number} Harbor Road, Unit 7, Carson", f"1909{a.number:07d}"
    for n, s in enumerate((a, b, c)):
        for k in range(4):
            day = FIRST + timedelta(days=40 + 2 * k + n)
            buyer = _person(s, 900 + k, f"{'Kim Lee Roe Fox'.split()[k]} {'Hart Webb Dunn'.split()[n]}")
            _order(s, 50_000 + k, day, 2_500, buyer | {"address": address})
            _order(s, 51_000 + k, day, 2_600, _person(s, 910 + k, "Jordan Blake") | {"phone": phone, "email": ""})
    tell("one_address", address, a, b, c)
    tell("one_consignee", phone, a, b, c)


def _limits(a: Seller, b: Seller, c: Seller, tell: Any) -> None:
    """Somebody in China imports for 9,500 yuan from each of three sellers; a payer pays two of them 30,000 dollars on a
    day; another pays each of three 18,000 dollars over a year."""
    person = _person(a, 990, "周敏") | {"address": f"上海市南京路{a.number}号", "phone": f"86139{a.number:08d}"}
    for s in (a, b, c):
        for k in range(2):
            _order(s, 52_000 + k, FIRST + timedelta(days=20 + 9 * k), 475_000, person, chinese=True)
    within = person["phone"].removeprefix("86")
    tell("import_year", within, a, b, c)
    for _ in range(2):
        tell("import_single", within, a, b, c)  # on two days
    payer = _person(a, 991, "Milo Brandt")
    for s in (a, b):
        _order(s, 53_000, FIRST + timedelta(days=70), 3_000_000, payer)
    tell("payment_split", payer["account"], a, b)
    tell("yearly_quota", payer["account"], a, b)
    saver = _person(a, 992, "Nora Quint")
    for n, s in enumerate((a, b, c)):
        _order(s, 54_000, FIRST + timedelta(days=30 + 11 * n), 1_800_000, saver)
    tell("yearly_quota", saver["account"], a, b, c)


def _honest(a: Seller, b: Seller) -> None:
    """Somebody who buys of both sellers, whose name is written in capitals once; two credits of one sum on one day."""
    buyer = _person(a, 993, "Grace Lindqvist")
    _order(a, 55_000, FIRST + timedelta(days=61), 3_300, buyer)
    _order(b, 55_000, FIRST + timedelta(days=63), 4_400, buyer | {"name": "LINDQVIST, GRACE"})
    for s in (a, b):
        s.rows["bank"].append(
            {"booked_on": date(2026, 3, 3), "amount": 10_000, "currency": "USD", "reference": f"DEP{s.number:06d}77"}
            | {"counterparty": "owner", "description": "deposit"}
        )


def _person(s: Seller, k: int, name: str) -> Row:
    serial = s.number * 1_000 + k
    return {
        "name": name,
        "address": f"{serial} Lake View Drive, Fairview",
        "phone": f"1777{serial:08d}",
        "email": f"p{serial}@example.net",
        "account": f"5105{serial:012d}",
    }


def _order(s: Seller, i: int, placed: datetime, total: int, person: Row, *, chinese: bool = False) -> None:
    add_order(s, i, placed=placed, total=total, person=person, chinese=chinese)
