"""The web face of a fleet: the figures of the commands, every link, down to a book's line; hostile text stays text."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import socket
import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyarrow as pa
import pytest
import uvicorn
from playwright.sync_api import expect
from typer.testing import CliRunner

from crossbook.book import Book, init_book, open_book
from crossbook.book.accounts import put_user
from crossbook.cli.tree import tree
from crossbook.errors import CrossbookError
from crossbook.findings import Finding, as_table
from crossbook.fleet import results
from crossbook.fleet.across import find
from crossbook.fleet.listing import Fleet, Member, open_fleet
from crossbook.fleet.reading import findings, status
from crossbook.settle import settle
from crossbook.web.access import Access
from crossbook.web.fleet.app import make_app
from crossbook.web.fleet.under import OURS, moved
from tests.patience import LONG, until
from tests.web.browser import Watch, chromium, opened
from tests.web.crawling import Addresses, shape
from tests.web.test_browser import AXE

HOSTILE = '"><script>alert(1)</script><a href="/x">\u202e=1+1'


class Asking:
    """Somebody who opened the one-time link, on an app in this process."""

    def __init__(self, path: Path, book: Book | None = None) -> None:
        self.access = Access(book, accounts=book is not None)
        self.app = make_app(path, self.access)
        self.cookies = httpx.Cookies()
        if book is None:
            self.get("/login", token=self.access.token)

    def send(self, method: str, address: str, lang: str = "en", token: str = "", **told: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            headers = {"Accept-Language": lang, "X-CSRF-Token": token}
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=self.cookies) as one:
                answer = await one.request(method, address, headers=headers, **told)
                self.cookies = one.cookies
                return answer

        return asyncio.run(sent())

    def get(self, address: str, lang: str = "en", **query: Any) -> httpx.Response:
        return self.send("GET", address, lang, **({"params": query} if query else {}))

    def opened(self, book: str) -> None:
        """Wait until a book's first figures are there."""
        until(lambda: self.get(f"/book/{book}/api/payouts").status_code == 200, pause=0.2)


@pytest.fixture(scope="module")
def asking(worked: Path) -> Asking:
    return Asking(worked / "fleet")


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=lambda v: v.isoformat() if isinstance(v, date) else str(v)))


def test_the_figures_of_the_commands(asking: Asking, worked: Path) -> None:
    fleet = open_fleet(worked / "fleet")
    assert asking.get("/api/status").json() == plain([asdict(line) for line in status(fleet)])
    found = asking.get("/api/findings", per_page=10_000).json()
    assert found["findings"] == plain([{**r, "because": r["because"] or []} for r in findings(fleet).table.to_pylist()])
    some = asking.get("/api/findings", desk="verify", least="3000", currency="cny").json()
    assert some["all"] == findings(fleet, desk="verify", least=300_000, currency="CNY").all > 0
    assert asking.get("/api/across").json()["found"] == plain([asdict(c) for c in find(fleet).found])
    lines = list(csv.reader(io.StringIO(asking.get("/findings.csv").text.lstrip("\ufeff"))))
    assert len(lines) == found["all"] + 1
    across = list(csv.DictReader(io.StringIO(asking.get("/across.csv").text.lstrip("\ufeff"))))
    assert len(across) == sum(len(c.because) for c in find(fleet).found)


def test_lines_are_told_by_the_names_of_their_files(asking: Asking, worked: Path) -> None:
    """Each line under a finding is called by its file, as the book has it, and leads to it by the hash."""
    names = {row["sha"]: row["name"] for row in open_book(worked / "books" / "seller-001").evidence()}
    leads = r'href="/book/seller-001/evidence/([0-9a-f]{64})/([0-9]+)">([^<]+)</a>'
    for page in ("/findings", "/across", "/books/seller-001"):
        told = re.findall(leads, asking.get(page).text)
        assert told and all(text == f"{names[sha]}:{line}" for sha, line, text in told), page


def test_books_by_money(asking: Asking, worked: Path) -> None:
    """What a book was paid out is what its own desk says; the largest stands first, other orders are as asked."""
    told = asking.get("/api/books").json()["books"]
    member = open_fleet(worked / "fleet").member(told[0]["book"])
    want: Counter[str] = Counter()
    for payout in settle(open_book(member.path), restore=False).payouts:
        want[payout.currency] += payout.amount
    assert {p["currency"]: p["amount"] for p in told[0]["paid_out"]} == dict(want)
    sums = [one["paid_out"][0]["amount"] for one in told]
    assert sums == sorted(sums, reverse=True)
    by_name = asking.get("/api/books", sort="book", way="asc").json()["books"]
    assert [one["book"] for one in by_name] == ["seller-001", "seller-002", "seller-003"]
    assert asking.get("/api/books", sort="taste").status_code == 422
    assert asking.get("/api/findings", least="5").json()["parameter"] == "currency"
    assert asking.get("/api/findings", least="-5", currency="USD").status_code == 422
    assert asking.get("/books/nobody").status_code == 404


