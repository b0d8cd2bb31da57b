"""What rooms publish: tables under a name, made when first asked for and kept under the hash of what they rest on."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import duckdb

from crossbook.book import Book, private, seals
from crossbook.engine.database import Database, Shared, settle_in
from crossbook.errors import CrossbookError
from crossbook.i18n import translated
from crossbook.version import __version__
from crossbook.waiting import long_work

GROUP = "crossbook.publications"
FACTS = "facts"
_bounds: dict[str, str] = {}  # settings of every connection of this process


@dataclass(frozen=True)
class Publication:
    """Tables that a room makes for others to read.

    `make` makes them in the database that it is given, from facts and from the publications in `rests_on`. `state` is a
    text that changes with the settings and decisions they rest on. `reads` names the raw facts that `make` may read
    although `trade` covers them, each with the reason. `further` gives publications that it rests on besides, where
    what it rests on holds something to ask them about. `memory` (as "900MB") bounds what making them takes.
    """

    name: str
    make: Callable[[Database, Book], None]
    rests_on: tuple[str, ...] = ()
    state: Callable[[Book], str] = lambda book: ""
    reads: Mapping[str, str] = field(default_factory=dict)
    memory: str = ""
    further: Callable[[Database], tuple[str, ...]] = lambda database: ()


@lru_cache(maxsize=1)
def publications() -> dict[str, Callable[[], Publication]]:
    """What loads each publication, by name: the entry points in the group `crossbook.publications`."""
    return {point.name: point.load for point in entry_points(group=GROUP)}


def publication(name: str) -> Publication:
    """One publication. Raises CrossbookError when nobody publishes under that name."""
    found = publications().get(name)
    if found is None:
        raise CrossbookError(
            f"nothing publishes {name!r}", todo=f"known are {', '.join(sorted(publications()))}; reinstall crossbook"
        )
    return found()


def publish(database: Database, book: Book, wanted: Publication) -> None:
    """Make a publication's tables readable in `database`: the kept ones if they rest on what holds now, else made anew.

    A kept file that does not say that it rests on this is made anew. A book that may not be written gets the tables
    in memory.
    """
    name = wanted.name
    database.ask(*wanted.rests_on)
    further = wanted.further(database)
    database.ask(*further)
    rests_on = [database.shared.published[n] for n in (FACTS, *wanted.rests_on, *further)]
    key = hash_of(name, code_of(wanted.make.__module__), wanted.state(book), *rests_on)
    kept = book.path / "cache" / f"{name}-{key}.duckdb"
    try:
        if not kept.exists() or not sound(book, kept) or not _attach(database, kept, name, key):
            seals.remove(kept)
            if wanted.reads:
                check_facts(database, book)
            _write_beside(database, book, wanted, kept, key)
            if not _attach(database, kept, name, key):
                raise OSError("the cache does not keep what was written")
    except (OSError, duckdb.IOException):
        wanted.make(Database(database.connection, database.shared, tuple(wanted.reads)), book)
    database.shared.published[name] = key


def hash_of(*parts: str) -> str:
    """A short hash of texts, and of the program's and the engine's version."""
    return hashlib.sha256(repr((__version__, duckdb.__version__, parts)).encode()).hexdigest()[:32]


@lru_cache(maxsize=32)
def code_of(module: str) -> str:
    """A hash of the files of the room that a module is in, or that it is, and of the tables of `data/` of that name.

    What was made by other code, or from another edition of a table of words or places, is made anew.
    """
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ValueError(f"no module {module}")
    room = Path(found.origin).parent
    tables = Path(__file__).parents[1] / "data" / room.name
    told = [*sorted(room.rglob("*.py")), *sorted(tables.rglob("*.csv"))]
    return hashlib.sha256(b"".join(p.read_bytes() for p in told)).hexdigest()


def quoted(path: Path | str) -> str:
    """A path inside a SQL text."""
    return str(path).replace("'", "''")


def connection_of(book: Book, path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A connection whose spill lies in the book's cache, so that nobody else may read it."""
    spill = str(book.path / "cache" / "spill")
    config = {"autoinstall_known_extensions": "false", "temp_directory": spill, **_bounds}
    connection = duckdb.connect(path, config=config)
    settle_in(connection)
    return connection


