"""What a fleet tells: how each book stands, and the findings of all of them as one sorted list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from crossbook.book import open_book
from crossbook.errors import one_of
from crossbook.fleet import results
from crossbook.fleet.asking import laid
from crossbook.fleet.figures import CROSSING, DESKS, FINDINGS, look_of, state_of
from crossbook.fleet.listing import Fleet, Member
from crossbook.fleet.working import there, why
from crossbook.settle.desk import ARRIVALS_TO_SEE, ATTENTION

if TYPE_CHECKING:
    import pyarrow as pa

FLEET = "fleet"  # the desk of what the fleet itself finds: books that could not be worked
# What needs somebody: of settle what its own desk says does, of the others all but what a person set aside.
NEEDED = "CASE desk WHEN 'settle' THEN verdict IN ({}) ELSE verdict <> 'set aside' END".format(
    ", ".join(f"'{verdict}'" for verdict in (*ATTENTION, *ARRIVALS_TO_SEE))
)
COLUMNS = "book VARCHAR, desk VARCHAR, rule VARCHAR, subject VARCHAR, verdict VARCHAR, amount BIGINT, currency VARCHAR,"
BECAUSE = "at_least BOOLEAN DEFAULT false, because STRUCT(evidence VARCHAR, line BIGINT)[], as_of DATE"


@dataclass(frozen=True, kw_only=True)
class Line:
    """How one book stands. `findings` are those that need somebody, None where it was never worked. Its status is
    `changed` where it is not in the state of its figures any more."""

    book: str
    path: str
    status: str
    findings: int | None
    orders: int | None
    seconds: float | None
    verdict: str = ""
    what: str = ""
    where: str = ""
    todo: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Findings in order, how many in all, and the books of which they do not speak, or of an earlier state.

    `uncompared` are those left out for they have no amount in the currency of the least that was asked for."""

    table: pa.Table
    all: int
    uncompared: int
    unknown: tuple[str, ...]
    stale: tuple[str, ...]


def standings(fleet: Fleet, *, whole: bool = False) -> list[results.Standing]:
    """How each book of the fleet stands, in its order."""
    return [results.standing(fleet.results, m.id, whole=whole) for m in fleet.books]


def status(fleet: Fleet) -> list[Line]:
    """A line a book: how it stands, what it has, and why it could not be worked, or cannot be opened now."""
    standing = standings(fleet)
    counted = _needing(standing)
    lines = []
    for member, held in zip(fleet.books, standing, strict=True):
        files = {(f.desk, f.name): f.rows for f in held.done.files} if held.done else {}
        failed, kept = held.failed, held.status
        if held.done and kept == "done":
            kept, failed = _now(member, held.done)
        lines.append(
            Line(
                book=member.id,
                path=str(member.path),
                status=kept,
                findings=counted.get(member.id, 0) if held.done and not held.faults else None,
                orders=files.get(("trade", "orders")),
                seconds=held.done.seconds if held.done else None,
                verdict=failed.verdict if failed else "",
                what=failed.what if failed else "",
                where=failed.where if failed else "",
                todo=failed.todo if failed else "",
            )
        )
    return lines


def _now(member: Member, done: results.Done) -> tuple[str, results.Failed | None]:
    """Whether a book is still in the state of its figures: done, changed, or stale with why it cannot be opened."""
    try:
        if done.look and done.look == look_of(member.path):
            return "done", None
        at = there(member.path)
        return ("done" if isinstance(at, Path) and state_of(open_book(at)) == done.state else "changed"), None
    except Exception as error:  # noqa: BLE001 - one book stops nothing: what it is is told
        verdict, told = why(error, member.path)
        failed = results.Failed(run="", verdict=verdict, what=told.what, where=told.where, todo=told.todo)
        return "stale", failed


