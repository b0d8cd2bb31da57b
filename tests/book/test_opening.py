"""A book, and files for it, are named by text as well as by a Path."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.mapping import preview
from crossbook.book.opening import inputs
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError
from crossbook.web.live import Live
from tests.conftest import GOLDEN


def test_text_names_a_book(tmp_path: Path) -> None:
    folder = str(tmp_path / "b")
    assert init_book(folder).path == Path(folder)
    book = open_book(folder)
    assert book == open_book(Path(folder)) and isinstance(book.path, Path)
    for found in (inputs([str(GOLDEN / "camt.xml")]), inputs(str(GOLDEN / "camt.xml")), inputs(GOLDEN / "camt.xml")):
        assert found == inputs([GOLDEN / "camt.xml"])
    assert add(book, found[0]).status == "added"
    assert raw_facts(book).rows("SELECT count(*) > 0 AS some FROM bank") == [{"some": True}]
    assert Live(folder).path == Path(folder)
    with pytest.raises(CrossbookError, match="no book here"):
        open_book(str(tmp_path))
    with pytest.raises(CrossbookError, match="there is a book here already"):
        init_book(folder)


def test_a_folder_is_named_as_people_and_programs_name_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert init_book("~/b").path == tmp_path / "b"
    for name in ("~/b", "~/b/", "b", "b//", "./b", b"b", b"~/b", Path("~/b"), tmp_path / "b"):
        assert open_book(name).path.resolve() == tmp_path / "b"
    (tmp_path / "~nobody-of-that-name").mkdir()
    assert init_book("~nobody-of-that-name/b").path == Path("~nobody-of-that-name/b")
    for name in ("missing", b"b/catalog.sqlite", "b/evidence", "~/missing"):
        with pytest.raises(CrossbookError, match="no book here"):
            open_book(name)


def test_text_names_a_table_for_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("date,amount,text\n2026-01-01,1.00,a\n", encoding="utf-8")
    assert preview(str(path), currency="EUR", account="x") == preview(path, currency="EUR", account="x")
