"""Finding across books: the rules on the fleet's Parquet, with DuckDB or on Spark."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from crossbook.fleet import results
from crossbook.fleet.asking import on_duckdb, on_spark
from crossbook.fleet.carried import COLUMNS
from crossbook.fleet.figures import CROSSING
from crossbook.fleet.listing import Fleet
from crossbook.fleet.reading import earlier_state, standings
from crossbook.fleet.rule import Rule
from crossbook.fleet.rules import rule, rules
from crossbook.watch.thresholds import thresholds

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A line of a file of a book; `file` is what the file was called, None where the book does not say."""

    book: str
    evidence: str
    line: int
    file: str | None = None


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """What a rule found: the books that it is about, and the lines of their papers. `amount` is in minor units, None
    where the papers say none or several currencies; `lowest` the least that one of them says, or of a sum what
    surely counts; `at_least` whether it is a sum, which leaves out what is told in other currencies or without an
    amount. `unsure` are the orders of a sum of which it is not known whether, or how far, they count."""

    rule: str
    subject: str
    verdict: str
    amount: int | None
    currency: str | None
    books: tuple[str, ...]
    orders: tuple[str, ...]
    names: tuple[str, ...]
    as_of: date | None
    because: tuple[Cited, ...]
    lowest: int | None = None
    at_least: bool = False
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """What was found, and the books of which nothing is known, or of an earlier state."""

    found: tuple[Crossing, ...]
    unknown: tuple[str, ...]
    stale: tuple[str, ...]


def find(
    fleet: Fleet,
    *,
    rule_name: str = "",
    book: str = "",
    spark: SparkSession | None = None,
    earlier: Collection[str] | None = None,
) -> Crossed:
    """What crosses the books of a fleet, the largest amounts first; on `spark` where a session is given, else DuckDB.

    `earlier` is what `crossbook.fleet.reading.earlier_state` gave, where that was asked already. Raises
    CrossbookError for a rule or book that there is not, and for figures that were changed."""
    wanted = (rule(rule_name),) if rule_name else rules()
    if book:
        fleet.member(book)
    held = standings(fleet)
    lying = {name: results.files_of(held, CROSSING, name) for name in COLUMNS}
    with on_spark(COLUMNS, lying, spark) if spark else on_duckdb(COLUMNS, lying) as database:
        database.put("limit_row", limit_rows())
        asked = [(r, database.rows(r.select)) for r in wanted]
        files = {(r["book"], r["evidence"]): r["file"] for r in database.rows("SELECT * FROM source_file")}
    found = [one for r, rows in asked for one in gathered(r, rows, files) if not book or book in one.books]
    found.sort(key=lambda c: (c.amount is None, -(c.amount or 0), c.rule, c.subject))
    return Crossed(
        found=tuple(found),
        unknown=tuple(s.book for s in held if s.done is None),
        stale=tuple(earlier_state(fleet, held) if earlier is None else earlier),
    )


def gathered(
    told: Rule, rows: list[dict[str, Any]], files: Mapping[tuple[str, str], str] | None = None
) -> list[Crossing]:
    """The findings of a rule from its rows, whoever ran its SELECT. `files` are the names of files, by book and
    evidence."""
    files = files or {}
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (str(r["subject"]), r["book"], r["evidence"], r["line"])):
        by[row["subject"]].append(row)
    found = []
    for of_one in (part for of_all in by.values() for part in (told.parts(of_all) if told.parts else [of_all])):
        amounts = [r["amount"] for r in of_one if r["amount"] is not None]
        currencies = {r["currency"] for r in of_one if r["amount"] is not None}
        known = bool(amounts) and len(currencies) == 1
        found.append(
            Crossing(
                rule=told.name,
                subject=str(of_one[0]["shown"] or "").strip(),
                verdict=told.verdict,
                amount=(_sum(of_one, "amount", max) if told.adds else max(amounts)) if known else None,
                currency=currencies.pop() if known else None,
                books=_each(of_one, "book"),
                orders=_each(of_one, "order_id"),
                names=_each(of_one, "name"),
                as_of=max((r["day"] for r in of_one if r["day"]), default=None),
                because=tuple(
                    Cited(book=book, evidence=sha, line=line, file=files.get((book, sha)))
                    for book, sha, line in dict.fromkeys((r["book"], r["evidence"], r["line"]) for r in of_one)
                ),
                lowest=(_sum(of_one, "certain", min) if told.adds else min(amounts)) if known else None,
                at_least=known and told.adds,
                unsure=_each([r for r in of_one if told.adds and r["certain"] < r["amount"]], "order_id"),
            )
        )
    return found


def _sum(rows: Sequence[Mapping[str, Any]], name: str, of_one: Callable[[Sequence[int]], int]) -> int:
    """What was spent: what two books hold of one number counts once, as the one or the other tells it."""
    by: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by[row["number"]].append(row[name])
    return sum(of_one(amounts) for amounts in by.values())


def limit_rows() -> pa.Table:
    """The limits that rules hold sums against: `data/fleet/limits.csv`, and those that other desks ship."""
    import pyarrow as pa

    rows = [
        (r["name"], int(r["amount"]), r["currency"], _day(r["valid_from"]), _day(r["valid_to"]))
        for room, wanted in (("fleet", ("import_single", "import_year")), ("verify", ("safe_single",)))
        for r in csv.DictReader(_shipped(room).splitlines())
        if r["name"] in wanted
    ]
    rows += [
        (x.name, x.amount, x.currency.lstrip("*"), x.valid_from, x.valid_to)
        for x in thresholds()
        if x.name == "cn_yearly_quota"
    ]
    names = ("name", "amount", "currency", "valid_from", "valid_to")
    kinds = (pa.string(), pa.int64(), pa.string(), pa.date32(), pa.date32())
    return pa.table({n: pa.array([r[i] for r in rows], kinds[i]) for i, n in enumerate(names)})


def _shipped(room: str) -> str:
    return (files("crossbook") / "data" / room / "limits.csv").read_text(encoding="utf-8")


def _each(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(sorted({str(r[name]) for r in rows if r[name] is not None}))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
