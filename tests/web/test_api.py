"""The API by its own OpenAPI document: schemathesis makes up requests and holds every answer against it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from itertools import cycle
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

from crossbook.book import init_book, open_book
from crossbook.book.accounts import ROLES, put_user
from crossbook.web.access import Access
from crossbook.web.app import make_app
from crossbook.web.live import Live
from tests.effort import times
from tests.patience import LONG
from tests.sharing import copied
from tests.web.conftest import Served, csrf

PASSWORD = "four words are enough"
ROLES_TRIED = ("", "reader", "preparer", "approver")  # without a session, too
# of each address: `make fuzz` asks for more
EXAMPLES = int(os.environ.get("CROSSBOOK_API_EXAMPLES", str(times(4, long=48))))
OPEN = ("/api/session", "/api/openapi.json")  # to whoever asks


@pytest.fixture(scope="session")
def reckless(serve: Callable[..., Served], totals: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A book that may be ruined by made-up requests, with somebody of each role."""
    folder = tmp_path_factory.mktemp("reckless")
    copied(totals, folder / "book")
    for role in ROLES:
        put_user(open_book(folder / "book"), role, role, PASSWORD)
    return serve(folder / "book")


@pytest.fixture(scope="session")
def headers_of(reckless: Served) -> Callable[[str], dict[str, str]]:
    """The headers of a session of a role, which is opened anew when it has ended; none without a role."""
    held: dict[str, tuple[str, dict[str, str]]] = {}

    def headers(role: str) -> dict[str, str]:
        if not role:
            return {}
        key = held.get(role, ("", {}))[0]
        if reckless.access.session(key) is None:
            client = reckless.logged_in(role, PASSWORD)
            cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
            key = next(v for n, v in client.cookies.items() if n.startswith("crossbook_"))
            held[role] = key, {"Cookie": cookies, "X-CSRF-Token": csrf(client)}
        return held[role][1]

    return headers


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def _document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        book = init_book(Path(folder) / "book")
        return make_app(Live(book.path), Access(book, accounts=False)).openapi()


schema = schemathesis.openapi.from_dict(_document())


turns = cycle(ROLES_TRIED)


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_as_documented_whoever_asks(
    case: schemathesis.Case[Any], reckless: Served, headers_of: Callable[[str], dict[str, str]]
) -> None:
    role = next(turns)
    response = case.call(base_url=reckless.address, headers=headers_of(role), timeout=LONG)
    case.validate_response(response, checks=CHECKS)
    if not role and case.path not in OPEN:
        assert response.status_code not in range(200, 300), (case.method, case.path)


def test_of_all_that_was_made_up_nothing_was_written_by_who_may_not(reckless: Served) -> None:
    """Behind the requests above: a reader has decided nothing, and nobody is in the journal without a session."""
    who = {entry.who for entry in reckless.live.book.journal() if entry.action != "user"}
    assert who <= {"preparer", "approver"}, who


def test_answers_about_what_is_there_are_as_documented(
    reckless: Served, headers_of: Callable[[str], dict[str, str]]
) -> None:
    client = reckless.logged_in("reader", PASSWORD)
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
        response = case.call(base_url=reckless.address, headers=headers_of("reader"), timeout=LONG)
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
