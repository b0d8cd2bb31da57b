"""The pages of the brand and cases desks, and decisions through them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.web.conftest import Served, csrf


def test_the_queue_and_a_listing_with_pictures(client: httpx.Client) -> None:
    page = client.get("/screen").text
    assert "B0YS000008" in page and "VALKORE" in page and "<del>0</del><ins>o</ins>" in page
    told = client.get("/api/screen", params={"level": "act"}).json()
    assert told["n"] == told["board"]["open"]["act"] == len(told["hits"]) and "no legal clearance" in told["note"]
    one = client.get("/screen/B0YS000008").text
    assert "/screen/picture?name=BAG-20.png" in one and "1:26-cv-00417" in one and "采购-BAG-20.pdf" in one
    picture = client.get("/screen/picture", params={"name": "BAG-20.png"})
    assert picture.headers["content-type"] == "image/png" and picture.content[:4] == b"\x89PNG"
    assert client.get("/screen/picture", params={"name": "VALKORE", "logo": "true"}).status_code == 200
    for name in ("../book.toml", "..", "nothing"):
        assert client.get("/screen/picture", params={"name": name}).status_code == 404
    assert client.get("/screen/none").status_code == 404
    assert "no paper shows" in client.get("/screen/B0YS000013").text


def test_a_hit_is_set_aside_and_taken_up_again(serve: Callable[..., Served], sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample / "book", tmp_path / "book")
    here = serve(tmp_path / "book")
    client = here.client()
    form = {"csrf": csrf(client), "listing": "B0YS000008", "mark": "VALKORE", "why": "our own licence"}
    assert client.post("/screen/dismiss", data=form | {"why": " "}).status_code == 400
    assert client.post("/screen/dismiss", data=form | {"csrf": "x"}).status_code == 403
    assert client.post("/screen/dismiss", data=form).headers["location"] == "/screen/B0YS000008"
    here.live.snapshot(60)
    assert "our own licence" in client.get("/screen/B0YS000008").text
    assert "B0YS000008" not in client.get("/screen").text
    assert "B0YS000008" in client.get("/screen", params={"gone": "true"}).text
    assert client.post("/screen/reopen", data=form).status_code == 303
    here.live.snapshot(60)
    assert "B0YS000008" in client.get("/screen").text


def test_cases_with_their_clocks_money_and_sales(client: httpx.Client) -> None:
    assert "valkore" in client.get("/cases").text
    page = client.get("/cases/file/valkore").text
    for text in (
        "Feb 2, 2026",
        "Feb 17, 2026",
        "Fed. R. Civ. P. 65(b)(2)",
        "Accused sales",
        "1,000.00",
        "no legal advice",
    ):
        assert text in page
    told = client.get("/api/cases/file/valkore").json()
    assert sum(d["revenue"] for d in told["sales"]["days"] if d["currency"] == "USD") > 0 and told["held"]
    places = client.get("/api/overview", params={"on": told["on"]}).json()["stages"]
    assert told["held"] == [s for s in places if s["place"] != "at_bank" and s["amount"]]
    assert {d["case"] for d in client.get("/api/cases/calendar").json()} == {"valkore"}
    assert client.get("/cases/calendar.ics").text.count("BEGIN:VEVENT") == 3
    assert "stricter" in client.get("/cases/compare", params={"on": "2026-03-02"}).text
    assert "Aug 20, 2012" in client.get("/cases/replay/DS437").text
    assert client.get("/cases/replay/DS1").status_code == 404 and client.get("/cases/file/none").status_code == 404


def test_a_case_is_opened_and_grows_by_form(fresh: Served) -> None:
    client = fresh.client()
    form = {
        "csrf": csrf(client),
        "name": "dmca-1",
        "of": "us_dmca",
        "event": "counter_notice_received",
        "day": "2026-03-05",
    }
    assert client.post("/cases/new", data=form).headers["location"] == "/cases/file/dmca-1"
    assert client.post("/cases/new", data=form).status_code == 400
    fresh.live.snapshot(60)
    assert "Mar 19, 2026" in client.get("/cases/file/dmca-1").text
    more = {"csrf": csrf(client), "name": "dmca-1", "event": "suit_told", "day": "2026-03-09"}
    assert (
        client.post(
            "/cases/kept", data={"csrf": csrf(client), "name": "dmca-1", "limit": "put_back_by", "day": "2026-03-20"}
        ).status_code
        == 303
    )
    assert client.post("/cases/event", data=more | {"day": ""}).status_code == 422
    assert client.post("/cases/event", data=more).status_code == 303
    fresh.live.snapshot(60)
    assert "nothing runs from this" in client.get("/cases/file/dmca-1").text
    assert "no register of trademarks" in client.get("/screen").text
