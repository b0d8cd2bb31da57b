"""The catalog: the one place that says what is in a book. SQLAlchemy Core; SQLite by default, PostgreSQL for a team.

SQLite runs in WAL mode with synchronous=FULL, so a committed transaction survives a crash and readers never wait; what
PostgreSQL needs for the same promise is in postgres.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crossbook.book import own_catalog, postgres
from crossbook.errors import CrossbookError

meta = sa.MetaData()

settings = sa.Table("setting", meta, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text))

evidence = sa.Table(
    "evidence",
    meta,
    sa.Column("sha", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("account", sa.Text),  # what the user said, not what the file says
    sa.Column("mapping", sa.Text),  # the mapping as it was, for a mapped table
    sa.Column("partial", sa.Boolean, nullable=False),
    sa.Column("bad_rows", sa.Integer, nullable=False),
    sa.Column("added_at", sa.Text, nullable=False),
)

fact_files = sa.Table(
    "fact_file",
    meta,
    sa.Column("evidence", sa.String(64), sa.ForeignKey("evidence.sha"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("sha", sa.String(64), nullable=False),  # of the Parquet file's bytes; it is called by them
)

journal = sa.Table(
    "journal",
    meta,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # JSON
    sa.Column("prev", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

# Every change of a row above and below, each with the hash of the one before: see chain.py.
links = sa.Table(
    "link",
    meta,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of the row as it is since; "" when it was removed
    sa.Column("prev", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

# Made when the first user is added: a book that one person keeps on her own machine has none.
users = sa.Table(
    "user",
    sa.MetaData(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),  # Argon2id, with its parameters and salt
    sa.Column("added_at", sa.Text, nullable=False),
)


# How a connection is asked for a transaction that writes: alone, and reading all that is committed before it.
_WRITING: dict[str, dict[str, Any]] = {
    "sqlite": {"writes": True},
    "postgresql": {"writes": True, "isolation_level": "READ COMMITTED"},
}


def open_catalog(url: str, *, new: bool = False) -> sa.Engine:
    """An engine on the catalog, set up as the book's promises need; a file is made only where it is to be `new`.

    Raises CrossbookError for any other address.
    """
    address = _address(url)
    if address.drivername in postgres.NAMES:
        return postgres.open_server(address)
    return own_catalog.open_own(Path(address.database or ""), new=new)


def _address(url: str) -> sa.URL:
    todo = "write postgresql+psycopg://USER@HOST/DATABASE, with @, : and / of a password as %40, %3A and %2F"
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # they quote what may be a password
        raise CrossbookError("the address of the catalog cannot be read", todo=todo) from None
    if address.drivername not in (*postgres.NAMES, "sqlite", "sqlite+pysqlite"):
        raise CrossbookError(f"a catalog cannot be kept on {address.drivername!r}", todo=todo)
    return address


def damage(connection: sa.Connection) -> str:
    """What is damaged in a catalog that is a SQLite file: an index that lost rows hides them without a word. "" where
    nothing is; a server looks after its own."""
    if connection.dialect.name != "sqlite":
        return ""
    told = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    return "" if told == "ok" else "the catalog is damaged: its tables and indexes do not agree"


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One write transaction, one writer at a time; all of it is committed, durably, or none. Raises CrossbookError."""
    options = _WRITING[engine.dialect.name]
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection
