"""What may be said in a decision: text that can be kept, days that can be counted from."""

from __future__ import annotations

import os
import pwd
from datetime import date
from typing import Any

import pytest

from crossbook.book import Book
from crossbook.book.book import system_user
from crossbook.decisions import Asked, kind_of, look
from crossbook.decisions.saying import minor, said
from crossbook.errors import CrossbookError
from tests.decisions.making import decided, plainly, undone

CASE = {"case": "suit-1", "procedure": "us_suit"}


def test_names_have_spaces_and_commas_and_stand_on_lines_of_their_own() -> None:
    papers, skus = (Asked(name=n, text="", of=of) for n, of in (("papers", "names"), ("skus", "words")))
    typed = "contract, final (2).pdf\r\n\n  till.csv "
    assert said(kind_of("remark"), (papers,), {"papers": typed})["papers"] == ("contract, final (2).pdf", "till.csv")
    assert said(kind_of("remark"), (papers,), {"papers": ["a b.pdf"]})["papers"] == ("a b.pdf",)
    assert said(kind_of("remark"), (skus,), {"skus": " A-1\nB-2 C,3 "})["skus"] == ("A-1", "B-2", "C,3")


@pytest.mark.parametrize(
    "wish",
    [
        {"why": "half \ud800 a pair"},
        {"why": "nothing \0 there"},
        {"docket": "\udcff"},
        {"skus": ("A", "\ud800")},
        {"happened": {"\ud800": date(2026, 1, 5)}},
        {"case": "\udfff"},
    ],
)
def test_what_is_no_text_is_refused_by_its_name(book: Book, wish: dict[str, Any]) -> None:
    (name,) = wish
    with pytest.raises(CrossbookError, match=f"{name} is no text"):
        decided(plainly(book), "case", **(CASE | wish))
    with pytest.raises(CrossbookError, match="case is no text"):
        undone(plainly(book), "case", case="\ud800")
    assert book.journal() == []


def test_the_journal_itself_takes_only_text(book: Book) -> None:
    for who, subject, text in (("\ud800", "s", ""), ("li", "\0", ""), ("li", "s", "\udcff")):
        with pytest.raises(CrossbookError, match="takes only text"):
            book.decide("match", subject, {"why": text}, who)
    assert book.journal() == []


def test_a_user_whom_the_system_calls_by_odd_bytes_decides(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "m\udcff")
    assert decided(plainly(book), "case", **CASE).who == "m?"


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 1), "9999-12-31", "2026-02-30"])
def test_days_that_nothing_is_counted_from(book: Book, day: Any) -> None:
    with pytest.raises(CrossbookError, match=r"out of range|is not a day"):
        look(plainly(book), kind_of("case"), CASE | {"happened": {"served": day}})
    decided(plainly(book), "case", **CASE)
    with pytest.raises(CrossbookError, match=r"out of range|is not a day"):
        decided(plainly(book), "event", case="suit-1", event="served", on=day)
    assert len(book.journal()) == 1


@pytest.mark.parametrize("name", ["", " ", "a" * 81, "a\nb", "\u202egnp", "\x07"])
def test_the_name_of_a_notice_can_be_seen(book: Book, name: str) -> None:
    with pytest.raises(CrossbookError, match=r"is no name for a notice|needs notice|names a listing"):
        decided(plainly(book), "notice", notice=name, regime="cn", listing="L", complainant="C")
    assert book.journal() == []


@pytest.mark.parametrize("number", ["x", "1.5", 1.5, True, "１", "9" * 16, "-1", [1]])
def test_what_is_no_number(book: Book, number: Any) -> None:
    with pytest.raises(CrossbookError, match="is no number"):
        decided(plainly(book), "approval", who="cy", entry=number)


def test_what_are_no_words(book: Book) -> None:
    with pytest.raises(CrossbookError, match="skus are words, not '5'"):
        decided(plainly(book), "case", **CASE, skus=5)


@pytest.mark.parametrize("amount", [True, 10**17, -(10**17), "NaN", "1e400", [1], "9" * 40])
def test_what_is_no_amount(amount: Any) -> None:
    with pytest.raises(CrossbookError, match=r"not an amount|over 10"):
        minor(amount, "USD")


def test_who_has_no_name_in_the_environment_has_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    assert system_user() == pwd.getpwuid(os.getuid()).pw_name


def test_a_body_takes_no_word_that_is_the_journals_own(book: Book) -> None:
    """Under it a signature stands, which would be held for one that does not hold."""
    with pytest.raises(ValueError, match="'signed'"):
        book.decide("exchange", "s", {"signed": "0a1b"})
    assert book.journal() == []
