"""Every page of a book that holds one kind of file alone, or none: settlements come first, orders later, some never."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crossbook.book import Book, init_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.facts import KINDS
from crossbook.sources.mapping_spec import NEEDED
from crossbook.web.navigation import NAVIGATION
from tests.conftest import GOLDEN
from tests.effort import LONG, times
from tests.sources.test_golden import FILES
from tests.web.crawling import Crawled, crawl

# A word for each column that a mapped table must have; three lines, so that some things repeat.
LINES = {"settlement": "sale", "wallet": "deposit", "fee": "fee"}  # kinds whose lines have types, and what one is
WORDS = {
    "type": "Word",
    "reference": "R{n}",
    "booked_on": "2026-03-0{n}",
    "amount": "1{n}.50",
    "quantity": "{n}",
    "tax": "1.30",
    "payout_id": "JS{n}",
    "paid_on": "2026-03-0{n}",
    "order_id": "A/{n} x",
    "placed_at": "2026-03-0{n} 10:00:00",
    "total": "2{n}.00",
    "payment_id": "Z{n}",
    "paid_at": "2026-03-0{n} 11:00:00",
    "tracking": "YT200000{n}",
    "happened_at": "2026-03-0{n} 12:00:00",
    "event": "delivered",
    "received_at": "2026-03-0{n} 13:00:00",
    "invoice_id": "F{n}",
    "issued_on": "2026-03-0{n}",
    "declaration": "53012026{n}",
    "opened_on": "2026-03-0{n}",
    "state": "open",
    "day": "2026-03-0{n}",
    "base": "USD",
    "quote": "CNY",
    "rate": "7.1{n}",
    "entry": "ABC-000000{n}-1",
    "entry_line": "{n}",
    "entered_on": "2025-05-0{n}",
    "origin": "CN",
    "hts": "7326908688",
    "duty": "10.00",
    "sku": "POT/L {n}",
    "market": "US",
    "cost": "3.00",
    "code": "73269098",
    "general": "2.7%",
    "moment": "2026-03-0{n} 10:00",
    "payer_account": "62220200111{n}",
    "payee_account": "62220200222{n}",
    "paid": "{n}0.00",
    "valid_from": "2025-01-0{n}",
}

SOME = times(19, long=1)  # a book of every nineteenth source is crawled, and one of all of them

CRAWLED = Path(__file__).parent / "crawled"


def mapped(book: Book, folder: Path, kind: str) -> Path:
    """A table of one kind with the columns that it must have and no others, and its mapping in the book."""
    columns = tuple(dict.fromkeys((*NEEDED[kind], *(("type",) if kind in LINES else ()))))
    text = f'kind = "{kind}"\naccount = "shop"\n'
    text += 'currency = "USD"\n' if kind in LINES or {"currency", "paid_currency"} & set(KINDS[kind].columns) else ""
    text += "[columns]\n" + "".join(f'{c} = "{kind} {c}"\n' for c in columns)
    text += f'[types]\n"Word" = "{LINES[kind]}"\n' if kind in LINES else ""
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / f"{kind}.toml").write_text(text, encoding="utf-8")
    path = folder / f"{kind}.csv"
    lines = [",".join(f"{kind} {c}" for c in columns)]
    lines += [",".join(WORDS[c].format(n=n) for c in columns) for n in (1, 2, 3)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def crawled(book: Book, *files: Path, languages: tuple[str, ...] = ("en", "zh")) -> Crawled:
    for item in inputs(list(files)):
        add(book, item)
    found = crawl(book.path, *languages)
    assert not found.wrong, "\n".join(found.wrong)
    return found


def test_a_book_without_anything(tmp_path: Path) -> None:
    found = crawled(init_book(tmp_path / "book"))
    assert {page.path for page in NAVIGATION} <= found.paths()
    assert all(found.seen[page.path, language] == 200 for page in NAVIGATION for language in ("en", "zh"))


def test_a_trade_without_an_order_beside_one_with(tmp_path: Path) -> None:
    """Settlements come first, orders later: one of two orders is not in the book yet."""
    shutil.copy(CRAWLED / "settlement.txt", tmp_path)
    shutil.copy(CRAWLED / "orders.txt", tmp_path)
    found = crawled(init_book(tmp_path / "book"), tmp_path / "settlement.txt", tmp_path / "orders.txt")
    assert found.seen["/verify", "en"] == found.seen["/verify", "zh"] == 200
    assert {"/orders/114-0000001-0000001", "/orders/114-0000002-0000002"} <= found.paths()


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES[::SOME], ids=lambda p: p.name)
def test_a_book_of_one_source(file: Path, tmp_path: Path) -> None:
    crawled(init_book(tmp_path / "book"), GOLDEN / file.name, languages=("zh",))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*NEEDED][::SOME])
def test_a_book_of_one_mapped_kind(kind: str, tmp_path: Path) -> None:
    book = init_book(tmp_path / "book")
    crawled(book, mapped(book, tmp_path, kind), languages=("zh",))


@pytest.mark.slow
def test_a_book_of_all_of_them(tmp_path: Path) -> None:
    """What one file leaves empty another has: every column that may be empty is so in some rows only."""
    book = init_book(tmp_path / "book")
    tables = [mapped(book, tmp_path, kind) for kind in NEEDED]
    languages = ("en", "zh") if LONG else ("en",)  # the others are crawled in Chinese
    crawled(book, *tables, *(GOLDEN / file.name for file in FILES), languages=languages)
