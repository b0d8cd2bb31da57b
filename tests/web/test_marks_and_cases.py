"""The pages of the brand and cases desks, and decisions through them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx

from crossbook.cases.procedure import names, procedure
from tests.sharing import copied
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
    copied(sample / "book", tmp_path / "book")
    here = serve(tmp_path / "book")
    client = here.client()
    form = {"csrf": csrf(client), "listing": "B0YS000008", "mark": "VALKORE", "why": "our own licence"}
    assert 'href="/decide/hit?listing=B0YS000008&amp;mark=VALKORE"' in client.get("/screen/B0YS000008").text
    asked = client.get("/decide/hit", params={"listing": "B0YS000008", "mark": "VALKORE"}).text
    assert "1:26-cv-00417" in asked and 'name="yes" value="VALKORE"' in asked  # its owner sues
    assert client.post("/decide/hit", data=form).status_code == 409
    form |= {"yes": "VALKORE"}
    assert client.post("/decide/hit", data=form | {"why": " "}).status_code == 409
    assert client.post("/decide/hit", data=form | {"csrf": "x"}).status_code == 403
    assert client.post("/decide/hit", data=form | {"mark": "NIKE"}).status_code == 404
    assert client.post("/decide/hit", data=form).headers["location"] == "/screen/B0YS000008"
    here.take_new_figures()
    assert "our own licence" in client.get("/screen/B0YS000008").text
    assert "B0YS000008" not in client.get("/screen").text
    assert "B0YS000008" in client.get("/screen", params={"gone": "true"}).text
    assert 'href="/undo/hit?listing=B0YS000008&amp;mark=VALKORE"' in client.get("/screen/B0YS000008").text
    assert client.post("/undo/hit", data={k: v for k, v in form.items() if k != "yes"}).status_code == 303
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
    assert told["held"] == [s for s in places if s["place"] not in ("at_bank", "untraced") and s["amount"]]
    assert {d["case"] for d in client.get("/api/cases/calendar").json()} == {"valkore"}
    assert client.get("/cases/calendar.ics").text.count("BEGIN:VEVENT") == 3
    assert "stricter" in client.get("/cases/compare", params={"on": "2026-03-02"}).text
    assert "Aug 20, 2012" in client.get("/cases/replay/DS437").text
    assert client.get("/cases/replay/DS1").status_code == 404 and client.get("/cases/file/none").status_code == 404


def days_asked(page: str) -> list[str]:
    """The events of which a page asks the day."""
    return re.findall(r'name="happened\.(\w+)"', page)


def chosen(page: str, name: str) -> str | None:
    inside = page.split(f'<select id="in-{name}"', 1)[1].split("</select>", 1)[0]
    found = re.search(r'<option value="([^"]*)" selected', inside)
    return found[1] if found else None


def test_events_are_those_of_the_procedure_and_a_wrong_form_comes_back_filled(fresh: Served) -> None:
    client = fresh.client()
    assert days_asked(client.get("/decide/case").text) == []  # none before a procedure is chosen
    for name in names():
        page = client.get("/decide/case", params={"procedure": name}).text
        assert chosen(page, "procedure") == name
        assert days_asked(page) == [e.name for e in procedure(name).events]
    form = {
        "case": "suit-1",
        "procedure": "us_suit",
        "happened.order_entered": "2026-05-13",
        "docket": "1:26-cv-1",
        "mark": "VALKORE",
        "right": "trademark",
        "skus": "BAG-20",
        "state": "IL",
    }
    token = {"csrf": csrf(client)}
    for wrong, status in (
        ({"happened.order_extended": "2026-05-01"}, 409),  # before the order
        ({"happened.announced": "2026-05-13"}, 409),  # of another procedure
        ({"happened.served": "soon"}, 422),
        ({"case": "a b"}, 400),
        ({"happened.served": "2026-05-14", "state": "ZZ"}, 409),
        ({"procedure": "murder"}, 404),
    ):
        done = client.post("/decide/case", data=token | form | wrong)
        assert done.status_code == status and 'role="alert"' in done.text, (wrong, done.status_code)
        kept = form | wrong
        for text in (kept["case"], "1:26-cv-1", "VALKORE", "BAG-20", kept["state"]):
            assert f'value="{text}"' in done.text, (wrong, text)
        if wrong != {"procedure": "murder"}:
            assert chosen(done.text, "procedure") == "us_suit" and chosen(done.text, "right") == "trademark"
            assert 'name="happened.order_entered" value="2026-05-13"' in done.text
            others = ["announced"] if "happened.announced" in wrong else []  # the day that was typed stays, marked
            assert days_asked(done.text) == [*(e.name for e in procedure("us_suit").events), *others]
    assert client.get("/api/cases").json() == []
    done = client.post("/decide/case", data=token | form)
    assert (done.status_code, done.headers["location"]) == (303, "/cases/file/suit-1")
    fresh.take_new_figures()
    late = {"case": "suit-1", "event": "order_extended", "on": "2026-05-01"}
    done = client.post("/decide/event", data=token | late)
    assert done.status_code == 409 and "cannot come before order_entered" in done.text
    assert chosen(done.text, "event") == "order_extended" and 'value="2026-05-01"' in done.text
    done = client.post("/decide/event", data=token | {"case": "suit-1", "event": "served"})
    assert done.status_code == 422 and chosen(done.text, "event") == "served"


def test_a_case_is_opened_and_grows_by_form(fresh: Served) -> None:
    client = fresh.client()
    form = {
        "csrf": csrf(client),
        "case": "dmca-1",
        "procedure": "us_dmca",
        "happened.counter_notice_received": "2026-03-05",
    }
    assert client.post("/decide/case", data=form).headers["location"] == "/cases/file/dmca-1"
    assert client.post("/decide/case", data=form).status_code == 409
    fresh.take_new_figures()
    page = client.get("/cases/file/dmca-1").text
    assert "Mar 19, 2026" in page and 'href="/decide/limit?case=dmca-1&amp;limit=put_back_by"' in page
    limit = {"csrf": csrf(client), "case": "dmca-1", "limit": "put_back_by", "on": "2026-03-19"}
    done = client.post("/decide/limit", data=limit)
    assert done.status_code == 303, done.text
    assert 'href="/undo/limit?case=dmca-1&amp;limit=put_back_by"' in client.get("/cases/file/dmca-1").text
    more = {"csrf": csrf(client), "case": "dmca-1", "event": "suit_told", "on": "2026-03-09"}
    assert client.post("/decide/event", data=more | {"on": ""}).status_code == 422
    assert client.post("/decide/event", data=more).status_code == 303
    fresh.take_new_figures()
    assert "nothing runs from this" in client.get("/cases/file/dmca-1").text
    assert "no register of trademarks" in client.get("/screen").text
    over = {"csrf": csrf(client), "case": "dmca-1", "why": "settled"}
    assert client.post("/decide/closing", data=over).headers["location"] == "/cases/file/dmca-1"
    assert 'href="/undo/closing?case=dmca-1"' in client.get("/cases/file/dmca-1").text
