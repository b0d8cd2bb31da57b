"""What papers write for a country: one code whatever the language or list, and none for what is no country."""

from __future__ import annotations

import pytest

from crossbook.trade.country_names import code_of

ONE = {
    "DE": "DE de DEU Germany DEUTSCHLAND 德国 ドイツ Allemagne Германия 독일 276",
    "GB": "GB UK U.K. gbr Storbritannien England 英国 英國",
    "US": "US usa U.S.A. 美国 アメリカ合衆国 미국 502 840",
    "GR": "GR EL Griechenland Ελλάδα",
    "AT": "Österreich Osterreich 奥地利",
    "KR": "KR 大韩民国 韩国 한국 대한민국",
    "HK": "HK 香港 中国香港",
    "XK": "XK Kosovo",
    "XI": "XI 北爱尔兰",
}
SPACED = {
    "United States (US)": "US",
    "US - United States": "US",
    "美国(USA)": "US",
    "DE/德国": "DE",
    "Korea, Republic of": "KR",
    "Bosnia & Herzegovina": "BA",
    "Côte d’Ivoire": "CI",
    "The Netherlands": "NL",
    "Northern Ireland": "XI",
    "Islas Canarias": "IC",
    "Guinea-Bissau": "GW",
    "  Czech   Republic ": "CZ",
}
NONE = ("ZZ", "XX", "Atlantis", "", "DE/FR", "Germany, Berlin", "999", "Kongo", "EU", "-")


@pytest.mark.parametrize(("told", "code"), [(t, c) for c, ts in ONE.items() for t in ts.split()] + list(SPACED.items()))
def test_each_way_to_write_a_country(told: str, code: str) -> None:
    assert code_of(told) == code


@pytest.mark.parametrize("told", NONE)
def test_what_is_no_country_has_no_code(told: str) -> None:
    assert code_of(told) is None


@pytest.mark.parametrize(
    ("number", "elsewhere", "on_a_list"), [("304", None, "DE"), ("116", None, "JP"), ("502", "US", "US")]
)
def test_a_number_is_of_customs_where_customs_wrote_it(number: str, elsewhere: str | None, on_a_list: str) -> None:
    """304 is Germany to China's customs and Greenland to ISO 3166-1, 116 Japan and Cambodia."""
    assert (code_of(number), code_of(number, customs=True)) == (elsewhere, on_a_list)
