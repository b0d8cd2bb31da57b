"""The verification board, the queue, one trade's match, and decisions by form and by API."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
from typer.testing import CliRunner

import crossbook
from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.cli.tree import tree
from tests.sharing import copied
from tests.sources.test_golden import GOLDEN
from tests.web.conftest import Served, csrf


def planted(sample: Path, kind: str) -> str:
    known = json.loads((sample / "truth" / "planted.json").read_text(encoding="utf-8"))
    return str(known["faulty_papers"][kind][0][0])


def test_the_board_and_the_queue(client: httpx.Client) -> None:
    page = client.get("/verify").text
    assert "Are the trades real?" in page and "NORDIC CAMP AB" in page
    board = client.get("/api/verify").json()
    assert sum(c["trades"] for c in board["counts"]) == board["trades"]
    for rule in board["broken"]:
        found = client.get("/api/verify/trades", params={"rule": rule["rule"], "per_page": 500}).json()
        assert found["n"] == rule["trades"]
    assert client.get("/verify/trades", params={"verdict": "good"}).status_code == 422
    queue = client.get("/verify/trades", params={"verdict": "suspicious", "sort": "day", "way": "asc"})
    assert queue.status_code == 200 and "somebody else than the buyer paid" in queue.text
    assert "suspicious" in client.get("/").text


def test_what_they_would_reject(client: httpx.Client) -> None:
    for audience in ("bank", "payment-institution", "customs"):
        assert "would be accepted" in client.get("/verify", params={"for": audience}).text
        told = client.get("/api/verify/for", params={"for": audience}).json()
        assert told["accepted"] < told["trades"]
    assert client.get("/verify", params={"for": "police"}).status_code == 422
    assert len(client.get("/api/verify/offline").json()) == 2
    assert len(client.get("/api/verify/rules").json()) > 40


def test_an_amount_that_nobody_knows_is_a_dash_on_every_face(serve: Callable[..., Served], book: Book) -> None:
    """Amazon writes no amounts of a pending order."""
    for item in inputs([GOLDEN / "amazon_orders_parts.txt"]):
        add(book, item)
    order = "114-5555555-6666666"
    client = serve(book.path).client()
    told = client.get("/api/verify/trades", params={"q": order}).json()["rows"]
    assert [(r["order_id"], r["stake"], r["currency"]) for r in told] == [(order, None, "USD")]
    assert client.get(f"/api/verify/trade/{order}").json()["stake"] is None
    row = client.get("/verify/trades", params={"q": order}).text.split("<tbody>")[1]
    assert '<td class="num">—</td>' in row and "0.00" not in row
    for path in ("/verify", "/"):
        assert "2 of unknown amount" in client.get(path).text, path
    told = (
        CliRunner()
        .invoke(tree("trade"), ["trade", "verify", order, "--book", str(book.path)], env={"COLUMNS": "200"})
        .output
    )
    assert "—" in told.splitlines()[0] and "0.00" not in told
    told = (
        CliRunner().invoke(tree("trade"), ["trade", "verify", "--book", str(book.path)], env={"COLUMNS": "200"}).output
    )
    assert "2 of unknown amount" in told and "0.00" not in told
    (found,) = [r for r in crossbook.open(book.path).trades() if r["order_id"] == order]
    assert found["stake"] is None


def test_a_trade_shows_its_match_and_a_decision_counts(
    serve: Callable[..., Served], sample: Path, tmp_path: Path
) -> None:
    copied(sample / "book", tmp_path / "book")
    here = serve(tmp_path / "book")
    client = here.client()
    before = len(list(here.live.book.journal()))
    order = planted(sample, "payer_not_buyer")
    page = client.get(f"/orders/{order}").text
    assert "Paper against paper" in page and "Ivan Petrovich Orlov" in page
    assert f'href="/decide/finding?order={order}&amp;rule=payer_not_buyer"' in page
    form = {"csrf": csrf(client), "order": order, "rule": "payer_not_buyer", "why": "her brother"}
    assert client.post("/decide/finding", data=form | {"why": ""}).status_code == 409
    assert client.post("/decide/finding", data=form | {"order": "none"}).status_code == 404
    assert client.post("/decide/finding", data=form | {"rule": "no_such_rule"}).status_code == 422
    assert client.post("/decide/finding", data=form).headers["location"] == f"/orders/{order}"
    here.take_new_figures()
    assert client.get(f"/api/verify/trade/{order}").json()["verdict"] == "verified"
    assert "her brother" in client.get(f"/orders/{order}").text
    assert f'href="/undo/finding?order={order}&amp;rule=payer_not_buyer"' in client.get(f"/orders/{order}").text
    assert client.post("/undo/finding", data=form).status_code == 303
    headers = {"X-CSRF-Token": csrf(client)}
    body = {"order": order, "rule": "payer_not_buyer", "why": "her brother"}
    done = client.post("/api/decide/finding", json=body, headers=headers).json()
    assert done["text"] == f"payer_not_buyer is set aside for {order}"
    assert client.post("/api/undo/finding", json=body, headers=headers).json()["kind"] == "finding"
    assert client.post("/api/undo/finding", json=body, headers=headers).status_code == 409
    assert [e.action for e in here.live.book.journal()][before:] == ["set aside", "take up again"] * 2


def test_customs_page_writes_what_is_ready_once(serve: Callable[..., Served], sample: Path, tmp_path: Path) -> None:
    copied(sample / "book", tmp_path / "book")
    here = serve(tmp_path / "book")
    client = here.client()
    days = {"from": "2025-06-01", "to": "2025-06-10"}
    assert "CEB603" in client.get("/customs", params=days).text
    counts = client.get("/api/customs", params=days).json()["counts"]
    assert all(set(c) == {"ready"} for c in counts.values())
    rows = client.get("/api/customs/documents", params={"message": "603", "state": "ready", **days}).json()
    assert rows["total"] == counts["603"]["ready"] and rows["rows"][0]["order_id"]
    assert rows["rows"][0]["order_id"] in client.get("/customs/documents", params={"message": "603", **days}).text
    look = client.get("/api/customs/preview", params=days).json()
    assert look["messages"] == {n: c["ready"] for n, c in counts.items()}
    form = {"csrf": csrf(client), **days}
    unseen = client.post("/customs/write", data=form)  # nobody looked: a look, and nothing written
    assert unseen.status_code == 409 and look["seen"] in unseen.text
    assert client.get("/api/customs/messages").json() == [] and not (tmp_path / "book" / "customs").exists()
    assert look["seen"] in client.get("/customs/preview", params=days).text
    done = client.post("/customs/write", data=form | {"seen": look["seen"]})
    assert done.headers["content-type"] == "application/zip" and done.content[:2] == b"PK"
    assert client.post("/customs/write", data=form | {"seen": look["seen"]}).status_code == 303  # nothing is left
    assert len(client.get("/api/customs/messages").json()) == 4
    assert "CEB603Message_" in client.get("/customs").text
    asks = client.get("/api/customs/mailbox").json()
    assert {m["state"] for m in asks["messages"]} == {"asks"} and "receiver_id is not set" in asks["wanting"][0]
    one, other = (m["guid"] for m in asks["messages"][:2])
    assert one in client.get("/customs/mailbox").text
    assert client.post("/customs/mailbox", data={"csrf": csrf(client), "message": one, "go": "yes"}).status_code == 303
    assert client.post("/customs/mailbox", data={"csrf": csrf(client), "message": other, "go": "no"}).status_code == 303
    assert client.post("/customs/mailbox", data={"csrf": csrf(client), "message": "X", "go": "no"}).status_code == 400
    states = {m["guid"]: m["state"] for m in client.get("/api/customs/mailbox").json()["messages"]}
    assert (states[one], states[other]) == ("ready", "withdrawn")


def test_a_page_for_each_step_of_a_consignment(serve: Callable[..., Served], sample: Path, tmp_path: Path) -> None:
    copied(sample / "book", tmp_path / "book")
    client = serve(tmp_path / "book").client()
    page = client.get("/customs/steps/509", params={"carrier": "4PX"}).text
    text = html.unescape(page[page.index(">", page.index("<textarea")) + 1 : page.index("</textarea>")])
    orders = [line for line in text.splitlines() if line.strip().startswith('"')]
    assert orders and 'carrier = "4PX"' in text
    unfilled = client.post("/customs/steps/509", data={"csrf": csrf(client), "text": text})
    assert unfilled.status_code == 400  # nothing in it is made up
    text = text.replace('leave_time = ""', "leave_time = 2026-12-31T22:10:00+08:00")
    filled = text.replace('= ""', '= "CZ471"').replace('{ code = ""', '{ code = "5301980001"')
    filled = filled.replace('name = ""', 'name = "货站"')
    form = {"csrf": csrf(client), "text": filled}
    shown = client.post("/customs/steps/509", data=form)
    assert shown.status_code == 200 and orders[0].strip(' ",') not in client.get("/customs").text
    assert client.get("/api/customs/messages").json() == []
    seen = re.search(r'name="seen" value="(\w+)"', shown.text)
    assert seen is not None
    done = client.post("/customs/steps/509", data=form | {"seen": seen[1]})
    assert done.headers["content-type"] == "application/zip"
    assert [m["number"] for m in client.get("/api/customs/messages").json()] == ["509"]
    wrong = client.post("/customs/steps/509", data=form | {"text": "bill = "})
    assert wrong.status_code == 400 and "TOML" in wrong.text
    for number in ("507", "607", "701"):
        assert client.get(f"/customs/steps/{number}").status_code == 200
    assert client.get("/customs/steps/999").status_code == 404


def test_tax_pages(serve: Callable[..., Served], sample: Path, tmp_path: Path) -> None:
    copied(sample / "book", tmp_path / "book")
    client = serve(tmp_path / "book").client()
    page = client.get("/tax", params={"on": "2026-06-30"}).text
    assert "IOSS return" in page and "IM3720000224" in page
    assert client.get("/tax/calendar.ics").content.startswith(b"BEGIN:VCALENDAR")
    asked = {"kind": "ioss", "of": "2026-05"}
    assert "mark as filed" in client.get("/tax/return", params=asked).text
    assert client.get("/tax/return.xlsx", params=asked).content[:2] == b"PK"
    assert b"pain.001.001.09" in client.get("/tax/payment.xml", params=asked).content
    assert client.get("/tax/return", params=asked | {"of": "May"}).status_code == 422
    named = {"form": "ioss", "period": "2026-05"}
    looked = client.post("/api/decide/return/look", json=named, headers={"X-CSRF-Token": csrf(client)}).json()
    form = {"csrf": csrf(client), **named, "yes": [q["answer"] for q in looked["asks"]]}
    assert client.post("/decide/return", data=form).status_code == 303
    assert client.post("/decide/return", data=form).status_code == 409
    was = client.get("/api/tax/returns/ioss/2026-05").json()["filed"]
    assert was["difference"] == 0 and was["amount"] == was["computed"] > 0
    assert "as the book computes now" in client.get("/tax/return", params=asked).text
    assert client.post("/undo/return", data={"csrf": csrf(client), **named}).status_code == 303
    assert client.get("/api/tax/thresholds").json() and client.get("/api/tax/calendar").json()
