"""The commands of markets, as they print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import run

ROWS = """sku,name,hts,origin,market,mode,cost,freight,selling,cost currency,price,currency,weight kg,day
LAMP,Lamp,8513.10.4000,CN,SG,courier,5.00,2.00,3.00,USD,20.00,USD,0.3,2026-06-20
"""


@pytest.fixture
def lamps(tmp_path: Path) -> Path:
    """A book of one product."""
    (tmp_path / "products.csv").write_text(ROWS, encoding="utf-8")
    assert run("init", tmp_path / "book").returncode == 0
    assert run("add", tmp_path / "products.csv", "--book", tmp_path / "book").returncode == 0
    return tmp_path / "book"


def test_a_market_shows_what_bars_it_and_what_is_not_known(lamps: Path) -> None:
    shown = run("market", "show", "越南", "--on", "2026-06-30", "--book", lamps)
    assert shown.returncode == 0, shown.stderr
    assert "ban: Temu; since 2024-12-05" in shown.stdout and "agreement: RCEP; since 2022-01-01" in shown.stdout
    assert "which parcel routes reach it is in no table" in shown.stdout + shown.stderr
    told = json.loads(run("market", "show", "VN", "--on", "2026-06-30", "--json", "--book", lamps).stdout)
    (place,) = told[0]["markets"]
    assert {"ban", "agreement"} <= {item["what"] for item in place["access"]}
    assert "parcel" in {item["what"] for item in place["access_unknown"]} and place["rank"] is None


def test_what_is_supposed_is_checked(lamps: Path) -> None:
    said = run("market", "what-if", "LAMP", "--duty", "US=4%", "--on", "2026-06-30", "--book", lamps)
    assert said.returncode == 2 and "worked out by law" in said.stderr
    for wrong, says in (
        (("--duty", "JP=-5%"), "is no duty"),
        (("--price", "JP=32"), "names no currency"),
        (("--fx", "EUR=0"), "not an exchange rate"),
        (("--claim", "foo=yes"), "unknown fact 'foo'"),
    ):
        said = run("market", "what-if", "LAMP", *wrong, "--on", "2026-06-30", "--book", lamps)
        assert said.returncode == 2 and says in said.stderr, said.stderr
    said = run("market", "rank", "am", "--on", "2026-06-30", "--json", "--book", lamps)
    assert json.loads(said.stdout)["product"] == "LAMP", "a part of the name, where only one has it"
    said = run("market", "what-if", "SHOE", "--book", lamps)
    assert said.returncode == 2 and "the book has LAMP" in said.stderr
    said = run("market", "show", "Atlantis", "--book", lamps)
    assert said.returncode == 2 and "Atlantis" in said.stderr


# Two markets by hand. A lamp of 20.00 that costs 5.00 and 2.00 to send, 3.00 to sell, and 5 % come back: in Japan,
# where it keeps under the threshold, 20 - 7 - 3 - 1 = 9.00 are left and 10 / 0.95 = 10.53 break even. In Singapore the
# seller may have to take 9 % of the 20.00 as GST: 7.20 to 9.00, and 11.80 / 0.95 = 12.42. Japan buys half
# as much again.
TWO = """sku,name,hts,origin,market,mode,cost,freight,selling,cost currency,price,currency,weight kg,day
LAMP,Lamp,8513.10.4000,CN,SG,courier,5.00,2.00,3.00,USD,20.00,USD,0.3,2026-06-20
LAMP,Lamp,8513.10.4000,CN,JP,courier,5.00,2.00,3.00,USD,20.00,USD,0.3,2026-06-20
"""
FLOWS = """refYear,reporterCode,flowCode,partnerCode,classificationCode,cmdCode,primaryValue
2023,702,M,0,H6,851310,40000000
2023,392,M,0,H6,851310,60000000
2023,408,M,0,H6,851310,9000
"""
ASKED = ("--fx", "SGD=0.75", "--fx", "JPY=0.0067", "--on", "2026-06-30", "--book")


@pytest.fixture
def ranked(tmp_path: Path) -> Path:
    """A book of one product with prices in two markets, and who imports it."""
    (tmp_path / "products.csv").write_text(TWO, encoding="utf-8")
    (tmp_path / "comtrade.csv").write_text(FLOWS, encoding="utf-8")
    assert run("init", tmp_path / "book").returncode == 0
    added = run("add", tmp_path / "products.csv", tmp_path / "comtrade.csv", "--book", tmp_path / "book")
    assert added.returncode == 0, added.stderr
    return tmp_path / "book"


@pytest.mark.parametrize(
    ("lang", "japan", "singapore", "barred"),
    [
        (
            "en",
            ["1", "facts missing", "JP Japan", "9.00 USD", "10.53 USD", "60.0 m USD"],
            ["2", "facts missing", "SG Singapore", "7.20 USD … 9.00 USD", "10.53 USD … 12.42 USD", "vat"],
            "barred",
        ),
        (
            "zh",
            ["1", "资料不全", "JP 日本", "9.00 USD", "10.53 USD", "6,000 万美元"],
            ["2", "资料不全", "SG 新加坡", "7.20 USD … 9.00 USD", "10.53 USD … 12.42 USD", "增值税"],
            "禁止",
        ),
    ],
)
def test_ranks_are_printed_beside_those_before(
    ranked: Path, lang: str, japan: list[str], singapore: list[str], barred: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    supposed = ("--returns", "all=5%", "--vat", "all=outside")
    shown = run("--lang", lang, "market", "what-if", "LAMP", *supposed, *ASKED, ranked)
    assert shown.returncode == 0, shown.stderr
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    first, second = (next(line for line in lines if f" {code} " in line) for code in ("JP", "SG"))
    assert [part for part in japan if part not in first] == []
    assert [part for part in singapore if part not in second] == []
    assert lines.index(first) < lines.index(second)
    assert any(line.startswith(barred) and " KP " in line for line in lines)
    assert ": AE, AU, BR" in shown.stdout.replace("：", ": ")  # of which nothing is known, in a line of their own


def test_an_unknown_is_named_and_what_would_settle_it(ranked: Path) -> None:
    shown = run("market", "rank", "LAMP", *ASKED, ranked)
    assert "at most 10.00 USD" in shown.stdout and "returns" in shown.stdout
    assert "SG: not stated, whether the seller" in shown.stdout and "--claim seller_registered=" in shown.stdout
    every = run("market", "rank", *ASKED, ranked)
    assert "LAMP" in every.stdout and "facts missing" in every.stdout and "crossbook market rank LAMP" in every.stdout
    same = run("market", "what-if", "LAMP", "--measure", "IEEPA=off", "--on", "2026-06-30", "--book", ranked)
    assert same.returncode == 0 and "nothing that is supposed changes anything" in same.stdout


def test_what_is_assumed_from_other_markets_is_named(ranked: Path) -> None:
    # both rows ship for 2.00 and sell at 20.00; a market without a row takes them over
    shown = run("market", "what-if", "LAMP", "--price", "US=25USD", *ASKED, ranked)
    assert "US: freight is assumed, from the figures of JP, SG" in shown.stdout and "price is ass" not in shown.stdout
    chinese = run("--lang", "zh", "market", "show", "US", *ASKED, ranked)
    assert "LAMP：售价是假定的，取自 JP, SG 的数据" in chinese.stdout


# A lamp as above into Germany: 3 EUR are 3.30 USD of duty where a consumer receives the parcel, whatever its value, and
# 19 % VAT is on 5 + 2 + 3.30 = 10.30 to 20 + 2 + 3.30 = 25.30, so 1.96 to 4.81; of 20.00, 3.00 of selling cost and
# 5 % returned, 20 - 10.30 - 3 - 1 = 5.70 less the tax are left: 0.89 to 3.74.
GERMANY = "LAMP,Lamp,8513.10.4000,CN,DE,courier,5.00,2.00,3.00,USD,20.00,USD,0.3,2026-06-20\n"


def test_parcels_are_taken_to_go_to_consumers_and_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text(ROWS + GERMANY, encoding="utf-8")
    run("init", tmp_path / "book")
    assert run("add", tmp_path / "products.csv", "--book", tmp_path / "book").returncode == 0
    asked = ("--fx", "EUR=1.1", "--on", "2026-09-20", "--book", tmp_path / "book", "--returns", "all=5%")
    asked = (*asked, "--vat", "all=outside")

    def germany(*claims: str) -> dict[str, Any]:
        said = run("market", "what-if", "LAMP", *claims, *asked, "--json")
        assert said.returncode == 0, said.stderr
        found: dict[str, Any] = next(m for m in json.loads(said.stdout)["after"]["markets"] if m["market"] == "DE")
        return found

    told = germany()
    assert (told["margin"]["low"], told["margin"]["high"]) == (89, 374)
    assert told["taken"] == {"to_business": "no"} and "to_business" not in told["terms"]["duty"]["asks"]
    stated = germany("--claim", "to_business=no")
    assert stated["taken"] == {} and stated["margin"] == told["margin"]
    business = germany("--claim", "to_business=yes")  # bears the tariff: 5.7 % of 7.00 to 22.00
    assert business["taken"] == {}
    assert (business["terms"]["duty"]["low"], business["terms"]["duty"]["high"]) == (40, 125)
    shown = run("market", "what-if", "LAMP", *asked)
    line = "DE: taken for sales to consumers, as nobody says who receives the parcel (to_business=no)"
    assert line in shown.stdout.replace("\n", " ") and "--claim to_business=yes" in shown.stdout
    assert "whether a business receives it" not in shown.stdout
    chinese = run("--lang", "zh", "market", "show", "DE", *asked[:6])
    assert "DE：包裹由谁收取无人说明，按销售给消费者计算" in chinese.stdout


def test_what_the_market_of_own_use_asks_is_known_where_a_business_receives(lamps: Path) -> None:
    """Korea's relief is of parcels for the receiver's own use, which a business has not: supposing one refuses none."""
    asked = ("market", "what-if", "LAMP", "--claim", "to_business=yes", "--on", "2026-06-30", "--json", "--book", lamps)
    korea = next(m for m in json.loads(run(*asked).stdout)["after"]["markets"] if m["market"] == "KR")
    assert korea["refused"] is None and "personal_use" not in korea["terms"]["duty"]["asks"]


def test_imports_from_some_partners_are_at_least_those(tmp_path: Path) -> None:
    """Two partners without a row of the world: 50.0 m at least, no place among the markets, and not called known."""
    (tmp_path / "products.csv").write_text(TWO, encoding="utf-8")
    flows = FLOWS.replace("2023,392,M,0,H6,851310,60000000", "2023,392,M,156,H6,851310,40000000")
    (tmp_path / "comtrade.csv").write_text(flows + "2023,392,M,704,H6,851310,10000000\n", encoding="utf-8")
    run("init", tmp_path / "book")
    added = run("add", tmp_path / "products.csv", tmp_path / "comtrade.csv", "--book", tmp_path / "book")
    assert added.returncode == 0, added.stderr
    shown = " ".join(run("market", "show", "JP", *ASKED, tmp_path / "book").stdout.split())
    assert "at least 50.0 m USD" in shown and "facts missing" in shown
    (told,) = json.loads(run("market", "show", "JP", *ASKED, tmp_path / "book", "--json").stdout)[0]["markets"]
    assert told["imports"] is None and told["imports_at_least"] == 5_000_000_000 and "demand" in told["unknown"]
