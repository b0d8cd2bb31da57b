"""Parties: one person over many papers, and two people of one name."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.parties import make_from
from tests.trade.making import traded

BUSINESS = pa.table(
    {
        n: pa.array([v], pa.string())
        for n, v in (
            ("name", "深圳北风户外有限公司"),
            ("address", None),
            ("phone", None),
            ("email", None),
            ("country", "CN"),
        )
    }
)


def parties(**kinds: list[dict[str, Any]]) -> Database:
    database = traded(**kinds)
    make_from(database, BUSINESS)
    return database


def sets(database: Database) -> list[set[tuple[str, str]]]:
    """The mentions of each party, as order and name."""
    found: dict[int, set[tuple[str, str]]] = {}
    for r in database.rows("SELECT party, order_id, name FROM mentions WHERE role <> 'business'"):
        found.setdefault(r["party"], set()).add((r["order_id"], r["name"]))
    return sorted(found.values(), key=sorted)


def order(n: str, buyer: str, **more: Any) -> dict[str, Any]:
    return {"account": "shop", "order_id": n, "buyer": buyer} | more


def test_a_name_alone_ties_nothing_across_trades() -> None:
    found = parties(order=[order("A1", "王伟"), order("A2", "王伟")])
    assert sets(found) == [{("A1", "王伟")}, {("A2", "王伟")}]


def test_papers_of_one_trade_that_write_one_name_name_one_party() -> None:
    found = parties(
        order=[order("A1", "Jürgen Müller", consignee="Juergen Mueller")],
        payment=[{"payment_id": "P", "order_id": "A1", "payer": "JÜRGEN MÜLLER", "amount": 1, "currency": "EUR"}],
        shipment=[{"order_id": "A1", "tracking": "T", "consignee": "Hans Schmidt"}],
    )
    assert sets(found) == [
        {("A1", "Hans Schmidt")},
        {("A1", "Jürgen Müller"), ("A1", "Juergen Mueller"), ("A1", "JÜRGEN MÜLLER")},
    ]


def test_an_email_ties_trades_and_scripts_together() -> None:
    found = parties(
        order=[
            order("A1", "王伟", email="wei@example.com"),
            order("A2", "Wang Wei", email="Wei@Example.com "),
            order("A3", "Anna Schmidt", email="anna@example.com"),
        ]
    )
    assert sets(found) == [{("A1", "王伟"), ("A2", "Wang Wei")}, {("A3", "Anna Schmidt")}]
    (row,) = [r for r in found.rows("SELECT * FROM parties") if r["orders"] == 2]
    assert row["names"] == ["Wang Wei", "王伟"] and row["emails"] == ["wei@example.com"]


def test_each_phone_of_a_cell_ties_and_a_paper_counts_once() -> None:
    """Who gives two phones is the one who gives the second alone; two behind one switchboard are not one."""
    found = parties(
        order=[
            order("A1", "Wang Wei", phone="13800138000/13900139000"),
            order("A2", "Wang Wei", phone="139 0013 9000"),
            order("A3", "Wang Wei", phone="021-55550132转12"),
            order("A4", "Wang Wei", phone="021-55550132 ext. 34"),
            order("A5", "Wang Wei", phone="(021) 55550132 x12"),
        ],
    )
    assert sets(found) == [
        {("A1", "Wang Wei"), ("A2", "Wang Wei")},
        {("A3", "Wang Wei"), ("A5", "Wang Wei")},
        {("A4", "Wang Wei")},
    ]
    told = found.rows("SELECT phones, papers FROM parties WHERE NOT business ORDER BY orders DESC, phones[1]")
    assert [(tuple(r["phones"]), r["papers"]) for r in told] == [
        (("02155550132x12",), 2),
        (("13800138000", "13900139000"), 2),
        (("02155550132x34",), 1),
    ]


def test_a_shared_phone_does_not_make_strangers_one() -> None:
    found = parties(
        order=[
            order("A1", "Anna Schmidt", phone="+49 30 1234567"),
            order("A2", "Boris Petrov", phone="0049 30 1234567"),
            order("A3", "Schmidt, Anna", phone="+49-30-1234567"),
        ]
    )
    assert sets(found) == [{("A1", "Anna Schmidt"), ("A3", "Schmidt, Anna")}, {("A2", "Boris Petrov")}]


def test_a_forwarders_address_ties_nobody() -> None:
    rows = [
        order(f"A{n}", name, consignee=name, address="1 Depot Road, Newark")
        for n, name in enumerate(("Ann Lee", "Bob Stone", "Carl Fox", "Dora Kent", "Eve Hill", "Finn Wood"))
    ]
    assert len(sets(parties(order=rows))) == 6


def test_the_business_is_a_party_and_names_are_spelled_in_latin_letters() -> None:
    found = parties(order=[order("A1", "Иван Петров")])
    told = {r["name"]: r for r in found.rows("SELECT * FROM parties")}
    assert told["深圳北风户外有限公司"]["business"] is True
    assert told["Иван Петров"]["latin"] == "ivan petrov" and told["Иван Петров"]["business"] is False
