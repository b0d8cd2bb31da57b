"""The list of a fleet's books: what may be listed, under which names, and what is said of what may not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crossbook.book import init_book
from crossbook.errors import CrossbookError
from crossbook.fleet.listing import add_books, init_fleet, open_fleet


def test_books_folders_and_lists(tmp_path: Path) -> None:
    for name in ("a/book", "b/book", "c/deep/shop 1"):
        init_book(tmp_path / name, name, "USD")
    (tmp_path / "list.txt").write_text("# ours\na/book\n\nmissing/shop\n", encoding="utf-8")
    fleet = init_fleet(tmp_path / "fleet", '曲"线\\')
    fleet, added = add_books(fleet, [tmp_path / "a/book"])
    assert [m.id for m in added] == ["a"]  # its folder is called book, which tells nothing
    fleet, added = add_books(fleet, [tmp_path / "list.txt", tmp_path / "c", tmp_path / "b"])
    assert [m.id for m in added] == ["shop", "shop_1", "b"]  # what is listed and missing is listed
    again = open_fleet(tmp_path / "fleet")
    assert again.name == '曲"线\\' and [m.path.resolve() for m in again.books] == [
        m.path.resolve() for m in fleet.books
    ]
    assert add_books(again, [tmp_path / "a/book"])[1] == []


def test_two_books_of_one_name(tmp_path: Path) -> None:
    for name in ("x/shop", "y/shop"):
        init_book(tmp_path / name, name, "USD")
    _, added = add_books(init_fleet(tmp_path / "fleet"), [tmp_path])
    assert [m.id for m in added] == ["shop", "shop-2"]


def test_what_lies_in_a_book_is_no_other_book(tmp_path: Path) -> None:
    init_book(tmp_path / "books" / "shop", "shop", "USD")
    init_book(tmp_path / "far", "far", "USD")
    (tmp_path / "books" / "shop" / "set-aside").mkdir()
    shutil.copytree(tmp_path / "far", tmp_path / "books" / "shop" / "set-aside" / "before-recovery-1")
    (tmp_path / "books" / "link").symlink_to(tmp_path / "far")
    (tmp_path / "books" / "round").symlink_to(tmp_path / "books")
    fleet, added = add_books(init_fleet(tmp_path / "fleet"), [tmp_path / "books"])
    assert sorted(m.id for m in added) == ["far", "shop"]
    assert add_books(fleet, [tmp_path / "books" / "shop" / "book.toml"])[1] == []
    (tmp_path / "list.txt").write_bytes("\ufeffbooks/shop\r\n".encode())  # as Notepad saves it
    assert add_books(fleet, [tmp_path / "list.txt"])[1] == []
    (tmp_path / "orders.csv").write_text("order,amount\n1,2.00\n", encoding="utf-8")
    with pytest.raises(CrossbookError, match="not a list of books"):
        add_books(fleet, [tmp_path / "orders.csv"])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[[book]\n", "not valid TOML"),
        ("[[book]]\nid = 'a'\n", "must have an id and a path"),
        ("[[book]]\nid = '../a'\npath = 'x'\n", "cannot be the id"),
        ("[[book]]\nid = 'a'\npath = 'x'\n[[book]]\nid = 'a'\npath = 'y'\n", "two books have the id"),
        # one book under two ids would have each of its papers in two books
        ("[[book]]\nid = 'a'\npath = 'x'\n[[book]]\nid = 'b'\npath = 'y/../x'\n", "are one book"),
        ("[[books]]\nid = 'a'\npath = 'x'\n", "unknown entry 'books'"),
        ("[[book]]\nid = 'a'\npath = 'x'\nonly = 1\n", "unknown entry 'book.only'"),
        ("[[book]]\nid = ''\npath = 'x'\n", "must have an id and a path"),
        ('[[book]]\nid = "a"\npath = "x\\u0000"\n', "must have an id and a path"),
        (f"[[book]]\nid = '{'店' * 70}'\npath = 'x'\n", "cannot be the id"),
    ],
)
def test_a_list_that_cannot_be(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "fleet.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CrossbookError, match=what):
        open_fleet(tmp_path)


def test_what_is_no_fleet_or_book(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="no fleet here"):
        open_fleet(tmp_path)
    fleet = init_fleet(tmp_path)
    with pytest.raises(CrossbookError, match="a fleet here already"):
        init_fleet(tmp_path)
    with pytest.raises(CrossbookError, match="no such book"):
        add_books(fleet, [tmp_path / "nothing"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(CrossbookError, match="no book in this folder"):
        add_books(fleet, [tmp_path / "empty"])
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CrossbookError, match="a file where a folder should be"):
        init_fleet(tmp_path / "file")