def test_a_book_that_was_listed_a_moment_ago(hostile: Fleet) -> None:
    """The list of books is read again at another moment than their figures: a new one has a page all the same, and
    books that are not as they were worked are named on each list."""
    asking = Asking(hostile.path)
    assert asking.get("/api/books").json()["total"] == 4
    listed = hostile.path / "fleet.toml"
    listed.write_text(listed.read_text(encoding="utf-8") + '[[book]]\nid = "new"\npath = "new"\n', encoding="utf-8")
    asking.app.state.held._kept.pop("fleet")
    assert asking.get("/api/books/new").json()["status"] == "waiting"
    assert asking.get("/books/new").status_code == 200
    told = [asking.get(f"/api/{name}").json()["earlier_state"] for name in ("findings", "across")]
    assert told == [["卖家-1", "b"]] * 2
    assert "卖家-1, b" in asking.get("/findings").text and "卖家-1, b" in asking.get("/across").text


@pytest.mark.slow
def test_every_link(asking: Asking) -> None:
    """In the fleet, in both languages, and of each page of one of its books: none leads out of it but to the fleet."""
    asking.opened("seller-001")
    waiting = deque((page, "") for page in ("/", "/findings", "/across", "/book/seller-001/"))
    seen: Counter[str] = Counter()
    asked: set[str] = set()
    wrong = []
    while waiting:
        address, found_on = waiting.popleft()
        inside = re.match(r"/book/(seller-00\d)(/.*)", address)
        kind = shape(inside[2]).split("?")[0] if inside else f"{urlsplit(address).path} {bool(urlsplit(address).query)}"
        if address in asked or seen[kind] >= 1 or (inside and inside[1] != "seller-001"):
            continue
        seen[kind] += 1
        asked.add(address)
        answers = [asking.get(address, lang) for lang in (("en",) if inside else ("en", "zh"))]
        wrong += [f"{found_on} leads to {address}: {a.status_code}" for a in answers if a.status_code not in (200, 303)]
        if answers[0].headers.get("content-type", "").startswith("text/html"):
            waiting.extend((href, address) for href in Addresses(answers[0].text).found)
            leads = re.findall(r' (?:href|src|action|hx-get|hx-post)="(/[^"]*)"', answers[0].text)
            there = ("/book/seller-001/", *(f"/{ours}" for ours in OURS))
            wrong += [f"{address} leads out to {to}" for to in leads if inside and not to.startswith(there)]
    assert not wrong, "\n".join(wrong)
    assert len(asked) > 30, len(asked)


def test_a_book_is_only_read(asking: Asking, worked: Path) -> None:
    asking.opened("seller-001")
    assert asking.get("/book/seller-001/api/session").json()["role"] == "reader"
    token = asking.get("/api/session").json()["csrf"]
    for path in ("/book/seller-001/add", "/book/seller-001/api/files", "/book/seller-001/api/decisions/match"):
        assert asking.send("POST", path, token=token).status_code == 405
    assert asking.get("/book/nobody/").status_code == 404
    stranger = Asking(worked / "fleet")
    stranger.cookies = httpx.Cookies()
    assert stranger.get("/book/seller-001/payouts").headers["location"].startswith("/login?")
    assert stranger.get("/api/findings").status_code == 401


def test_accounts_of_a_book_and_none_beyond_this_machine(hostile: Fleet) -> None:
    """A fleet has no accounts: those of a book log in, and without one it is not served to others."""
    book = init_book(hostile.path / "office")
    command = ["fleet", "web", "--fleet", str(hostile.path), "--host", "0.0.0.0"]
    for more, what in (([], "no book with accounts is named"), (["--accounts", str(book.path)], "has no accounts")):
        done = CliRunner().invoke(tree("fleet"), [*command, *more])
        assert isinstance(done.exception, CrossbookError) and what in done.exception.what
    put_user(book, "li", "preparer", "four words and five")
    asking = Asking(hostile.path, book)
    assert asking.get("/").headers["location"].startswith("/login")
    assert asking.send("POST", "/login", data={"name": "li", "password": "wrong wrong wrong"}).status_code == 401
    assert asking.send("POST", "/login", data={"name": "li", "password": "four words and five"}).status_code == 303
    assert asking.get("/api/session").json()["role"] == "preparer" and asking.get("/").status_code == 200


def test_links_are_moved_and_texts_are_not() -> None:
    page = b'<a href="/payouts">href="/x"</a><a title="&#34; href=&#34;/x" href="/static/a.css">'
    page += b'<input name="next" value="/">'
    assert moved(page, "/book/a") == (
        b'<a href="/book/a/payouts">href="/x"</a><a title="&#34; href=&#34;/x" href="/static/a.css">'
        b'<input name="next" value="/book/a/">'
    )


