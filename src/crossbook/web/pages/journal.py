"""The journal: what people decided, by whom and why; and its approval by someone else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from crossbook.book.approving import Decision, decisions
from crossbook.book.journal import Entry
from crossbook.settle.match_decisions import approve_decision
from crossbook.views.lists import pages_of
from crossbook.web.frame import Approver, FormApprover, Page, Read, Reader, TheBook, back, on_a_page
from crossbook.web.rendering import render

PAGE = Page("/journal", "Journal", 70)
router = APIRouter()
PER_PAGE = 100
Number = Annotated[int, Query(ge=1, le=10**9)]


@router.get("/journal", include_in_schema=False)
def page(request: Request, session: Reader, book: TheBook, page: Number = 1) -> Response:
    found = decisions(book)
    pages = pages_of(len(found), PER_PAGE)
    on_a_page(page, pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return render(request, "journal.html", found=shown, total=len(found), page=page, pages=pages)


@router.get("/api/journal", tags=["decisions"])
def api(session: Reader, book: TheBook, page: Number = 1) -> list[Decision]:
    """Decisions, newest first, a hundred to a page."""
    return decisions(book)[(page - 1) * PER_PAGE : page * PER_PAGE]


class Approving(BaseModel):
    """The journal entry to approve."""

    entry: int = Field(ge=1, le=2**53)


@router.post("/api/approve", tags=["decisions"])
def api_approve(session: Approver, read: Read, body: Approving) -> Entry:
    """Approve a decision that someone else prepared, logged in; a match is held against the book once more."""
    return approve_decision(read.desk, body.entry, session.user)


@router.post("/approve", include_in_schema=False)
def approve_form(session: FormApprover, read: Read, entry: Annotated[int, Form(ge=1, le=2**53)]) -> Response:
    approve_decision(read.desk, entry, session.user)
    return back("/journal")
