"""A DuckDB database with one table per kind of fact, kept in the book's cache. Readers take no locks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from crossbook.book import Book, seals, set_back
from crossbook.book.aliases import aliases, own_names
from crossbook.book.book import FactFile
from crossbook.book.sharing import by_path
from crossbook.engine.database import Database, Shared
from crossbook.engine.guard import COVERED
from crossbook.engine.publishing import (
    FACTS,
    attached,
    code_of,
    connection_of,
    hash_of,
    publication,
    publish,
    sound,
    write,
)
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    import pyarrow as pa

    from crossbook.facts import Kind

SMALL_ROWS = 3_000_000  # larger kinds stay in their Parquet files
DEFAULT_AUTHORITY = 50  # of mapped tables and of sources that name none
COPIED = ("settlement",)  # of the facts that trade covers: read again and again, through views

# Columns that may name an account of the book, of kinds that have others beside `account`.
OWN_ACCOUNTS = {
    "bank": ("account", "counterparty_account"),
    "transfer": ("payer_account", "payee_account"),
    "payment_account": ("number",),
}

# The SQL types of facts' columns.
_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
    "dictionary<values=string, indices=int32, ordered=0>": "VARCHAR",
}


def connect(book: Book) -> Database:
    """A database for desks over what the book holds now, without retired evidence.

    It has the kinds of fact that `trade` does not cover, `evidence(sha, seq, name, source, authority, whole)`
    (`crossbook.sources.report.TableReport` says what the last two mean), and what publications make when they are asked
    for. All of it is kept in the book's cache under a hash of what it rests on, so that only the first reader after a
    change pays for it; readers share it read-only. A book that may not be written is read into memory.
    """
    return _open(book, ())


def raw_facts(book: Book) -> Database:
    """The same with every kind of fact as it was read from its file: for whoever checks a book, never for a desk."""
    return _open(book, None)


def fact_rows(
    book: Book, kind: str, sha: str, *, line: int | None = None, limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Facts as they were read from one piece of evidence, in the order of its lines; those of one line, if given."""
    from crossbook.facts import KINDS

    where = "" if line is None else " AND line = $line"
    seals.check_facts(book, (f for f in book.fact_files(of=sha) if f.kind == kind))
    values: dict[str, Any] = {"path": str(book.fact_path(kind, sha)), "sha": sha} | (
        {} if line is None else {"line": line}
    )
    return Database(connection_of(book)).rows(
        "SELECT * EXCLUDE (evidence) FROM "
        f"({_empty(KINDS[kind])} UNION ALL BY NAME SELECT * FROM read_parquet($path)) "
        f"WHERE evidence = $sha{where} ORDER BY line LIMIT {limit} OFFSET {offset}",
        **values,
    )


def _open(book: Book, reads: tuple[str, ...] | None) -> Database:
    before = book.facts_held()
    try:
        return _opened(book, reads)
    except CrossbookError:
        if book.facts_held() == before:
            raise
        return _opened(book, reads)  # a rebuild meanwhile put other files there


def _opened(book: Book, reads: tuple[str, ...] | None) -> Database:
    held = _held(book)
    retired = book.retired()
    files = [f for f in book.fact_files() if f.evidence not in retired]
    # with where the book lies: large kinds are read from its files, and a copy of a book must not read another's. What
    # publications make of the facts names no files, and a copy of a book keeps it.
    key = hash_of(FACTS, held, str(book.path.resolve()))
    kept = book.path / "cache" / f"{FACTS}-{key}.duckdb"
    connection = connection_of(book)
    shared = Shared(
        published={FACTS: held},
        publish=lambda database, name: publish(database, book, publication(name)),
        folder=book.path,
    )
    fill = partial(_fill, book, files)
    try:
        if kept.exists() and not sound(book, kept):
            seals.remove(kept)
        if kept.exists() and attached(connection, kept, FACTS, key):
            _unchanged(book, connection, files)
        else:
            seals.remove(kept)
            shared.hashed = True
            write(book, fill, kept, key)
            if not attached(connection, kept, FACTS, key):
                raise OSError("the cache does not keep what was written")
        shared.places = (f"{FACTS}.main",)
        shared.files.append(kept)
    except (OSError, duckdb.Error):
        shared.hashed = True
        fill(connection)
    return Database(connection, shared, reads)


def _unchanged(book: Book, connection: duckdb.DuckDBPyConnection, files: list[FactFile]) -> None:
    """Raise CrossbookError, with the cure, for a file of facts that is another than what was kept was made from."""
    rows = connection.execute(f"SELECT sha, size, changed FROM {FACTS}.read_from").fetchall()
    seen = {sha: (size, changed) for sha, size, changed in rows}
    found = by_path(files)
    seals.check_facts(book, (of[0] for path, of in found.items() if seals.look(path) != seen.get(of[0].sha)))


def _columns(kind: Kind) -> list[tuple[str, str]]:
    """The columns of a kind with their SQL types: that of an exact number is Arrow's under another name."""
    return [(c.name, _TYPES.get(str(c.type)) or str(c.type).replace("decimal128", "DECIMAL")) for c in kind.schema]


