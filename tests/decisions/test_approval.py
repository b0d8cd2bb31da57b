"""Four eyes: who prepared a decision cannot approve it; what was taken back cannot be approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crossbook.book import Book
from crossbook.book.accounts import put_user, remove_user
from crossbook.book.journal import Entry
from crossbook.decisions import Look, Opened, RefusedError, Wish, decide, kind_of
from crossbook.decisions.telling import journal
from crossbook.errors import CrossbookError, NotFoundError
from tests.decisions.making import decided, plainly, undone


def approve(book: Book, seq: int, who: str) -> Entry:
    return decided(plainly(book), "approval", entry=seq, who=who)


def test_someone_else_approves(book: Book) -> None:
    entry = book.decide("retire", "sha", {"name": "x.csv"}, "li")
    with pytest.raises(CrossbookError, match="li prepared entry 1 and cannot approve it"):
        approve(book, entry.seq, "li")
    approve(book, entry.seq, "wang")
    decision = journal(book)[-1]
    assert (decision.approved_by, decision.standing) == ("wang", True)
    with pytest.raises(CrossbookError, match="was approved by wang"):
        approve(book, entry.seq, "zhao")
    assert book.journal()[-1].body == {"entry": 1, "hash": entry.hash, "why": ""}
    with pytest.raises(CrossbookError, match="wang gave the approval of entry 1"):
        undone(plainly(book), "approval", entry=1, who="li")
    undone(plainly(book), "approval", entry=1, who="wang")
    assert journal(book)[-1].approved_by is None
    approve(book, entry.seq, "zhao")


@pytest.mark.parametrize("who", ["Li Lei", "li lei ", "Lі Lei", "ＬＩ ＬＥＩ", "li\u200b lei", "LiLei", "li.lei"])
def test_a_name_that_looks_the_same_is_not_somebody_else(book: Book, who: str) -> None:
    entry = book.decide("retire", "sha", {"name": "x.csv"}, "li lei")
    with pytest.raises(CrossbookError, match=r"li lei prepared entry 1, and .* looks like the same name"):
        approve(book, entry.seq, who)
    approve(book, entry.seq, "li lai")


def test_what_was_taken_back(book: Book) -> None:
    first = book.decide("retire", "sha", {"name": "x.csv"}, "li")
    back = book.decide("reinstate", "sha", {"name": "x.csv"}, "li")
    second = book.decide("retire", "sha", {"name": "x.csv"}, "li")
    assert [(d.seq, d.standing) for d in journal(book)] == [(3, True), (2, True), (1, False)]
    with pytest.raises(CrossbookError, match="entry 1 was taken back"):
        approve(book, first.seq, "wang")
    approve(book, back.seq, "wang")
    approve(book, second.seq, "wang")


def test_what_needs_none(book: Book) -> None:
    entry = book.decide("add", "sha", {}, "li")
    with pytest.raises(CrossbookError, match="needs no approval"):
        approve(book, entry.seq, "wang")
    approval = book.decide("retire", "sha", {}, "li")
    approved = approve(book, approval.seq, "wang")
    with pytest.raises(CrossbookError, match="needs no approval"):
        approve(book, approved.seq, "zhao")
    with pytest.raises(NotFoundError, match="no decision 99"):
        approve(book, 99, "wang")


def test_who_did_not_log_in_is_not_told_apart(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "li")
    by_command = book.decide("retire", "sha", {})
    with pytest.raises(CrossbookError, match="made without logging in: nothing shows that li is not wang"):
        approve(book, by_command.seq, "wang")
    assert [d.unproved for d in journal(book)] == [True]


def test_a_name_that_never_was_an_account(book: Book) -> None:
    """Journals from before say no more than a name: only an account, kept or removed, proves it."""
    for name in ("anna", "wang"):
        put_user(book, name, "approver", "four words are enough")
    old = book.decide("retire", "sha 1", {}, "li")
    hers = book.decide("retire", "sha 2", {}, "anna")
    remove_user(book, "anna", "wang")
    with pytest.raises(CrossbookError, match="nothing shows that li is not wang"):
        approve(book, old.seq, "wang")
    approve(book, hers.seq, "wang")


def test_a_check_sees_the_journal_that_it_is_written_to(book: Book) -> None:
    book.decide("retire", "sha", {}, "li")

    def check(entries: list[Entry]) -> None:
        raise CrossbookError(f"{len(entries)} before")

    with pytest.raises(CrossbookError, match="1 before"):
        book.decide("retire", "other", {}, "li", check=check)
    assert len(book.journal()) == 1


def test_what_is_taken_back_while_an_approver_looks_is_not_approved(book: Book) -> None:
    entry = book.decide("retire", "sha", {"name": "x.csv"}, "li")
    kind, looks = kind_of("approval"), []

    def slow(opened: Opened, wish: Wish, who: str | None) -> Look:
        found = kind.look(opened, wish, who)
        looks.append(found.refused)
        if len(looks) == 1:
            book.decide("reinstate", "sha", {"name": "x.csv"}, "li")
        return found

    with pytest.raises(RefusedError, match="entry 1 was taken back"):
        decide(plainly(book), replace(kind, look=slow), {"entry": entry.seq}, who="wang")
    assert [e.action for e in book.journal()] == ["retire", "reinstate"]
