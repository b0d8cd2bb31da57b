"""The brand desk over a book: its listings screened once for each state of the facts,
and what people decided of hits."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from crossbook.book import Book, private
from crossbook.book.journal import Entry
from crossbook.brand.index import class_bits
from crossbook.brand.letters import fold
from crossbook.brand.listing import FIELDS, Known, Licence, Listing
from crossbook.brand.matching import translations
from crossbook.brand.register import Register, open_register
from crossbook.brand.screen import COLUMNS, screen
from crossbook.decisions.standing import standing
from crossbook.engine import Database, newest
from crossbook.errors import CrossbookError, NotFoundError, one_of
from crossbook.version import __version__

BATCH = 10_000
WHILE_WAITING = 20_000  # listings that are screened while a page waits
LEVELS = ("act", "look", "note")
KINDS = ("mark", "listing", "licence", "enforcement")
NOTE = "A screen of how near words and pictures are to marks; it is no legal clearance."
Progress = Callable[[str, int, int], None]  # stage, done, of how many


@dataclass(frozen=True)
class Dismissed:
    """A hit that a person set aside: who, when, why; `seq` is its journal entry."""

    listing: str
    mark: str
    who: str
    at: str
    why: str
    seq: int


@dataclass(frozen=True)
class Board:
    """How many listings were screened, and how many hits are open at each level."""

    listings: int
    marks: int
    open: dict[str, int]
    dismissed: int
    undocumented: int


def known(database: Database, on: date, own_translations: Path | None = None) -> Known:
    """Who sues and which brands may be used on a day, of the book's facts."""
    suits = database.rows("SELECT DISTINCT owner, mark FROM enforcement WHERE until IS NULL OR until >= $on", on=on)
    licences = database.rows(
        f"SELECT brand, classes, markets FROM {newest(database, 'licence')} "
        "WHERE coalesce(since, DATE '1900-01-01') <= $on AND coalesce(until, DATE '9999-12-31') >= $on",
        on=on,
    )
    return Known(
        sued_marks=frozenset(fold(s["mark"]) for s in suits if s["mark"]),
        suing_owners=frozenset(s["owner"].lower() for s in suits if s["owner"]),
        licences=tuple(
            Licence(fold(r["brand"]), class_bits(r["classes"]), frozenset((r["markets"] or "").upper().split()))
            for r in licences
        ),
        translations=translations(own_translations),
    )


def listings_of(database: Database, where: str = "TRUE", **values: Any) -> Iterator[list[Listing]]:
    """The book's listings in batches, each listing as the newest file has it."""
    cursor = database.reader()
    source = newest(database, "listing")
    names = (
        "listing",
        "title",
        "bullets",
        "brand",
        "sku",
        "account",
        "category",
        "classes",
        "market",
        "picture",
        "evidence",
    )
    columns = ", ".join(f"coalesce({n}, '') AS {n}" for n in names)
    if source.startswith('"newest'):  # a temporary table is its reader's own
        cursor = database
    select = f"SELECT {columns}, line FROM {source} WHERE {where} ORDER BY account, listing"
    for rows in cursor.batches(select, BATCH, **values):
        yield [Listing(**row) for row in rows]


def open_brand(
    database: Database,
    book: Book,
    on: date,
    progress: Progress = lambda stage, done, of: None,
    own_translations: Path | None = None,
) -> None:
    """Screen the book's listings, unless that was done for these facts, and show the hits as the view `hit`."""
    path = screened(database, book, on, progress, own_translations)
    database.read("hit", path)
    gone = [(d.listing, d.mark) for d in dismissed(book).values()]
    database.put(
        "dismissed_hit",
        pa.table(
            {
                "listing": pa.array([a for a, _ in gone], pa.string()),
                "mark": pa.array([b for _, b in gone], pa.string()),
            }
        ),
    )


