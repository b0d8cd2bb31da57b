"""Every page of a book, in one process: all routes, all links that are found, every choice of every form."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import httpx
from fastapi.routing import APIRoute

from crossbook.web.access import Access
from crossbook.web.app import make_app
from crossbook.web.live import Live
from crossbook.web.pages import first_pages, other_pages
from tests.patience import LONG

EACH_SHAPE = 2  # addresses that differ in names and numbers alone
CHOSEN = ("status", "place", "arrival", "verdict", "for", "reason", "level", "sort")  # every word of these


@dataclass
class Crawled:
    """Every address with its status, by language, and what went wrong."""

    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def paths(self) -> set[str]:
        """The paths that were asked for."""
        return {urlsplit(address).path for address, _ in self.seen}


class Addresses(HTMLParser):
    """Where a page leads: its links, and its forms that ask (each choice of each of their lists alone)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._action: str | None = None
        self._list: str = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href", "").startswith("/"):
            self.found.append(told["href"].split("#")[0])
        elif tag == "form":
            self._action = told.get("action", "").split("#")[0] if told.get("method", "get") == "get" else None
        elif tag == "select":
            self._list = told["name"]
        elif self._action and tag == "option" and self._list and told.get("value"):
            self.found.append(f"{self._action}?{urlencode({self._list: told['value']})}")
        elif self._action and tag == "input" and told.get("type") == "checkbox":
            self.found.append(f"{self._action}?{urlencode({told['name']: told.get('value', 'on')})}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._action = None
        elif tag == "select":
            self._list = ""


def crawl(book: Path, *languages: str) -> Crawled:
    """Ask for everything in a book, in this process: in the first of these languages, and its pages in the others."""
    return asyncio.run(_crawl(book, *languages))


@lru_cache(maxsize=1)
def routes() -> tuple[APIRoute, ...]:
    """Every address of the app that can be asked for."""
    found = [route for module in (*first_pages(), *other_pages()) for route in module.router.routes]
    return tuple(route for route in found if isinstance(route, APIRoute) and "GET" in route.methods)


async def _crawl(book: Path, language: str, *others: str) -> Crawled:
    live = Live(book)
    access = Access(live.book, accounts=False)
    assert live.snapshot(LONG)[1]
    crawled = Crawled()
    plain = [r.path for r in routes() if "{" not in r.path and r.path not in ("/login", "/fresh")]
    waiting = deque((path, "") for path in plain)
    shapes: Counter[str] = Counter()
    transport = httpx.ASGITransport(make_app(live, access))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get("/login", params={"token": access.token})).status_code == 303
        while waiting:
            address, found_on = waiting.popleft()
            if (address, language) in crawled.seen or shapes[shape(address)] >= EACH_SHAPE:
                continue
            shapes[shape(address)] += 1
            answer = await _ask(client, crawled, address, language)
            if found_on and answer.status_code == 404:
                crawled.wrong.append(f"{found_on} leads to {address}, which is not there")
            if answer.headers.get("content-type", "").startswith("text/html"):
                for other in others:
                    await _ask(client, crawled, address, other)
                for href in Addresses(answer.text).found:
                    waiting.append((href, address))
                    if _route(f"/api{href}"):
                        waiting.append((f"/api{href}", ""))
    return crawled


def _route(address: str) -> str:
    """The route that an address belongs to; none: ""."""
    return _route_of(unquote(urlsplit(address).path))


@lru_cache(maxsize=10_000)
def _route_of(path: str) -> str:
    return next((r.path for r in routes() if r.path_regex.match(path)), "")


def shape(address: str) -> str:
    """An address without the names and numbers in it: its route and what it asks; one word asked alone is kept."""
    asked = parse_qsl(urlsplit(address).query)
    alone = asked[0][1] if len(asked) == 1 and asked[0][0] in CHOSEN else ""
    return f"{_route(address)}?{'&'.join(sorted(name for name, _ in asked))}={alone}"


async def _ask(client: httpx.AsyncClient, crawled: Crawled, address: str, language: str) -> httpx.Response:
    try:
        answer = await client.get(address, headers={"Accept-Language": language})
    except Exception as error:  # noqa: BLE001 - whatever a page raises is told
        crawled.wrong.append(f"{address} ({language}): {type(error).__name__}: {error}")
        crawled.seen[address, language] = 500
        return httpx.Response(500)
    crawled.seen[address, language] = answer.status_code
    if answer.status_code >= 500:
        crawled.wrong.append(f"{address} ({language}): {answer.status_code}")
    return answer
