"""The market desk's pages over the sample business."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

import httpx
import pytest

from tests.web.conftest import Served

ROW = re.compile(r'<th scope="row"><a href="/markets/([A-Z]{2})\?')


@pytest.fixture
def client(served: Served) -> httpx.Client:
    return served.client()


def api(client: httpx.Client, path: str, **query: Any) -> Any:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_table_has_every_market_in_its_order(client: httpx.Client) -> None:
    told = api(client, "/api/markets", product="BAG-20")
    page = client.get("/markets", params={"product": "BAG-20"}).text
    assert ROW.findall(page) == [m["market"] for m in told["markets"]]
    assert told["compared"] >= 5 and any(m["status"] != "compared" for m in told["markets"])


def test_the_picture_leaves_out_what_is_not_known(client: httpx.Client) -> None:
    told = {m["market"]: m for m in api(client, "/api/markets", product="BAG-20")["markets"]}
    page = client.get("/markets", params={"product": "BAG-20"}).text
    figures = re.search(r'data-chart="bubbles".*?<script type="application/json">(.*?)</script>', page, re.S)
    assert figures is not None
    chart = json.loads(figures[1])
    assert {p["market"] for p in chart["points"]} | set(chart["left_out"]) == set(told)
    for market in chart["left_out"]:
        assert told[market]["margin_share"]["usual"] is None or not told[market]["imports"]
    for p in chart["points"]:
        assert p["share"] == pytest.approx(told[p["market"]]["margin_share"]["usual"] * 100, abs=0.01)
        assert p["imports"] * 100 == told[p["market"]]["imports"]


def test_a_margin_of_which_an_end_is_open_is_hatched_and_hollow(client: httpx.Client) -> None:
    """A market known only as "at most" looks unlike one whose margin is known: on the map, in chart and table."""
    told = {m["market"]: m["margin_share"] for m in api(client, "/api/markets", product="BAG-20")["markets"]}
    half = {m for m, s in told.items() if s["usual"] is not None and None in (s["low"], s["high"])}
    page = client.get("/markets", params={"product": "BAG-20"}).text
    assert half and page.count('class="mark" fill="url(#half-') - 1 == page.count(": margin not known exactly</title>")
    assert page.count(' half"><a') == len([s for s in told.values() if None in (s["low"], s["high"])])
    chart = json.loads(
        re.findall(r'data-chart="bubbles".*?<script type="application/json">(.*?)</script>', page, re.S)[0]
    )
    assert {p["market"] for p in chart["points"] if not p["exact"]} == half & {p["market"] for p in chart["points"]}


def test_the_margin_is_the_price_less_its_terms(client: httpx.Client) -> None:
    """As the page shows them: the sum is made anew here."""
    (product,) = [r for r in api(client, "/api/markets/JP") if r["product"] == "BAG-20"]
    (place,) = product["markets"]
    usual = {name: Fraction(str(term["usual"])) for name, term in place["terms"].items()}
    shares = usual["platform"] + usual["returns"]
    costs = sum(usual[name] for name in ("cost", "freight", "duty", "fees", "vat", "selling"))
    assert abs(usual["price"] * (1 - shares) - costs - place["margin"]["usual"]) <= 1
    page = client.get("/markets/Japan", params={"product": "BAG-20"}).text
    assert "products.csv" in page and 'id="bill"' in page


def test_sorted_by_a_column_what_is_not_known_is_last(client: httpx.Client) -> None:
    told = {m["market"]: m for m in api(client, "/api/markets", product="BAG-20")["markets"]}
    for way in ("asc", "desc"):
        page = client.get("/markets", params={"product": "BAG-20", "sort": "imports", "way": way}).text
        imports = [told[m]["imports"] for m in ROW.findall(page)]
        known = [x for x in imports if x is not None]
        assert imports == sorted(known, reverse=way == "desc") + [None] * (len(imports) - len(known))


def test_a_product_is_priced_without_a_file(client: httpx.Client) -> None:
    stated = {"name": "Lamp", "hts": "8513.10.4000", "cost": "5", "freight": "2", "price": "20", "everywhere": "true"}
    told = api(client, "/api/markets/new", **stated)
    assert told["product"] == "new" and {m["market"] for m in told["markets"]} >= {"US", "JP", "DE"}
    page = client.get("/markets/new", params=stated)
    assert page.status_code == 200 and "Lamp" in page.text and 'id="table"' in page.text
    assert 'id="table"' not in client.get("/markets/new").text, "nothing typed, nothing told"
    wrong = client.get("/markets/new", params=stated | {"cost": "five"})
    assert wrong.status_code == 422 and "five" in wrong.text and 'value="8513.10.4000"' in wrong.text
    assert client.get("/api/markets/new", params=stated | {"cost": "five"}).json()["parameter"] == "cost"


def test_what_is_no_market_is_said(client: httpx.Client) -> None:
    assert client.get("/markets/Atlantis").status_code == 422
    assert client.get("/markets", params={"product": "none-such"}).status_code == 404
    assert client.get("/markets", params={"sort": "beauty"}).status_code == 422
    assert client.get("/markets/CN").status_code == 200, "where they are made"


def test_where_a_parcel_is_taken_to_go_to_a_consumer_the_pages_say_so(client: httpx.Client) -> None:
    """From 2026-07-01 the EU's flat duty is of parcels to consumers, and no file says who receives them."""
    told = api(client, "/api/markets", product="LAMP-01", on="2026-09-30")["markets"]
    taken = sorted(m["market"] for m in told if m["taken"] == {"to_business": "no"})
    assert {"DE", "FR"} <= set(taken) and "JP" not in taken
    words = "taken for sales to consumers, as nobody says who receives the parcel (to_business=no)"
    page = client.get("/markets", params={"product": "LAMP-01", "on": "2026-09-30"}).text
    assert f"{', '.join(taken)}: {words}" in page
    one = client.get("/markets/DE", params={"product": "LAMP-01", "on": "2026-09-30"}).text
    assert f"DE: {words}" in one and "whether a business receives it" not in one
    typed = {"hts": "8513.10.4000", "cost": "5", "freight": "2", "price": "20", "market": "DE", "on": "2026-09-30"}
    assert words in client.get("/markets/new", params=typed).text


def test_imports_of_which_a_part_is_told_are_at_least_that(client: httpx.Client) -> None:
    """Nigeria's imports are in no file of the sample, only what is sold there: the page says what the command does."""
    told = {m["market"]: m for m in api(client, "/api/markets", product="LAMP-01")["markets"]}["NG"]
    assert told["imports"] is None and told["imports_at_least"] > 0
    page = client.get("/markets", params={"product": "LAMP-01"}).text
    row = page[page.index('href="/markets/NG?') :]
    assert "at least" in row[: row.index("</tr>")]
