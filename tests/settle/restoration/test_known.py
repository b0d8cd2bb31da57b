"""Answers that are kept: the same as when they are worked out, and worked out again when they are not to be trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from crossbook.book import Book
from crossbook.settle.restoration import known
from crossbook.settle.restoration.case import Answer, Case
from crossbook.settle.restoration.explanation import restore

CASES = [
    # 4 of 6 orders make 100.00 in one way; of forty alike in many; 7 explains nothing
    Case(gap=-3300, outs=np.array([1000, 2000, 3000, 3300, 4000, 700])),
    Case(gap=-2500, outs=np.arange(1000, 1400, 10), news=np.array([-1500]), news_odds=np.array([0.2])),
    Case(gap=7, outs=np.array([1000, 2000]), ins=np.array([500]), edge=np.array([30, 40]), edge_odds=np.ones(3)),
]


def same(one: Answer, other: Answer) -> bool:
    told = [(getattr(one, f.name), getattr(other, f.name)) for f in fields(Answer)]
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in told)


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """The cases that were really weighed."""
    found: list[Case] = []

    def count(case: Case) -> Answer:
        found.append(case)
        return restore(case)

    monkeypatch.setattr(known, "restore", count)
    return found


def asked(book: Book, cases: list[Case] = CASES) -> list[Answer]:
    with known.Known(book) as k:
        return [k.answer(case) for case in cases]


def test_a_case_is_weighed_once_and_answered_alike(book: Book, weighed: list[Case]) -> None:
    first = asked(book)
    assert len(weighed) == 3
    again = asked(book)
    assert len(weighed) == 3
    assert all(same(a, b) and same(a, restore(c)) for a, b, c in zip(first, again, CASES, strict=True))


@pytest.mark.parametrize(
    "change",
    [
        {"gap": -3301},
        {"outs": np.array([1000, 2000, 3000, 3300, 4000, 701])},
        {"ins": np.array([1])},
        {"count_gap": -1},
        {"rate_out": (1.0, 9.0)},
    ],
)
def test_another_case_is_another_question(book: Book, weighed: list[Case], change: dict[str, object]) -> None:
    asked(book)
    (answer,) = asked(book, [replace(CASES[0], **change)])
    assert len(weighed) == 4
    assert same(answer, restore(replace(CASES[0], **change)))


def test_amounts_that_move_from_one_array_to_the_next_are_another_case(book: Book, weighed: list[Case]) -> None:
    one, other = np.array([500, 600]), np.array([700])
    asked(book, [Case(gap=100, outs=one, ins=other), Case(gap=100, outs=one[:1], ins=np.array([600, 700]))])
    assert len(weighed) == 2


def _changed(connection: sqlite3.Connection) -> None:
    connection.execute('UPDATE answer SET told = replace(told, \'"verdict": "\', \'"verdict": "x\')')


def _swapped(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE answer SET (told, arrays, sum) = (SELECT told, arrays, sum FROM answer LIMIT 1)")


@pytest.mark.parametrize("damage", [_changed, _swapped])
def test_an_answer_that_was_changed_is_not_believed(
    book: Book, weighed: list[Case], damage: Callable[[sqlite3.Connection], None]
) -> None:
    first = asked(book)
    with sqlite3.connect(book.path / "cache" / known.FILE) as connection:
        damage(connection)
    assert all(same(a, b) for a, b in zip(first, asked(book), strict=True))
    assert len(weighed) >= 5


@pytest.mark.parametrize("bytes_", [b"no database at all", b""])
def test_a_damaged_file_is_made_anew(book: Book, weighed: list[Case], bytes_: bytes) -> None:
    asked(book)
    (book.path / "cache" / known.FILE).write_bytes(bytes_)
    asked(book)
    assert len(weighed) == 6
    asked(book)
    assert len(weighed) == 6


def test_what_was_not_asked_for_longest_goes_first(
    book: Book, weighed: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Case(gap=-i, outs=np.arange(1, 200)) for i in range(1, 4)]
    monkeypatch.setattr(known, "MOST_BYTES", 2 * sum(len(part) for part in known._told(restore(many[0]))) + 500)
    for case in many:
        asked(book, [case])
    assert len(weighed) == 3
    asked(book, many[1:])
    assert len(weighed) == 3
    asked(book, many[:1])
    assert len(weighed) == 4


def test_a_book_that_may_only_be_read_goes_without(book: Book, weighed: list[Case], tmp_path: Path) -> None:
    (book.path / "cache").write_text("not a folder")
    assert same(asked(book)[0], restore(CASES[0]))
