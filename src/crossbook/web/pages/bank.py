"""The bank's side: credits and what they were matched to, what is left on either side, to be matched by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crossbook.settle.bank.matching import Match
from crossbook.settle.bank.side import BankSide
from crossbook.views.lists import pages_of
from crossbook.views.statements import Said, said
from crossbook.web.frame import Read, Reading, on_a_page
from crossbook.web.rendering import render

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
    """A match with its credits; `currency` is that of its payouts."""

    match: Match
    currency: str
    credits: tuple[Credit, ...]


@dataclass(frozen=True)
class Side:
    """One page of matches, newest first, and what is left on either side.

    `differing` are all matches by hand that something speaks against; `undated` payouts state no day and are not looked
    for; `nothing` and `no_credit` say what it means when none is open; `statements` is what is to be said of the
    statements.
    """

    matches: tuple[Matched, ...]
    total: int
    page: int
    pages: int
    open_payouts: tuple[OpenPayout, ...]
    open_credits: tuple[Credit, ...]
    open_payouts_count: int
    open_credits_count: int
    differing: tuple[Matched, ...]
    undated: int
    nothing: str
    no_credit: str
    statements: tuple[Said, ...]


def _side(read: Reading, page: int, q: str) -> Side:
    side = read.desk.side
    found = [m for m, words in side.newest if q.lower() in words]
    pages = pages_of(len(found), PER_PAGE)
    shown = tuple(_matched(side, m) for m in found[(page - 1) * PER_PAGE : page * PER_PAGE])
    waiting = tuple(
        OpenPayout(
            id=p.key,
            account=p.account,
            amount=p.amount,
            currency=p.currency,
            paid_on=p.paid_on,
            overdue=side.overdue(p),
        )
        for p in side.open_payouts[:MOST_OPEN]
    )
    credits = tuple(_credit(c) for c in reversed(side.open_credits[-MOST_OPEN:]))
    return Side(
        matches=shown,
        total=len(found),
        page=page,
        pages=pages,
        open_payouts=waiting,
        open_credits=credits,
        open_payouts_count=len(side.open_payouts),
        open_credits_count=len(side.open_credits),
        differing=tuple(_matched(side, m) for m in side.differing),
        undated=side.undated,
        nothing=side.nothing,
        no_credit=side.no_credit,
        statements=said(read.desk.database),
    )


def _matched(side: BankSide, m: Match) -> Matched:
    return Matched(m, side.payouts[m.payouts[0]].currency, tuple(_credit(side.credits[key]) for key in m.credits))


def _credit(row: dict[str, Any]) -> Credit:
    text = " ".join(str(row[n]) for n in ("counterparty", "description", "reference") if row[n])
    return Credit(
        key=row["key"],
        account=row["account"],
        booked_on=row["booked_on"],
        amount=row["amount"],
        currency=row["currency"],
        text=text,
        evidence=row["evidence"],
        line=row["line"],
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