def is_ready(database: Database, book: Book, on: date) -> bool:
    """Whether opening the desk is quick: the listings are screened, or so few that it is done while one waits."""
    _, target = _target(database, book, on, None)
    return target.exists() or database.rows("SELECT count(*) AS n FROM listing")[0]["n"] <= WHILE_WAITING


def _target(database: Database, book: Book, on: date, own_translations: Path | None) -> tuple[Known, Path]:
    told = known(database, on, own_translations)
    pairs = hashlib.sha256(repr(sorted(told.translations.items())).encode()).hexdigest()
    of_day = f"{sorted(told.sued_marks)} {sorted(told.suing_owners)} {sorted(map(repr, told.licences))}"
    depends = f"{__version__} {COLUMNS} {book.facts_held(KINDS)} {of_day} {pairs}"
    return told, book.path / "cache" / f"screen-{hashlib.sha256(depends.encode()).hexdigest()[:32]}.parquet"


def screened(
    database: Database,
    book: Book,
    on: date,
    progress: Progress = lambda stage, done, of: None,
    own_translations: Path | None = None,
) -> Path:
    """The Parquet file with the hits of the book's listings."""
    told, target = _target(database, book, on, own_translations)
    if target.exists():
        return target
    total = database.rows("SELECT count(*) AS n FROM listing")[0]["n"]
    register = register_of(database, book, progress)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    private.make_folder(target.parent, book.path)
    writer, done = None, 0
    try:
        for batch in [*_batches(database), None]:
            table = _named(screen(register, batch or [], told), batch or [])
            writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd")
            writer.write_table(table)
            done += len(batch or [])
            progress("screen", done, total)
        if writer:
            writer.close()
            private.keep(part, book.path)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    for old in target.parent.glob("screen-*.parquet"):
        if old != target:
            with contextlib.suppress(OSError):
                old.unlink()
    return target


def _batches(database: Database) -> Iterator[list[Listing]]:
    yield from listings_of(database)


def register_of(database: Database, book: Book, progress: Progress = lambda stage, done, of: None) -> Register:
    """The book's register. Raises CrossbookError when it holds no mark."""
    if not database.rows("SELECT 1 FROM mark LIMIT 1"):
        raise CrossbookError(
            "the book holds no register of trademarks",
            todo="add one: crossbook marks add FILES (crossbook formats names those that are read)",
        )
    return open_register(database, book, lambda stage: progress(stage, 0, 0))


def _named(hits: pa.Table, batch: list[Listing]) -> pa.Table:
    """The hits with what the listing is called instead of its place."""
    at = hits["listing"].to_pylist()
    fields = [FIELDS[i] for i in hits["field"].to_pylist()]
    named = {
        "account": "account",
        "listing": "listing",
        "sku": "sku",
        "title": "title",
        "picture": "picture",
        "listing_evidence": "evidence",
        "listing_line": "line",
    }
    columns = {
        n: pa.array([getattr(batch[i], a) for i in at], pa.int64() if n == "listing_line" else pa.string())
        for n, a in named.items()
    }
    rest = {n: hits[n] for n in COLUMNS if n not in ("listing", "field", "segment", "entry")}
    folded = pa.array([fold(m or "") for m in hits["mark"].to_pylist()], pa.string())
    return pa.table({**columns, "field": pa.array(fields, pa.string()), **rest, "folded": folded})


def board(database: Database) -> Board:
    """How the screened listings stand."""
    told = database.rows(
        "SELECT level, count(*) FILTER (d.mark IS NULL) AS open, count(d.mark) AS gone FROM hit h "
        "LEFT JOIN dismissed_hit d ON d.listing = h.listing AND d.mark = h.folded GROUP BY level"
    )
    counts = {r["level"]: r["open"] for r in told}
    return Board(
        listings=database.rows("SELECT count(DISTINCT (account, listing)) AS n FROM listing")[0]["n"],
        marks=database.rows("SELECT count(DISTINCT (register, number)) AS n FROM mark")[0]["n"],
        open={level: counts.get(level, 0) for level in LEVELS},
        dismissed=sum(r["gone"] for r in told),
        undocumented=len(undocumented(database)),
    )


