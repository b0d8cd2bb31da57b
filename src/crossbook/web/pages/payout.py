"""One payout: its equation, its orders, rivals to choose among, its bank credit, and the pack for the bank."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crossbook import money
from crossbook.filing import write_pack
from crossbook.printable import file_name
from crossbook.settle import Desk, Payout
from crossbook.settle.bank.matching import Match
from crossbook.settle.closure import Hint
from crossbook.settle.restoration.acceptance import Acceptance, acceptances
from crossbook.settle.restoration.result import Fact, Rival, in_words
from crossbook.views.contents import InsidePage, Term, equation, hints, orders_inside
from crossbook.web.frame import Read, on_a_page
from crossbook.web.rendering import label, part, render

router = APIRouter()
RIVALS_SHOWN = 12


@dataclass(frozen=True)
class Whole:
    """All there is to say of one payout."""

    id: str
    account: str
    payout_id: str
    currency: str
    amount: int
    paid_on: date | None
    status: str
    difference: int | None
    arrival: str
    booked_on: date | None
    short: int | None
    evidence: str
    line: int
    file: str
    equation: list[Term]
    hints: list[Hint]
    in_words: str | None
    rivals: tuple[Rival, ...]
    unlisted: float
    fact: Fact | None
    accepted: Acceptance | None
    match: Match | None
    credits: list[dict[str, Any]]
    orders: InsidePage


def whole(desk: Desk, p: Payout, page: int = 1) -> Whole:
    """A payout as the page and the API show it."""
    r = p.restoration
    return Whole(
        id=p.id,
        account=p.account,
        payout_id=p.payout_id,
        currency=p.currency,
        amount=p.amount,
        paid_on=p.paid_on,
        status=p.status,
        difference=p.difference,
        arrival=desk.arrival(p),
        booked_on=desk.booked_on(p),
        short=desk.short(p),
        evidence=p.evidence,
        line=p.line,
        file=p.file,
        equation=equation(desk, p),
        hints=hints(desk, p),
        in_words=in_words(r) if r else None,
        rivals=r.rivals if r else (),
        unlisted=r.unlisted if r else 0.0,
        fact=r.fact if r else None,
        accepted=p.accepted,
        match=p.match,
        credits=[desk.side.credits[key] for key in p.match.credits] if p.match else [],
        orders=orders_inside(desk, p, page),
    )


@router.get("/payouts/{name:path}", include_in_schema=False)
def page(request: Request, read: Read, name: str, page: Annotated[int, Query(ge=1, le=10**9)] = 1) -> Response:
    p = read.desk.payout(name)
    found = whole(read.desk, p, page)
    on_a_page(found.orders.page, found.orders.pages)
    inside = {o.order_id for o in p.restoration.orders} if p.restoration else set()
    doubtful = orders_inside(read.desk, p, doubtful=True).rows if p.restoration else ()
    return render(
        request,
        "payout.html",
        p=p,
        found=found,
        rivals=found.rivals[:RIVALS_SHOWN],
        chart=_waterfall(found.equation, p.currency),
        outside=[o for o in doubtful if o.order_id not in inside],
        accepted=acceptances(read.desk.book).get(p.id),  # from the journal: the desk may not have seen it yet
    )


@router.get("/api/payouts/{name:path}", tags=["settle"])
def api(read: Read, name: str, page: Annotated[int, Query(ge=1, le=10**9)] = 1) -> Whole:
    """One payout: its equation, a page of its orders, rivals where it was restored, and its bank credit."""
    return whole(read.desk, read.desk.payout(name), page)


@router.get("/pack", include_in_schema=False)
@router.get(
    "/api/pack",
    tags=["settle"],
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}, "description": "PDF, workbook, CSV and remt.001 in a zip."}},
)
def pack(read: Read, payout: Annotated[str, Query(description="The payout's id.")]) -> Response:
    """The bank pack of a payout."""
    held = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        made = write_pack(read.desk, payout, Path(folder))
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in made.files:
                archive.write(path, path.name)
    name = part(f"pack-{file_name(made.payout.id)}.zip")
    headers = {"Content-Disposition": f"attachment; filename=\"pack.zip\"; filename*=UTF-8''{name}"}
    return Response(held.getvalue(), media_type="application/zip", headers=headers)


def _waterfall(terms: list[Term], currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        "digits": money.exponent(currency),
        "terms": [{"name": label(term.what), "amount": term.amount, "role": term.role} for term in terms],
    }
