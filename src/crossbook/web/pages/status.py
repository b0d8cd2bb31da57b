"""Whether the figures on a page are still those of the book; asked by the note that says they are old."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from crossbook.web.frame import Reader, own_path
from crossbook.web.live import Live
from crossbook.web.rendering import render

router = APIRouter()
PATIENCE = 10.0


@router.get("/fresh", include_in_schema=False)
def fresh(request: Request, session: Reader) -> Response:
    """The note on a page with old figures: how far the new ones are, or a link to them once they are there.

    Nothing is loaded under a reader who may be typing: that is for him to do.
    """
    live: Live = request.app.state.live
    _, ready = live.snapshot(PATIENCE)
    stage, done, total = live.progress
    asked = urlsplit(request.headers.get("HX-Current-URL", ""))
    page = own_path(asked.path + (f"?{asked.query}" if asked.query else "") or "/")
    return render(request, "stale.html", ready=ready, page=page, stage=stage, done=done, total=total)


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
