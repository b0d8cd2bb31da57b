"""The duty desk's pages over the sample business: advantage, bill, duties over time, refunds,
the law behind a figure."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from crossbook.web.citations import cites
from tests.web.conftest import Served


@pytest.fixture
def client(served: Served) -> httpx.Client:
    return served.client()


def test_the_heat_map_shows_every_product_and_market(client: httpx.Client) -> None:
    rows = client.get("/api/products", params={"on": "2026-06-20"}).json()
    assert len(rows) == 16 + 6 * 9 + 4 * 7, "all by sea to the US, the light ones by courier to six more, others by sea"
    assert {r["market"] for r in rows} == {"US", "GB", "DE", "AU", "JP", "KR", "CA"}
    told = [r for r in rows if not r["refused"]]
    assert {r["market"] for r in rows if r["refused"]} <= {"KR", "CA"}, "no tariff, or none for all goods, ships"
    page = client.get("/products", params={"on": "2026-06-20"}).text
    assert len(re.findall(r'class="num heat-[1-5]"', page)) == len(told) > 70
    assert "customs take the price" in page
    for r in told:
        assert ("customs_value" in r["missing"]) == (r["mode"] == "courier")  # the buyer may be the importer
        assert (r["advantage"] > 0) == (r["break_even_price"] < r["rival_price"]), r


def test_a_bill_leads_to_the_law(client: httpx.Client) -> None:
    page = client.get("/products/CABLE-3", params={"on": "2026-09-01", "market": "US"}).text
    assert "Section 301 list 3" in page
    assert "https://www.federalregister.gov/citation/84-FR-20459" in page
    where = re.search(r'href="(/law\?of=s301%3A3[^"]*)"', page)
    assert where
    law = client.get(where[1].replace("&amp;", "&"))
    assert law.status_code == 200
    assert "83 FR 47974" in law.text
    basis = client.get("/api/law", params={"of": "9903.88.03", "hts": "8544.42.9090"}).json()
    assert [m["rate"] for m in basis["measures"]] == ["0.1", "0.25"]
    assert basis["scope"][0]["source"] == "note 20(f); 83 FR 47974"
    assert client.get("/law", params={"of": "nothing"}).status_code == 404


def test_duties_over_time_add_up(client: httpx.Client) -> None:
    sheet = client.get("/api/products/CABLE-3", params={"on": "2026-09-01"}).json()
    steps = {s["since"]: s for s in sheet["duties"]}
    assert round(steps["2025-04-10"]["total"], 4) == 1.726  # 2.6 + 25 + 20 + 125 %
    assert round(steps["2026-04-06"]["total"], 4) == 0.526
    for s in sheet["duties"]:
        assert s["total"] == pytest.approx(sum(s["rates"].values()), abs=1e-5)
    page = client.get("/products/CABLE-3", params={"on": "2026-09-01"}).text
    chart = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)[0])
    assert len({s["colour"] for s in chart["series"]}) == len(chart["series"]), "one colour a measure"


def test_what_if(client: httpx.Client) -> None:
    plain = client.get("/api/products/CABLE-3", params={"on": "2025-11-20"}).json()["markets"][0]
    less = client.get("/api/products/CABLE-3", params={"on": "2025-11-20", "off": "IEEPA"}).json()["markets"][0]
    there = client.get("/api/products/CABLE-3", params={"on": "2025-11-20", "origin": "VN"}).json()["markets"][0]
    assert plain["market"] == "US"
    assert less["duty"] < plain["duty"]
    assert there["duty"] < plain["duty"]
    assert client.get("/products/CABLE-3", params={"origin": "XX"}).status_code == 422
    assert client.get("/products/CABLE-3", params={"off": "NOTHING"}).status_code == 422
    assert client.get("/products/NO-SUCH").status_code == 404


def test_refunds_by_reason_with_evidence(client: httpx.Client) -> None:
    told = client.get("/api/refunds", params={"on": "2026-06-30"}).json()
    sums = {s["reason"]: s for s in told["sums"]}
    assert set(sums) == {"ieepa", "exclusion", "wrong_list", "overpaid", "wrong_origin", "underpaid"}
    assert sums["underpaid"]["amount"] < 0
    rows = client.get("/api/refunds", params={"on": "2026-06-30", "reason": "wrong_list"}).json()["rows"]
    (row,) = rows
    at = client.get(f"/evidence/{row['evidence']}/{row['lines'][0]}").text
    assert row["entry"] in at
    page = client.get("/refunds", params={"on": "2026-06-30"}).text
    assert "CAPE declaration in ACE" in page
    assert client.get("/refunds", params={"on": "yesterday"}).status_code == 422


def test_claims_with_their_ways_and_files(client: httpx.Client) -> None:
    told = client.get("/api/claims", params={"on": "2026-06-30"}).json()
    cape = next(s for s in told["totals"] if s["remedy"] == "CAPE declaration in ACE")
    file = client.get("/api/claims/cape.csv", params={"on": "2026-06-30"})
    assert file.headers["content-type"].startswith("text/csv")
    assert file.text.splitlines()[0] == "Entry Number"
    assert len(file.text.splitlines()) == 1 + cape["entries"]
    only = client.get("/api/claims", params={"on": "2026-06-30", "way": cape["remedy"]}).json()
    assert only["total"] == cape["entries"] == len(only["rows"])
    assert sum(c["interest"] for c in only["rows"]) == cape["interest"] > 0
    less = client.get("/api/claims", params={"on": "2026-06-30", "importer": "other"}).json()
    assert next(s for s in less["totals"] if s["remedy"] == cape["remedy"])["interest"] > cape["interest"]
    for language, words in (("en", "What courts have said"), ("zh", "法院所言")):
        page = client.get("/claims", params={"on": "2026-06-30"}, headers={"Accept-Language": language}).text
        assert words in page
    for kind in ("protests", "drawback"):
        assert client.get(f"/claims/{kind}.csv", params={"on": "2026-06-30"}).status_code == 200
    assert client.get("/claims/nothing.csv").status_code == 422


def test_landed_over_the_api(client: httpx.Client) -> None:
    asked = {"hts": "7326.90.8688", "value": "12.50", "quantity": 100, "on": "2026-09-20"}
    bill = client.get("/api/landed", params=asked).json()
    assert (bill["total_duty"], bill["total_ad_valorem_rate"]) == (97_375, 0.779)
    for wrong in (
        {"hts": "12"},
        {"origin": "XX"},
        {"value": "NaN"},
        {"value": "1e99"},
        {"currency": "ZZZ"},
        {"on": "2030-01-01"},
    ):
        assert client.get("/api/landed", params=asked | wrong).status_code in (400, 404, 422), wrong


def test_citations() -> None:
    assert cites("84 FR 20459; note 20(f)") == [
        ("84 FR 20459", "https://www.federalregister.gov/citation/84-FR-20459"),
        ("; note 20(f)", ""),
    ]
    assert [p for p, where in cites("19 CFR 24.23; 26 U.S.C. 4461; 2025-19482; HTSUS 8544.42.90") if where] == [
        "19 CFR 24.23",
        "26 U.S.C. 4461",
        "2025-19482",
        "HTSUS 8544.42.90",
    ]
    assert cites("") == []
