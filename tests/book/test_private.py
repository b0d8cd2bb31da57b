"""Nobody else may read a book; the group may where it may write the book's folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import Added, add
from crossbook.book.checking import check
from crossbook.book.opening import inputs
from crossbook.brand.register import open_register
from crossbook.demo import settings_for
from crossbook.engine import connect
from tests.conftest import GOLDEN

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the system keeps no such rights")


def modes(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.stat().st_mode & 0o777 for p in (folder, *folder.rglob("*"))}


def filled(book: Book) -> None:
    (item,) = inputs([GOLDEN / "stripe_payouts.csv"])
    add(book, item)
    book.decide("match", "p1", {}, "ann")
    connect(book).ask("lines")


def test_nobody_else_may_read_a_new_book(tmp_path: Path) -> None:
    was = os.umask(0)  # the widest that anyone has
    try:
        book = init_book(tmp_path / "deep" / "book")
        filled(book)
        settings_for(book)
        (marks,) = inputs([GOLDEN / "uspto_xml.xml"])
        add(book, marks)
        open_register(connect(book), book)
    finally:
        os.umask(was)
    found = modes(book.path)
    assert found["cache/marks/base"] == found["pictures/logos"] == found["mappings"] == 0o700
    loose = {name: oct(mode) for name, mode in found.items() if mode & 0o077 and not name.endswith(".lock")}
    assert not loose and found["."] == 0o700
    assert {mode for name, mode in found.items() if name.startswith("evidence/") and len(name) > 40} == {0o400}
    assert not check(book).notes


def test_a_folder_of_a_group_stays_one(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    folder.chmod(0o2770)
    book = init_book(folder)
    filled(book)
    found = modes(folder)
    assert found["."] == 0o770 and found["evidence"] == found["facts"] == 0o770
    (original,) = [mode for name, mode in found.items() if name.startswith("evidence/") and len(name) > 40]
    assert original == 0o440
    assert all(mode & 0o060 == 0o060 for name, mode in found.items() if name.endswith((".parquet", ".duckdb", ".toml")))


def test_a_book_that_others_may_look_into_is_said(book: Book, add_text: Callable[..., Added]) -> None:
    book.path.chmod(0o755)
    report = check(open_book(book.path))
    assert report.sound
    assert report.notes == ["whoever uses this machine may look into the book's folder: chmod 700 takes that away"]
