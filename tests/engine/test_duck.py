"""The kept database: made once for a state of the facts, shared read-only, made anew when they change."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crossbook.book import Book, catalog, chain, open_book
from crossbook.book.adding import Added
from crossbook.book.checking import check, rebuild
from crossbook.engine import connect, fact_rows, raw_facts
from crossbook.facts import KINDS
from tests.settle.making import amazon

RATES = "day,base,quote,rate\n2026-01-{d:02d},USD,CNY,7.{d:02d}\n"
MAPPING = 'kind = "rate"\naccount = "rates"\n[columns]\nday = "day"\nbase = "base"\nquote = "quote"\nrate = "rate"\n'


def kept(book: Book) -> list[Path]:
    return sorted((book.path / "cache").glob("*.duckdb"))


def mapped(book: Book) -> None:
    (book.path / "mappings").mkdir()
    (book.path / "mappings" / "rates.toml").write_text(MAPPING)


def test_made_once_and_anew_when_facts_change(book: Book, add_text: Callable[..., Added]) -> None:
    mapped(book)
    added = [add_text("a.csv", RATES.format(d=1))]
    assert connect(book).rows("SELECT count(*) AS n FROM rate") == [{"n": 1}]
    (first,) = kept(book)
    before = first.stat().st_mtime_ns
    assert connect(open_book(book.path)).rows("SELECT count(*) AS n FROM rate") == [{"n": 1}]
    assert kept(book) == [first] and first.stat().st_mtime_ns == before
    added.append(add_text("b.csv", RATES.format(d=2)))
    assert connect(book).rows("SELECT count(*) AS n FROM rate") == [{"n": 2}]
    (second,) = kept(book)
    assert second != first
    book.decide("retire", added[1].sha, {"why": ""})
    assert connect(book).rows("SELECT count(*) AS n FROM rate") == [{"n": 1}]


def test_a_damaged_or_unwritable_cache_is_no_obstacle(book: Book, add_text: Callable[..., Added]) -> None:
    mapped(book)
    add_text("a.csv", RATES.format(d=1))
    connect(book)
    (path,) = kept(book)
    path.write_bytes(b"not a database")
    assert connect(book).rows("SELECT count(*) AS n FROM rate") == [{"n": 1}]
    path.unlink()
    path.parent.joinpath("spill").rmdir() if path.parent.joinpath("spill").exists() else None
    for left in path.parent.iterdir():
        left.unlink()
    path.parent.rmdir()
    path.parent.write_text("a file where the folder should be")
    assert connect(book).rows("SELECT count(*) AS n FROM rate") == [{"n": 1}]


def test_readers_share_tables_and_keep_their_own(book: Book, add_text: Callable[..., Added]) -> None:
    mapped(book)
    add_text("a.csv", RATES.format(d=1))
    database = connect(book)
    database.make("shared", "SELECT 7 AS x")
    one, other = database.reader(), database.reader()
    one.scratch("mine", "SELECT 1 AS x")
    other.scratch("mine", "SELECT 2 AS x")
    assert (one.rows("SELECT x FROM mine"), other.rows("SELECT x FROM mine")) == ([{"x": 1}], [{"x": 2}])
    seen: list[object] = []

    def read() -> None:
        reader = database.reader()
        seen.extend(reader.rows("SELECT s.x, r.quote FROM shared s, rate r, range(1000)"))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(seen) == 8_000


def test_nothing_is_left_where_one_stands(book: Book, add_text: Callable[..., Added], tmp_path: Path) -> None:
    mapped(book)
    add_text("a.csv", RATES.format(d=1))
    here = tmp_path / "here"
    here.mkdir()
    before = Path.cwd()
    os.chdir(here)
    try:
        database = connect(book)
        database.bound("20MB")
        database.make("big", "SELECT range AS a, hash(range) AS b FROM range(3000000)")
        assert database.rows("SELECT count(*) AS n FROM (SELECT * FROM big ORDER BY b)") == [{"n": 3_000_000}]
    finally:
        os.chdir(before)
    assert list(here.iterdir()) == []


def test_facts_of_one_file(book: Book, add_text: Callable[..., Added]) -> None:
    mapped(book)
    text = "day,base,quote,rate\n" + "".join(f"2026-01-{d:02d},USD,CNY,7.{d:02d}\n" for d in range(1, 29))
    added = add_text("a.csv", text)
    rows = fact_rows(book, "rate", added.sha, limit=5, offset=10)
    assert [r["line"] for r in rows] == [12, 13, 14, 15, 16]
    assert [str(r["rate"]) for r in fact_rows(book, "rate", added.sha, line=3)] == ["7.02000000"]


def test_facts_read_before_a_kind_had_all_its_columns_read_on(book: Book, add_text: Callable[..., Added]) -> None:
    """An older version's fact file lacks the parts of an order: they are null until the book is rebuilt."""
    header = "Name,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at"
    text = f"{header},Lineitem quantity,Lineitem name,Lineitem price\n"
    row = "#1,paid,USD,99.00,5.00,0.00,104.00,30.00,2026-06-02 02:00:00 +0000,1,Tent,129.00\n"
    added = add_text("orders.csv", text + row)
    path = book.fact_path("order", added.sha)
    older = ["evidence", "line", "account", "order_id", "placed_at", "status", "currency", "total", "country"]
    pq.write_table(pq.read_table(path).select(older), path)
    held = catalog.fact_files
    with catalog.writing(book.engine) as connection:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        connection.execute(held.update().where(held.c.kind == "order").values(sha=digest))
        chain.link(connection, *(c for c in chain.everything(connection) if c.what == "facts"))
    path.rename(path.with_name(f"{digest}{path.suffix}"))
    assert not check(book).problems
    parts = 'SELECT total, goods, discount, shipping, tax_included, email FROM "order"'
    unknown = {"goods": None, "discount": None, "shipping": None, "tax_included": None, "email": None}
    assert raw_facts(book).rows(parts) == [{"total": 10_400, **unknown}]
    (shown,) = fact_rows(book, "order", added.sha)
    assert (shown["total"], shown["goods"], set(shown)) == (10_400, None, {"line", *KINDS["order"].columns})
    assert not rebuild(book).problems
    filled = {"goods": 12_900, "discount": 3_000, "shipping": 500, "tax_included": None, "email": None}
    assert raw_facts(book).rows(parts) == [{"total": 10_400, **filled}]


