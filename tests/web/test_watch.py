"""The pages and the API of the watch over the sample payment institution."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html

from tests.sharing import copied
from tests.watch import writing
from tests.watch.writing import transfer
from tests.web.conftest import Served, csrf


@pytest.fixture(scope="module")
def watched(serve: Callable[..., Served], institution: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    folder = tmp_path_factory.mktemp("watched")
    copied(institution / "book", folder / "book")
    return serve(folder / "book")


@pytest.fixture(scope="module")
def client(watched: Served) -> httpx.Client:
    return watched.client()


def api(client: httpx.Client, path: str, **query: Any) -> Any:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_queue_lists_what_the_api_does_in_each_order(client: httpx.Client) -> None:
    for by in ("limit", "risk", "age"):
        told = api(client, "/api/watch/cases", by=by)
        page = client.get("/watch", params={"by": by}).text
        shown = list(dict.fromkeys(re.findall(r'href="/watch/cases/([0-9a-f]{10})"', page)))
        assert shown == [c["id"] for c in told][:50] and len(told) > 10
    scores = [c["score"] for c in api(client, "/api/watch/cases", by="risk")]
    assert scores == sorted(scores, reverse=True)
    assert all(c["score"] == sum(p["points"] for p in c["parts"]) for c in told)
    assert client.get("/watch", params={"by": "name"}).status_code == 422
    assert api(client, "/api/watch/cases", by="") == api(client, "/api/watch/cases", by="limit"), (
        "one that is not said is the usual"
    )


def test_the_queue_shows_those_of_a_rule_a_report_or_an_institution(client: httpx.Client) -> None:
    every = api(client, "/api/watch/cases")
    for name, value, of in (
        ("report", "large", lambda c: c["report"] == "large"),
        ("rule", "funnel", lambda c: "funnel" in c["rules"]),
        ("institution", "QHPAY", lambda c: c["tenant"] == "QHPAY"),
    ):
        found = api(client, "/api/watch/cases", **{name: value})
        assert found == [c for c in every if of(c)] and 0 < len(found) < len(every)
        page = client.get("/watch", params={name: value}).text
        assert set(re.findall(r'href="/watch/cases/([0-9a-f]{10})"', page)) == {c["id"] for c in found[:50]}
    assert client.get("/watch", params={"rule": "none"}).status_code == 422


def test_cash_names_the_counter_that_it_came_in_at(client: httpx.Client) -> None:
    case = api(client, "/api/watch/cases", rule="funnel")[0]
    paid = api(client, f"/api/watch/cases/{case['id']}")["paid"]
    counters = {t["payer_institution"] for t in paid if t["payer_account"] is None}
    page = html.fromstring(client.get(f"/watch/cases/{case['id']}").text).text_content()
    assert len(counters) > 3 and all(f"at {name}" in page for name in counters)


def test_each_arrow_of_a_case_leads_to_its_line(client: httpx.Client) -> None:
    case = next(c for c in api(client, "/api/watch/cases", by="risk") if "chain" in c["rules"])
    told = api(client, f"/api/watch/cases/{case['id']}")
    page = html.fromstring(client.get(f"/watch/cases/{case['id']}").text)
    drawn = page.xpath("//svg[@class='moneyflow']//a/@href")
    assert drawn and set(drawn) <= {f"/evidence/{t['evidence']}/{t['line']}" for t in told["paid"]}
    assert len(page.xpath("//svg//line[@class='held']")) > 0
    assert client.get(drawn[0]).status_code == 200
    for name in ("chain", "Why it is called", "not called if"):
        assert name in page.text_content()
    chinese = client.get(f"/watch/cases/{case['id']}", headers={"Accept-Language": "zh-CN"}).text
    assert "资金随时间的流转" in chinese and "如下情形则不触发" in chinese
    last = told["paid"][-1]["id"]
    assert client.get(f"/watch/chain/{last}").status_code == 200
    assert client.get("/watch/cases/0000000000").status_code == 404


def test_rules_are_tried_and_one_that_cannot_be_is_refused(client: httpx.Client) -> None:
    page = client.get("/watch/rules", params={"test": "fan_in", "figures": "parties=5"})
    assert page.status_code == 200 and "parties=5" in page.text and "Limits of days" in page.text
    assert client.get("/watch/rules", params={"test": "fan_in", "figures": "party=5"}).status_code == 422
    assert client.get("/watch/rules", params={"test": "fan_in", "figures": "many"}).status_code == 422


def test_what_is_decided_is_counted_and_written(client: httpx.Client, watched: Served) -> None:
    found = api(client, "/api/watch/cases", by="risk")
    first, second = [c for c in found if c["report"] == "suspicious"][:2]
    headers = {"X-CSRF-Token": csrf(client)}
    for case, outcome in ((first, "to_report"), (second, "dismissed")):
        body = {"case": case["id"], "outcome": outcome, "why": "looked at"}
        answer = client.post("/api/decide/outcome", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
    watched.take_new_figures()
    told = api(client, "/api/watch/statistics")[0]
    assert (told["right"], told["dismissed"], told["precision"]) == (1, 1, 0.5)
    assert "50%" in client.get("/watch/statistics").text
    page = client.get(f"/watch/cases/{first['id']}").text
    assert "looked at" in page and "to_report" in page.replace("to report", "to_report")
    for form in ("goaml", "china", "fincen", "text"):
        assert client.get(f"/watch/cases/{first['id']}/report/{form}").status_code == 200
    missing = api(client, f"/api/watch/cases/{first['id']}/report/goaml")["missing"]
    assert {"path": "report/rentity_id", "why": "not set: [watch.reporter] rentity_id in book.toml"} in missing
    assert client.get(f"/watch/cases/{first['id']}/report/pdf").status_code == 422


def test_a_hub_that_no_transfer_is_of_is_named(serve: Callable[..., Served], tmp_path: Path) -> None:
    rows = [transfer("T1", "2026-03-02", "A", "HUB-1", "100.00")]
    book = writing.watched(tmp_path, rows, settings='[watch]\nhubs = ["HUB-2"]\n')
    client = serve(book.path).client()
    assert "no transfer is of the hub HUB-2" in client.get("/watch").text
    assert api(client, "/api/watch/run")["unused"] == [{"what": "hub", "name": "HUB-2"}]


def test_a_book_without_transfers_counts_no_alerts_of_any_rule(serve: Callable[..., Served], tmp_path: Path) -> None:
    """That there was nothing to look at is no good news: neither page nor API may say that a rule called none."""
    client = serve(writing.watched(tmp_path, ()).path).client()
    for path in ("/watch", "/watch/rules", "/watch/statistics"):
        page = html.fromstring(client.get(path).text).xpath("//main")[0].text_content()
        assert "no transfers yet" in page and "0 alerts" not in page, path
    rules = html.fromstring(client.get("/watch/rules").text).xpath("//section[@aria-labelledby='rules']/div")
    assert len(rules) > 15 and all("not run" in r.text_content() for r in rules)
    assert not any(r["ran"] for r in api(client, "/api/watch/run")["rules"])
    tried = api(client, "/api/watch/backtest/fan_in", first="2026-03-01", last="2026-03-31")
    assert (tried["transfers"], tried["now"]["ran"]) == (0, False)
    shown = client.get("/watch/rules", params={"test": "fan_in", "first": "2026-03-01", "last": "2026-03-31"}).text
    assert "no transfer of the book lies in these days" in shown and "with the figures that hold" not in shown
