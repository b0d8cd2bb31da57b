"""What is told of a market on a day: dates from the pages that the rows name, and what nobody tells."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.numbers import get_territory_currencies

from crossbook import i18n
from crossbook.countries import countries
from crossbook.errors import ParameterError
from crossbook.market import access as told
from crossbook.market.access import KINDS, access, members

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("market", "agreement", "first"),
    [
        ("AU", "China–Australia FTA", date(2015, 12, 20)),  # DFAT, implementation timeline
        ("KR", "China–Korea FTA", date(2015, 12, 20)),
        ("JP", "RCEP", date(2022, 1, 1)),  # 60 days after the sixth of ASEAN and the third other had ratified
        ("KR", "RCEP", date(2022, 2, 1)),
        ("MY", "RCEP", date(2022, 1, 17) + timedelta(days=60)),  # deposited on 17 January, in force 60 days later
        ("ID", "RCEP", date(2022, 11, 3) + timedelta(days=60)),  # deposited on 3 November
        ("PH", "RCEP", date(2023, 4, 3) + timedelta(days=60)),  # deposited on 3 April
        ("NZ", "China–New Zealand FTA", date(2008, 10, 1)),
        ("CH", "China–Switzerland FTA", date(2014, 7, 1)),
        ("RS", "China–Serbia FTA", date(2024, 7, 1)),
        ("CL", "China–Chile FTA", date(2006, 11, 1)),  # the ministry says October 2006: sure when that is over
    ],
)
def test_an_agreement_counts_from_its_day(market: str, agreement: str, first: date) -> None:
    before = access(market, first - timedelta(days=1))
    assert agreement not in {item.value for item in before.items}
    assert agreement in {item.value for item in before.coming}
    assert agreement in {item.value for item in access(market, first).of("agreement")}


def test_what_is_over_is_told_as_over() -> None:
    before, after = access("SY", date(2025, 6, 30)), access("SY", date(2025, 7, 1))  # effective July 1, 2025 (OFAC)
    assert [item.value for item in before.bars] == ["comprehensive US programme"]
    assert after.bars == () and [item.value for item in after.ended] == ["comprehensive US programme"]
    italy = access("IT", TODAY)
    assert not italy.of("belt_and_road") and [item.value for item in italy.ended] == ["Belt and Road"]
    assert "belt_and_road" not in {item.what for item in italy.unknown}


def test_a_ban_takes_the_platform_away() -> None:
    vietnam = access("VN", TODAY)
    assert [item.value for item in vietnam.bars] == ["Temu"]
    assert "Temu" not in {item.value for item in vietnam.of("platform")}
    assert "Temu" in {item.value for item in access("VN", date(2024, 12, 4)).of("platform")}


def test_what_nobody_tells_is_named_and_never_good_news() -> None:
    chad = access("TD", TODAY)
    assert chad.items == () and chad.bars == ()
    assert {u.what for u in chad.unknown} == set(KINDS) - {"group"}
    platforms = next(u for u in chad.unknown if u.what == "platform")
    assert {"Amazon", "Temu", "Shein"} <= set(platforms.names)
    germany = next(u for u in access("DE", TODAY).unknown if u.what == "platform")
    assert "Amazon" not in germany.names and "Temu" in germany.names


def test_a_page_says_nothing_of_the_days_before_it() -> None:
    early = access("US", date(2010, 1, 1))
    assert "Amazon" in next(u for u in early.unknown if u.what == "platform").names
    assert early.of("payment") == () and "payment" in {u.what for u in early.unknown}


def test_doubt_is_said() -> None:
    lazada = next(i for i in access("TH", TODAY).of("platform") if i.value == "Lazada")
    assert lazada.doubt == (told.SECONDARY, told.OLD.format(told="2024-01-04"))
    cuba = access("CU", date(1990, 1, 1)).bars
    assert len(cuba) == 1 and told.UNDATED in cuba[0].doubt
    australia = next(i for i in access("AU", TODAY).of("agreement") if i.value == "China–Australia FTA")
    assert australia.doubt == () and australia.since == "2015-12-20"


@pytest.mark.parametrize("market", ["XX", "EU", "de", ""])
def test_what_is_no_country_is_refused(market: str) -> None:
    with pytest.raises(ParameterError, match="is no country's code"):
        access(market, TODAY)


def test_groups() -> None:
    assert members("Japan and Korea", TODAY) == ("JP", "KR")
    assert members("Central Asia", TODAY) == ("KG", "KZ", "TJ", "TM", "UZ")
    assert len(members("ASEAN", TODAY)) == 11 and len(members("ASEAN", date(2025, 10, 25))) == 10
    assert len(members("European Union", TODAY)) == 27 and len(members("European Union", date(2015, 1, 1))) == 28
    assert len(members("RCEP", TODAY)) == 14 and members("Temu", TODAY) == ("GB", "US")


def test_every_row_is_whole() -> None:
    seen = set()
    for row in told._rows():
        key = (row["market"], row["what"], row["value"], row["from"])
        assert key not in seen, key
        seen.add(key)
        assert row["market"] in countries() and row["what"] in KINDS and row["read"] in told.READ, row
        assert row["source"].startswith("http") or row["read"] == "own", row
        assert not row["to"] or told._begins(row) <= date.fromisoformat(row["to"]), row
        if row["what"] == "payment":
            currency = row["value"].partition("(")[2].rstrip(")")
            assert currency in get_territory_currencies(row["market"], date.fromisoformat(row["told"])), row


def test_every_word_has_a_chinese_one() -> None:
    words = {row["note"] for row in told._rows()} | {row["value"] for row in told._rows() if row["what"] != "platform"}
    words |= {text for name, text in vars(told).items() if name.isupper() and isinstance(text, str)} | set(KINDS)
    words -= {""} | {word for word in words if word.startswith("WorldFirst") or word == "Temu"}
    assert not sorted(word for word in words if word not in i18n._catalogue())
