"""Countries are found by every code and name that the statistics of trade give them."""

from __future__ import annotations

import pytest

from crossbook import countries

# Numbers of UN Comtrade (partnerAreas.json) that are not those of ISO 3166-1, with their names there.
COMTRADE = {
    "842": ("US", "USA"),
    "699": ("IN", "India"),
    "757": ("CH", "Switzerland"),
    "251": ("FR", "France"),
    "579": ("NO", "Norway"),
    "381": ("IT", "Italy"),
    "490": ("TW", "Other Asia, nes"),
    "410": ("KR", "Rep. of Korea"),
    "344": ("HK", "China, Hong Kong SAR"),
    "704": ("VN", "Viet Nam"),
}


@pytest.mark.parametrize("number", COMTRADE)
def test_numbers_and_names_of_comtrade(number: str) -> None:
    code, name = COMTRADE[number]
    assert countries.of_number(number) == code
    assert countries.of_name(name) == code


def test_numbers_of_iso_are_known_too() -> None:
    assert [countries.of_number(n) for n in ("840", "156", "004", "4", "158")] == ["US", "CN", "AF", "AF", "TW"]


@pytest.mark.parametrize("number", ["0", "97", "899", "58", "280", "4010", "", "x", "²"])
def test_what_is_no_country_has_no_code(number: str) -> None:
    assert countries.of_number(number) is None  # the world, the EU, "areas nes", Belgium-Luxembourg, West Germany …


def test_letters() -> None:
    found = [countries.of_letters(t) for t in ("ROM", "ROU", "rou", "ZAR", "US", "WLD", "EUN", "OAS")]
    assert found == ["RO", "RO", "RO", "CD", "US", None, None, "TW"]


def test_names_without_accents_and_in_chinese() -> None:
    assert [countries.of_name(t) for t in ("Cote d'Ivoire", "Côte d’Ivoire", "德国", "World", "TÜRKİYE")] == [
        "CI",
        "CI",
        "DE",
        None,
        "TR",
    ]


def test_figures_say_their_year_and_what_is_missing_is_none() -> None:
    china, taiwan = countries.countries()["CN"], countries.countries()["TW"]
    assert (china.gdp_usd, china.gdp_year) == (17_794_781_986_104, 2023)  # World Bank, NY.GDP.MKTP.CD
    assert china.distance_km is None and taiwan.gdp_usd is None and taiwan.gdp_year is None
    assert countries.countries()["MN"].border is True and countries.countries()["US"].border is False


def test_every_code_stands_once_and_every_country_has_both_names() -> None:
    every = countries.countries().values()
    assert len({c.iso3 for c in every}) == len(every) > 240
    assert all(c.name and c.name_zh for c in every)


def test_the_internet_and_logistics_of_a_country() -> None:
    singapore, germany, taiwan = (countries.countries()[code] for code in ("SG", "DE", "TW"))
    assert (singapore.logistics_score, singapore.logistics_year) == (4.3, 2023)  # the best of the LPI 2023
    assert (germany.logistics_score, germany.internet_percent, germany.internet_year) == (4.1, 92.5, 2023)
    assert taiwan.internet_percent is None and taiwan.logistics_score == 3.9  # WDI has no figures of Taiwan
    every = countries.countries().values()
    assert all(c.internet_percent is None or 0 <= c.internet_percent <= 100 for c in every)
    assert (
        sum(c.logistics_score is not None for c in every) == 139 and min(c.logistics_score or 5 for c in every) == 1.9
    )
    assert all((c.logistics_score is None) == (c.logistics_year is None) for c in every)
