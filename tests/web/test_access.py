"""Who gets in and what they may do: the one-time link, accounts and roles, tokens in forms, cookies and headers."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from crossbook.book import open_book
from crossbook.book.accounts import put_user, remove_user
from crossbook.web.app import make_app
from crossbook.web.guard import POLICY
from tests.patience import LONG
from tests.sharing import copied
from tests.web.conftest import Served, csrf

PASSWORD = "four words are enough"


@pytest.fixture
def team(serve: Callable[..., Served], totals: Path, tmp_path: Path) -> Served:
    """A book with a reader, a preparer and two approvers."""
    copied(totals, tmp_path / "book")
    book = open_book(tmp_path / "book")
    for name, role in (("rita", "reader"), ("peter", "preparer"), ("anna", "approver"), ("adam", "approver")):
        put_user(book, name, role, PASSWORD)
    return serve(tmp_path / "book")


def doubtful(client: httpx.Client) -> str:
    """A payout with several explanations."""
    rows = client.get("/api/payouts", params={"status": "likely"}).json()["rows"]
    return next(r["id"] for r in rows if len(client.get(f"/api/payouts/{r['id']}").json()["rivals"]) > 1)


def test_nobody_sees_anything_without_a_session(served: Served) -> None:
    stranger = httpx.Client(base_url=served.address, timeout=LONG)
    for path in (
        "/",
        "/payouts",
        "/payouts/JS20250121",
        "/bank",
        "/evidence",
        "/add",
        "/journal",
        "/why?of=x",
        "/pack?payout=x",
    ):
        answer = stranger.get(path)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/login"), path
    for path in ("/api/overview", "/api/payouts", "/api/evidence", "/api/decisions"):
        assert stranger.get(path).status_code == 401, path
    assert stranger.post("/decide/explanation", data={"payout": "x", "number": 1}).status_code == 303
    assert stranger.post("/api/files", files={"files": b"x"}).status_code == 401


def test_the_link_works_once(served: Served) -> None:
    token = served.access.token
    one, other = (
        httpx.Client(base_url=served.address, timeout=LONG),
        httpx.Client(base_url=served.address, timeout=LONG),
    )
    assert other.get("/login", params={"token": "wrong"}).status_code == 401
    assert one.get("/login", params={"token": token}).status_code == 303
    assert one.get("/api/session").json()["role"] == "approver"
    assert other.get("/login", params={"token": token}).status_code == 401
    assert other.get("/api/session").status_code == 401


def test_the_way_back_after_the_link_stays_on_this_server(served: Served) -> None:
    for there in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        client = httpx.Client(base_url=served.address, timeout=LONG)
        answer = client.get("/login", params={"token": served.access.token, "next": there})
        assert answer.headers["location"] == "/", there


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Served) -> None:
    client = httpx.Client(base_url=served.address, timeout=LONG)
    cookie = client.get("/login", params={"token": served.access.token}).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie

    async def behind_tls() -> str:
        transport = httpx.ASGITransport(make_app(served.live, served.access))
        async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as there:
            answer = await there.get("/login", params={"token": served.access.token})
            assert answer.headers["strict-transport-security"]
            return answer.headers["set-cookie"].lower()

    assert "secure" in asyncio.run(behind_tls())


def test_every_answer_has_its_headers(client: httpx.Client) -> None:
    for path in ("/", "/payouts", "/api/payouts", "/static/style.css", "/login", "/nowhere"):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == POLICY, path
        assert "unsafe" not in POLICY and "http" not in POLICY
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/static/style.css?v=1").headers["cache-control"]


def test_other_host_names_are_turned_away(served: Served) -> None:
    answer = httpx.get(served.address + "/login", headers={"Host": "evil.example"}, timeout=LONG)
    assert answer.status_code == 421
    port = served.address.rsplit(":", 1)[1]
    assert httpx.get(served.address + "/login", headers={"Host": f"localhost:{port}"}, timeout=LONG).status_code == 200


def test_forms_need_their_token_and_this_origin(fresh: Served) -> None:
    client = fresh.client()
    payout = doubtful(client)
    form = {"payout": payout, "number": 1, "why": "seen"}
    assert client.post("/decide/explanation", data=form).status_code == 403
    assert client.post("/decide/explanation", data=form | {"csrf": "wrong"}).status_code == 403
    assert client.post("/api/decide/explanation", json=form).status_code == 403
    token = csrf(client)
    foreign = {"Origin": "https://evil.example"}
    assert client.post("/decide/explanation", data=form | {"csrf": token}, headers=foreign).status_code == 403
    assert client.post("/logout").status_code == 403
    assert not [e for e in fresh.live.book.journal() if e.action == "accept"]
    assert (
        client.post("/decide/explanation", data=form | {"csrf": token}, headers={"Origin": fresh.address}).status_code
        == 303
    )
    assert fresh.live.book.journal()[-1].action == "accept"


def test_roles(team: Served) -> None:
    reader = team.logged_in("rita", PASSWORD)
    payout = doubtful(reader)
    body = {"payout": payout, "number": 1, "why": "looked"}
    refused = reader.post("/api/decide/explanation", json=body, headers={"X-CSRF-Token": csrf(reader)})
    assert refused.status_code == 403 and "preparer" in refused.json()["error"]
    assert reader.post("/add", data={"csrf": csrf(reader)}, files={"files": ("a.csv", b"x")}).status_code == 403
    assert "accept this one" not in reader.get(f"/payouts/{payout}").text

    preparer = team.logged_in("peter", PASSWORD)
    headers = {"X-CSRF-Token": csrf(preparer)}
    assert preparer.post("/api/decide/explanation", json=body, headers=headers).status_code == 200
    entry = team.live.book.journal()[-1]
    assert (entry.who, entry.action, entry.subject) == ("peter", "accept", payout)
    assert preparer.post("/api/decide/approval", json={"entry": entry.seq}, headers=headers).status_code == 403


def test_nobody_approves_what_they_prepared(team: Served) -> None:
    anna, adam = team.logged_in("anna", PASSWORD), team.logged_in("adam", PASSWORD)
    payout = doubtful(anna)
    anna.post("/decide/explanation", data={"csrf": csrf(anna), "payout": payout, "number": 1, "why": "mine"})
    seq = team.live.book.journal()[-1].seq
    team.take_new_figures()
    refused = anna.post("/decide/approval", data={"csrf": csrf(anna), "entry": seq})
    assert refused.status_code == 409 and "anna prepared entry" in refused.text
    assert "you prepared it" in anna.get("/journal").text
    assert adam.post("/decide/approval", data={"csrf": csrf(adam), "entry": seq}).status_code == 303
    told = adam.get("/api/decisions", params={"kind": "explanation"}).json()["rows"][0]
    assert told["approved_by"] == "adam" and told["entry"]["who"] == "anna"
    again = adam.post("/decide/approval", data={"csrf": csrf(adam), "entry": seq})
    assert again.status_code == 409 and "was approved by adam" in again.text


def test_a_removed_user_and_a_new_password_end_sessions(team: Served) -> None:
    book = team.live.book
    reader, preparer = team.logged_in("rita", PASSWORD), team.logged_in("peter", PASSWORD)
    remove_user(book, "rita")
    put_user(book, "peter", "preparer", "another good password")
    assert reader.get("/api/session").status_code == 401
    assert preparer.get("/api/session").status_code == 401
    with pytest.raises(AssertionError):
        team.logged_in("rita", PASSWORD)


def test_guessing_is_slowed_down(team: Served) -> None:
    client = httpx.Client(base_url=team.address, timeout=LONG)
    answers = [client.post("/login", data={"name": "anna", "password": f"guess number {i}"}) for i in range(6)]
    assert [a.status_code for a in answers] == [401] * 5 + [400]
    assert "too many attempts" in answers[-1].text
    assert client.post("/login", data={"name": "anna", "password": PASSWORD}).status_code == 400
    assert team.logged_in("adam", PASSWORD).get("/").status_code == 200


def test_the_one_time_link_is_no_way_round_accounts(team: Served) -> None:
    client = httpx.Client(base_url=team.address, timeout=LONG)
    assert client.get("/login", params={"token": team.access.token}).status_code == 401
    assert client.get("/api/session").status_code == 401


def test_logging_out(served: Served) -> None:
    client = served.client()
    assert client.post("/logout", data={"csrf": csrf(client)}).status_code == 303
    assert client.get("/api/session").status_code == 401


def test_beyond_this_machine_only_with_accounts(totals: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("crossbook")),
        "web",
        "--book",
        str(totals),
        "--host",
        "0.0.0.0",
        "--port",
        "0",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONG)
    assert done.returncode == 2
    assert "this book has no accounts" in done.stderr and "crossbook book user add" in done.stderr
