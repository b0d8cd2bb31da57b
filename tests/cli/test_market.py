"""The commands of markets, as they print."""

from __future__ import annotations

import json
from pathlib import Path

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
    said = run("market", "what-if", "SHOE", "--book", lamps)
    assert said.returncode == 2 and "the book has LAMP" in said.stderr
    said = run("market", "show", "Atlantis", "--book", lamps)
    assert said.returncode == 2 and "Atlantis" in said.stderr
