"""Hostile text in every field of an institution's files, looked for in the desk's pages, in a terminal and in its
reports, and in messages to China's customs: as text, never as what a page, a sheet or a program would act on."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from pathlib import Path

import httpx
import pytest
from lxml import etree

from crossbook import ceb
from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.filing.customs.documents import document
from crossbook.filing.customs.message import Document, problems, write
from crossbook.filing.customs.sending import transfer_of
from crossbook.filing.customs.settings import customs_of
from crossbook.filing.customs.trade import Item
from crossbook.web.access import Access
from crossbook.web.app import make_app
from crossbook.web.live import Live
from tests.cli.running import run
from tests.faces.test_hostile_text import HOSTILE, LIVE_IN_HTML, READ, markers
from tests.filing.test_customs import NOW, SETTINGS, trade
from tests.filing.test_suspicion import SETTINGS as REPORTER
from tests.patience import LONG

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TRANSFERS = (
    "transfer id,executed at,payer account,payer,payer country,payer institution,payee account,payee,payee country,"
    "payee institution,paid,currency,kind,purpose,reference,description"
).split(",")
ACCOUNTS = ("account number", "institution", "holder id", "holder", "country", "holder kind", "opened", "device")


def marked(n: int) -> str:
    return HOSTILE.format(n=n)


def table(path: Path, rows: list[tuple[str, ...]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def institution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book in which a firm of a hostile name pays a large value abroad; each field that may be text has a marker."""
    folder = tmp_path_factory.mktemp("hostile-watch")
    book = init_book(folder / "book", "Sample", "CNY")
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n" + REPORTER, encoding="utf-8")
    row = (
        "T{n} {t}|2026-03-03T09:3{n}:00+08:00|FIRM{0}|{1}|CN|{2}|FAR{3}|{4}|US|{5}|3000000.00|CNY|transfer|{6}|{7}|{8}"
    )
    sent = [
        tuple(cell.format(*map(marked, range(201, 210)), n=n, t=marked(200)) for cell in row.split("|")) for n in (1, 2)
    ]
    held = (
        "FIRM" + marked(201),
        "Sample Payment Co",
        marked(210),
        marked(211),
        "CN",
        "legal",
        "2024-05-06",
        marked(212),
    )
    paths = [table(folder / "sent.csv", [tuple(TRANSFERS), *sent]), table(folder / "held.csv", [ACCOUNTS, held])]
    for item in inputs(paths):
        assert add(open_book(book.path), item).status == "added"
    return book.path


def test_the_desk_at_a_terminal(institution: Path, tmp_path: Path) -> None:
    queue = run("watch", "queue", "--json", book=institution)
    (number, *_) = re.findall(r'"id": "([^"]+)"', queue.stdout)
    seen = markers(queue.stdout)
    for at, words in enumerate((("queue",), ("case", number), ("alerts",), ("statistics",))):
        done = run("watch", *words, book=institution, lang=("en", "zh")[at % 2])
        told = done.stdout + done.stderr
        assert not CONTROL.search(told), (words, told)
        seen |= markers(told)
    assert {202, 211} & seen, seen
    for form, ending in (("goaml", ".xml"), ("china", ".xlsx"), ("text", ".txt")):
        path = tmp_path / f"report{ending}"
        done = run("watch", "report", number, "--form", form, "--out", path, book=institution)
        assert done.returncode in (0, 1) and not CONTROL.search(done.stdout + done.stderr), done
        told = READ[ending](path) if ending in READ else path.read_text(encoding="utf-8")
        assert not CONTROL.search(told) and {205, 211} & markers(told), (form, told)


def test_the_desk_on_pages(institution: Path) -> None:
    seen = asyncio.run(_pages(institution))
    assert {202, 205, 211} & seen, seen


async def _pages(institution: Path) -> set[int]:
    """The markers on the pages of the desk, none of them alive."""
    live = Live(institution)
    access = Access(live.book, accounts=False)
    assert live.snapshot(LONG)[1]
    seen: set[int] = set()
    transport = httpx.ASGITransport(make_app(live, access))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        await client.get("/login", params={"token": access.token})
        (case, *_) = (await client.get("/api/watch/cases")).json()
        for address in ("/watch", "/watch/rules", f"/watch/cases/{case['id']}"):
            answer = await client.get(address)
            assert answer.status_code == 200 and not LIVE_IN_HTML.search(answer.text), address
            seen |= markers(answer.text)
    return seen


def test_messages_to_customs(book: Book) -> None:
    """Every text of a trade is text in the message: it is read again as what it was, without orders to a terminal."""
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    lamp = Item(sku="LAMP", title=marked(301), quantity=2, amount=5000, net_g=640)
    made = document("603", trade(order_id=f"A1 {marked(302)}"[:60], items=(lamp,)), customs_of(book), NOW)
    assert isinstance(made, Document), made
    assert problems(made) == []
    number, guid = made.number, str(made.head["guid"])
    tree = etree.fromstring(write(number, guid, [made], transfer_of(customs_of(book))).xml)
    told = " ".join(map(str, tree.itertext()))
    assert {etree.QName(e).namespace for e in tree.iter() if isinstance(e.tag, str)} == {ceb.NAMESPACE}
    assert not CONTROL.search(told) and markers(told)


def test_who_sends_a_message_has_a_name_that_customs_takes(book: Book) -> None:
    """GACC gives copName a hundred characters: what does not fit is said, by its name."""
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + SETTINGS.replace("远山户外", "远" * 101), encoding="utf-8")
    with pytest.raises(CrossbookError, match=r"copName .* has 101 characters, 100 are allowed"):
        transfer_of(customs_of(book))