def bound_each(*, threads: int, memory: str = "") -> None:
    """Hold every connection that this process opens from now on to so many threads, and to so much memory."""
    _bounds.update({"threads": str(threads)} | ({"memory_limit": memory} if memory else {}))


def write(book: Book, fill: Callable[[duckdb.DuckDBPyConnection], None], target: Path, key: str) -> None:
    """Make a database file whole before others see it, and remove the older ones of its name."""
    private.make_folder(target.parent, book.path)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        connection = connection_of(book, str(part))
        with long_work():
            fill(connection)
        connection.execute("CREATE TABLE rests_on AS SELECT ? AS hash", [key])
        connection.close()
        seals.put(book, part, target)
    finally:
        part.unlink(missing_ok=True)
    for old in target.parent.glob(f"{target.name.split('-')[0]}-*.duckdb"):
        if old != target:
            with contextlib.suppress(OSError):  # still open elsewhere, where the system minds
                seals.remove(old)


def sound(book: Book, path: Path) -> bool:
    """Whether a kept file is as it was made; where it is not that is said, and it is made anew."""
    if seals.holds(book, path):
        return True
    if seals.sealed(path):
        _say(path)
    return False


def _say(path: Path) -> None:
    told = f"{path.name}: a table kept in the book's cache was changed or damaged; it is made anew"
    logging.getLogger(__name__).warning(translated(told))


def check_facts(database: Database, book: Book) -> None:
    """Hold the files of facts against their hashes before something is made of them, once for each connection.

    Raises CrossbookError with the cure for a file that was changed or is missing.
    """
    if not database.shared.hashed:
        retired = book.retired()
        seals.check_facts(book, (f for f in book.fact_files() if f.evidence not in retired))
        database.shared.hashed = True


def attached(connection: duckdb.DuckDBPyConnection, path: Path, name: str, key: str) -> bool:
    """Attach a kept file as `name`; False when it is damaged or rests on something else."""
    try:
        connection.execute(f"ATTACH '{quoted(path)}' AS \"{name}\" (READ_ONLY)")
        if connection.execute(f'SELECT hash FROM "{name}".rests_on').fetchall() == [(key,)]:
            return True
        connection.execute(f'DETACH "{name}"')
    except (duckdb.CatalogException, duckdb.BinderException):
        connection.execute(f'DETACH "{name}"')
    except duckdb.Error:  # damaged: what DuckDB says of it differs by the place of the damage
        return False
    return False


def _attach(database: Database, path: Path, name: str, key: str) -> bool:
    if not attached(database.connection, path, name, key):
        return False
    database.shared.places = (f"{name}.main", *database.shared.places)
    database.shared.files.append(path)
    return True


def _write_beside(database: Database, book: Book, wanted: Publication, target: Path, key: str) -> None:
    """Make `target` from the files that `database` has attached: what rests on each other is read from one state."""
    files = database.connection.execute(
        "SELECT database_name, path FROM duckdb_databases() WHERE path IS NOT NULL AND NOT internal"
    ).fetchall()
    if FACTS not in {name for name, _ in files}:
        raise OSError("the facts are not kept")
    order = [place.removesuffix(".main") for place in database.shared.places]

    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        if wanted.memory:
            connection.execute(f"SET memory_limit = '{wanted.memory}'")
        here = connection.execute("SELECT current_database()").fetchone()
        for name, path in files:
            connection.execute(f"ATTACH '{quoted(path)}' AS \"{name}\" (READ_ONLY)")
        # what is made here stands before what it rests on, so that it may replace a name
        places = (f'"{here[0] if here else ""}".main', *(f"{name}.main" for name in order))
        connection.execute("SET search_path = '{}'".format(",".join(places)))
        wanted.make(Database(connection, Shared(), tuple(wanted.reads)), book)

    write(book, fill, target, key)
