"""The first pages are served while the others are still to be imported; who asks for one of those waits for it."""

from __future__ import annotations

import threading

import httpx
import pytest

from crossbook.web.later import Later, Once
from crossbook.web.pages import FIRST, FIRST_PATHS, first_pages, other_pages
from tests.patience import LONG

pytestmark = pytest.mark.anyio


async def served(scope: dict[str, object], receive: object, send: object) -> None:
    """Answers every request."""
    await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"here"})  # type: ignore[operator]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_the_first_page_does_not_wait_and_brings_the_rest(anyio_backend: str) -> None:
    loaded, times = threading.Event(), []

    def load() -> None:
        times.append(1)
        loaded.set()

    app = Later(served, rest=Once(load), first=("/", "/login"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
        for path in ("/login", "/static/style.css"):
            assert (await client.get(path)).text == "here" and not times
        assert (await client.get("/")).text == "here"
        assert loaded.wait(LONG)
        assert (await client.get("/payouts")).text == "here"
    assert times == [1]


async def test_another_page_waits_for_the_rest(anyio_backend: str) -> None:
    times: list[int] = []
    app = Later(served, rest=Once(lambda: times.append(1)), first=("/",))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
        assert (await client.get("/payouts")).text == "here" and times == [1]
        await client.get("/orders")
    assert times == [1]


def test_no_other_module_has_a_path_of_the_first() -> None:
    """So that nobody is served another page than when all are there."""
    paths = {r.path for module in other_pages() for r in module.router.routes}
    first = {r.path for module in first_pages() for r in module.router.routes}
    assert first >= set(FIRST_PATHS) and not paths & first and len(FIRST) == 3
