"""A mapping that ships reads a file that nothing else knows; the book keeps it as it was, and its own comes first."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crossbook.book.adding import add
from crossbook.book.book import Book
from crossbook.book.checking import rebuild
from crossbook.book.mapping import keep_mapping
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.sources import shipped
from crossbook.sources.mapping import mapping_from_text

WISE = Path(__file__).parents[1] / "sources" / "shipped" / "wise_statement.csv"


def amounts(book: Book) -> list[tuple[str, int]]:
    rows = [r for path in sorted((book.facts_dir / "bank").glob("*.parquet")) for r in pq.read_table(path).to_pylist()]
    return [(r["account"], r["amount"]) for r in sorted(rows, key=lambda r: r["line"])]


def test_a_file_of_a_shipped_layout_is_read(book: Book) -> None:
    with pytest.raises(CrossbookError, match="does not say whose account it is"):
        add(book, inputs([WISE])[0])
    assert not book.evidence()
    assert add(book, inputs([WISE])[0], account="WISE").source == "wise_statement"
    assert amounts(book) == [("WISE", -25_000), ("WISE", 130_000), ("WISE", -50)]


def test_a_later_release_reads_no_file_anew(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    add(book, inputs([WISE])[0], account="WISE")
    changed = shipped.mappings()["wise_statement"].text.replace(
        'date_order = "dmy"', 'date_order = "mdy"\nsign = "out"'
    )
    monkeypatch.setattr(shipped, "mappings", lambda: {"wise_statement": mapping_from_text("wise_statement", changed)})
    assert not rebuild(book).problems
    assert amounts(book) == [("WISE", -25_000), ("WISE", 130_000), ("WISE", -50)]


def test_the_book_s_own_mapping_comes_first(book: Book) -> None:
    columns = 'booked_on = "Date"\namount = "Amount"\ncurrency = "Currency"\n'
    keep_mapping(book, "mine", f'kind = "bank"\naccount = "MINE"\ndate_order = "dmy"\n[columns]\n{columns}')
    assert add(book, inputs([WISE])[0]).source == "mine"
    assert {a for a, _ in amounts(book)} == {"MINE"}


def test_a_balance_that_does_not_follow_stops_it(book: Book, tmp_path: Path) -> None:
    wrong = tmp_path / "statement.csv"
    wrong.write_text(WISE.read_text(encoding="utf-8").replace("1299.50", "1299.40"), encoding="utf-8")
    with pytest.raises(CrossbookError, match="does not follow"):
        add(book, inputs([wrong])[0], account="WISE")
    assert not book.evidence()


def test_the_currency_that_was_said_is_kept_for_reading_again(book: Book) -> None:
    """The file names none; the account is the one above its table."""
    path = WISE.with_name("spdb_corporate.csv")
    with pytest.raises(CrossbookError, match="does not say its currency") as error:
        add(book, inputs([path])[0])
    assert "--currency" in error.value.todo and not book.evidence()
    add(book, inputs([path])[0], currency="USD")
    assert not rebuild(book).problems
    rows = [r for path in (book.facts_dir / "bank").glob("*.parquet") for r in pq.read_table(path).to_pylist()]
    assert {(r["account"], r["currency"]) for r in rows} == {("79100000000000001", "USD")}
