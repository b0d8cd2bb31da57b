"""Marks: the queue of listings that stand too close to one, with pictures side by side, and decisions on hits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crossbook.book import Book
from crossbook.brand import desk
from crossbook.brand.desk import Board
from crossbook.errors import CrossbookError, NotFoundError, ParameterError
from crossbook.views.lists import pages_of
from crossbook.web.frame import Paging, Read, Reading, TheBook, on_a_page
from crossbook.web.rendering import render

router = APIRouter()
Level = Annotated[str, Query(description="act, look or note, and what is graver.")]
PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


@dataclass(frozen=True)
class Queue:
    """Hits of listings on marks, the gravest first."""

    board: Board
    n: int
    hits: list[dict[str, Any]]
    note: str = desk.NOTE


def _open(read: Reading, book: Book) -> None:
    database = read.desk.database
    if not database.rows("SELECT 1 FROM mark LIMIT 1"):
        raise CrossbookError(
            "the book holds no register of trademarks",
            todo="add one: crossbook marks add FILES (crossbook formats names those that are read)",
        )
    if not desk.is_ready(database, book, read.day):
        raise CrossbookError(
            "so many listings are screened by the command", todo="run crossbook marks screen, then load this page again"
        )
    desk.open_brand(database, book, read.day)


def _picture(book: Book, name: str, folder: str = "") -> Path | None:
    """A picture that the user put into the book's folder `pictures` (logos into `pictures/logos`,
    named as the mark)."""
    place = book.path / "pictures" / folder
    if not name or not place.is_dir():
        return None
    stem = Path(name).stem.casefold() if Path(name).suffix.lower() in PICTURES else name.casefold()
    return next(
        (f for f in sorted(place.iterdir()) if f.stem.casefold() == stem and f.suffix.lower() in PICTURES), None
    )


@router.get("/screen", include_in_schema=False)
def page(
    request: Request, read: Read, book: TheBook, paging: Paging, level: Level = "look", gone: bool = False
) -> Response:
    wrong, board, n = None, None, 0
    hits: list[dict[str, Any]] = []
    try:
        _open(read, book)
        board = desk.board(read.desk.database)
        start = (paging.page - 1) * paging.per_page
        n, hits = desk.queue(
            read.desk.database, level="" if gone else level, gone=gone, limit=paging.per_page, offset=start
        )
    except (NotFoundError, ParameterError):
        raise
    except CrossbookError as error:
        wrong = error
    pages = pages_of(n, paging.per_page)
    on_a_page(paging.page, pages)
    return render(
        request,
        "screen.html",
        board=board,
        n=n,
        hits=hits,
        level=level,
        gone=gone,
        levels=desk.LEVELS,
        wrong=wrong,
        page=paging.page,
        pages=pages,
        note=desk.NOTE,
        letters=desk.difference,
    )


@router.get("/screen/picture", include_in_schema=False)
def picture(_: Read, book: TheBook, name: Annotated[str, Query(max_length=200)], logo: bool = False) -> Response:
    found = _picture(book, name, "logos" if logo else "")
    if found is None:
        raise NotFoundError("there is no such picture")
    return Response(found.read_bytes(), media_type=PICTURES[found.suffix.lower()])


@router.get("/screen/{listing:path}", include_in_schema=False)
def one(request: Request, read: Read, book: TheBook, listing: str) -> Response:
    _open(read, book)
    database = read.desk.database
    told = next(
        iter([x for batch in desk.listings_of(database, "listing = $listing", listing=listing) for x in batch]), None
    )
    if told is None:
        raise NotFoundError(f"no listing {listing!r}", todo="see /screen")
    _, hits = desk.queue(database, listing=listing, limit=100)
    _, gone = desk.queue(database, listing=listing, gone=True, limit=100)
    logos = {h["mark"]: bool(_picture(book, h["mark"], "logos")) for h in (*hits, *gone)}
    return render(
        request,
        "screen_listing.html",
        told=told,
        hits=hits,
        gone=gone,
        papers=desk.dossier(database, told.sku),
        logos=logos,
        shown=bool(_picture(book, told.picture)),
        note=desk.NOTE,
        letters=desk.difference,
        whys={d.mark: d for (of, _), d in desk.dismissed(book).items() if of == listing},
        suits={h["mark"]: desk.suits(database, h["owner"] or "", h["mark"]) for h in hits if "sues" in h["why"]},
    )


@router.get("/api/screen", tags=["marks"])
def api(read: Read, book: TheBook, paging: Paging, level: Level = "look") -> Queue:
    """Listings that stand too close to a mark; a screen, no legal clearance."""
    _open(read, book)
    start = (paging.page - 1) * paging.per_page
    n, hits = desk.queue(read.desk.database, level=level, limit=paging.per_page, offset=start)
    return Queue(desk.board(read.desk.database), n, hits)
