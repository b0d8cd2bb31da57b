"""Why: the chain of reasons behind a figure, down to file and line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crossbook.views.reason import Reason
from crossbook.views.why import sources_of, why
from crossbook.web.frame import Read
from crossbook.web.rendering import render

router = APIRouter()
Name = Annotated[str, Query(max_length=300, description="A payout, order, credit or file.")]


@dataclass(frozen=True)
class Original:
    """A row that a reason rests on: file, line, and its text there."""

    evidence: str
    line: int
    file: str
    text: str


@dataclass(frozen=True)
class Chain:
    """The reasons behind a figure, and the rows at their ends."""

    reason: Reason
    originals: tuple[Original, ...]


@router.get("/why", include_in_schema=False)
def page(request: Request, read: Read, of: Name) -> Response:
    reason = why(read.desk, of)
    return render(request, "why.html", of=of, reason=reason, origin=sources_of(read.desk, reason))


@router.get("/api/why", tags=["evidence"])
def api(read: Read, of: Name) -> Chain:
    """The chain of reasons behind a payout, an order, a credit or a file."""
    reason = why(read.desk, of)
    origin = sources_of(read.desk, reason)
    return Chain(
        reason, tuple(Original(evidence=sha, line=n, file=file, text=text) for (sha, n), (file, text) in origin.items())
    )
