"""Duty already paid that can be claimed back: the list for the broker, each line with its entry and its law."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crossbook.duty.desk import entries, refunds_of
from crossbook.duty.refunds import REASONS, Refund, is_listed
from crossbook.errors import one_of
from crossbook.views.lists import pages_of
from crossbook.web.frame import Read, Reading, on_a_page
from crossbook.web.pages.products import Day, the_day
from crossbook.web.rendering import render

router = APIRouter()
PER_PAGE = 50
Reason = Annotated[str, Query(max_length=20, description="ieepa, exclusion, wrong_list, overpaid, ...")]
Closed = Annotated[bool, Query(description="Also what customs no longer takes.")]
Number = Annotated[int, Query(ge=1, le=10**9)]


@dataclass(frozen=True)
class Sum:
    """What comes back for one reason; `certain` is False where it hangs on a fact that the entry does not tell."""

    reason: str
    certain: bool
    lines: int
    amount: int


@dataclass(frozen=True)
class Unworked:
    """An entry line that could not be worked out, and why."""

    entry: str
    line: int
    reason: str


@dataclass(frozen=True)
class Refunds:
    """One page of candidates, the next deadline first; sums over all of them. Amounts in US cents."""

    sums: tuple[Sum, ...]
    rows: tuple[Refund, ...]
    page: int
    pages: int
    total: int
    closed: int  # in cents: past every protest
    unworked: tuple[Unworked, ...]


def _listed(read: Reading, on: str | None, reason: str, closed: bool, number: int) -> Refunds:
    one_of("reason", reason, REASONS)
    found, refused = refunds_of(read.desk.database, the_day(on, read.day))
    kept = [r for r in found if is_listed(r, closed)]
    amounts: Counter[tuple[str, bool]] = Counter()
    lines: Counter[tuple[str, bool]] = Counter()
    for r in kept:
        amounts[r.reason, r.certain] += r.amount
        lines[r.reason, r.certain] += 1
    sums = sorted((Sum(*key, lines[key], amount) for key, amount in amounts.items()), key=lambda s: -s.amount)
    chosen = [r for r in kept if reason in ("", r.reason)]
    chosen.sort(key=lambda r: (r.deadline is None, r.deadline or r.entered_on, -r.amount, r.entry, r.number))
    pages = pages_of(len(chosen), PER_PAGE)
    here = number
    return Refunds(
        sums=tuple(sums),
        rows=tuple(chosen[(here - 1) * PER_PAGE : here * PER_PAGE]),
        page=here,
        pages=pages,
        total=len(chosen),
        closed=sum(r.amount for r in found if r.amount > 0 and not is_listed(r)),
        unworked=tuple(Unworked(e.entry, e.number, why) for e, why in refused),
    )


@router.get("/refunds", include_in_schema=False)
def page(
    request: Request, read: Read, on: Day = None, reason: Reason = "", closed: Closed = False, page: Number = 1
) -> Response:
    found = _listed(read, on, reason, closed, page)
    on_a_page(found.page, found.pages)
    return render(
        request,
        "refunds.html",
        found=found,
        some=bool(found.rows) or bool(entries(read.desk.database)),
        on=the_day(on, read.day),
        chosen=on or "",
        reason=reason,
        closed=closed,
        reasons=REASONS,
    )


@router.get("/api/refunds", tags=["duty"])
def api(read: Read, on: Day = None, reason: Reason = "", closed: Closed = False, page: Number = 1) -> Refunds:
    """Refund candidates of the book's customs entries, on a day."""
    return _listed(read, on, reason, closed, page)
