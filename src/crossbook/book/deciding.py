"""Decisions on evidence: taking a file out of use, and using it again. The file stays, and so does the decision."""

from __future__ import annotations

from crossbook.book.book import Book
from crossbook.errors import CrossbookError


def retire(book: Book, name: str, why: str, who: str | None = None) -> str:
    """Journal that a piece of evidence is not used any more; returns its name. Raises CrossbookError."""
    evidence = book.find_evidence(name)
    if evidence["sha"] in book.retired():
        raise CrossbookError(f"{evidence['name']} is out of use already")
    book.decide("retire", evidence["sha"], {"why": why, "name": evidence["name"]}, who)
    return str(evidence["name"])


def reinstate(book: Book, name: str, why: str, who: str | None = None) -> str:
    """Journal that a retired piece of evidence is used again; returns its name. Raises CrossbookError."""
    evidence = book.find_evidence(name)
    if evidence["sha"] not in book.retired():
        raise CrossbookError(f"{evidence['name']} is in use")
    book.decide("reinstate", evidence["sha"], {"why": why, "name": evidence["name"]}, who)
    return str(evidence["name"])
