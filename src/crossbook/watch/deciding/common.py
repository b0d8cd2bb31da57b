"""What the kinds of decisions on cases share: opening, the cases to choose from, evidence by name, pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crossbook.book import Book
from crossbook.decisions import Choice, Opened, Wish
from crossbook.decisions.kind import Plain
from crossbook.engine import Database, connect
from crossbook.watch.casework import Case, case_of, cases


def opens(book: Book) -> Opened:
    """Open the book with the cases of the watch worked out."""
    database = connect(book)
    database.ask("watch_cases")
    return Plain(book=book, database=database)


def ready(opened: Opened) -> Database:
    """The tables, with the cases in them."""
    opened.database.ask("watch_cases")
    return opened.database


def case(opened: Opened, wish: Wish) -> Case:
    """The case that was named. Raises NotFoundError."""
    return case_of(ready(opened), opened.book, str(wish["case"]))


def kept(opened: Opened) -> dict[str, dict[str, Any]]:
    """What the journal keeps of each case that rules call, by its number: institution, kind of report, alerts, and the
    parties that they are on, with their first and last day."""
    found: dict[str, dict[str, Any]] = {}
    for row in ready(opened).rows(
        "SELECT s.case_id, c.report, s.tenant, s.alert, s.subject, s.first_on, s.last_on "
        "FROM watch_slice s JOIN watch_case c ON c.case_id = s.case_id ORDER BY s.case_id, s.alert"
    ):
        one = found.setdefault(
            row["case_id"], {"tenant": row["tenant"], "report": row["report"], "alerts": [], "parties": {}}
        )
        one["alerts"].append(row["alert"])
        days = (row["first_on"].isoformat(), row["last_on"].isoformat())
        was = one["parties"].get(row["subject"], days)
        one["parties"][row["subject"]] = [min(was[0], days[0]), max(was[1], days[1])]
    return found


def choices(opened: Opened, wish: Wish) -> list[Choice]:
    """Every case."""
    found = cases(ready(opened), opened.book).values()
    return [Choice(c.id, f"{c.id} {c.name or c.subject}") for c in sorted(found, key=lambda c: (-c.score, c.id))]


def documents(book: Book, names: tuple[str, ...]) -> dict[str, str]:
    """The files of the book that were named, SHA-256 and name. Raises CrossbookError for one that is not in it."""
    found = [book.find_evidence(name) for name in names]
    return {e["sha"]: e["name"] for e in found}


def page(known: str) -> dict[str, str]:
    """The page of a case."""
    return {known: f"/watch/cases/{quote(known, safe='')}"}
