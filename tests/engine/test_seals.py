"""A fact file or a kept table that is not as it was made gives no figure: it stops with the cure, or is made anew."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from crossbook import i18n
from crossbook.book import Book, open_book, seals
from crossbook.book.adding import Added
from crossbook.book.checking import check, rebuild
from crossbook.engine import Database, connect, fact_rows
from crossbook.errors import CrossbookError
from tests.settle.making import amazon

Put = Callable[..., Added]
SUM = "SELECT sum(amount) AS n FROM line"


@pytest.fixture
def added(book: Book, add_text: Put) -> Added:
    return add_text("s.txt", amazon("1", "50.00", [("o1", "Principal", "50.00")]))


def total(book: Book) -> int:
    database = connect(open_book(book.path))
    database.ask("lines")
    return int(database.rows(SUM)[0]["n"])


def kept(book: Book, name: str) -> Path:
    (path,) = (book.path / "cache").glob(f"{name}-*.duckdb")
    return path


def flip(path: Path, *, unseen: bool = False) -> None:
    """Turn one bit, as a disk does it (`unseen`: the time of change stays), or a person."""
    look, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    seals._hashed.cache_clear()  # as in another process
    if unseen:
        os.utime(path, ns=(look.st_atime_ns, look.st_mtime_ns))


def edit(path: Path, *, unseen: bool = False) -> None:
    """Change a figure in a kept database, as somebody with DuckDB would."""
    look = path.stat()
    connection = duckdb.connect(str(path))
    connection.execute("UPDATE settlement SET amount = 99")
    connection.close()
    if unseen:
        os.utime(path, ns=(look.st_atime_ns, look.st_mtime_ns))


@pytest.mark.parametrize("cached", [True, False])
def test_a_fact_file_with_a_turned_bit_stops_with_the_cure(book: Book, added: Added, cached: bool) -> None:
    if cached:
        assert total(book) == 5_000
    flip(book.fact_path("settlement", added.sha))
    with pytest.raises(CrossbookError, match="facts settlement: changed since they were read from it") as error:
        total(book)
    assert error.value.where == "s.txt"
    assert error.value.todo == f"make them anew: crossbook book rebuild {added.sha[:12]}"
    with pytest.raises(CrossbookError, match="facts settlement: changed"):
        fact_rows(book, "settlement", added.sha)
    assert any(p.startswith(f"facts settlement/{added.sha[:12]}: changed") for p in check(book).problems)
    assert rebuild(book, only=added.sha[:12]).problems == []
    seals._hashed.cache_clear()
    assert total(book) == 5_000 and check(book).sound


def test_a_bit_that_a_disk_lost_is_found_before_something_is_made_of_it(book: Book, added: Added) -> None:
    connect(book).close()
    flip(book.fact_path("settlement", added.sha), unseen=True)
    with pytest.raises(CrossbookError, match="crossbook book rebuild"):
        total(book)


def test_a_missing_fact_file_stops_with_the_cure(book: Book, added: Added) -> None:
    assert total(book) == 5_000
    book.fact_path("settlement", added.sha).unlink()
    with pytest.raises(CrossbookError, match="facts settlement: missing"):
        total(book)


def test_a_retired_file_of_facts_stops_nobody(book: Book, added: Added) -> None:
    book.decide("retire", added.sha, {"why": "a draft"})
    flip(book.fact_path("settlement", added.sha))
    assert connect(book).rows("SELECT 1 AS n") == [{"n": 1}]


def test_a_kept_table_that_somebody_edited_is_made_anew_and_said(
    book: Book, added: Added, caplog: pytest.LogCaptureFixture
) -> None:
    assert total(book) == 5_000
    path = kept(book, "facts")
    edit(path)
    assert check(book).problems == [
        f"cache/{path.name}: changed since it was made; it is made anew when it is read next"
    ]
    with caplog.at_level(logging.WARNING):
        assert total(book) == 5_000
    assert caplog.messages == [f"{path.name}: a table kept in the book's cache was changed or damaged; it is made anew"]
    assert check(book).sound
    i18n.choose("zh")
    try:
        assert "已重新生成" in i18n.translated(caplog.messages[0])
    finally:
        i18n.choose("en")


def test_an_edit_that_hides_its_time_is_found_by_check(book: Book, added: Added) -> None:
    assert total(book) == 5_000
    edit(kept(book, "facts"), unseen=True)
    assert any(p.startswith("cache/facts-") for p in check(book).problems)


def test_without_its_seal_or_with_one_that_was_made_up_it_is_made_anew(book: Book, added: Added) -> None:
    assert total(book) == 5_000
    path = kept(book, "facts")
    seal = path.with_name(path.name + seals.ENDING)
    for told in ("", "{}", "[]", '{"sha": 1}', seal.read_text().replace('"mac": "', '"mac": "0')):
        edit(path)
        seal.write_text(told)
        assert total(book) == 5_000
    edit(path)
    seal.unlink()
    assert total(book) == 5_000


def test_a_seal_of_another_book_does_not_hold(book: Book, added: Added, tmp_path: Path) -> None:
    from crossbook.book import init_book

    total(book)
    assert seals.holds(book, kept(book, "facts"), whole=True)
    assert not seals.holds(init_book(tmp_path / "other"), kept(book, "facts"), whole=True)


def test_what_is_sealed_again_for_a_copy(book: Book, added: Added, caplog: pytest.LogCaptureFixture) -> None:
    """A copy has other times of change: it is hashed once, and known from then on."""
    total(book)
    path = kept(book, "facts")
    os.utime(path, ns=(1, 1))
    assert total(book) == 5_000 and not caplog.messages
    assert seals._read(path)["changed"] == 1


def test_a_finding_that_somebody_edited_is_found_again(book: Book) -> None:
    from crossbook.settle.cache import keep, load

    path = book.path / "cache" / "x-1.json"
    keep(path, {"n": 1})
    assert load(path) == {"n": 1}
    path.write_text(path.read_text().replace("1}", "2}"))
    assert load(path) is None


def test_the_database_names_no_seal(book: Book, added: Added) -> None:
    database = connect(book)
    assert isinstance(database, Database) and database.shared.hashed
    assert connect(book).shared.hashed is False
