"""How a table is read, confirmed: what the mapping reads is shown, what it does not read is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.decisions import AskedError, Opened, RefusedError, kind_of, look, look_back
from crossbook.errors import CrossbookError, UnrecognisedError
from tests.decisions.making import decided, plainly, undone

TABLE = """day,in,out,code,remark,branch
2025-01-03,100.50,,CNY,a,1
2025-01-31,,20.25,CNY,b,1
2025-01-15,7.00,,USD,c,1
"""
MAPPING = """kind = "bank"
account = "house"

[columns]
booked_on = "day"
credit = "in"
debit = "out"
currency = "code"
description = "remark"
"""


@pytest.fixture
def opened(book: Book) -> Opened:
    return plainly(book)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "house.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_what_it_reads_is_shown_before(opened: Opened, table: Path) -> None:
    """By hand: 100.50 − 20.25 = 80.25 CNY, 7.00 USD; from the 3rd to the 31st; nobody reads the branch."""
    found = look(opened, kind_of("reading"), {"mapping": "house", "table": table, "text": MAPPING})
    assert found.effects == (
        "tables with these headers are read by the mapping house",
        "3 × bank, 2025-01-03 … 2025-01-31",
        "sum of bank: 80.25 CNY, 7.00 USD",
        "nothing in the table proves this reading: it has no running balance, no totals and no counts",
        "not used: branch",
    )
    assert found.body["rows"] == {"bank": 3} and not found.asks and not found.refused
    assert not (opened.book.path / "mappings").exists()


def test_kept_it_reads_files_and_taken_back_it_does_not(opened: Opened, table: Path) -> None:
    book = opened.book
    (item,) = inputs([table])
    with pytest.raises(UnrecognisedError):
        add(book, item, account="house")
    entry = decided(opened, "reading", mapping="house", table=table, text=MAPPING)
    assert (entry.action, entry.subject, entry.body["mapping"]) == ("map", "house", MAPPING)
    assert add(book, item).facts == {"bank": 3}
    with pytest.raises(RefusedError, match="the mapping house is kept already"):
        decided(opened, "reading", mapping="house", table=table, text=MAPPING)
    assert look_back(opened, kind_of("reading"), {"mapping": "house"}).effects == (
        "no table is read by the mapping house any more",
        "1 files that were read by it stay as they are",
    )
    back = undone(opened, "reading", mapping="house", why="wrong account")
    assert (book.path / "mappings" / "set-aside" / f"house.{back.seq}.toml").read_text("utf-8") == MAPPING
    assert [e["facts"] for e in open_book(book.path).evidence()] == [{"bank": 3}]
    table.write_text(TABLE.replace("7.00", "8.00"), encoding="utf-8")
    with pytest.raises(UnrecognisedError):
        add(book, inputs([table])[0])
    with pytest.raises(RefusedError, match="the book keeps no mapping house"):
        undone(opened, "reading", mapping="house")
    decided(opened, "reading", mapping="house", table=table, text=MAPPING.replace('"house"', '"home"'))


def test_rows_that_are_not_read_are_counted_and_asked_about(opened: Opened, table: Path) -> None:
    table.write_text(TABLE + "soon,1.00,,CNY,d,1\n2025-01-32,1.00,,CNY,e,1\n", encoding="utf-8")
    with pytest.raises(AskedError, match=r"2 rows are not read \(their number .*\), the first in line 5, day: 'soon'"):
        decided(opened, "reading", mapping="house", table=table, text=MAPPING)
    entry = decided(opened, "reading", mapping="house", table=table, text=MAPPING, yes=["2"])
    assert entry.body["rows"] == {"bank": 3}


def test_a_header_that_two_columns_are_read_from_is_asked_about(opened: Opened, table: Path) -> None:
    with pytest.raises(AskedError, match="several columns are read from remark"):
        decided(opened, "reading", mapping="house", table=table, text=MAPPING + 'counterparty = "remark"\n')
    decided(opened, "reading", mapping="house", table=table, text=MAPPING + 'counterparty = "remark"\n', yes=["remark"])


def test_what_cannot_be_is_refused(opened: Opened, table: Path) -> None:
    folder = opened.book.path / "mappings"
    for name in ("../house", "a/b", "house.toml"):
        with pytest.raises(CrossbookError, match="is no name for a mapping"):
            decided(opened, "reading", mapping=name, table=table, text=MAPPING)
    with pytest.raises(RefusedError, match="camt is the name of a format"):
        decided(opened, "reading", mapping="camt", table=table, text=MAPPING)
    empty = table.with_name("empty.csv")
    empty.write_text(TABLE.splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(RefusedError, match="no row of the table is read by it"):
        decided(opened, "reading", mapping="house", table=empty, text=MAPPING)
    assert not folder.exists()
    folder.mkdir()
    (folder / "house.toml").write_text(MAPPING.replace("remark", "branch"), encoding="utf-8")
    with pytest.raises(RefusedError, match="there is another mapping of the name house"):
        decided(opened, "reading", mapping="house", table=table, text=MAPPING)
    assert not opened.book.journal()


def test_one_that_was_written_by_hand_is_confirmed(opened: Opened, table: Path) -> None:
    folder = opened.book.path / "mappings"
    folder.mkdir()
    (folder / "house.toml").write_text(MAPPING, encoding="utf-8")
    decided(opened, "reading", mapping="house", table=table, text=MAPPING)
    assert (folder / "house.toml").read_text("utf-8") == MAPPING
