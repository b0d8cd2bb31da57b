"""Four eyes: who prepared a decision cannot approve it; what was taken back cannot be approved."""

from __future__ import annotations

import pytest

from crossbook.book import Book
from crossbook.book.approving import approve, decisions
from crossbook.errors import CrossbookError, NotFoundError


def test_someone_else_approves(book: Book) -> None:
    entry = book.decide("match", "P1", {"payouts": ["P1"], "credits": ["c"]}, "li")
    with pytest.raises(CrossbookError, match="li prepared entry 1 and cannot approve it"):
        approve(book, entry.seq, "li")
    approve(book, entry.seq, "wang")
    (decision,) = decisions(book)
    assert (decision.approved_by, decision.standing) == ("wang", True)
    with pytest.raises(CrossbookError, match="was approved by wang"):
        approve(book, entry.seq, "zhao")
    assert book.journal()[-1].body == {"entry": 1, "hash": entry.hash}


def test_what_was_taken_back(book: Book) -> None:
    first = book.decide("accept", "P1", {}, "li")
    undone = book.decide("unaccept", "P1", {}, "li")
    second = book.decide("accept", "P1", {}, "li")
    assert [(d.entry.seq, d.standing) for d in decisions(book)] == [(3, True), (2, True), (1, False)]
    with pytest.raises(CrossbookError, match="entry 1 was taken back"):
        approve(book, first.seq, "wang")
    approve(book, undone.seq, "wang")
    approve(book, second.seq, "wang")


def test_what_needs_none(book: Book) -> None:
    entry = book.decide("add", "sha", {}, "li")
    with pytest.raises(CrossbookError, match="needs no approval"):
        approve(book, entry.seq, "wang")
    approval = book.decide("retire", "sha", {}, "li")
    approved = approve(book, approval.seq, "wang")
    with pytest.raises(NotFoundError, match="no decision"):
        approve(book, approved.seq, "zhao")
    with pytest.raises(NotFoundError, match="no decision 99"):
        approve(book, 99, "wang")