def findings(
    fleet: Fleet,
    *,
    desk: str = "",
    book: str = "",
    rule: str = "",
    verdict: str = "",
    least: int | None = None,
    currency: str = "",
    everything: bool = False,
    limit: int | None = None,
    earlier: Collection[str] | None = None,
) -> Found:
    """Findings of the desks over all books, the largest amounts of each currency first, those of no amount last.

    Without `everything`, and where no verdict is asked for, only those that need somebody. `least`
    is in minor units. A book that could not be worked is a finding of the desk `fleet`. `earlier` is what
    `earlier_state` gave, where that was asked already. Raises CrossbookError for a desk or book that there is not.
    """
    one_of("desk", desk, (*DESKS, FLEET))
    if book:
        fleet.member(book)
    held = [s for s in standings(fleet) if not book or s.book == book]
    connection = _laid(held, (desk,) if desk and desk != FLEET else () if desk == FLEET else DESKS)
    where = ["true"]
    values: dict[str, object] = {}
    for name, value in (("desk", desk), ("rule", rule), ("verdict", verdict)):
        if value:
            where.append(f"{name} = ${name}")
            values[name] = value
    if not everything and not verdict:
        where.append(NEEDED)
    comparable = ["amount IS NOT NULL"] if least is not None else []
    if currency:
        comparable.append("currency = $currency")
        values["currency"] = currency
    left = f"SELECT count(*) FROM finding WHERE {' AND '.join(where)} AND ({' AND '.join(comparable)}) IS NOT TRUE"
    uncompared = connection.execute(left, values or None).fetchall()[0][0] if comparable else 0
    where += comparable
    if least is not None:
        where.append("abs(amount) >= $least")
        values["least"] = least
    select = f"SELECT * FROM finding WHERE {' AND '.join(where)}"
    ((number,),) = connection.execute(f"SELECT count(*) FROM ({select})", values or None).fetchall()
    order = "ORDER BY abs(amount) DESC NULLS LAST, currency, book, desk, rule, subject, verdict, because, as_of"
    known = earlier_state(fleet, held) if earlier is None else earlier
    table = connection.sql(
        f"{select} {order}" + ("" if limit is None else f" LIMIT {int(limit)}"), params=values or None
    ).to_arrow_table()
    return Found(
        table=table,
        all=int(number),
        uncompared=int(uncompared),
        unknown=tuple(s.book for s in held if s.done is None),
        stale=tuple(s.book for s in held if s.book in known),
    )


def file_names(fleet: Fleet, books: Collection[str]) -> dict[tuple[str, str], str]:
    """What the files of these books were called, by book and evidence. Raises CrossbookError for changed figures."""
    held = [results.standing(fleet.results, book) for book in sorted(books)]
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    connection.execute("CREATE TABLE source_file (evidence VARCHAR, file VARCHAR, book VARCHAR)")
    laid(connection, "source_file", results.files_of(held, CROSSING, "source_file"))
    rows = connection.execute("SELECT book, evidence, file FROM source_file").fetchall()
    return {(str(book), str(sha)): str(file) for book, sha, file in rows}


def earlier_state(fleet: Fleet, held: Sequence[results.Standing]) -> tuple[str, ...]:
    """The books whose figures are not of the state in which they are now: they have changed since, cannot be opened any
    more, or the last run failed."""
    books = {m.id: m for m in fleet.books}
    return tuple(
        s.book
        for s in held
        if s.done and not s.faults and (s.failed is not None or _now(books[s.book], s.done)[0] != "done")
    )


def _laid(held: Sequence[results.Standing], desks: Collection[str]) -> duckdb.DuckDBPyConnection:
    """A database with `finding`: those of the desks, and of the fleet itself."""
    import pyarrow as pa

    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    connection.execute(f"CREATE TABLE finding ({COLUMNS} {BECAUSE})")
    for desk in desks:
        laid(connection, "finding", results.files_of(held, desk, FINDINGS))
    failed = [s for s in held if s.failed is not None]
    told = pa.table(
        {
            "book": pa.array([s.book for s in failed], pa.string()),
            "verdict": pa.array([s.failed.verdict for s in failed if s.failed], pa.string()),
        }
    )
    connection.register("told", told)
    connection.execute(
        f"INSERT INTO finding BY NAME SELECT book, '{FLEET}' AS desk, 'book_worked' AS rule, book AS subject, verdict "
        "FROM told"
    )
    return connection


def _needing(held: Sequence[results.Standing]) -> dict[str, int]:
    connection = _laid([s for s in held if not s.faults], DESKS)
    rows = connection.execute(
        f"SELECT book, count(*) FROM finding WHERE {NEEDED} AND desk <> '{FLEET}' GROUP BY book"
    ).fetchall()
    return {str(name): int(number) for name, number in rows}
