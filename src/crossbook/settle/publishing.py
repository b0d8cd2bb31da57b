"""What settling publishes: where each order's money is, every payout, and the findings."""

from __future__ import annotations

from datetime import date

from crossbook.book import Book
from crossbook.engine import Database, Publication
from crossbook.findings import as_table
from crossbook.settle.bank.by_hand import standing
from crossbook.settle.desk import settle
from crossbook.settle.position import orders_on
from crossbook.settle.restoration.acceptance import accepted_in
from crossbook.settle.restoration.stated import sorted_facts, stated_in
from crossbook.trade.last_day import last_day

NEVER = date(1970, 1, 1)  # of a book that speaks of no day: nothing is anywhere then


def make(database: Database, book: Book) -> None:
    """Make `stage` and `settle_finding`.

    `stage` has every order known on the last day that the book's evidence speaks of (`as_of`) with the place where its
    money is, as `orders_on` gives it, and payouts of which no order is known as rows without one.
    """
    desk = settle(book)
    day = last_day(desk.database)
    database.keep("settle_finding", as_table(desk.findings()))
    database.put("placed_now", desk.database.arrow(f"SELECT * EXCLUDE (delay) FROM {orders_on(desk, day or NEVER)}"))
    database.make("stage", "SELECT *, CAST($day AS DATE) AS as_of FROM placed_now", day=day)


def _state(book: Book) -> str:
    """Settings and decisions that settling rests on: explanations, stated facts and matches, whoever decided them."""
    entries = book.journal()
    decided = standing(entries)
    matched = sorted((d.payout, d.credit, d.difference, subject) for subject, d in decided.decided.items())
    accepted = sorted((payout, a.missing, a.added) for payout, a in accepted_in(entries).items())
    return repr((book.config, accepted, sorted_facts(stated_in(entries)), matched, sorted(decided.barred)))


STAGE = Publication(name="stage", make=make, rests_on=("trade", "balances"), state=_state)
