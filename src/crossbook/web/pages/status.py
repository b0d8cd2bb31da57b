"""Whether the figures on a page are still those of the book; asked by the note that says they are old."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from crossbook.web.frame import Reader
from crossbook.web.live import Live
from crossbook.web.rendering import render

router = APIRouter()
PATIENCE = 10.0


@router.get("/fresh", include_in_schema=False)
def fresh(request: Request, session: Reader) -> Response:
    live: Live = request.app.state.live
    _, ready = live.snapshot(PATIENCE)
    if ready:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    stage, done, total = live.progress
    return render(request, "stale.html", stage=stage, done=done, total=total)


class Status(BaseModel):
    """Whether the figures are those of the book as it is now, and how far new ones are."""

    fresh: bool
    stage: str
    done: int
    total: int


@router.get("/api/status", tags=["session"])
def api(request: Request, session: Reader) -> Status:
    """Whether the figures are those of the book as it is now."""
    live: Live = request.app.state.live
    _, ready = live.snapshot(0.0)
    stage, done, total = live.progress
    return Status(fresh=ready, stage=stage, done=done, total=total)