def queue(
    database: Database, *, level: str = "", listing: str = "", gone: bool = False, limit: int = 50, offset: int = 0
) -> tuple[int, list[dict[str, Any]]]:
    """(how many, hits): the gravest first; those of a level or worse, of one listing, or those set aside."""
    one_of("level", level, LEVELS)
    least = {"act": 80, "look": 50, "note": 0, "": 0}[level]
    where = f"risk >= {least} AND d.mark IS {'NOT ' if gone else ''}NULL"
    values: dict[str, Any] = {}
    if listing:
        where += " AND (h.listing = $listing OR h.sku = $listing)"
        values["listing"] = listing
    source = f"FROM hit h LEFT JOIN dismissed_hit d ON d.listing = h.listing AND d.mark = h.folded WHERE {where}"
    n = database.rows(f"SELECT count(*) AS n {source}", **values)[0]["n"]
    rows = database.rows(
        f"SELECT h.* {source} ORDER BY risk DESC, h.listing, h.mark LIMIT {int(limit)} OFFSET {int(offset)}", **values
    )
    return n, rows


def known_listing(database: Database, listing: str) -> str:
    """A listing that the book has, by its id or sku. Raises NotFoundError for another: nothing was held against it."""
    found = "SELECT 1 FROM listing WHERE listing = $listing OR sku = $listing LIMIT 1"
    if not database.rows(found, listing=listing):
        raise NotFoundError(f"no listing {listing!r}", todo="write it as its file does")
    return listing


def undocumented(database: Database) -> list[dict[str, Any]]:
    """Listings whose sku has no paper in the dossiers: nothing shows where the product comes from."""
    return database.rows(
        "SELECT DISTINCT l.account, l.listing, l.sku, l.title FROM listing l ANTI JOIN dossier d ON d.sku = l.sku "
        "ORDER BY l.account, l.listing"
    )


def dossier(database: Database, sku: str) -> list[dict[str, Any]]:
    """The papers of a product: designs, supplier invoices, authorisations."""
    return database.rows(f"SELECT * FROM {newest(database, 'dossier')} WHERE sku = $sku ORDER BY day", sku=sku)


def suits(database: Database, owner: str, mark: str) -> list[dict[str, Any]]:
    """What is known of an owner who sues, or of suits on a mark."""
    rows = database.rows("SELECT * FROM enforcement ORDER BY day DESC")
    return [
        r
        for r in rows
        if (owner and (r["owner"] or "").lower() == owner.lower()) or (mark and fold(r["mark"] or "") == fold(mark))
    ]


def listing_and_mark(entry: Entry) -> tuple[str, str]:
    """What tells one such decision from another: the listing and the mark, folded."""
    return entry.subject, entry.body["mark"]


def dismissed(book: Book) -> dict[tuple[str, str], Dismissed]:
    """Hits that were set aside and not taken up again, by listing and folded mark."""
    found = standing(book.journal(), "dismiss hit", "reopen hit", listing_and_mark)
    return {
        listing_and_mark(e): Dismissed(
            listing=e.subject, mark=e.body["mark"], who=e.who, at=e.at, why=e.body["why"], seq=e.seq
        )
        for e in found.values()
    }


def difference(span: str, mark: str) -> list[tuple[str, str]]:
    """The letters of a span and of a mark, in pieces: ("same", x), ("span", only here), ("mark", only there)."""
    from rapidfuzz.distance import Levenshtein

    a, b = fold(span), fold(mark)
    out: list[tuple[str, str]] = []
    for code in Levenshtein.opcodes(a, b):
        here, there = a[code.src_start : code.src_end], b[code.dest_start : code.dest_end]
        if code.tag == "equal":
            out.append(("same", here))
        else:
            out += [pair for pair in (("span", here), ("mark", there)) if pair[1]]
    return out
