"""Accounts: roles, Argon2 hashes, nothing told to who guesses; a book without users stays as it was."""

from __future__ import annotations

import sqlite3

import pytest

from crossbook.book import Book
from crossbook.book.accounts import check_password, put_user, remove_user, users
from crossbook.errors import CrossbookError, NotFoundError

PASSWORD = "four words are enough"


def test_a_new_book_has_no_users_and_no_table_for_them(book: Book) -> None:
    assert users(book) == []
    with sqlite3.connect(book.path / "catalog.sqlite") as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "user" not in names
    assert check_password(book, "anna", PASSWORD) is None


def test_adding_changing_and_removing(book: Book) -> None:
    assert put_user(book, "anna", "reader", PASSWORD, "root")
    assert [(u.name, u.role) for u in users(book)] == [("anna", "reader")]
    assert check_password(book, "anna", PASSWORD)
    assert check_password(book, "anna", PASSWORD + "!") is None
    assert check_password(book, "Anna", PASSWORD) is None
    assert not put_user(book, "anna", "approver", "a quite different one", "root")
    assert check_password(book, "anna", PASSWORD) is None
    user = check_password(book, "anna", "a quite different one")
    assert user and user.role == "approver"
    remove_user(book, "anna", "root")
    assert users(book) == [] and check_password(book, "anna", "a quite different one") is None
    assert [(e.action, e.subject) for e in book.journal()] == [("user", "anna")] * 3


def test_names_that_look_alike_are_refused(book: Book) -> None:
    put_user(book, "Li Lei", "preparer", PASSWORD)
    alike = ("lilei", "Li.Lei")
    for name in (*alike, "li lei", "Lі Lei", "Li  Lei", "Li Leі", "LI LEI", "L1 Lei", "Li Lei\u3164", "Lİ Lei"):
        with pytest.raises(CrossbookError, match="looks like the user Li Lei"):
            put_user(book, name, "approver", PASSWORD)
    with pytest.raises(CrossbookError, match="cannot be a user's name"):
        put_user(book, "Li Lei ", "approver", PASSWORD)
    put_user(book, "modern", "preparer", PASSWORD)
    with pytest.raises(CrossbookError, match="looks like the user modern"):
        put_user(book, "modem", "approver", PASSWORD)  # r and n
    for name in ("Li Lai", "李雷", "李蕾", "Иван", "Ивам"):
        assert put_user(book, name, "approver", PASSWORD)


def test_only_hashes_are_kept(book: Book) -> None:
    put_user(book, "anna", "reader", PASSWORD)
    for path in book.path.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path
    with sqlite3.connect(book.path / "catalog.sqlite") as connection:
        (held,) = connection.execute("SELECT password FROM user").fetchone()
    assert held.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("name", "role", "password", "said"),
    [
        ("", "reader", PASSWORD, "cannot be a user's name"),
        ("a\nb", "reader", PASSWORD, "cannot be a user's name"),
        ("<b>", "reader", PASSWORD, "cannot be a user's name"),
        ("anna", "boss", PASSWORD, "no role 'boss'"),
        ("anna", "reader", "short", "12 characters or more"),
    ],
)
def test_what_is_refused(book: Book, name: str, role: str, password: str, said: str) -> None:
    with pytest.raises(CrossbookError, match=said):
        put_user(book, name, role, password)
    assert users(book) == []


def test_removing_who_is_not_there(book: Book) -> None:
    with pytest.raises(NotFoundError, match="no user 'anna'"):
        remove_user(book, "anna")
