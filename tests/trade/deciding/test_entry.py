"""Whether two entries in two files are one: what a person says holds, against the texts but not against the facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.book import init_book
from crossbook.decisions import AskedError, RefusedError, decide, kind_of, look, undo
from crossbook.decisions.telling import journal
from crossbook.errors import NotFoundError
from crossbook.settle import settle
from crossbook.views.statements import said
from tests.sources.statement_files import STATEMENTS
from tests.trade.test_banking import mt940, ofx, put, put_text, seen

ENTRY = kind_of("entry")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return init_book(tmp_path / "book", "", "USD", "")


@pytest.fixture
def doubted(book: Book, tmp_path: Path) -> Book:
    """A credit of 60.50 USD in MT940 and in OFX, whose texts do not say whether it is one."""
    other = ofx(("05", "60.50")).replace("AMAZON EU", "PAYMENT RECEIVED")
    put_text(book, tmp_path, a__sta=mt940(("05", "60,50", "X1"), closing="60,50"), b__ofx=other)
    return book


def keys(book: Book) -> dict[tuple[str, int], str]:
    """What entries are called by, by file and amount."""
    database = ENTRY.opens(book).database
    database.ask("lines")
    return {(r["file"], r["amount"]): r["key"] for r in database.rows("SELECT file, amount, key FROM bank_row")}


def decided(book: Book, first: str, second: str, answer: str, **more: object) -> None:
    wish = {"first": first, "second": second, "answer": answer, "why": "the bank says so", **more}
    decide(ENTRY.opens(book), ENTRY, wish)


def undone(book: Book, first: str, second: str) -> None:
    undo(ENTRY.opens(book), ENTRY, {"first": first, "second": second, "why": "a slip"})


def refusals(book: Book, first: str, second: str, answer: str) -> list[str]:
    found = look(ENTRY.opens(book), ENTRY, {"first": first, "second": second, "answer": answer, "why": "x"})
    return [o.text for o in found.refused]


def test_what_is_in_doubt_is_counted_once_where_a_person_says_so(doubted: Book) -> None:
    amounts, found = seen(doubted)
    assert amounts == [6050, 6050]
    (perhaps,) = found.perhaps
    decided(doubted, perhaps.key, perhaps.other_key, "same")
    amounts, found = seen(doubted)
    assert (amounts, found.perhaps) == ([6050], ())
    assert [(a.count, {a.file, a.used_file}) for a in found.again] == [(1, {"a.sta", "b.ofx"})]
    assert [c["amount"] for c in settle(doubted, restore=False).side.open_credits] == [6050]
    undone(doubted, perhaps.other_key, perhaps.key)
    amounts, found = seen(doubted)
    assert (amounts, len(found.perhaps)) == ([6050, 6050], 1)


def test_what_a_person_calls_two_is_not_asked_again(doubted: Book) -> None:
    (perhaps,) = seen(doubted)[1].perhaps
    decided(doubted, perhaps.other_key, perhaps.key, "two")
    amounts, found = seen(doubted)
    assert (amounts, found.perhaps, found.again) == ([6050, 6050], (), ())
    assert [s.kind for s in said(ENTRY.opens(doubted).database)] == []
    (told,) = journal(doubted, "entry")
    assert told.text.startswith("60.50 USD on 2026-01-05 in ") and told.text.endswith(" is counted twice")
    assert told.standing and told.undoable
    with pytest.raises(RefusedError):
        decided(doubted, perhaps.key, perhaps.other_key, "two")


def test_what_the_book_took_for_one_is_parted_and_united_again(book: Book) -> None:
    put(book, STATEMENTS / "dup_mt940.sta", STATEMENTS / "dup_camt053.xml")
    named = keys(book)
    one, other = named["dup_mt940.sta", 6050], named["dup_camt053.xml", 6050]
    assert refusals(book, one, other, "same") == ["they are counted as one already"]
    decided(book, one, other, "two")
    amounts, found = seen(book)
    assert (amounts, found.again, found.perhaps) == ([6050, 6050], (), ())
    decided(book, one, other, "same")
    assert seen(book)[0] == [6050]
    undone(book, one, other)
    assert seen(book)[0] == [6050]


def test_entries_in_the_same_words_in_two_files_of_one_format_are_parted(book: Book, tmp_path: Path) -> None:
    texts = {
        "a__sta": mt940(("05", "60,50", "X1"), ("06", "1,00", "Y"), closing="61,50"),
        "b__sta": mt940(("05", "60,50", "X1"), ("07", "2,00", "Z"), closing="62,50"),
        "c__sta": mt940(("05", "60,50", "X1"), ("08", "3,00", "V"), closing="63,50"),
    }
    put_text(book, tmp_path, **texts)
    assert seen(book)[0] == [6050, 100, 200, 300]
    named = keys(book)
    decided(book, named["a.sta", 6050], named["b.sta", 6050], "two")
    assert seen(book)[0] == [6050, 6050, 100, 200, 300]
    undone(book, named["a.sta", 6050], named["b.sta", 6050])
    assert seen(book)[0] == [6050, 100, 200, 300]


def test_what_the_facts_contradict_is_refused(doubted: Book, tmp_path: Path) -> None:
    put_text(
        doubted,
        tmp_path,
        c__sta=mt940(("05", "60,50", "Q"), ("06", "60,50", "R"), closing="121,00", account="DE75512108001245126199"),
        d__sta=mt940(("05", "61,50", "Q"), ("14", "60,50", "R2"), closing="122,00"),
    )
    named = {}
    database = ENTRY.opens(doubted).database
    database.ask("lines")
    for r in database.rows("SELECT file, amount, day(booked_on) AS day, key FROM bank_row"):
        named[r["file"], r["amount"], r["day"]] = r["key"]
    first = named["a.sta", 6050, 5]
    cases = {
        ("c.sta", 6050, 5): "of the account",
        ("d.sta", 6150, 5): "61.50 USD",
        ("d.sta", 6050, 14): "more than 5 days apart",
    }
    for other, text in cases.items():
        told = "; ".join(refusals(doubted, first, named[other], "same"))
        assert text in told
        with pytest.raises(RefusedError):
            decided(doubted, first, named[other], "same")
    both = refusals(doubted, named["c.sta", 6050, 5], named["c.sta", 6050, 6], "same")
    assert "both stand in c.sta, which tells two entries" in both
    for nothing in ("soon", "0123456789ab:7", first + "'"):
        with pytest.raises(NotFoundError):
            refusals(doubted, first, nothing, "same")


def test_a_file_that_tells_both_rules_out_that_they_are_one(book: Book, tmp_path: Path) -> None:
    """a and b agree on one; b tells another of the same amount, which a person cannot make the same entry too."""
    put_text(
        book,
        tmp_path,
        a__sta=mt940(("05", "60,50", "111222333"), closing="60,50"),
        b__sta=mt940(("05", "60,50", "111222333"), ("05", "60,50", "444555666"), closing="121,00"),
    )
    database = ENTRY.opens(book).database
    database.ask("lines")
    named = {(r["file"], r["name"]): r["key"] for r in database.rows("SELECT file, name, key FROM bank_row")}
    assert refusals(book, named["a.sta", "111222333"], named["b.sta", "444555666"], "same") == [
        "b.sta tells both, as two entries"
    ]


def test_another_day_is_named(book: Book, tmp_path: Path) -> None:
    put_text(book, tmp_path, a__sta=mt940(("05", "60,50", "X1"), closing="60,50"), b__ofx=ofx(("07", "60.50")))
    named = keys(book)
    wish = {"first": named["a.sta", 6050], "second": named["b.ofx", 6050], "answer": "same", "why": "the bank's letter"}
    opened = ENTRY.opens(book)
    with pytest.raises(AskedError):
        decide(opened, ENTRY, wish)
    (question,) = look(opened, ENTRY, wish).asks
    decide(opened, ENTRY, wish, yes=[question.answer])
    assert seen(book)[0] == [6050]


def test_a_decision_on_a_file_that_is_out_of_use_changes_nothing(doubted: Book) -> None:
    (perhaps,) = seen(doubted)[1].perhaps
    decided(doubted, perhaps.key, perhaps.other_key, "same")
    file = kind_of("file")
    decide(file.opens(doubted), file, {"file": "b.ofx"})
    assert seen(doubted)[0] == [6050]
    assert ENTRY.holds and ENTRY.holds(ENTRY.opens(doubted), doubted.journal()[0])
    undo(file.opens(doubted), file, {"file": "b.ofx"})
    assert seen(doubted)[0] == [6050]
    undone(doubted, perhaps.key, perhaps.other_key)
    assert seen(doubted)[0] == [6050, 6050]
