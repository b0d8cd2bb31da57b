"""The publication `listed`: names of parties that are near to those of lists, with why (`watch_listed`)."""

from __future__ import annotations

from collections import defaultdict

from crossbook.book import Book
from crossbook.engine import Database, Publication
from crossbook.trade.listed import hits

NONE = "no list is in this book: nobody's name was looked for (crossbook add a list, or one of your own)"
NAMELESS = "no transfer names a party: nobody's name was looked for (see docs/watch.md for how the columns are called)"

_NAMES = """
SELECT DISTINCT name, country FROM (
  SELECT payer AS name, payer_country AS country FROM watch_transfer
  UNION ALL SELECT payee, payee_country FROM watch_transfer
  UNION ALL SELECT payer_told, payer_country FROM watch_transfer
  UNION ALL SELECT payee_told, payee_country FROM watch_transfer
) n WHERE name IS NOT NULL
"""


def any_list(database: Database) -> bool:
    """Whether the book has a list of names at all."""
    return bool(database.rows("SELECT 1 FROM listed_party LIMIT 1"))


def any_name(database: Database) -> bool:
    """Whether a transfer, or the holder of its account, has a name at all."""
    return bool(database.rows(f"{_NAMES} LIMIT 1"))


def make(database: Database, book: Book) -> None:
    """Make `watch_listed`, a row for each name and entry, with the columns of `trade.listed.HIT`."""
    countries: dict[str, set[str]] = defaultdict(set)
    if any_list(database):
        for row in database.rows(_NAMES):
            countries[row["name"]] |= {row["country"]} - {None}
    database.keep("watch_listed", hits(database, countries, countries))


LISTED = Publication(name="listed", make=make, rests_on=("transfers",), memory="900MB")
