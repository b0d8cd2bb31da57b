"""What a fleet keeps of one book: the findings of its desks, and the tables that they and `trade/` publish.

A pure function of the book, run by the product's own desks: what stands in a fleet is what the book itself says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossbook.book import Book
from crossbook.book.book import CONFIG, OWN_CATALOG
from crossbook.engine.publishing import code_of, hash_of
from crossbook.findings import as_table
from crossbook.fleet.carried import CARRIED
from crossbook.fleet.places import Place, Remote
from crossbook.verify.citing import findings_cited

if TYPE_CHECKING:
    import pyarrow as pa

    from crossbook.engine import Database

CROSSING = "crossing"  # the desk of what can meet another book
FINDINGS = "findings"  # the table in which each desk's findings are
AT_LEAST = "at_least"  # its column: whether the amount is a sum of which a part is not known
CODE = (  # a module of each room whose code the figures rest on
    "crossbook.trade.publishing",
    "crossbook.settle.publishing",
    "crossbook.verify.publishing",
    "crossbook.watch.alerts",
    "crossbook.fleet.figures",
)


@dataclass(frozen=True)
class Kept:
    """Tables of one desk, or of `trade`: which publications make them, which are kept, and a SELECT of its findings
    with the columns of `crossbook.findings`, empty where it has none. `partly` says of which of them the amount is a
    sum of what is known, in terms of that SELECT."""

    desk: str
    publications: tuple[str, ...]
    tables: tuple[str, ...]
    findings: str = ""
    partly: str = "false"


TRADE = Kept(
    desk="trade",
    publications=("lines", "trade", "parties"),
    tables=tuple(
        "orders order_lines payments refunds settled parcels parcel_events declarations customs_answers "
        "customs_format_refusals receipts invoices disputes territories line payout_used bank_used statement "
        "parties mentions".split()
    ),
)
SETTLE = Kept(
    desk="settle",
    publications=("stage",),
    tables=("stage",),
    findings="SELECT desk, rule, subject, verdict, amount, currency, because, as_of FROM settle_finding",
)
VERIFY = Kept(
    desk="verify",
    publications=("verdict",),
    tables=("verdict",),
    findings=findings_cited(),
)
WATCH = Kept(
    desk="watch",
    publications=("alerts",),
    tables=("alert", "alert_transfer", "alert_rule"),
    findings="""
SELECT 'watch' AS desk, a.rule, concat_ws(':', a.subject, nullif(a.what, '')) AS subject,
  CASE WHEN a.certain THEN 'certain' ELSE 'alert' END AS verdict, a.amount, a.currency, r.because, a.last_on AS as_of,
  a.unmeasured
FROM alert a LEFT JOIN (
  SELECT x.alert, list({'evidence': t.evidence, 'line': t.line} ORDER BY t.evidence, t.line) AS because
  FROM alert_transfer x JOIN watch_transfer t ON t.id = x.id GROUP BY x.alert
) r ON r.alert = a.alert
""",
    partly="amount IS NOT NULL AND unmeasured > 0",
)
KEPT = (TRADE, SETTLE, VERIFY, WATCH)
DESKS = tuple(k.desk for k in KEPT if k.findings)

Opened = Callable[[Book], "Database"]


def state_of(book: Book) -> str:
    """A hash that changes with whatever a book's figures rest on: its facts, decisions, settings, and the program."""
    return hash_of("fleet", book.facts_held(), book.journal_head(), repr(book.config), *_program())


def look_of(path: Place) -> str:
    """A hash of how the files of a book's catalog and settings look, and of the program; the book is not opened. Where
    it is as before, so is `state_of`. Empty where that cannot be said, as of a catalog on a server."""
    seen = []
    if isinstance(path, Remote):
        return hash_of("look", str(path), repr(sorted(path.within().items())), *_program())
    for name in (CONFIG, OWN_CATALOG, f"{OWN_CATALOG}-wal"):
        try:
            told = (path / name).stat()
        except FileNotFoundError:
            if name in (CONFIG, OWN_CATALOG):
                return ""
            continue
        except OSError:
            return ""
        if name.endswith("-wal") and not told.st_size:  # as whoever opens it to read leaves it for a while
            continue
        seen.append(repr((name, told.st_ino, told.st_size, told.st_mtime_ns)))
    return hash_of("look", str(path.resolve()), *seen, *_program())


def _program() -> list[str]:
    from crossbook.watch import tracing

    return [repr(tracing.can_follow()), *(code_of(module) for module in CODE)]


def selects() -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Every table that a fleet keeps of a book: its desk and name, the publications it is asked of, and its SELECT."""
    for kept in KEPT:
        for name in kept.tables:
            yield kept.desk, name, kept.publications, f"SELECT * FROM {name}"
        if kept.findings:
            select = f"SELECT *, {kept.partly} AS {AT_LEAST} FROM ({kept.findings}) f"
            yield kept.desk, FINDINGS, kept.publications, select
    for name, select in CARRIED.items():
        yield CROSSING, name, (), select


def figures(book: Book) -> Iterator[tuple[str, str, pa.Table]]:
    """Every table that a fleet keeps of a book, each with its desk and name. Raises CrossbookError."""
    import pyarrow as pa

    from crossbook.engine import connect

    database = connect(book)
    schema = as_table(()).schema.append(pa.field(AT_LEAST, pa.bool_()))
    for desk, name, publications, select in selects():
        database.ask(*publications)
        table = database.arrow(select)
        yield desk, name, table.select(schema.names).cast(schema) if name == FINDINGS else table
    database.close()