def _empty(kind: Kind) -> str:
    """No rows with all columns of a kind: files that were read before it had them all lack some."""
    columns = ", ".join(f'CAST(NULL AS {told}) AS "{name}"' for name, told in _columns(kind))
    return f"SELECT {columns} WHERE false"


def _held(book: Book) -> str:
    """A hash that changes with the facts that are read. Raises CrossbookError for a catalog that was set back."""
    set_back.refuse(book)
    names = repr(sorted(aliases(book).items()))
    return hash_of(FACTS, code_of("crossbook.facts"), book.facts_held(), names)


def _fill(book: Book, facts: list[FactFile], connection: duckdb.DuckDBPyConnection) -> None:
    import pyarrow as pa  # this, the kinds and the sources are not loaded where the facts are kept

    from crossbook.facts import KINDS

    database = Database(connection)
    seals.check_facts(book, facts)
    told = aliases(book)
    for kind in KINDS.values():
        files = [f for f in facts if f.kind == kind.name]
        if not files:
            columns = ", ".join(f'"{name}" {told_as}' for name, told_as in _columns(kind))
            connection.execute(f'CREATE OR REPLACE TABLE "{kind.name}" ({columns})')
            continue
        select = of_kind_sql(kind, files)
        for column in OWN_ACCOUNTS.get(kind.name, ("account",)) if told else ():
            if column in kind.columns:
                select = under_one_name(select, own_accounts(database, select, told, column), column)
        copied = kind.name not in COVERED or kind.name in COPIED
        if copied and sum(f.rows for f in files) < SMALL_ROWS:
            database.make(kind.name, select)
        else:
            database.define(kind.name, select)
    database.keep("evidence", evidence_table(book))
    looks = [(of[0].sha, *(seals.look(path) or (0, 0))) for path, of in by_path(facts).items()]
    names_of = ("sha", "size", "changed")
    columns_of = zip(*looks, strict=True) if looks else ((), (), ())
    types = (pa.string(), pa.int64(), pa.int64())
    read = [pa.array(column, type_) for column, type_ in zip(columns_of, types, strict=True)]
    database.keep("read_from", pa.Table.from_arrays(read, names=names_of))


def evidence_table(book: Book) -> pa.Table:
    """The files of a book that are in use, and what their sources say of them: the table `evidence`."""
    import pyarrow as pa

    from crossbook.sources.registry import sources

    retired = book.retired()
    held = [e for e in book.evidence() if e["sha"] not in retired]
    known = sources()
    told_of = {n: [e[n] for e in held] for n in ("sha", "seq", "name", "source")}
    told_of["authority"] = [getattr(known.get(e["source"]), "authority", DEFAULT_AUTHORITY) for e in held]
    told_of["whole"] = [getattr(known.get(e["source"]), "whole", False) for e in held]
    schema = pa.schema(
        [
            ("sha", pa.string()),
            ("seq", pa.int64()),
            ("name", pa.string()),
            ("source", pa.string()),
            ("authority", pa.int64()),
            ("whole", pa.bool_()),
        ]
    )
    return pa.table(told_of, schema=schema)


def of_kind_sql(kind: Kind, files: list[FactFile]) -> str:
    """A SELECT of the facts of a kind in these files, with all its columns."""
    return " UNION ALL BY NAME ".join([_empty(kind), *_reading(files)])


def holds_more(path: Path, of: Iterable[FactFile]) -> bool:
    """Whether a file has rows of other originals as well: merged ones, of which some are out of use."""
    import pyarrow.parquet as pq

    return bool(pq.read_metadata(path).num_rows != sum(f.rows for f in of))


def _reading(files: list[FactFile]) -> Iterator[str]:
    """SELECTs of the rows of these files; of one that several originals share, those of the originals that name it."""
    whole = []
    for path, of in by_path(files).items():
        if not holds_more(path, of):
            whole.append(_literal(str(path.resolve())))
            continue
        named = ", ".join(_literal(f.evidence) for f in of)
        yield f"SELECT * FROM read_parquet({_literal(str(path.resolve()))}) WHERE evidence IN ({named})"
    if whole:
        yield f"SELECT * FROM read_parquet([{', '.join(whole)}], union_by_name = true)"


def own_accounts(database: Database, select: str, told: dict[str, str], column: str) -> dict[str, str]:
    """The accounts of the book by what a column of some facts calls them, where that is another name."""
    rows = database.rows(f"SELECT DISTINCT {column} AS name FROM ({select}) WHERE {column} IS NOT NULL")
    return own_names([r["name"] for r in rows], told)


def under_one_name(select: str, found: dict[str, str], column: str) -> str:
    """A SELECT of facts in which the accounts of a column go by their own names, whichever their files call them by."""
    if not found:
        return select
    cases = " ".join(f"WHEN {_literal(name)} THEN {_literal(account)}" for name, account in sorted(found.items()))
    return f"SELECT * REPLACE (CASE {column} {cases} ELSE {column} END AS {column}) FROM ({select})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
