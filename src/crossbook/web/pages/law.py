"""The law behind a duty: every dated row of a measure, why a tariff number is in its scope, and what it displaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crossbook.duty import quote
from crossbook.duty.desk import foreign_duties, law_of
from crossbook.duty.lines import digits, dotted
from crossbook.duty.tables import Measure, Rule
from crossbook.errors import NotFoundError
from crossbook.web.frame import Read, Reading
from crossbook.web.rendering import render

router = APIRouter()
Of = Annotated[str, Query(max_length=60, description="A measure (s301:3) or its heading (9903.88.03).")]
Hts = Annotated[str, Query(max_length=20, description="A tariff number, to see why it is in scope.")]


@dataclass(frozen=True)
class InScope:
    """A row that puts the tariff number into a measure's scope."""

    scope: str
    since: date
    until: date
    source: str


@dataclass(frozen=True)
class LegalBasis:
    """The dated rows of a measure, the rows of its scope that hold the number asked for, and the rules of stacking."""

    measures: tuple[Measure, ...]
    scope: tuple[InScope, ...]
    rules: tuple[Rule, ...]


def _basis(read: Reading, of: str, hts: str) -> LegalBasis:
    law = law_of(read.desk.database)
    heading = dotted(of) if of.isdigit() else of
    measures = tuple(m for m in law.measures if heading in (m.id, m.heading))
    if not measures:
        raise NotFoundError(f"no measure {of!r}", todo="see /products")
    scopes = {s.lstrip("+-") for m in measures for s in m.scopes}
    programmes = {m.programme for m in measures}
    inside: list[InScope] = []
    if hts:
        for scope, rows in law.scopes.of(digits(hts)).items():
            if scope in scopes:
                inside += [
                    InScope(scope=scope, since=since, until=until, source=source) for since, until, source in rows
                ]
    rules = tuple(r for r in law.rules if programmes & {r.winner, r.loser})
    return LegalBasis(measures, tuple(inside), rules)


@router.get("/law", include_in_schema=False)
def page(request: Request, read: Read, of: Of, hts: Hts = "") -> Response:
    return render(
        request,
        "law.html",
        of=of,
        hts=dotted(digits(hts)) if hts else "",
        found=_basis(read, of, hts),
    )


@router.get("/api/law", tags=["duty"])
def api(read: Read, of: Of, hts: Hts = "") -> LegalBasis:
    """The legal basis of a measure."""
    return _basis(read, of, hts)


@router.get("/api/landed", tags=["duty"])
def landed(
    read: Read,
    hts: Hts,
    value: Annotated[str, Query(max_length=30, description="Of one, in units of the currency: 12.50")],
    origin: Annotated[str, Query(max_length=60)] = "CN",
    to: Annotated[str, Query(max_length=60)] = "US",
    on: Annotated[date | None, Query()] = None,
    quantity: Annotated[int, Query(ge=1, le=10**9)] = 1,
    currency: Annotated[str, Query(max_length=60)] = "USD",
    beyond: Annotated[bool, Query(description="Answer outside what is known.")] = False,
) -> dict[str, Any]:
    """The whole bill of landing goods on a day (today else), as `crossbook duty landed --json` gives it, by the law as
    shipped and what the book adds: amounts in minor units."""
    database = read.desk.database
    bill = quote(
        hts,
        origin,
        to,
        value,
        on,
        quantity=quantity,
        currency=currency.upper(),
        beyond=beyond,
        law=law_of(database),
        duties=foreign_duties(database),
    )
    return bill.as_dict()
