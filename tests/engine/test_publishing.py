"""Publications: made when asked for, in order, kept under what they rest on, made anew when that is damaged."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.engine import Database, Publication, connect, publishing
from crossbook.errors import CrossbookError
from tests.engine.test_duck import RATES, mapped

ROOT = Path(__file__).parents[2]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two publications, the second on the first; the list says each time that one was made."""
    calls: list[str] = []

    def days(database: Database, book: Book) -> None:
        calls.append("days")
        database.make("days", "SELECT day FROM rate")

    def count(database: Database, book: Book) -> None:
        calls.append("count")
        database.make("counted", "SELECT count(*) AS n FROM days")

    known = (
        Publication(name="days", make=days),
        Publication(name="count", make=count, rests_on=("days",), state=lambda b: str(b.journal_head())),
    )
    monkeypatch.setattr(publishing, "publications", lambda: {p.name: lambda p=p: p for p in known})
    return calls


def asked(book: Book) -> int:
    database = connect(book)
    database.ask("count")
    return int(database.rows("SELECT n FROM counted")[0]["n"])


def test_made_in_order_once_and_anew_after_a_change(
    book: Book, add_text: Callable[..., Added], made: list[str]
) -> None:
    mapped(book)
    add_text("a.csv", RATES.format(d=1))
    assert made == []
    assert asked(book) == 1 and made == ["days", "count"]
    assert asked(book) == 1 and made == ["days", "count"]
    book.decide("note", "x", {})
    assert asked(book) == 1 and made == ["days", "count", "count"]  # only what rests on decisions
    add_text("b.csv", RATES.format(d=2))
    assert asked(book) == 2 and made == ["days", "count", "count", "days", "count"]


def test_every_reader_sees_what_one_asked_for(book: Book, add_text: Callable[..., Added], made: list[str]) -> None:
    mapped(book)
    add_text("a.csv", RATES.format(d=1))
    database = connect(book)
    early = database.reader()
    database.reader().ask("count")
    assert early.rows("SELECT n FROM counted") == [{"n": 1}]


@pytest.mark.parametrize("damage", ["rests on another", "no database", "empty"])
def test_a_kept_file_that_is_not_what_it_should_be_is_made_anew(
    book: Book, add_text: Callable[..., Added], made: list[str], damage: str
) -> None:
    import duckdb

    mapped(book)
    add_text("a.csv", RATES.format(d=1))
    asked(book)
    (path,) = (book.path / "cache").glob("count-*.duckdb")
    if damage == "rests on another":
        connection = duckdb.connect(str(path))
        connection.execute("UPDATE rests_on SET hash = 'another'; UPDATE counted SET n = 99")
        connection.close()
    else:
        path.write_bytes(b"" if damage == "empty" else b"not a database at all" * 1000)
    assert asked(book) == 1
    assert made == ["days", "count", "count"]


def test_a_damaged_block_is_an_error_once_and_gone_the_next_time(
    book: Book, add_text: Callable[..., Added], monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(database: Database, book: Book) -> None:
        database.make("many", "SELECT range AS n, hash(range) AS h FROM range(300000)")

    monkeypatch.setattr(publishing, "publications", lambda: {"many": lambda: Publication(name="many", make=many)})

    def total() -> int:
        database = connect(book)
        database.ask("many")
        return int(database.rows("SELECT count(*) AS n FROM (SELECT DISTINCT h FROM many)")[0]["n"])

    assert total() == 300_000
    (path,) = (book.path / "cache").glob("many-*.duckdb")
    outcomes = set()
    for share in range(12):
        sound, look = path.read_bytes(), path.stat()
        place = 4096 + (len(sound) - 8192) * share // 12
        path.write_bytes(sound[:place] + bytes(64) + sound[place + 64 :])
        as_before = (look.st_atime_ns, look.st_mtime_ns)  # as a disk loses it, and not somebody
        os.utime(path, ns=as_before)
        try:
            assert total() == 300_000  # made anew at once, or the damage lies where nothing is read
            outcomes.add("right")
            if path.stat().st_mtime_ns == look.st_mtime_ns:  # not made anew
                path.write_bytes(sound)
                os.utime(path, ns=as_before)
        except CrossbookError as error:
            assert "damaged" in str(error) and not path.exists()
            assert total() == 300_000
            outcomes.add("told")
    assert outcomes == {"right", "told"}


def test_a_book_that_may_not_be_written_gets_its_tables_in_memory(
    book: Book, add_text: Callable[..., Added], made: list[str]
) -> None:
    mapped(book)
    add_text("a.csv", RATES.format(d=1))
    (book.path / "cache").write_text("a file where the folder should be")
    assert asked(book) == 1 and made == ["days", "count"]


def test_nobody_publishes_it(book: Book) -> None:
    with pytest.raises(CrossbookError, match="nothing publishes 'nonsense'"):
        connect(book).ask("nonsense")


def test_a_tree_that_is_run_from_its_sources_knows_what_its_own_project_names() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert set(named[publishing.GROUP]) <= set(publishing.publications())
    for name in named[publishing.GROUP]:
        assert publishing.publication(name).name == name
