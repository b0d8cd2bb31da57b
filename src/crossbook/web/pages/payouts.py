"""All payouts: filtered, sorted, searched and paged on the server."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from crossbook.settle.desk import ARRIVALS
from crossbook.views.lists import PAYOUT_SORTS, Choice, Payouts, payouts
from crossbook.web.frame import Paging, Read, on_a_page
from crossbook.web.rendering import render

router = APIRouter()


def _choice(
    paging: Paging,
    account: str = "",
    status: Annotated[str, Query(description="A status, or attention for all that need a person.")] = "",
    arrival: Annotated[str, Query(description=f"One of {', '.join(ARRIVALS)}.")] = "",
    currency: str = "",
    sort: Annotated[str, Query(description=f"One of {', '.join(PAYOUT_SORTS)}.")] = "",
) -> Choice:
    filters = {"account": account, "status": status, "arrival": arrival, "currency": currency}
    return Choice(
        filters=filters,
        search=paging.q,
        sort=sort,
        descending=paging.way != "asc",
        page=paging.page,
        per_page=paging.per_page,
    )


Chosen = Annotated[Choice, Depends(_choice)]


@router.get("/payouts", include_in_schema=False)
def page(request: Request, read: Read, choice: Chosen) -> Response:
    found = payouts(read.desk, choice)
    on_a_page(found.page, found.pages)
    return render(request, "payouts.html", found=found, choice=choice, arrivals=ARRIVALS)


@router.get("/api/payouts", tags=["settle"])
def api(read: Read, choice: Chosen) -> Payouts:
    """A page of payouts that fit the filters, with their sums."""
    return payouts(read.desk, choice)
