"""A catalog on a PostgreSQL server, for a book that several machines share: one book to a database, in its own schema.

One writer at a time: each transaction that writes takes the same advisory lock first, and then reads what all before it
committed; so the journal has no gap and no fork. Each reading transaction sees one moment, and waits for nobody.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import sqlalchemy as sa

from crossbook.errors import CrossbookError

SCHEMA = "crossbook"
PATIENCE = 60  # seconds that a writer waits for the others
SILENCE = 300  # seconds without a word after which the server takes the lock away from a writer that hangs
NAMES = ("postgresql+psycopg", "postgresql", "postgres")  # what an address may begin with
_REACH = 10  # seconds to reach the server in
_LOCK = 0x63726F7373626F6F  # "crossboo"; the server keeps such locks apart by database
_DURABLE = "crossbook.durable"

_SESSION = f"""
SELECT set_config('search_path', '{SCHEMA}', false),
  CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END,
  current_setting('fsync')
"""
_TURN = f"""
SELECT set_config('lock_timeout', '{PATIENCE}s', true),
  set_config('idle_in_transaction_session_timeout', '{SILENCE}s', true)
"""

_TEXT = "22"
# By SQLSTATE (PostgreSQL, appendix A), or its first two characters: what to tell people, and what they can do.
_TOLD = {
    "55P03": (
        f"another writer has held the catalog for {PATIENCE} seconds",
        "try again; if nobody is at work, the database's pg_stat_activity shows who holds it",
    ),
    "57014": (
        "the database broke off: it took longer than it allows this user",
        "try again, or raise statement_timeout for the user",
    ),
    "42501": (
        "the database does not allow this user to do that",
        f"let its owner grant the user the schema {SCHEMA} and its tables",
    ),
    "25006": (
        "the database takes no changes: it is a standby, or read-only",
        "name the primary server in [catalog] url of book.toml",
    ),
    "53": ("the database server is short of disk, memory or connections; nothing was written", "free some there"),
    _TEXT: ("a text holds a character that the database cannot keep", "leave it out (a NUL, perhaps)"),
    "3F": ("there is no book in this database", "make one with `crossbook init FOLDER --catalog URL`"),
    "42P01": ("there is no book in this database", "make one with `crossbook init FOLDER --catalog URL`"),
}
_AGAIN = "check that the server runs and can be reached, and try again"

_LOGIN = "correct [catalog] url in book.toml, or put the password into ~/.pgpass or PGPASSWORD"

# What a server or the system says when no connection comes about; libpq gives no SQLSTATE for it.
_REFUSED = (
    (
        r"password authentication failed|no password supplied|role .* does not exist|no pg_hba\.conf entry"
        r"|authentication failed|not permitted to log in",
        "the database server refuses this user or password",
        _LOGIN,
    ),
    (
        r"database .* does not exist",
        "the server has no such database",
        "make it with `createdb`, or correct [catalog] url in book.toml",
    ),
    (
        r"too many (clients|connections)|connection slots are reserved",
        "the database server takes no more connections now",
        "try again, or raise max_connections there",
    ),
    (
        r"SSL|certificate",
        "no protected connection to the database server comes about",
        "look at sslmode and sslrootcert in [catalog] url of book.toml",
    ),
)


def open_server(url: sa.URL) -> sa.Engine:
    """An engine on a catalog at this address; nothing is connected yet.

    What goes wrong with the server later is raised as CrossbookError, with the address but never the password, and
    without the words of the library; sqlalchemy.exc.IntegrityError stays what it is. Raises CrossbookError when the
    driver is not installed.
    """
    try:
        import psycopg
    except ImportError:
        raise CrossbookError(
            "a catalog on PostgreSQL needs the package psycopg", todo="pip install 'crossbook[postgres]'"
        ) from None
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of what is told below, in its own words
    defaults = {"connect_timeout": _REACH, "application_name": "crossbook"}
    engine = sa.create_engine(
        url.set(drivername=NAMES[0]),
        connect_args={name: value for name, value in defaults.items() if name not in url.query},
        isolation_level="REPEATABLE READ",
        pool_pre_ping=True,
        max_overflow=-1,  # who waits for its turn to write must not keep a connection from who has it
    )

    @sa.event.listens_for(engine, "connect", insert=True)
    def _session(connection: Any, record: Any) -> None:
        *_, fsync = connection.execute(_SESSION).fetchone()
        connection.commit()
        record.info[_DURABLE] = fsync == "on"

    @sa.event.listens_for(engine, "begin")
    def _turn(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("writes"):
            if not connection.info[_DURABLE]:
                raise CrossbookError(
                    "the database server may lose what it has confirmed: its setting fsync is off",
                    where=shown(url),
                    todo="set fsync = on in its postgresql.conf",
                )
            connection.exec_driver_sql(_TURN)
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    @sa.event.listens_for(engine, "handle_error")
    def _tell(context: sa.engine.ExceptionContext) -> None:
        error = context.original_exception
        if context.is_pre_ping or not isinstance(error, psycopg.Error) or isinstance(error, psycopg.IntegrityError):
            return
        if context.connection is None:
            if not isinstance(error, psycopg.OperationalError):
                raise CrossbookError(
                    "the address of the catalog has an option that PostgreSQL does not know",
                    where=shown(url),
                    todo="correct [catalog] url in book.toml behind the question mark",
                )
            raise _no_connection(error, shown(url))
        state = error.sqlstate or (_TEXT if isinstance(error, psycopg.DataError) else "")  # some it sees by itself
        at_commit = bool(context.connection.get_execution_options().get("writes")) and not context.statement
        raise _complaint(state, shown(url), lost=context.is_disconnect, at_commit=at_commit)

    return engine


def make_schema(connection: sa.Connection) -> None:
    """Make the schema that the tables go into, unless somebody prepared it. Raises CrossbookError."""
    encoding = connection.exec_driver_sql("SELECT current_setting('server_encoding')").scalar()
    if encoding != "UTF8":
        raise CrossbookError(
            f"the database keeps text as {encoding}, which has not every character",
            where=shown(connection.engine.url),
            todo="make it with `createdb --encoding=UTF8 --template=template0`",
        )
    if not sa.inspect(connection).has_schema(SCHEMA):
        connection.execute(sa.schema.CreateSchema(SCHEMA))


def shown(url: sa.URL) -> str:
    """The address for people: user, host, port and database, and nothing else."""
    host = url.host or url.query.get("host") or ""
    user = f"{url.username}@" if url.username else ""
    return f"{user}{host}{f':{url.port}' if url.port else ''}/{url.database or ''}"


def _no_connection(error: Exception, where: str) -> CrossbookError:
    said = str(error)
    for pattern, what, todo in _REFUSED:
        if re.search(pattern, said):
            return CrossbookError(what, where=where, todo=todo)
    if getattr(getattr(error, "pgconn", None), "used_password", False):  # a server that speaks another language
        return CrossbookError("the database server answers, but lets nobody in", where=where, todo=_LOGIN)
    return CrossbookError("the database server cannot be reached", where=where, todo=_AGAIN)


def _complaint(state: str, where: str, *, lost: bool, at_commit: bool) -> CrossbookError:
    if lost or state.startswith(("08", "57P", "25P03")):
        if at_commit:
            return CrossbookError(
                "the connection to the database was lost at the last moment: whether it was written is not known",
                where=where,
                todo="look whether it is in the book before you do it again",
            )
        return CrossbookError("the connection to the database was lost; nothing was written", where=where, todo=_AGAIN)
    if told := _TOLD.get(state) or _TOLD.get(state[:2]):
        return CrossbookError(told[0], where=where, todo=told[1])
    return CrossbookError(f"the database refused it (SQLSTATE {state or 'unknown'})", where=where, todo=_AGAIN)
