"""What a query asks for and there is not: an error that names what there is,
on every page and every address of the API."""

from __future__ import annotations

import httpx
import pytest

# Each is asked of the page and of the API: address, parameter, value, one of the values that must be named.
BAD = [
    ("/payouts", "status", "bogus", "not_closed"),
    ("/payouts", "account", "bogus", "seabridge"),
    ("/payouts", "arrival", "bogus", "overdue"),
    ("/payouts", "currency", "bogus", "USD"),
    ("/payouts", "sort", "bogus", "paid_on"),
    ("/payouts", "way", "bogus", "desc"),
    ("/orders", "account", "bogus", "amazon"),
    ("/orders", "place", "bogus", "in_transit"),
    ("/orders", "sort", "bogus", "placed_on"),
    ("/verify/trades", "verdict", "bogus", "suspicious"),
    ("/verify/trades", "account", "bogus", "amazon"),
    ("/verify/trades", "sort", "bogus", "stake"),
    ("/verify/trades", "rule", "bogus", "order_repeated"),
    ("/refunds", "reason", "bogus", "ieepa"),
    ("/claims", "importer", "bogus", "corporation"),
    ("/screen", "level", "bogus", "look"),
    ("/customs/documents", "message", "bogus", "603"),
    ("/customs/documents", "state", "bogus", "wanting"),
]


@pytest.mark.parametrize(("path", "name", "value", "named"), BAD)
def test_a_value_that_there_is_not(client: httpx.Client, path: str, name: str, value: str, named: str) -> None:
    told = client.get(f"/api{path}", params={name: value})
    assert told.status_code == 422
    body = told.json()
    assert (body["parameter"], body["value"]) == (name, value) and named in body["known"] and body["error"]
    for language in ("en", "zh"):
        page = client.get(path, params={name: value}, headers={"Accept-Language": language})
        assert page.status_code == 422 and "<h1>" in page.text and named in page.text and name in page.text


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/", "on", "yesterday"),
        ("/orders", "on", "2026-02-30"),
        ("/products", "on", "2019-01-01"),
        ("/tax", "on", "x"),
        ("/customs", "from", "1"),
        ("/customs", "to", "1"),
        ("/cases/calendar", "on", "1"),
        ("/bank", "page", "0"),
        ("/payouts", "page", "x"),
        ("/evidence", "page", "-1"),
        ("/payouts", "per_page", "0"),
        ("/payouts", "stauts", "closed"),
    ],
)
def test_what_is_no_day_or_number_or_name(client: httpx.Client, path: str, name: str, value: str) -> None:
    page = client.get(path, params={name: value})
    assert page.status_code == 422 and "<h1>" in page.text and (name in page.text or value in page.text)
    api = {"/": "/api/overview", "/tax": "/api/tax/calendar"}.get(path, f"/api{path}")
    told = client.get(api, params={name: value})
    assert told.status_code == 422
    assert (told.json()["parameter"], told.json()["value"]) == (name, value)


@pytest.mark.parametrize("path", ["/customs", "/customs/documents", "/customs/preview"])
def test_an_order_that_is_not_to_be_declared_is_no_empty_list(client: httpx.Client, path: str) -> None:
    for address in (path, f"/api{path}"):
        told = client.get(address, params={"order": "no-such-order"})
        assert told.status_code == 404 and "no-such-order" in told.text
        assert client.get(address, params={"from": "2026-06-30", "to": "2026-06-01"}).status_code == 422


def test_a_declaration_that_there_is_not(client: httpx.Client) -> None:
    told = client.get("/api/claims/cape.csv", params={"batch": 9_999})
    assert told.status_code == 422 and told.json()["known"] == ["1"]


def test_a_day_that_is_none_though_nobody_is_asked_for(client: httpx.Client) -> None:
    assert client.get("/verify", params={"on": "2026-02-30"}).status_code == 422


