"""A party is found by whatever way its identifier is written, and by no other's."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.engine import Database
from crossbook.watch.identified import IDENTIFIERS, parties_of, spelled


def book(*, number: str, holder: str, phone: str) -> Database:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE watch_leg (party VARCHAR, account VARCHAR)")
    connection.execute("CREATE TABLE watch_account (number VARCHAR, holder_id VARCHAR, phone VARCHAR)")
    connection.execute("INSERT INTO watch_account VALUES ($1, $2, $3)", [number, holder, phone])
    return Database(connection)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("account", "AB1234 5X"),
        ("account", "ab-12 34/5x"),
        ("holder", "C 7 Q"),
        ("holder", "c\u3000\u30007 q"),  # the blank of Chinese text
        ("phone", "86 138 0013 8000"),
    ],
)
def test_each_way_to_write_it(kind: str, asked: str) -> None:
    there = book(number=" ab-12 34/5x", holder=" c\u3000 7\tq ", phone="+86 (138) 0013-8000")
    wanted = (kind, spelled(kind, asked))
    assert parties_of(there, [wanted]) == {" c\u3000 7\tq ": {wanted}}


def test_what_is_alike_but_for_its_blanks_or_letters_is_another() -> None:
    there = book(number="12345", holder="C 7Q", phone="86138001380001")
    for other in (("holder", "C 7 Q"), ("holder", "C7Q"), ("phone", "8613800138000"), ("account", "123456")):
        assert parties_of(there, [other]) == {}
    assert parties_of(there, []) == {}


@given(st.sampled_from(IDENTIFIERS), st.text(min_size=1, max_size=12).filter(lambda text: "\0" not in text))
def test_any_text_is_found_in_its_spelling(kind: str, text: str) -> None:
    there = book(**{"number": "1", "holder": "H", "phone": "7654321"} | {"number" if kind == "account" else kind: text})
    wanted = (kind, spelled(kind, text))
    found = parties_of(there, [wanted])
    assert wanted[1] == "" or set().union(*found.values()) == {wanted}
