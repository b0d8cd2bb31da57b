"""The layout of a catalog has a number. What is read and written of older ones, and how they are brought over.

1: books of the versions 0.1 to 0.8 (in 0.6 fact files came to be called by their content, which a setting says).
2: every row has a link in the chain (`chain.py`), and the book a file of heads.
3: as 2, of a book that was compacted: a file of facts may hold rows of several originals, of which those are read that
name it. Programs that would read them all are so kept from it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from crossbook.book import catalog, chain, faults, journal, postgres
from crossbook.errors import CrossbookError

CURRENT = 2  # of a new book
COMPACTED = 3
NEWEST = COMPACTED  # that this program reads and writes
UNCHAINED = 1  # the last without a chain
ACTION = "upgrade"  # in the journal
_LAYOUT = "schema"
_ALL = sa.select(*(sa.exists(sa.select(table).where(sa.false())) for table in catalog.meta.sorted_tables))
_FACTS = ("facts", "by content")  # the setting of a book whose fact files are all called by their content


def create(connection: sa.Connection) -> None:
    """Make the tables and note the number of their layout, inside the caller's write transaction.

    Raises CrossbookError when the database holds a book already.
    """
    if connection.dialect.name == "postgresql":
        postgres.make_schema(connection)
    if sa.inspect(connection).has_table(catalog.settings.name):
        url = connection.engine.url
        raise CrossbookError(
            "the database holds a book already",
            where=url.database or "" if connection.dialect.name == "sqlite" else postgres.shown(url),
            todo="open that one, or name another database",
        )
    catalog.meta.create_all(connection)
    connection.execute(catalog.settings.insert().values(name=_LAYOUT, value=str(CURRENT)))
    chain.link(connection, chain.of_setting(_LAYOUT, str(CURRENT)))
    note_facts_by_content(connection)


def facts_by_content(connection: sa.Connection) -> bool:
    """Whether every fact file is called by its content. In books from before 0.6 some are called by their evidence."""
    return _setting(connection, _FACTS[0]) == _FACTS[1]


def note_facts_by_content(connection: sa.Connection) -> None:
    """Note that every fact file is called by its content."""
    if not facts_by_content(connection):
        connection.execute(catalog.settings.insert().values(name=_FACTS[0], value=_FACTS[1]))
        chain.link(connection, chain.of_setting(*_FACTS))


def note_compacted(connection: sa.Connection) -> None:
    """Note that a file of facts may hold rows of several originals."""
    if of(connection) < COMPACTED:
        value = {"value": str(COMPACTED)}
        connection.execute(catalog.settings.update().where(catalog.settings.c.name == _LAYOUT).values(value))
        chain.link(connection, chain.of_setting(_LAYOUT, str(COMPACTED)))


def of(connection: sa.Connection) -> int:
    """The number of a catalog's layout; 0 where it has none."""
    told = _setting(connection, _LAYOUT) or ""
    return int(told) if told.isdecimal() else 0


def _setting(connection: sa.Connection, name: str) -> str | None:
    column = catalog.settings.c
    return connection.execute(sa.select(column.value).where(column.name == name)).scalar()


def check_readable(engine: sa.Engine, where: Path) -> None:
    """Raise CrossbookError when the catalog is damaged, lacks a part, or is of a layout that is not known here."""
    try:
        with engine.connect() as connection:
            number = of(connection)
            if UNCHAINED < number <= NEWEST:
                connection.execute(_ALL)
    except CrossbookError:
        if lacks := _lacking(engine):
            raise CrossbookError(
                f"the catalog lacks {lacks}: another program changed it", where=str(where), todo=faults.RECOVER
            ) from None
        raise
    if number > NEWEST:
        raise CrossbookError(
            f"the book has layout {number}, of a newer crossbook; this one reads up to {NEWEST}",
            where=str(where),
            todo="install that one: pip install --upgrade crossbook",
        )
    if number < 1:
        raise CrossbookError("the catalog does not say its layout", where=str(where), todo="restore a backup")


def _lacking(engine: sa.Engine) -> str:
    """The first table or column that a catalog lacks which has others; "" where it has all, or none."""
    with engine.connect() as connection:
        there = sa.inspect(connection)
        names = set(there.get_table_names(postgres.SCHEMA if engine.dialect.name == "postgresql" else None))
        tables = catalog.meta.sorted_tables
        if not names.intersection(table.name for table in tables):
            return ""
        for table in tables:
            if table.name not in names:
                return f"the table {table.name}"
            has = {column["name"] for column in there.get_columns(table.name)}
            for column in table.columns:
                if column.name not in has:
                    return f"the column {column.name} of {table.name}"
    return ""


def check_writable(connection: sa.Connection, where: Path) -> None:
    """Raise CrossbookError when the catalog has another layout than the one that is written."""
    number = of(connection)
    if number < CURRENT:
        raise CrossbookError(
            f"the book has layout {number}, of an older crossbook; it can be read, and is written after an upgrade",
            where=str(where),
            todo="bring it over, once: crossbook book upgrade",
        )
    if number > NEWEST:
        raise CrossbookError(
            f"the book has layout {number}, of a newer crossbook; this one reads up to {NEWEST}",
            where=str(where),
            todo="install that one: pip install --upgrade crossbook",
        )


def bring_over(connection: sa.Connection, who: str, body: dict[str, object]) -> int:
    """Give a catalog the layout of today, inside the caller's write transaction; which it had before.

    Its rows are taken into the chain as they are, and the journal says so.
    """
    before = of(connection)
    if before >= CURRENT:
        return before
    if chain.has_links(connection):
        raise CrossbookError(
            f"the catalog says that it has layout {before}, of which no book has a chain",
            todo="see what was changed: crossbook book check; then recover it: crossbook book recover FROM --replace",
        )
    catalog.links.create(connection, checkfirst=True)
    value = {"value": str(CURRENT)}
    connection.execute(catalog.settings.update().where(catalog.settings.c.name == _LAYOUT).values(value))
    chain.link(connection, *chain.everything(connection))
    journal.append(connection, who, ACTION, f"layout {CURRENT}", {"before": before, **body})
    return before
