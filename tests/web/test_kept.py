"""Answers that are kept: only of the book as it is, to who may see them, with the token of the own session."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from crossbook.web.access import Session
from crossbook.web.kept import Kept


class Asked:
    """An app that says its state, the session's token and how often it was asked, behind what keeps its answers."""

    def __init__(self) -> None:
        self.times, self.fresh, self.status, self.now = 0, True, 200, "one"
        self.sessions = {n: Session(n, "reader", csrf=n * 43) for n in "abc"}
        self.sessions["b"].user = "a"  # the same person, in another session
        live = SimpleNamespace(state=lambda: self.now)
        self.kept = Kept(self.app, live=live, access=SimpleNamespace(accounts=True, session=self.sessions.get))  # type: ignore[arg-type]

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.times += 1
        scope["state"]["fresh"] = self.fresh
        session = self.sessions.get(dict(scope["headers"])[b"cookie"].decode()[-1])
        body = f"{self.now} {session.csrf if session else ''} {self.times}".encode()
        headers = [(b"content-type", b"text/html"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def get(self, who: str, path: str = "/payouts", method: str = "GET", lang: str = "en") -> str:
        told: list[bytes] = []

        async def send(message: Any) -> None:
            told.append(message.get("body", b""))

        headers = [(b"host", b"x:1"), (b"cookie", f"crossbook_1={who}".encode())]
        scope = {"type": "http", "method": method, "path": path, "headers": headers, "state": {"lang": lang}}
        asyncio.run(self.kept(scope, None, send))  # type: ignore[arg-type]
        return b"".join(told).decode()


@pytest.fixture
def asked() -> Asked:
    return Asked()


def test_an_answer_is_given_again_with_the_token_of_the_own_session(asked: Asked) -> None:
    assert asked.get("a") == f"one {'a' * 43} 1"
    assert asked.get("b") == f"one {'b' * 43} 1"
    assert asked.get("a") == f"one {'a' * 43} 1"


def test_another_person_language_or_page_is_answered_anew(asked: Asked) -> None:
    assert [asked.get("a")[-1], asked.get("c")[-1], asked.get("a", lang="zh")[-1], asked.get("a", "/orders")[-1]] == [
        *"1234"
    ]


def test_when_the_book_has_changed_it_is_answered_anew(asked: Asked) -> None:
    asked.get("a")
    asked.now = "two"
    assert asked.get("a") == f"two {'a' * 43} 2"


def test_what_is_old_wrong_or_of_nobody_is_not_kept(asked: Asked) -> None:
    asked.fresh = False
    assert [asked.get("a")[-1], asked.get("a")[-1]] == ["1", "2"]
    asked.fresh, asked.status = True, 404
    assert [asked.get("a")[-1], asked.get("a")[-1]] == ["3", "4"]
    asked.status = 200
    assert [asked.get("x")[-1], asked.get("x")[-1]] == ["5", "6"]


@pytest.mark.parametrize("path", ["/add", "/decide/match", "/mailbox", "/api/session", "/api/status", "/login"])
def test_what_shows_more_than_the_book_is_not_kept(asked: Asked, path: str) -> None:
    assert [asked.get("a", path)[-1], asked.get("a", path)[-1]] == ["1", "2"]
    assert [asked.get("a", method="POST")[-1], asked.get("a", method="POST")[-1]] == ["3", "4"]
