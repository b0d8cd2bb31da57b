"""The pages of the brand and cases desks, and decisions through them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx

from crossbook.cases.procedure import names, procedure
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
    here.take_new_figures()
    assert "our own licence" in client.get("/screen/B0YS000008").text
    assert "B0YS000008" not in client.get("/screen").text
    assert "B0YS000008" in client.get("/screen", params={"gone": "true"}).text
    assert client.post("/screen/reopen", data=form).status_code == 303
    here.take_new_figures()
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
    assert told["held"] == [s for s in places if s["place"] not in ("at_bank", "converted") and s["amount"]]
    assert {d["case"] for d in client.get("/api/cases/calendar").json()} == {"valkore"}
    assert client.get("/cases/calendar.ics").text.count("BEGIN:VEVENT") == 3
    assert "stricter" in client.get("/cases/compare", params={"on": "2026-03-02"}).text
    assert "Aug 20, 2012" in client.get("/cases/replay/DS437").text
    assert client.get("/cases/replay/DS1").status_code == 404 and client.get("/cases/file/none").status_code == 404


def select(page: str, name: str) -> list[str]:
    """The values of a select."""
    inside = page.split(f'<select id="{name}"', 1)[1].split("</select>", 1)[0]
    return re.findall(r'<option value="([^"]*)"', inside)


def chosen(page: str, name: str) -> str | None:
    inside = page.split(f'<select id="{name}"', 1)[1].split("</select>", 1)[0]
    found = re.search(r'<option value="([^"]*)" selected', inside)
    return found[1] if found else None


def test_events_are_those_of_the_procedure_and_a_wrong_form_comes_back_filled(fresh: Served) -> None:
    client = fresh.client()
    for name in names():
        page = client.get("/cases", params={"of": name}).text
        assert chosen(page, "of") == name
        assert select(page, "event") == ["", *(e.name for e in procedure(name).events)]
    first = client.get("/cases").text
    assert select(first, "event") == ["", *(e.name for e in procedure(chosen(first, "of") or "").events)]
    form = {
        "name": "suit-1",
        "of": "us_suit",
        "event": "announced",
        "day": "2026-06-13",
        "docket": "1:26-cv-1",
        "mark": "VALKORE",
        "right": "trademark",
        "skus": "BAG-20",
        "state": "IL",
    }
    token = {"csrf": csrf(client)}
    done = client.post("/cases/new", data=token | form)
    assert done.status_code == 400 and "does not happen in this procedure" in done.text
    assert chosen(done.text, "of") == "us_suit" and chosen(done.text, "right") == "trademark"
    assert select(done.text, "event") == ["", *(e.name for e in procedure("us_suit").events)]
    for text in ("suit-1", "2026-06-13", "1:26-cv-1", "VALKORE", "BAG-20", "IL"):
        assert f'value="{text}"' in done.text
    for wrong in (
        {"event": "served", "day": ""},
        {"event": ""},
        {"event": "served", "day": "soon"},
        {"name": "a b"},
        {"event": "served", "state": "ZZ"},
        {"of": "murder"},
    ):
        done = client.post("/cases/new", data=token | form | wrong)
        assert done.status_code == 400 and 'role="alert"' in done.text and 'value="VALKORE"' in done.text, wrong
    assert client.get("/api/cases").json() == []
    assert client.post("/cases/new", data=token | form | {"event": "order_entered", "skus": ""}).status_code == 303
    fresh.take_new_figures()
    done = client.post("/cases/event", data=token | {"name": "suit-1", "event": "order_extended", "day": "2026-06-01"})
    assert done.status_code == 400 and "cannot come before order_entered" in done.text
    assert chosen(done.text, "event") == "order_extended" and 'value="2026-06-01"' in done.text
    done = client.post("/cases/event", data=token | {"name": "suit-1", "event": "served", "day": ""})
    assert done.status_code == 422 and chosen(done.text, "event") == "served"


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
    fresh.take_new_figures()
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
    fresh.take_new_figures()
    assert "nothing runs from this" in client.get("/cases/file/dmca-1").text
    assert "no register of trademarks" in client.get("/screen").text