def test_a_book_that_was_moved_or_copied_reads_its_own_files(
    book: Book, add_text: Callable[..., Added], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_text("s.txt", amazon("1", "50.00", [("o1", "Principal", "50.00")]))
    monkeypatch.chdir(book.path.parent)
    count = "SELECT count(*) AS n FROM payout"
    assert raw_facts(open_book(Path(book.path.name))).rows(count) == [{"n": 1}]  # named as seen from here
    copied = tmp_path / "elsewhere" / "copy"
    shutil.copytree(book.path, copied)
    monkeypatch.chdir(tmp_path)
    assert raw_facts(open_book(book.path)).rows(count) == [{"n": 1}]
    shutil.move(book.path, tmp_path / "gone")
    assert raw_facts(open_book(copied)).rows(count) == [{"n": 1}]


def test_a_copy_keeps_what_was_made_of_the_facts_and_reads_it_from_its_own_files(
    book: Book, add_text: Callable[..., Added], tmp_path: Path
) -> None:
    add_text("s.txt", amazon("1", "50.00", [("o1", "Principal", "50.00")]))
    rows = "SELECT order_id, amount FROM line"
    database = connect(book)
    database.ask("lines")
    assert database.rows(rows) == [{"order_id": "o1", "amount": 5_000}]
    database.close()
    copied = tmp_path / "elsewhere" / "copy"
    shutil.copytree(book.path, copied)
    shutil.rmtree(book.path)
    (kept,) = (copied / "cache").glob("lines-*.duckdb")
    before = kept.stat().st_ino, kept.stat().st_mtime_ns
    read = connect(open_book(copied))
    read.ask("lines")
    assert read.rows(rows) == [{"order_id": "o1", "amount": 5_000}]
    (kept,) = (copied / "cache").glob("lines-*.duckdb")
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == before


def test_every_kind_of_fact_has_a_table_with_its_types(book: Book) -> None:
    database = raw_facts(book)
    for kind in KINDS.values():
        empty = database.arrow(f'SELECT * FROM "{kind.name}"').schema
        assert empty.names == kind.schema.names
        for column in kind.schema:
            wanted = pa.string() if pa.types.is_dictionary(column.type) else column.type
            assert empty.field(column.name).type == wanted, (kind.name, column.name)