@pytest.fixture
def hostile(tmp_path: Path) -> Fleet:
    """A fleet whose figures are full of what others wrote: one payment in two books, one book failed, one waiting."""
    books = tuple(Member(name, tmp_path / name) for name in ("卖家-1", "b", "failed", "waiting"))
    finding = Finding("verify", HOSTILE, HOSTILE, HOSTILE, 123_45, "USD", (("0" * 64, 7),))
    paper = {
        "kind": "payment",
        "number": "PAYMENT1",
        "shown": HOSTILE,
        "order_id": HOSTILE,
        "amount": 100,
        "currency": "USD",
        "day": date(2026, 1, 2),
        "evidence": "0" * 64,
        "line": 3,
    }
    for book in books[:2]:
        folder = results.folder_of(tmp_path / "results", book.id)
        folder.mkdir(parents=True)
        tables = [("verify", "findings", as_table([finding])), ("crossing", "paper", pa.Table.from_pylist([paper]))]
        paid = {"currency": ["USD", "USD"], "amount": pa.array([100_00, None], pa.int64())}
        tables.append(("trade", "payout_used", pa.table(paid)))
        at, files = results.write(folder, "run", "0" * 64, tables)
        results.publish(folder, results.Done(run="run", state="0" * 64, seconds=1.5, files=tuple(files)), at)
    why = results.Failed(run="run", verdict="refused", what=HOSTILE, where=HOSTILE, todo=HOSTILE)
    results.fail(results.folder_of(tmp_path / "results", "failed"), why)
    listed = "".join(f'[[book]]\nid = "{b.id}"\npath = "{b.id}"\n' for b in books)
    (tmp_path / "fleet.toml").write_text(f"name = {json.dumps(HOSTILE)}\n{listed}", encoding="utf-8")
    return open_fleet(tmp_path)


def test_hostile_text_stays_text_and_unknown_is_said(hostile: Fleet) -> None:
    asking = Asking(hostile.path)
    for address in ("/", "/findings", "/across", "/books/卖家-1", "/books/failed", "/books/waiting", "/login"):
        page = asking.get(address)
        assert page.status_code == 200, page.text
        assert "<script>alert" not in page.text and 'href="/x"' not in page.text and "\u202e" not in page.text
    assert "/book/%E5%8D%96%E5%AE%B6-1/evidence/" in asking.get("/findings").text
    told = {one["book"]: one for one in asking.get("/api/books").json()["books"]}
    assert told["waiting"]["paid_out"] is told["waiting"]["findings"] is told["waiting"]["across"] is None
    assert told["failed"]["status"] == "failed" and told["b"]["across"] == 1
    assert told["b"]["paid_out"] == [{"currency": "USD", "payouts": 2, "amount": 100_00, "unknown": 1}]
    page = asking.get("/").text.replace("\u00a0", " ")  # one of two payouts says no amount, two books were never worked
    assert page.count("at least 100.00 USD") == 2 and "at least 200.00 USD" in page
    found = asking.get("/api/findings").json()
    assert found["not_known"] == ["failed", "waiting"] and found["all"] == 3
    next((results.folder_of(hostile.results, "b")).rglob("findings.parquet")).write_bytes(b"PAR1")
    again = {one["book"]: one for one in Asking(hostile.path).get("/api/books").json()["books"]}
    assert again["b"]["status"] == "damaged" and again["b"]["findings"] is None
    assert again["卖家-1"]["across"] is None  # what crosses books cannot be told: no 0
    nobody = asking.get("/book/waiting/")
    assert nobody.status_code == 400 and "fleet.toml" in nobody.text and "crossbook init" not in nobody.text
    cells = [c for row in csv.reader(io.StringIO(asking.get("/findings.csv").text.lstrip("\ufeff"))) for c in row]
    assert not any(c.startswith(("=", '"=', "\u202e")) for c in cells)


@pytest.fixture
def running(worked: Path) -> Iterator[tuple[str, Access]]:
    """A real server over the fleet, on a free port."""
    access = Access(None, accounts=False)
    server = uvicorn.Server(uvicorn.Config(make_app(worked / "fleet", access), log_level="warning", lifespan="off"))
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until(lambda: server.started, pause=0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", access
    server.should_exit = True
    thread.join(LONG)


def test_from_all_books_down_to_a_line(running: tuple[str, Access]) -> None:
    address, access = running
    with chromium() as browser:
        watch = Watch(address)
        page = watch.on(opened(browser, viewport={"width": 1280, "height": 860}).new_page())
        page.goto(f"{address}/login?token={access.token}")
        expect(page.locator("h1")).to_have_text("Books")
        expect(page.locator("#list tbody tr")).to_have_count(3)
        for place in ("Findings", "Across books"):
            page.click(f"nav.main >> text={place}")
            expect(page.locator("h1")).to_have_text(place)
            page.wait_for_load_state("load")
            page.evaluate(AXE)
            told = page.evaluate("async () => (await axe.run()).violations.filter(v => v.impact != 'minor')")
            assert told == [], [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in told]
        page.select_option("#rule", "same_payment")
        expect(page.locator("#list section").first).to_contain_text("The same payment in two books")
        number = page.locator("#list section h2").first.inner_text().split()[0]
        page.locator("#list section .source").first.click()
        expect(page.locator("tr.here")).to_contain_text(number)
        page.click("text=中文")
        expect(page.locator("tr.here")).to_contain_text(number)
        page.click("text=← Sample fleet")
        expect(page.locator("h1")).to_contain_text("seller-00")
        assert watch.outside == [] and watch.complaints == []
