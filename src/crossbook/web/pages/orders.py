"""All orders on a day, by where their money is; and one order's passport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from crossbook.errors import NotFoundError
from crossbook.settle.position import PLACES
from crossbook.verify.trade import MATCHED
from crossbook.verify.trade import trade as verified
from crossbook.views.lists import ORDER_SORTS, Choice, Orders, orders
from crossbook.views.passport import Passport, passport
from crossbook.web.frame import Paging, Read, TheBook, a_day, on_a_page
from crossbook.web.rendering import render

router = APIRouter()


@dataclass(frozen=True)
class _Asked:
    choice: Choice
    on: str


def _asked(
    paging: Paging,
    account: str = "",
    place: Annotated[str, Query(description=f"One of {', '.join(PLACES)}.")] = "",
    currency: str = "",
    sort: Annotated[str, Query(description=f"One of {', '.join(ORDER_SORTS)}.")] = "",
    on: Annotated[str, Query(description="A day, as 2026-06-30; the last one of the evidence else.")] = "",
) -> _Asked:
    filters = {"account": account, "place": place, "currency": currency}
    return _Asked(
        Choice(
            filters=filters,
            search=paging.q,
            sort=sort,
            descending=paging.way != "asc",
            page=paging.page,
            per_page=paging.per_page,
        ),
        on,
    )


Asked = Annotated[_Asked, Depends(_asked)]


@router.get("/orders", include_in_schema=False)
def page(request: Request, read: Read, asked: Asked) -> Response:
    found = orders(read.desk, a_day(asked.on, read.day), asked.choice)
    on_a_page(found.page, found.pages)
    return render(request, "orders.html", found=found, choice=asked.choice, places=PLACES, on=asked.on)


@router.get("/api/orders", tags=["settle"])
def api(read: Read, asked: Asked) -> Orders:
    """A page of the orders known on a day, with where their money is and when it may come."""
    return orders(read.desk, a_day(asked.on, read.day), asked.choice)


@router.get("/orders/{order_id:path}", include_in_schema=False)
def trade(request: Request, read: Read, book: TheBook, order_id: str) -> Response:
    found = passport(read.desk, order_id)
    try:
        told = verified(read.desk.database, book, order_id)
    except NotFoundError:
        told = None  # lines of a settlement alone name it, a refund say: there is no paper to hold against another
    return render(request, "trade.html", found=found, verified=told, papers=MATCHED)


@router.get("/api/orders/{order_id:path}", tags=["settle"])
def api_trade(read: Read, order_id: str) -> Passport:
    """One order's passport: what proves each step of the trade, and which steps nothing proves."""
    return passport(read.desk, order_id)
