"""Hostile text in every field that a file may fill: looked for, unescaped, in pages, papers, sheets, XML, calendars and
lines of a terminal.

One marker a field: markup and scripts, a formula, Typst, the ends of XML and of an attribute, a calendar's property,
orders to a terminal. Each names its field, so that what is found says where it came from.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path

import httpx
import pytest
from lxml import etree
from pypdf import PdfReader

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.decisions import decide, kind_of
from crossbook.decisions.kind import plainly
from crossbook.facts import KINDS
from crossbook.web.access import Access
from crossbook.web.app import make_app
from crossbook.web.live import Live
from tests.cli.running import run
from tests.patience import LONG
from tests.web.crawling import Addresses, routes, shape

# What stands in a field: a formula to a spreadsheet, an element and an attribute to a page, code to Typst, the end of a
# section to XML, two properties to a calendar, a colour and a title to a terminal.
HOSTILE = (
    '=cmd{n}|\'/c calc\'!A1 <script>zq{n}()</script><img src=x onerror=zq{n}> " onfocus="zq{n}" #panic("zq{n}") '
    "]]>&zq{n}; {{{{zq{n}}}}} BEGIN:VALARM;ATTENDEE:zq{n} \x1b[31mzq{n}\x1b]0;zq{n}\x07"
)
# Columns that are matched, counted or held against a list, and so hold what the tables below need.
PLAIN = {
    "order": {
        "order_id": "O1",
        "placed_at": "2026-03-01 10:00:00",
        "total": "20.00",
        "country": "US",
        "currency": "USD",
    },
    "settlement": {"day": "2026-03-05", "amount": "20.00", "order_id": "O1", "payout_id": "P1", "currency": "USD"},
    "payout": {"payout_id": "P1", "paid_on": "2026-03-06", "amount": "20.00", "currency": "USD"},
    "bank": {"booked_on": "2026-03-09", "amount": "20.00", "currency": "USD"},
    "payment": {"order_id": "O1", "amount": "20.00", "paid_at": "2026-03-01 11:00:00", "currency": "USD"},
    "shipment": {"order_id": "O1", "tracking": "RR123456785CN", "shipped_at": "2026-03-02 10:00:00"},
    "tracking": {"tracking": "RR123456785CN", "happened_at": "2026-03-03 10:00:00", "event": "delivered"},
    "receipt": {"order_id": "O1", "received_at": "2026-03-04 10:00:00"},
    "invoice": {"order_id": "O1", "issued_on": "2026-03-02", "amount": "20.00", "currency": "USD"},
    "dispute": {"order_id": "O1", "opened_on": "2026-03-08", "state": "open", "currency": "USD"},
}
SET = {"evidence", "account", "basis", "tax_included", "original_currency", "kind", "hs", "origin", "payer_country"}
SET |= {"given_back"}  # told by formats, not by a table
MORE = {"order": ("item", "title", "quantity", "price"), "settlement": ("type",)}
CODES = {"quantity": "1", "price": "20.00", "country": "US", "type": "Word", "corrects": ""}


def tables(book: Book, folder: Path) -> dict[int, str]:
    """A table of each kind with every text that it may have, added to the book; the field of each marker."""
    fields: dict[int, str] = {}
    (book.path / "mappings").mkdir(exist_ok=True)
    for kind, plain in PLAIN.items():
        texts = [
            f.name
            for f in KINDS[kind].schema
            if str(f.type) in ("string", "dictionary<values=string, indices=int32, ordered=0>")
        ]
        columns = list(dict.fromkeys((*plain, *MORE.get(kind, ()), *(c for c in texts if c not in SET))))
        cells = {}
        for column in columns:
            if column in plain or column in CODES:
                cells[column] = plain.get(column, CODES.get(column, ""))
            else:
                number = 100 + len(fields)
                fields[number] = f"{kind}.{column}"
                cells[column] = HOSTILE.format(n=number)
        text = f'kind = "{kind}"\naccount = "shop"\n'
        text += 'currency = "USD"\n' if "currency" not in columns and "currency" in KINDS[kind].columns else ""
        text += "[columns]\n" + "".join(f'{c} = "{kind} {c}"\n' for c in columns)
        text += '[types]\n"Word" = "sale"\n' if kind == "settlement" else ""
        (book.path / "mappings" / f"{kind}.toml").write_text(text, encoding="utf-8")
        out = io.StringIO()
        csv.writer(out).writerows([[f"{kind} {c}" for c in columns], [cells[c] for c in columns]])
        path = folder / f"{kind} <b>zq99 \x1b[31m.csv"
        path.write_text(out.getvalue(), encoding="utf-8")
        (item,) = inputs([path])
        assert add(book, item).status == "added", kind
    return fields


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, str]]:
    """The book, and the field of each marker."""
    folder = tmp_path_factory.mktemp("hostile")
    book = init_book(
        folder / "book", HOSTILE.format(n=98).replace("\x1b", "").replace("\x07", "").replace('"', "'"), "USD"
    )
    fields = tables(book, folder)
    case = {"case": "suit", "procedure": "us_suit", "happened": {"served": date(2026, 1, 26)}}
    case |= {"docket": HOSTILE.format(n=96), "skus": (HOSTILE.format(n=95),)}
    decide(plainly(open_book(book.path)), kind_of("case"), case)
    return book.path, fields


def markers(text: str) -> set[int]:
    """The markers in a text."""
    return {int(n) for n in re.findall(r"zq(\d+)", text)}


LIVE_IN_HTML = re.compile(r"<script>zq|<img src=x|<b>zq|\" onfocus=\"zq|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def test_pages_show_it_as_text(planted: tuple[Path, dict[int, str]]) -> None:
    path, fields = planted
    found = asyncio.run(_pages(path))
    seen: set[int] = set()
    for address, answer in found.items():
        kind = answer.headers.get("content-type", "")
        if kind.startswith("text/html"):
            assert not (bad := LIVE_IN_HTML.search(answer.text)), (
                address,
                answer.text[bad.start() - 80 : bad.end() + 80],
            )
        elif kind.startswith("text/calendar"):
            calendar_is_whole(answer.text)
        elif not kind.startswith(("application/json", "application/octet-stream")):
            assert not LIVE_IN_HTML.search(answer.text), address
        assert answer.headers["x-content-type-options"] == "nosniff"
        seen |= markers(answer.text)
    shown = {name for n, name in fields.items() if n in seen}
    assert {"order.buyer", "settlement.reference", "bank.description", "tracking.text", "order.title"} <= shown, shown


async def _pages(path: Path) -> dict[str, httpx.Response]:
    """Every page without a name in its address, and those that they lead to of each kind."""
    live = Live(path)
    access = Access(live.book, accounts=False)
    assert live.snapshot(LONG)[1]
    found: dict[str, httpx.Response] = {}
    transport = httpx.ASGITransport(make_app(live, access))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        await client.get("/login", params={"token": access.token})
        paths = [r.path for r in routes() if "{" not in r.path and not r.path.startswith("/api/")]
        plain = [path for path in paths if path not in ("/login", "/fresh")]
        kinds = {shape(path) for path in plain}
        for address in plain:
            found[address] = await client.get(address)
        for answer in list(found.values()):
            for href in Addresses(answer.text).found if "html" in answer.headers.get("content-type", "") else ():
                if shape(href) not in kinds:
                    kinds.add(shape(href))
                    found[href] = await client.get(href)
    return found


def calendar_is_whole(text: str) -> None:
    """No line of a calendar is one that a text made."""
    lines = text.replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")
    assert not [line for line in lines if line.startswith("ATTENDEE")], text
    assert sum(line == "BEGIN:VALARM" for line in lines) == sum(line == "BEGIN:VEVENT" for line in lines)
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)


def test_papers_hold_it_as_text(planted: tuple[Path, dict[int, str]], tmp_path: Path) -> None:
    path, fields = planted
    for words in (("pack", "P1"), ("trade", "papers", "O1")):
        done = run(*words, "--out", tmp_path / words[0], "--book", path)
        assert done.returncode in (0, 1), done.stderr
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", done.stdout + done.stderr)
    for form, period in (("us_sales", "2026-03"), ("cn_platform", "2026-Q1")):
        done = run("tax", "return", form, period, "--out", tmp_path / f"{form}.xlsx", "--book", path)
        assert done.returncode in (0, 1, 2), done.stderr
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", done.stdout + done.stderr)
    kinds, seen = set(), set[int]()
    for file in sorted(p for p in tmp_path.rglob("*") if p.is_file()):
        kinds.add(file.suffix)
        seen |= markers(READ.get(file.suffix, _json)(file))
    assert {".pdf", ".xlsx", ".csv", ".xml", ".json"} <= kinds
    shown = {name for n, name in fields.items() if n in seen}
    assert {"order.consignee", "order.item", "order.title"} <= shown, shown


def _pdf(file: Path) -> str:
    raw = file.read_bytes()
    assert not re.search(rb"/JavaScript|/Launch|/OpenAction", raw)
    return "".join(page.extract_text() for page in PdfReader(file).pages)


def _xlsx(file: Path) -> str:
    told = ""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name.endswith((".xml", ".rels")):
                tree = etree.fromstring(part)
                assert not [e for e in tree.iter() if etree.QName(e).localname in ("f", "hyperlink")], (file, name)
                told += " ".join(map(str, tree.itertext()))
    return told


def _csv(file: Path) -> str:
    text = file.read_text(encoding="utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            assert not re.match(r"[=+@\t\r]|-(?![\d.])", cell), (file, cell)
            assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", cell), (file, cell)
    return text


def _xml(file: Path) -> str:
    tree = etree.parse(str(file))
    assert not [e for e in tree.iter() if isinstance(e.tag, str) and etree.QName(e).localname in ("script", "img", "b")]
    return " ".join(str(text) for text in tree.getroot().itertext())


def _json(file: Path) -> str:
    return file.read_text(encoding="utf-8")


READ = {".pdf": _pdf, ".xlsx": _xlsx, ".csv": _csv, ".xml": _xml}


def test_a_terminal_gets_no_orders(planted: tuple[Path, dict[int, str]]) -> None:
    path, _ = planted
    seen: set[int] = set()
    for at, words in enumerate(
        (
            ("payouts",),
            ("bank",),
            ("why", "O1"),
            ("why", "P1"),
            ("trade", "verify"),
            ("cases", "show", "suit"),
            ("decisions",),
            ("book", "check", "--list"),
            ("customs", "status"),
            ("watch", "run"),
            ("watch", "alerts"),
            ("why", "zq1\x1b[31m"),
        )
    ):
        done = run(*words, "--book", path, lang=("en", "zh")[at % 2])
        told = done.stdout + done.stderr
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", told), (words, told)
        seen |= markers(told)
    assert len(seen) > 3
