"""The verification board, the queue of trades that need somebody, what an authority would reject."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from crossbook.trade.witnesses import WORDS
from crossbook.verify.audience import AUDIENCES, Answer, answer
from crossbook.verify.board import SORTS, Asked, Board, Listed, accounts, board, listed
from crossbook.verify.offline import Offline, offline
from crossbook.verify.parties import Screened, screened
from crossbook.verify.rule import VERDICTS
from crossbook.verify.rules import rules
from crossbook.verify.trade import Trade, trade
from crossbook.views.lists import pages_of
from crossbook.web.frame import Paging, Read, TheBook, a_day, on_a_page
from crossbook.web.rendering import render

router = APIRouter()


def _asked(
    paging: Paging,
    verdict: Annotated[str, Query(description=f"One of {', '.join(VERDICTS)}.")] = "",
    rule: Annotated[str, Query(description="The name of a rule.")] = "",
    account: str = "",
    sort: Annotated[str, Query(description=f"One of {', '.join(SORTS)}.")] = "",
) -> Asked:
    return Asked(
        verdict=verdict,
        rule=rule,
        account=account,
        search=paging.q,
        sort=sort or "stake",
        descending=paging.way != "asc",
        page=paging.page,
        per_page=paging.per_page,
    )


Wanted = Annotated[Asked, Depends(_asked)]
For = Annotated[str, Query(alias="for", description=f"One of {', '.join(AUDIENCES)}.")]


@router.get("/verify", include_in_schema=False)
def page(request: Request, read: Read, audience: For = "", on: str = "", registered: bool = False) -> Response:
    database = read.desk.database
    day = a_day(on, read.day)
    told = answer(database, audience, day, listed=registered) if audience else None
    return render(
        request,
        "verify.html",
        found=board(database),
        verdicts=VERDICTS,
        audiences=AUDIENCES,
        told=told,
        witness_words=WORDS,
        screened=screened(database),
        off=offline(database, read.desk.side.open_credits),
        side=read.desk.side,
        registered=registered,
    )


@router.get("/verify/trades", include_in_schema=False)
def queue(request: Request, read: Read, asked: Wanted) -> Response:
    found = listed(read.desk.database, asked)
    pages = pages_of(found.n, asked.per_page)
    on_a_page(asked.page, pages)
    return render(
        request,
        "trades.html",
        found=found,
        choice=asked,
        verdicts=VERDICTS,
        rules=rules(),
        accounts=accounts(read.desk.database),
        titles={r.name: r.title for r in rules()},
        pages=pages,
    )


@router.get("/api/verify", tags=["verify"])
def api(read: Read) -> Board:
    """How many trades have which verdict, which rules they break, and what hangs on them."""
    return board(read.desk.database)


@router.get("/api/verify/trades", tags=["verify"])
def api_trades(read: Read, asked: Wanted) -> Listed:
    """A page of trades with their verdicts."""
    return listed(read.desk.database, asked)


@router.get("/api/verify/for", tags=["verify"])
def api_for(
    read: Read,
    audience: Annotated[str, Query(alias="for", description=f"One of {', '.join(AUDIENCES)}.")],
    on: Annotated[str, Query(description="A day, as 2026-06-30; the last one of the evidence else.")] = "",
    registered: Annotated[bool, Query(description="The business is in SAFE's directory of trading firms.")] = False,
) -> Answer:
    """What a bank, a payment institution or customs would reject."""
    return answer(read.desk.database, audience, a_day(on, read.day), listed=registered)


@router.get("/api/verify/parties", tags=["verify"])
def api_parties(read: Read) -> Screened:
    """Parties of trades that may be on a list of the book: each hit with its score and why, entry and days."""
    return screened(read.desk.database)


@router.get("/api/verify/offline", tags=["verify"])
def api_offline(read: Read) -> list[Offline]:
    """Bank credits with no order behind them, and the papers that would make each of them provable."""
    return offline(read.desk.database, read.desk.side.open_credits)


@dataclass(frozen=True)
class RuleTold:
    """One rule: what it looks for, why, where it comes from, and what to do."""

    name: str
    verdict: str
    field: str
    papers: tuple[str, ...]
    title: str
    why: str
    source: str
    todo: str


@router.get("/api/verify/rules", tags=["verify"])
def api_rules(read: Read) -> list[RuleTold]:
    """Every rule of the verify desk."""
    names = RuleTold.__dataclass_fields__
    return [RuleTold(**{k: v for k, v in asdict(r).items() if k in names}) for r in rules()]


@router.get("/api/verify/trade/{order_id:path}", tags=["verify"])
def api_trade(read: Read, book: TheBook, order_id: str) -> Trade:
    """One trade: its verdict, the rules that it breaks, and the match field by field."""
    return trade(read.desk.database, book, order_id)
