"""Two officers and a third at the cases of a payment institution: four eyes on pages, by API and commands, and what two
decide at one moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from crossbook.book import open_book
from crossbook.book.accounts import put_user
from tests.cli.running import run
from tests.effort import times
from tests.patience import LONG
from tests.watch.test_rules import ACCOUNTS, planted
from tests.watch.writing import watched
from tests.web.conftest import Served, csrf
from tests.web.test_access import PASSWORD
from tests.web.test_decide_browser import At
from tests.web.test_watch_browser import show

OFFICERS = {"chen": "preparer", "wang": "approver", "zhao": "approver"}
ROUNDS = times(6, long=60)
OUTCOME, BACK = "watch outcome", "watch outcome back"


@dataclass
class Office:
    """A served book, and who is logged in to it."""

    served: Served
    people: dict[str, httpx.Client]

    def post(self, who: str, path: str, **body: Any) -> httpx.Response:
        client = self.people[who]
        return client.post(f"/api/{path}", json=body, headers={"X-CSRF-Token": csrf(client)})

    def case(self, known: str) -> dict[str, Any]:
        found: dict[str, Any] = self.people["chen"].get(f"/api/watch/cases/{known}").json()
        return found

    def page(self, who: str, known: str) -> str:
        return self.people[who].get(f"/watch/cases/{known}").text


@pytest.fixture(scope="module")
def office(serve: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory) -> Office:
    book = watched(tmp_path_factory.mktemp("office"), planted(), ACCOUNTS)
    for name, role in OFFICERS.items():
        put_user(open_book(book.path), name, role, PASSWORD)
    served = serve(book.path)
    return Office(served, {name: served.logged_in(name, PASSWORD) for name in OFFICERS})


@pytest.fixture(scope="module")
def cases(office: Office) -> list[str]:
    found = office.people["chen"].get("/api/watch/cases").json()
    return [c["id"] for c in found if c["report"] == "suspicious"]


def test_a_report_needs_another_who_is_neither_its_maker_nor_a_preparer(office: Office, cases: list[str]) -> None:
    known = cases[0]
    early = office.post("wang", "decide/outcome", case=known, outcome="reported", why="sent")
    assert early.status_code == 409 and "nobody decided that" in early.text
    made = office.post("wang", "decide/outcome", case=known, outcome="to_report", why="no goods")
    assert made.status_code == 200, made.text
    seq = made.json()["seq"]
    early = office.post("chen", "decide/outcome", case=known, outcome="reported", why="sent")
    assert early.status_code == 409 and f"crossbook decide approval {seq}" in early.text
    own = office.post("wang", "decide/approval", entry=seq)
    assert own.status_code == 409 and "prepared entry" in own.text
    assert office.post("chen", "decide/approval", entry=seq).status_code == 403
    link = f"/decide/approval?entry={seq}"
    assert link not in office.page("wang", known) and link not in office.page("chen", known)
    assert link in office.page("zhao", known) and "nobody else approved it yet" in office.page("chen", known)
    assert office.post("zhao", "decide/approval", entry=seq).status_code == 200
    again = office.post("zhao", "decide/approval", entry=seq)
    assert again.status_code == 409 and "was approved by zhao" in again.text
    assert "approved by zhao" in office.page("chen", known)
    done = office.post("chen", "decide/outcome", case=known, outcome="reported", why="sent", reference="R-1")
    assert done.status_code == 200, done.text
    assert (office.case(known)["status"], len(office.case(known)["outcomes"])) == ("reported", 2)


@pytest.mark.slow
def test_two_officers_in_their_browsers(browser: Browser, office: Office, cases: list[str]) -> None:
    known = cases[5]
    chen, zhao = (At(browser, office.served, office.people[who]) for who in ("chen", "zhao"))
    for at in (chen, zhao):
        at.go(f"/watch/cases/{known}")
    chen.follow("Decide")
    chen.page.select_option("#in-outcome", "to_report")
    show(chen)
    chen.journal("no goods")
    chen.says("nobody else approved it yet")
    assert chen.page.get_by_role("link", name="approve", exact=True).count() == 0
    zhao.go(f"/watch/cases/{known}")
    zhao.follow("approve")
    zhao.journal()
    chen.go(f"/watch/cases/{known}")
    chen.says("approved by zhao")
    chen.follow("Decide")
    chen.page.select_option("#in-outcome", "reported")
    show(chen)
    chen.journal("sent")
    assert office.case(known)["status"] == "reported"


def test_an_approval_is_of_one_entry_and_falls_with_it(office: Office, cases: list[str]) -> None:
    """Taken back and decided anew it is another entry, which nobody approved."""
    known = cases[1]

    def to_report() -> int:
        made = office.post("chen", "decide/outcome", case=known, outcome="to_report", why="no goods")
        assert made.status_code == 200, made.text
        seq: int = made.json()["seq"]
        return seq

    first = to_report()
    assert office.post("zhao", "decide/approval", entry=first).status_code == 200
    assert office.post("chen", "undo/outcome", case=known, why="wait").status_code == 200
    second = to_report()
    early = office.post("chen", "decide/outcome", case=known, outcome="reported", why="sent")
    assert early.status_code == 409 and f"approval {second}" in early.text
    late = office.post("wang", "decide/approval", entry=first)
    assert late.status_code == 409


def test_what_stands_is_not_made_another_thing_unasked(office: Office, cases: list[str]) -> None:
    known = cases[2]
    shown = office.post("wang", "decide/outcome/look", case=known, outcome="to_report", why="x").json()
    assert office.post("chen", "decide/outcome", case=known, outcome="dismissed", why="a shop").status_code == 200
    late = office.post("wang", "decide/outcome", case=known, outcome="to_report", why="x", seen=shown["seen"])
    assert late.status_code == 409, "what wang looked at was open"
    asked = office.post("wang", "decide/outcome", case=known, outcome="to_report", why="x")
    assert asked.status_code == 409 and "is dismissed: it would be to_report" in asked.text
    done = run("decide", "outcome", known, "escalated", "--why", "x", book=office.served.live.book.path)
    assert done.returncode == 2 and "is dismissed: it would be escalated" in done.stderr
    said = office.post("wang", "decide/outcome", case=known, outcome="to_report", why="x", yes=["dismissed"])
    assert said.status_code == 200
    assert [o["outcome"] for o in office.case(known)["outcomes"]] == ["dismissed", "to_report"]


def test_of_decisions_at_one_moment_none_is_lost_and_each_is_told(office: Office, cases: list[str]) -> None:
    """Two officers who looked at the open case decide by the API, a third by a command in a process of its own. Of the
    two at most one is journalled, and who is not is told; each entry names the outcome that it was made from; the last
    one is what stands."""
    known, book = cases[3], office.served.live.book
    for n in range(ROUNDS):
        before = book.journal()[-1].seq
        wishes = {"chen": "dismissed", "wang": "to_report"}
        seen = {
            who: office.post(who, "decide/outcome/look", case=known, outcome=o, why="x").json()["seen"]
            for who, o in wishes.items()
        }
        ready = threading.Barrier(3)

        def by_api(who: str, ready: threading.Barrier = ready, seen: dict[str, str] = seen) -> bool:
            ready.wait(LONG)
            answer = office.post(
                who,
                "decide/outcome",
                case=known,
                outcome={"chen": "dismissed", "wang": "to_report"}[who],
                why="x",
                seen=seen[who],
            )
            assert answer.status_code in (200, 409), answer.text
            return answer.status_code == 200

        def by_command(ready: threading.Barrier = ready) -> bool:
            ready.wait(LONG)
            done = run("decide", "outcome", known, "escalated", "--why", "x", book=book.path)
            assert done.returncode in (0, 2), done.stderr
            assert done.returncode == 0 or f"watch case {known}" in done.stderr
            return done.returncode == 0

        with ThreadPoolExecutor(3) as pool:
            jobs = [pool.submit(by_api, "chen"), pool.submit(by_api, "wang"), pool.submit(by_command)]
            chen, wang, command = (job.result() for job in jobs)
        made = [e for e in book.journal() if e.seq > before]
        assert all(e.action == OUTCOME and e.subject == known for e in made)
        told = {(e.who, e.body["outcome"]) for e in made}
        assert len(made) == chen + wang + command >= 1 and chen + wang <= 1, n
        assert {("chen", "dismissed") in told, ("wang", "to_report") in told} >= {chen, wang}
        states = [e.body["outcome"] for e in made]
        assert [e.body["before"] for e in made] == ["open", *states[:-1]]
        assert office.case(known)["status"] == states[-1]
        for _ in made:
            assert office.post("chen", "undo/outcome", case=known, why="next").status_code == 200
        assert office.case(known)["status"] == "open"


def test_of_two_who_approve_at_one_moment_one_does_and_the_other_is_told(office: Office, cases: list[str]) -> None:
    known, book = cases[4], office.served.live.book
    for _ in range(ROUNDS):
        made = office.post("chen", "decide/outcome", case=known, outcome="to_report", why="no goods")
        seq = made.json()["seq"]
        ready = threading.Barrier(2)

        def approve(who: str, ready: threading.Barrier = ready, seq: int = seq) -> httpx.Response:
            ready.wait(LONG)
            return office.post(who, "decide/approval", entry=seq)

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(approve, ("wang", "zhao")))
        assert sorted(a.status_code for a in answers) == [200, 409]
        assert any("was approved by" in a.text for a in answers)
        assert len([e for e in book.journal() if e.action == "approve" and e.body["entry"] == seq]) == 1
        assert office.post("chen", "undo/outcome", case=known, why="next").status_code == 200
