"""Where an address is for the tax: Directive 2006/112/EC, articles 5 to 7; HMRC VATPOSG2300;
postcodes as posts publish them."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from crossbook.trade.territories import law, marks
from crossbook.vat_rates import EU
from tests.trade.making import at, traded


def placed(**address: str) -> dict[str, Any]:
    order = {"account": "shop", "order_id": "A1", "placed_at": at("2025-05-10"), "total": 100} | address
    found = traded(order=[order]).rows("SELECT * FROM territories")
    return found[0] if found else {}


@pytest.mark.parametrize(
    ("address", "territory", "vat_country", "inside"),
    [
        ({"country": "ES", "region": "Las Palmas"}, "ES-CN", None, False),
        ({"country": "ES", "postcode": "38001"}, "ES-CN", None, False),
        ({"country": "ES", "postcode": "51001", "region": "Ceuta"}, "ES-CE", None, False),
        ({"country": "ES", "postcode": "52001"}, "ES-ML", None, False),
        ({"country": "ES", "postcode": "28001"}, "ES", "ES", True),
        ({"country": "ES", "address": "Calle Ceuta 12, 28001 Madrid"}, "ES", "ES", True),
        ({"country": "ES", "address": "Calle Mayor 3, 35001 Las Palmas"}, "ES-CN", None, False),
        ({"country": "IC"}, "ES-CN", None, False),
        ({"country": "MC"}, "MC", "FR", True),
        ({"country": "FR", "postcode": "98000"}, "MC", "FR", True),
        ({"country": "FR", "postcode": "F-97110"}, "GP", None, False),
        ({"country": "FR", "postcode": "75001"}, "FR", "FR", True),
        ({"country": "RE"}, "RE", None, False),
        ({"country": "EL"}, "GR", "GR", True),
        ({"country": "EL", "postcode": "630 86"}, "GR-69", None, False),
        ({"country": "FI", "postcode": "22100"}, "AX", None, False),
        ({"country": "FI", "postcode": "00100"}, "FI", "FI", True),
        ({"country": "DE", "postcode": "78266"}, "DE-BUES", None, False),
        ({"country": "DE", "postcode": "D-27498"}, "DE-HELG", None, False),
        ({"country": "DE", "city": "Helgoland"}, "DE-HELG", None, False),
        ({"country": "IT", "postcode": "23041"}, "IT-LIV", None, False),
        ({"country": "IT", "postcode": "22061"}, "IT-CAMP", None, False),
        ({"country": "IT", "postcode": "47891"}, "SM", None, False),
        ({"country": "IT", "postcode": "00120"}, "VA", None, False),
        ({"country": "SM"}, "SM", None, False),
        # Posta: postcodes of the Faroes have three digits; those of Denmark have four
        ({"country": "DK", "postcode": "100", "city": "Tórshavn"}, "FO", None, False),
        ({"country": "DK", "postcode": "2100", "city": "København"}, "DK", "DK", True),
        ({"country": "GB", "postcode": "bt1 5gs"}, "XI", "GB", True),
        ({"country": "GB", "region": "Northern Ireland"}, "XI", "GB", True),
        ({"country": "GB", "postcode": "IM1 1AA"}, "IM", "GB", True),
        ({"country": "IM"}, "IM", "GB", True),
        ({"country": "GB", "postcode": "JE2 3QA"}, "JE", None, False),
        ({"country": "GB", "address": "1 High Street, St Peter Port GY1 1AA"}, "GG", None, False),
        ({"country": "UK", "postcode": "SW1A 1AA"}, "GB", "GB", True),
        ({"country": "PT", "postcode": "9000-018"}, "PT-30", "PT", True),
        ({"country": "AT", "postcode": "6993"}, "AT-JM", "AT", True),
        ({"country": "CY", "city": "Akrotiri"}, "CY-SBA", "CY", True),
        ({"country": "DK", "postcode": "3900"}, "GL", None, False),
        # tables with one column for the place below the country write towns in it
        ({"country": "DE", "region": "Helgoland"}, "DE-HELG", None, False),
        ({"country": "IT", "region": "Livigno"}, "IT-LIV", None, False),
        ({"country": "AT", "region": "Jungholz"}, "AT-JM", "AT", True),
        ({"country": "GB", "region": "Belfast"}, "XI", "GB", True),
    ],
)
def test_where_an_address_is(address: dict[str, str], territory: str, vat_country: str | None, inside: bool) -> None:
    found = placed(**address)
    assert (found["territory"], found["vat_country"], found["inside_vat"]) == (territory, vat_country, inside)


def test_a_country_without_such_territories_has_no_row() -> None:
    assert not placed(country="US", postcode="35004") and not placed(country="PL", postcode="35-001")


@pytest.mark.parametrize(
    ("address", "by", "note"),
    [
        ({"country": "ES"}, "assumed", "no postcode: taken as in the main territory"),
        (
            {"country": "ES", "address": "Calle 35001, 28001 Madrid"},
            "assumed",
            "several numbers in the address may be its postcode",
        ),
        (
            {"country": "ES", "address": "Calle Mayor 3, 35001 Las Palmas"},
            "address",
            "postcode 35001 read from the address",
        ),
        # 05200 of Ávila that lost its zero in a spreadsheet is not Melilla
        ({"country": "ES", "postcode": "5200"}, "assumed", "5200 is no postcode of ES"),
    ],
)
def test_a_guess_is_said(address: dict[str, str], by: str, note: str) -> None:
    found = placed(**address)
    assert (found["told_by"], found["note"]) == (by, note)


@pytest.mark.parametrize(
    "address",
    [
        {"postcode": "28001", "region": "Las Palmas"},
        {"postcode": "35001", "city": "Ceuta"},
        {"region": "Melilla", "city": "Ceuta"},
    ],
)
def test_an_address_that_contradicts_itself_has_no_territory(address: dict[str, str]) -> None:
    found = placed(country="ES", **address)
    assert (found["territory"], found["vat_country"], found["inside_vat"], found["told_by"]) == (
        None,
        None,
        None,
        "disagree",
    )


def test_the_law_of_the_day() -> None:
    early = {"account": "shop", "order_id": "A1", "placed_at": at("2020-05-10"), "total": 100}
    rows = [
        early | {"country": "PT", "postcode": "9500-150"},
        early | {"order_id": "A2", "country": "GB", "postcode": "BT1 5GS"},
        early | {"order_id": "A3", "country": "PT", "postcode": "9500-150", "placed_at": at("2025-05-10")},
    ]
    found = {r["order_id"]: r for r in traded(order=rows).rows("SELECT * FROM territories")}
    assert (found["A1"]["rate"], found["A3"]["rate"]) == ("18%", "16%")
    assert found["A2"]["territory"] == "GB"  # Northern Ireland is apart from 2021


def test_the_tables_hold_together() -> None:
    known = {x.territory for x in law()}
    assert all(x.source and not x.source.startswith("@") for x in law())
    assert {m.territory for m in marks()} <= known | {"GR", "GB"}
    assert {x.vat_country for x in law()} <= EU | {"GB", ""}
    codes = [(m.country, m.value) for m in marks() if m.by == "postcode"]
    for (c, a), (d, b) in combinations(codes, 2):
        assert c != d or not (a.startswith(b) or b.startswith(a)), "two rows for one postcode"
    assert len({(m.country, m.by, m.value) for m in marks()}) == len(marks())
    for m in marks():
        assert m.value == (m.value.upper() if m.by == "postcode" else m.value.lower())
