"""Search across orders, payouts, references and amounts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crossbook.views.search import Hits, search
from crossbook.web.frame import Read
from crossbook.web.rendering import render

router = APIRouter()
Text = Annotated[str, Query(max_length=200)]


@router.get("/search", include_in_schema=False)
def page(request: Request, read: Read, q: Text = "") -> Response:
    return render(request, "search.html", found=search(read.desk, q))


@router.get("/api/search", tags=["evidence"])
def api(read: Read, q: Text) -> Hits:
    """Orders, payouts, parcels, customs entries, settlement lines and bank entries that hold a text or an amount."""
    return search(read.desk, q)
