"""Check digits and formats by published examples; MID by the examples of 19 CFR part 102's appendix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.identifiers import KINDS, kinds_of, mid, problem, s10_check_digit


@pytest.mark.parametrize(
    ("serial", "digit"),
    [("47312482", 9), ("00071758", 1), ("96633102", 0), ("76129403", 8), ("00071759", 5), ("47110815", 1)],
)
def test_check_digits_of_s10(serial: str, digit: int) -> None:
    assert s10_check_digit(serial) == digit


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("s10", "RR473124829GB"),
        ("s10", "EE 471108151 FR"),
        ("uscc", "91110000600037341L"),
        ("eu_vat", "DE136695976"),
        ("eu_vat", "FR40303265045"),
        ("gb_vat", "GB 980 7806 84"),
        ("ioss", "IM3720000224"),
        ("ein", "91-1144442"),
        ("eori", "DE1234567890123"),
        ("eori", "GB123456789000"),
    ],
)
def test_numbers_that_hold(kind: str, number: str) -> None:
    assert problem(kind, number) == ""
    assert kind in kinds_of(number)


@pytest.mark.parametrize(
    ("kind", "number", "why"),
    [
        ("s10", "RR473124828GB", "check digit"),
        ("s10", "RR47312482GB", "written"),
        ("uscc", "91110000600037342L", "check"),
        ("eu_vat", "DE136695978", "check"),
        ("ioss", "EU372022452", "country"),
        ("ioss", "IM9990000224", "country"),
        ("eori", "CN1234567", "country"),
        ("eori", "GB12345678", "length"),
        ("ein", "07-1144442", "country"),
    ],
)
def test_numbers_that_do_not(kind: str, number: str, why: str) -> None:
    assert why in problem(kind, number)


@given(st.text(max_size=20), st.sampled_from(KINDS))
def test_any_text_is_answered(text: str, kind: str) -> None:
    assert isinstance(problem(kind, text), str)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Amalgamated Plastics Corp.", "AMAPLA"),
        ("Bergstrom", "BER"),
        ("A.B.C. Company", "ABCCOM"),
        ("A B C Company", "ABCCOM"),
        ("O.A.S.I.S. Corp.", "OASCOR"),
        ("Dr. S.A. Smith", "DRSA"),
        ("Shavings B L Inc.", "SHABL"),
        ("The Embassy of Spain", "EMBSPA"),
        ("Rawles-Aden Corp.", "RAWCOR"),
        ("Rawles - Aden Corp.", "RAWCOR"),
        ("20th Century Fox", "20TCEN"),
        ("Concept 2000", "CON200"),
    ],
)
def test_names_in_a_mid(name: str, told: str) -> None:
    assert mid("CN", name, "", "Paris") == f"CN{told}PAR"


@pytest.mark.parametrize(
    ("address", "digits"),
    [
        ("11455 Main Street, Suite 9999", "1145"),
        ("232 Main Street Suite 1234", "1234"),
        ("One Thousand Century Plaza", ""),
        ("12-34-56 Alaska Road", "1234"),
        ("12,34,56 Alaska Road", "1234"),
        ("236 Wendell Ford Blvd Ste 1304", "1304"),
    ],
)
def test_addresses_in_a_mid(address: str, digits: str) -> None:
    assert mid("US", "DHL Express", address, "Erlanger") == f"USDHLEXP{digits}ERL"


def test_a_mid_in_canada_names_the_province_and_chinese_names_are_refused() -> None:
    assert mid("CA", "Maple Tents Ltd", "9 King St", "St. Michel", "QC") == "XQMAPTEN9STM"
    with pytest.raises(ValueError, match="province"):
        mid("CA", "Maple Tents Ltd", "9 King St", "Toronto")
    with pytest.raises(ValueError, match="Latin"):
        mid("CN", "远山户外", "88 Keji Road", "Shenzhen")


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_a_mid_is_never_longer_than_fifteen(name: str, address: str, city: str) -> None:
    try:
        found = mid("CN", name, address, city)
    except ValueError:
        return
    assert len(found) <= 15 and found.isalnum() and found == found.upper()
