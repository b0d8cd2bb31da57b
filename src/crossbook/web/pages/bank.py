"""The bank's side: credits and what they were matched to, what is left on either side, and matching by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from crossbook.settle.bank.matching import Match
from crossbook.settle.bank.side import decide_match, undo_match
from crossbook.views.lists import pages_of
from crossbook.web.frame import FormPreparer, Page, Preparer, Read, Reading, back, on_a_page
from crossbook.web.pages.payout import Done, Undoing
from crossbook.web.rendering import render

PAGE = Page("/bank", "Bank", 40)
router = APIRouter()
PER_PAGE = 50
MOST_OPEN = 200  # listed on each side


@dataclass(frozen=True)
class Credit:
    """A credit of a bank account, with the name it goes by."""

    key: str
    account: str
    booked_on: date
    amount: int
    currency: str
    text: str
    evidence: str
    line: int


@dataclass(frozen=True)
class OpenPayout:
    """A payout without a credit."""

    id: str
    account: str
    amount: int
    currency: str
    paid_on: date
    overdue: bool


@dataclass(frozen=True)
class Matched:
    """A match with its credits."""

    match: Match
    credits: tuple[Credit, ...]


@dataclass(frozen=True)
class Side:
    """One page of matches, newest first, and what is left on either side."""

    matches: tuple[Matched, ...]
    total: int
    page: int
    pages: int
    open_payouts: tuple[OpenPayout, ...]
    open_credits: tuple[Credit, ...]
    open_payouts_count: int
    open_credits_count: int


def _side(read: Reading, page: int, q: str) -> Side:
    side = read.desk.side
    found = [m for m, words in side.newest if q.lower() in words]
    pages = pages_of(len(found), PER_PAGE)
    shown = tuple(
        Matched(m, tuple(_credit(side.credits[key]) for key in m.credits))
        for m in found[(page - 1) * PER_PAGE : page * PER_PAGE]
    )
    waiting = tuple(
        OpenPayout(p.key, p.account, p.amount, p.currency, p.paid_on, side.overdue(p))
        for p in side.open_payouts[:MOST_OPEN]
    )
    credits = tuple(_credit(c) for c in reversed(side.open_credits[-MOST_OPEN:]))
    return Side(shown, len(found), page, pages, waiting, credits, len(side.open_payouts), len(side.open_credits))


def _credit(row: dict[str, Any]) -> Credit:
    text = " ".join(str(row[n]) for n in ("counterparty", "description", "reference") if row[n])
    return Credit(
        row["key"], row["account"], row["booked_on"], row["amount"], row["currency"], text, row["evidence"], row["line"]
    )


Number = Annotated[int, Query(ge=1, le=10**9)]
Text = Annotated[str, Query(max_length=200)]


@router.get("/bank", include_in_schema=False)
def page(request: Request, read: Read, page: Number = 1, q: Text = "") -> Response:
    found = _side(read, page, q)
    on_a_page(found.page, found.pages)
    return render(request, "bank.html", found=found, q=q)


@router.get("/api/bank", tags=["settle"])
def api(read: Read, page: Number = 1, q: Text = "") -> Side:
    """Matches between payouts and bank credits, and what is left on either side."""
    return _side(read, page, q)


class Matching(BaseModel):
    """A payout, the credit that it arrived as, and what shows it."""

    payout: str
    credit: str = Field(description="The credit's key, as in GET /api/bank.")
    why: str = Field(default="", max_length=2000)


@router.post("/api/match", tags=["settle"])
def api_match(session: Preparer, read: Read, body: Matching) -> Done:
    """Match a payout with a credit by hand: a journal entry."""
    decide_match(read.desk.book, read.desk.side, body.payout, body.credit, body.why, session.user)
    return Done(payout=body.payout, done="match")


@router.post("/api/unmatch", tags=["settle"])
def api_unmatch(session: Preparer, read: Read, body: Undoing) -> Done:
    """Take a match by hand back: a journal entry."""
    undo_match(read.desk.book, body.payout, session.user)
    return Done(payout=body.payout, done="unmatch")


@router.post("/match", include_in_schema=False)
def match(
    session: FormPreparer, read: Read, payout: Annotated[str, Form()], credit: Annotated[str, Form()],
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:  # fmt: skip
    decide_match(read.desk.book, read.desk.side, payout, credit, why, session.user)
    return back("/bank")


@router.post("/unmatch", include_in_schema=False)
def unmatch(session: FormPreparer, read: Read, payout: Annotated[str, Form()]) -> Response:
    undo_match(read.desk.book, payout, session.user)
    return back("/bank")
