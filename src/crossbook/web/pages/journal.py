"""The journal: what people decided, as sentences with links, by whom and why; and its approval by someone else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crossbook.decisions import kinds
from crossbook.decisions.telling import PROOFS, Told, of_kind
from crossbook.web.frame import Reader, TheBook, on_a_page
from crossbook.web.pages.decide import undoing
from crossbook.web.pages.decisions_api import decisions
from crossbook.web.rendering import render

router = APIRouter()


@router.get("/journal", include_in_schema=False)
def page(
    request: Request, session: Reader, book: TheBook, kind: str = "", page: Annotated[int, Query(ge=1, le=10**9)] = 1
) -> Response:
    found = decisions(book, kind, page)
    on_a_page(page, found.pages)
    return render(request, "journal.html", found=found, kind=kind, kinds=of_kind(), back=_back, proofs=PROOFS)


def _back(told: Told) -> str:
    """The page that takes a decision back."""
    return undoing(kinds()[told.kind], told.entry)
