"""Pages of the exchange on the book of a side that held a session: what they show is what the commands give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crossbook.exchange import folder, reading, telling
from crossbook.web.pages import exchange as pages
from tests.exchange.test_flags import BOTH, case_on, tell
from tests.exchange.test_flags import CLAUSES as FLAGS
from tests.exchange.test_folder import deliver, joint
from tests.exchange.test_requests import ask, two
from tests.exchange.test_session import World, books, told, world
from tests.exchange.test_statistics import CLAUSES
from tests.exchange.test_statistics import ask as count
from tests.web.conftest import Served, csrf

__all__ = ["books", "joint", "told", "two"]  # fixtures


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory, books: Path) -> World:
    made = world(tmp_path_factory.mktemp("counts"), books, most=CLAUSES)
    count(made, "payments by month")
    return made


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served], told: World) -> Served:
    return serve(told.desks["CN"].book.path)


def test_sessions_ledger_and_agreements(served: Served, told: World) -> None:
    client = served.client()
    text = client.get("/exchange").text
    stands = reading.of_session(told.desks["CN"].session())
    assert f'href="/exchange/{stands["session"]}"' in text
    assert "200 in a thousand transfers, from depth 2 on" in text
    assert text.count("signed for") == 1 + 1  # the heading, and the sentence on who lies
    assert client.get("/api/exchange/sessions").json()[0]["met"] == stands["met"]
    assert len(client.get("/api/exchange/ledger").json()) == len(reading.ledger(told.desks["CN"].book))
    client.post("/settings", data={"lang": "zh", "csrf": csrf(client)})
    assert "与对方共同发现的跨境资金链" in client.get("/exchange").text


def test_a_session_leads_to_lines_and_says_what_is_known(served: Served, told: World) -> None:
    client = served.client()
    session = told.desks["CN"].session()
    text = client.get(f"/exchange/{session.name}").text
    cases, known = reading.cases(session), telling.known(told.desks["CN"].book, session)
    for case in cases:
        for member in case["members"]:
            assert f"/evidence/{member['evidence']}/{member['line']}" in text
    assert text.count("fresh money at depth") == sum(bool(one["depth"]) for row in known for one in row["told"])
    assert "desk@US.example" in text
    data = client.get(f"/api/exchange/sessions/{session.name}").json()
    assert len(data["found"]) == len(cases)
    assert client.get("/exchange/ffff").status_code == 404


def test_a_page_that_shows_a_part_says_of_how_many(
    served: Served, told: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = told.desks["CN"].session()
    cases, known = reading.cases(session), telling.known(told.desks["CN"].book, session)
    monkeypatch.setattr(pages, "MOST_SHOWN", 1)
    text = served.client().get(f"/exchange/{session.name}").text
    for case in cases:
        assert f"the first 1 of {case['transfers']} are shown; all: crossbook exchange cases" in text
    assert f"the first 1 of {len(telling.times(known))} are shown; all: crossbook exchange ledger" in text


def test_a_joint_case_says_what_the_other_side_has(serve: Callable[..., Served], joint: World) -> None:
    desk = joint.desks["CN"]
    its = folder.folders(desk.book)[0]
    folder.say(desk.book, desk.keys, its, "谁是<b>收款人")
    client = serve(desk.book.path).client()
    assert f'href="/exchange/case/{its.name}"' in client.get("/exchange").text
    text = client.get(f"/exchange/case/{its.name}").text
    assert "谁是&lt;b&gt;收款人" in text
    assert "1 messages of ours with 8 characters and 0 documents" in text
    assert client.get(f"/api/exchange/cases/{its.name}").json()["letters"][-1]["told"] == {"text": "谁是<b>收款人"}
    assert client.get("/exchange/case/ffff-1").status_code == 404


def test_requests_show_by_when_they_are_answered(serve: Callable[..., Served], two: World) -> None:
    name = ask(two, "CN", "accounts of a party", "whose is <i>6217</i>?")
    deliver(two)
    desk = two.desks["US"]
    client = serve(desk.book.path).client()
    text = client.get("/exchange").text
    assert f'href="/cases/file/{name}"' in text
    assert "whose is &lt;i&gt;6217&lt;/i&gt;?" in text
    assert "31 CFR 1010.520(b)(3)" in text
    assert name in client.get("/cases").text
    assert client.get(f"/cases/file/{name}").status_code == 200
    assert client.get("/api/exchange/requests").json()[0]["name"] == name


def test_counts_say_what_they_tell_and_what_is_spent(serve: Callable[..., Served], counted: World) -> None:
    client = serve(counted.desks["US"].book.path).client()
    text = client.get("/exchange").text
    assert "Each true count lies within 12 of it in 95 of 100 cases" in text
    assert "an epsilon of 0.5 is spent in this year, of 1.25" in text
    assert client.get("/api/exchange/counts").json()[0]["half"] == 12


def test_flags_stand_beside_the_case_of_their_party(serve: Callable[..., Served], tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, most=FLAGS)
    name = tell(made, "US", "provide", case_on(made, "US", BOTH).id, "谁是<b>收款人")
    deliver(made)
    desk = made.desks["CN"]
    case = case_on(made, "CN", BOTH)
    client = serve(desk.book.path).client()
    (flag,) = client.get("/api/exchange/flags").json()
    for page in ("/exchange/parties", f"/watch/cases/{case.id}"):
        text = client.get(page).text
        assert f'href="/evidence/{flag["evidence"]}"' in text and name in text
        assert "谁是&lt;b&gt;收款人" in text and "10,000.00\u00a0USD – 99,999.99\u00a0USD" in text
    assert "what another authority told of this party" in text
    caps = client.get("/exchange/parties").text
    assert "1 / 3" in caps and "0 / 2" in caps, "told this month, of what either side may"
    assert "5,000,000 minor units; 0 points of the case" in caps and "text of 40 characters" in caps
    assert "Red flags on parties, US authority: a law on sharing" in client.get("/exchange").text
    tell(made, "CN", "ask", case.id)  # of which no field but the rule may be told
    assert client.get("/exchange/parties").text.count("not answered yet") == 1
    assert client.get(f"/api/watch/cases/{case.id}").json()["outside"][0]["name"] == name


def test_a_book_without_any(serve: Callable[..., Served], tmp_path: Path) -> None:
    from crossbook.book import init_book

    init_book(tmp_path / "book", "x", "USD")
    client = serve(tmp_path / "book").client()
    assert "looked up nobody here" in client.get("/exchange/parties").text
    text = client.get("/exchange").text
    assert "nothing can be told to anybody" in text
    assert "no sessions yet" in text
