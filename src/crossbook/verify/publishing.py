"""What the verify desk publishes: `trade_match`, every trade with the rules that it breaks, and `verdict`, what of that
holds with what people decided. A decision makes the second anew and leaves the first."""

from __future__ import annotations

from crossbook.book import Book
from crossbook.engine import Database, Publication
from crossbook.errors import CrossbookError
from crossbook.verify import verdicts
from crossbook.verify.aside import set_aside
from crossbook.verify.needs import Needs, Tolerance, needs_of, table, tolerance_of

MEMORY = "900MB"  # that making the tables takes; what is more goes to disk


def _settings(book: Book) -> tuple[dict[str, Needs], Tolerance, str, tuple[str, ...]]:
    """Papers needed, tolerances, the business's own name, those of its firms elsewhere. Raises CrossbookError."""
    business = table(book.config, "business")
    affiliates = business.get("affiliates", [])
    if not isinstance(affiliates, list) or not all(isinstance(name, str) for name in affiliates):
        raise CrossbookError(
            "[business] affiliates must be a list of names",
            where="book.toml",
            todo='affiliates = ["Name (HK) Limited"]',
        )
    return needs_of(book), tolerance_of(book), str(business.get("name", "")), tuple(affiliates)


def _match(database: Database, book: Book) -> None:
    verdicts.match(database, *_settings(book))


def _decide(database: Database, book: Book) -> None:
    verdicts.decide(database, set_aside(book))


TRADE_MATCH = Publication(
    name="trade_match",
    make=_match,
    rests_on=("trade",),
    state=lambda book: verdicts.state(*_settings(book)),
    memory=MEMORY,
)
VERDICT = Publication(
    name="verdict",
    make=_decide,
    rests_on=("trade_match",),
    state=lambda book: repr(sorted(set_aside(book))),
    memory=MEMORY,
)
