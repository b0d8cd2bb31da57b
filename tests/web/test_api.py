"""The API by its own OpenAPI document: schemathesis makes up requests and holds every answer against it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crossbook.book import init_book
from crossbook.web.access import Access
from crossbook.web.app import make_app
from crossbook.web.live import Live
from tests.patience import LONG
from tests.sharing import copied
from tests.web.conftest import Served, csrf


@pytest.fixture(scope="session")
def reckless(serve: Callable[..., Served], totals: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A book that may be ruined by made-up requests."""
    folder = tmp_path_factory.mktemp("reckless")
    copied(totals, folder / "book")
    return serve(folder / "book")


@pytest.fixture(scope="session")
def session_headers(reckless: Served) -> dict[str, str]:
    client = reckless.client()
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return {"Cookie": cookies, "X-CSRF-Token": csrf(client)}


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def _document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        book = init_book(Path(folder) / "book")
        return make_app(Live(book.path), Access(book, accounts=False)).openapi()


schema = schemathesis.openapi.from_dict(_document())


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_as_documented(
    case: schemathesis.Case, reckless: Served, session_headers: dict[str, str]
) -> None:
    response = case.call(base_url=reckless.address, headers=session_headers, timeout=LONG)
    case.validate_response(response, checks=CHECKS)


def test_answers_about_what_is_there_are_as_documented(reckless: Served, session_headers: dict[str, str]) -> None:
    client = reckless.client()
    payouts = client.get("/api/payouts").json()["rows"]
    order = client.get("/api/orders").json()["rows"][0]["order_id"]
    sha, line = payouts[0]["evidence"], payouts[0]["line"]
    for path, named, asked in (
        *(("/api/payouts/{name}", {"name": p["id"]}, {}) for p in payouts),
        ("/api/orders/{order_id}", {"order_id": order}, {}),
        ("/api/evidence/{sha}", {"sha": sha}, {}),
        ("/api/evidence/{sha}/original", {"sha": sha}, {}),
        ("/api/evidence/{sha}/{line}", {"sha": sha, "line": line}, {}),
        ("/api/why", {}, {"of": payouts[0]["id"]}),
        ("/api/why", {}, {"of": order}),
        ("/api/search", {}, {"q": order}),
        ("/api/pack", {}, {"payout": payouts[0]["id"]}),
        ("/api/products", {}, {"on": "2026-06-30"}),
        ("/api/refunds", {}, {"on": "2026-06-30"}),
        ("/api/claims", {}, {"on": "2026-06-30"}),
        ("/api/find", {}, {"q": "women's polyester dress", "answers": "construction=woven", "on": "2026-06-30"}),
        ("/api/law", {}, {"of": "9903.88.03", "hts": "8544.42.9090"}),
        ("/api/landed", {}, {"hts": "7326.90.8688", "value": "12.50", "quantity": 100, "on": "2026-09-20"}),
    ):
        case = schema[path]["GET"].Case(path_parameters=named, query=asked)
        response = case.call(base_url=reckless.address, headers=session_headers, timeout=LONG)
        assert response.status_code == 200, (path, response.text)
        case.validate_response(response, checks=CHECKS)


def test_the_document_tells_of_all_that_the_pages_do(client: httpx.Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    for path in (
        "/api/overview",
        "/api/payouts",
        "/api/payouts/{name}",
        "/api/orders",
        "/api/orders/{order_id}",
        "/api/bank",
        "/api/decide/match",
        "/api/decide/match/look",
        "/api/undo/match",
        "/api/decide/explanation",
        "/api/decide/approval",
        "/api/decisions",
        "/api/decisions/kinds",
        "/api/evidence",
        "/api/evidence/{sha}/{line}",
        "/api/files",
        "/api/mapping",
        "/api/search",
        "/api/why",
        "/api/pack",
        "/api/session",
        "/api/status",
        "/api/formats",
        "/api/products",
        "/api/products/{sku}",
        "/api/refunds",
        "/api/claims",
        "/api/find",
        "/api/law",
        "/api/landed",
    ):
        assert path in paths, path