@pytest.mark.parametrize(
    ("path", "name", "value", "todo"),
    [
        ("/payouts", "page", "x", "give it a whole number"),
        ("/payouts", "page", "0", "give it at least 1"),
        ("/payouts", "page", "1.5", "give it a whole number"),
        ("/payouts", "page", "99999999999999999999", "give it at most"),
        ("/verify", "registered", "perhaps", "give it true or false"),
        ("/search", "q", "x" * 300, "give it at most 200 characters"),
    ],
)
def test_what_a_parameter_cannot_be_is_said_in_our_words(
    client: httpx.Client, path: str, name: str, value: str, todo: str
) -> None:
    """Not in those of the library that reads it; in Chinese wholly in Chinese."""
    told = client.get(
        f"/api{path if path != '/verify' else '/verify/for'}",
        params={name: value, "for": "bank"} if path == "/verify" else {name: value},
    ).json()
    assert told["error"] == f"{name} cannot be {value[:60]!r}" and told["todo"].startswith(todo)
    page = client.get(path, params={name: value}, headers={"Accept-Language": "zh"}).text
    assert "nput should" not in page and "give it" not in page and "cannot be" not in page


def test_a_parameter_given_twice(client: httpx.Client) -> None:
    answer = client.get("/api/payouts?status=closed&status=not_closed")
    assert answer.status_code == 422 and answer.json()["parameter"] == "status"


@pytest.mark.parametrize(
    "path", ["/payouts", "/orders", "/verify/trades", "/bank", "/evidence", "/refunds", "/claims", "/journal"]
)
def test_a_page_past_the_last_one(client: httpx.Client, path: str) -> None:
    told = client.get("/api/decisions" if path == "/journal" else f"/api{path}", params={"page": 9_999})
    assert told.status_code == 200
    body = told.json()
    rows = body if isinstance(body, list) else body.get("rows", body.get("matches"))
    assert rows == []
    if "page" in body:
        assert body["page"] == 9_999 and body["total"] > 0
    page = client.get(path, params={"page": 9_999})
    assert page.status_code == 422 and "9999" in page.text


def test_a_page_past_the_orders_of_a_payout(client: httpx.Client) -> None:
    for account in ("seabridge", "amazon"):
        name = client.get("/api/payouts", params={"account": account}).json()["rows"][0]["id"]
        first = client.get(f"/api/payouts/{name}").json()["orders"]
        past = client.get(f"/api/payouts/{name}", params={"page": 9_999}).json()["orders"]
        assert first["rows"] and past == {"rows": [], "total": first["total"], "page": 9_999, "pages": first["pages"]}
        assert client.get(f"/payouts/{name}", params={"page": 9_999}).status_code == 422


def test_what_there_is_none_of_yet_is_no_error(client: httpx.Client) -> None:
    """A known account, status or currency that nothing has now is an answer: none."""
    for query in ({"status": "unproved"}, {"currency": "CHF"}, {"arrival": "none"}, {"status": "attention"}):
        assert client.get("/api/payouts", params=query).status_code == 200
    assert client.get("/api/orders", params={"place": "late"}).status_code == 200


def test_a_market_in_which_a_product_is_not_sold(client: httpx.Client) -> None:
    product = client.get("/api/products").json()[0]
    page = client.get(f"/products/{product['sku']}", params={"market": "ZZ"})
    assert page.status_code == 422 and product["market"] in page.text
    assert client.get(f"/api/products/{product['sku']}", params={"origin": "ZZ"}).json()["parameter"] == "origin"
    assert "IEEPA" in client.get(f"/api/products/{product['sku']}", params={"off": "ZZ"}).json()["known"]


@pytest.mark.parametrize(
    ("body", "status", "error", "todo"),
    [
        ('{"name": "re', 422, "not well-formed JSON", "correct it at character 9"),
        ("[" * 20_000 + "]" * 20_000, 400, "not well-formed JSON", ""),
        ('{"name": ' + "9" * 50_000 + "}", 400, "not well-formed JSON", ""),
        ("[]", 422, "body cannot be ", "give it names and values: {…}"),
        ('{"name": NaN, "password": "x"}', 422, "name cannot be ", "give it a text"),
    ],
)
def test_a_body_that_is_none_says_what_to_send(
    client: httpx.Client, body: str, status: int, error: str, todo: str
) -> None:
    told = client.post("/api/session", content=body, headers={"Content-Type": "application/json"})
    assert told.status_code == status
    assert told.json()["error"].startswith(error) and told.json()["todo"] == todo
