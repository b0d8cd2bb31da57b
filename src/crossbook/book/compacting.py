"""Compacting a book: many small fact files of a kind become few, sorted by what desks join on; every row keeps its
evidence and its line.

The catalog then names one file for several originals, each with its number of rows; of such a file only the rows of
originals that name it are read. All new files are written and synced first, and one transaction names them, so that a
stop at any moment leaves the book as it was, or compacted. What they replace is moved to `set-aside/`.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crossbook.book import catalog, chain, faults, journal, layout, private, seals
from crossbook.book.book import UNPROVED, Book, FactFile, fact_name, system_user
from crossbook.book.fact_writing import TEMPORARY, fact_writer, hash_and_sync, place
from crossbook.book.reading import Written
from crossbook.book.sharing import set_aside_unnamed
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS

if TYPE_CHECKING:
    import pyarrow as pa

    from crossbook.facts import Kind

MOST = 1_000_000  # rows of a file that is made: what sorting holds in memory
LARGE = MOST // 2  # rows from which a file is left as it is
ROW_GROUP = 1 << 17
_TRIES = 3  # to name what was written, while others change what it was made of


@dataclass
class Compacted:
    """What compacting did, by the files of facts that the book has: how many and how many bytes before and after, of
    which kinds files were merged, and which files were left (`notes`)."""

    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    kinds: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A file that was written, and the files of the catalog whose rows it has."""

    kind: str
    of: tuple[FactFile, ...]
    file: Written


def compact(book: Book, progress: Callable[[int, int], None] = lambda done, total: None) -> Compacted:
    """Merge the small fact files of each kind. `progress` is told the rows merged, and of how many.

    Rows of evidence that is out of use go into files of their own. Raises CrossbookError, the book unchanged, when a
    file of facts is missing or changed (with the cure), when the disk refuses, or for a book of an older layout.
    """
    with book.engine.connect() as connection:
        layout.check_writable(connection, book.path)
    with faults.naming("", book.path), book.lock(shared=True):
        for _ in range(_TRIES):
            if (done := _compacted(book, progress)) is not None:
                return done
    raise CrossbookError("others changed the book's facts meanwhile", where=str(book.path), todo="compact it again")


def _compacted(book: Book, progress: Callable[[int, int], None]) -> Compacted | None:
    """One try; None when what was merged is no longer what the catalog names."""
    before = book.fact_files()
    done = Compacted()
    done.files_before, done.bytes_before = _size(before)
    bins = [files for files in _bins(book, before) if _readable(files, done)]
    seals.check_facts(book, (file for files in bins for file in files))
    total, merged = sum(f.rows for files in bins for f in files), 0
    with ExitStack() as stack:
        made = []
        for files in bins:
            made.append(_write(book, files, stack))
            merged += sum(f.rows for f in files)
            progress(merged, total)
        if made and not _name(book, made):
            return None
    set_aside_unnamed(book, {f.path for m in made for f in m.of})
    done.files_after, done.bytes_after = _size(book.fact_files())
    done.kinds = sorted({m.kind for m in made})
    return done


def _size(files: Iterable[FactFile]) -> tuple[int, int]:
    looks = [seals.look(path) for path in {f.path for f in files}]
    return len(looks), sum(seen[0] for seen in looks if seen)


def _bins(book: Book, files: Sequence[FactFile]) -> list[list[FactFile]]:
    """What is to be merged into one file each: small files of a kind, in the order in which their evidence came."""
    retired = book.retired()
    groups: dict[tuple[str, bool], dict[Path, list[FactFile]]] = {}
    for file in files:
        if file.kind in KINDS:
            groups.setdefault((file.kind, file.evidence in retired), {}).setdefault(file.path, []).append(file)
    found = []
    for _, by_path in sorted(groups.items()):
        bins: list[list[list[FactFile]]] = [[]]
        held = 0
        for unit in by_path.values():
            rows = sum(f.rows for f in unit)
            if rows >= LARGE:
                continue
            if held + rows > MOST:
                bins.append([])
                held = 0
            bins[-1].append(unit)
            held += rows
        found += [[file for unit in units for file in unit] for units in bins if len(units) > 1]
    return found


def _readable(files: list[FactFile], done: Compacted) -> bool:
    """Whether every column of these files is one of their kind; those of another program are left as they are."""
    import pyarrow.parquet as pq

    columns = set(KINDS[files[0].kind].schema.names)
    for path in {f.path for f in files if f.path.exists()}:
        try:
            unknown = set(pq.read_schema(path).names) - columns
        except Exception:  # noqa: BLE001  damaged: named when it is held against its hash
            return True
        if unknown:
            done.notes.append(f"facts {files[0].kind}: not merged, for a file has columns of another version")
            return False
    return True


def _write(book: Book, files: Sequence[FactFile], stack: ExitStack) -> _Made:
    """Write the rows of these files into one, under a temporary name that goes when the stack is left."""
    kind = KINDS[files[0].kind]
    order = {f.evidence: n for n, f in enumerate(files)}
    table = _sorted(kind, _rows(kind, files), order)
    part = book.facts_dir / kind.name / f"{secrets.token_hex(8)}{TEMPORARY}"
    stack.callback(part.unlink, missing_ok=True)
    with fact_writer(part, kind.schema, bounds=_sorted_by(kind)) as writer:
        writer.write_table(table, row_group_size=ROW_GROUP)
    private.keep(part, book.path)
    sha = hash_and_sync(part)
    written = Written(rows=table.num_rows, sha=sha, part=part, target=part.with_name(fact_name(sha)))
    return _Made(kind=kind.name, of=tuple(files), file=written)


def _rows(kind: Kind, files: Sequence[FactFile]) -> pa.Table:
    """The rows of these files, as their kind has them today. Raises CrossbookError where the catalog has others."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    wanted: dict[Path, dict[str, FactFile]] = {}
    for file in files:
        wanted.setdefault(file.path, {})[file.evidence] = file
    tables = []
    for path, of in wanted.items():
        held = pq.read_table(path, partitioning=None)
        nothing = pa.nulls(held.num_rows)
        columns = [held[f.name] if f.name in held.column_names else nothing for f in kind.schema]
        table = pa.table([_cast(c, f.type) for c, f in zip(columns, kind.schema, strict=True)], schema=kind.schema)
        texts = table["evidence"].cast(pa.string())
        inside = pc.is_in(texts, value_set=pa.array(list(of)))
        counted = Counter(texts.filter(inside).to_pylist())
        for sha, file in of.items():
            if counted[sha] != file.rows:
                raise CrossbookError(
                    f"facts {kind.name}: {file.rows} rows were read, and the file has {counted[sha]}",
                    where=sha[:12],
                    todo=f"make them anew: crossbook book rebuild {sha[:12]}",
                )
        tables.append(table.filter(inside))
    return pa.concat_tables(tables).unify_dictionaries()


def _cast(column: pa.ChunkedArray | pa.Array, type_: pa.DataType) -> pa.ChunkedArray | pa.Array:
    import pyarrow as pa

    if column.type == type_:
        return column
    if pa.types.is_dictionary(type_):
        return column.cast(pa.string()).dictionary_encode().cast(type_)
    return column.cast(type_)


def _sorted_by(kind: Kind) -> tuple[str, ...]:
    """What a kind is sorted by: account, order and the first day or moment it has; else its key."""
    import pyarrow as pa

    days = [f.name for f in kind.schema if pa.types.is_temporal(f.type)]
    found = [name for name in ("account", "order_id", *days[:1]) if name in kind.columns]
    return tuple(found or kind.key)


def _sorted(kind: Kind, table: pa.Table, order: dict[str, int]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    names = _sorted_by(kind)
    keys = {n: table[n].cast(pa.string()) if pa.types.is_dictionary(table[n].type) else table[n] for n in names}
    place_of = pc.index_in(table["evidence"].cast(pa.string()), value_set=pa.array(list(order)))
    by = pa.table({**keys, "its evidence": place_of, "its line": table["line"]})
    return table.take(pc.sort_indices(by, sort_keys=[(name, "ascending") for name in by.column_names]))


def _name(book: Book, made: Sequence[_Made]) -> bool:
    """Let the catalog name these files in the place of those they were made of, if it names those still."""
    table = catalog.fact_files
    with book.writing() as connection:
        rows = connection.execute(sa.select(table)).mappings().all()
        named = {(r["evidence"], r["kind"]): r["sha"] for r in rows}
        if any(named.get((f.evidence, f.kind)) != f.sha for m in made for f in m.of):
            return False
        for m in made:
            place({m.kind: m.file})
            for file in m.of:
                here = (table.c.evidence == file.evidence) & (table.c.kind == file.kind)
                connection.execute(table.update().where(here).values(sha=m.file.sha))
                named[file.evidence, file.kind] = m.file.sha
        changed = dict.fromkeys(f.evidence for m in made for f in m.of)
        facts: dict[str, list[tuple[str, int, str]]] = {sha: [] for sha in changed}
        for row in rows:
            if row["evidence"] in facts:
                key = (row["evidence"], row["kind"])
                facts[row["evidence"]].append((row["kind"], row["rows"], named[key]))
        chain.link(connection, *(chain.of_facts(sha, told) for sha, told in facts.items()))
        layout.note_compacted(connection)
        body = {"files": len({f.path for m in made for f in m.of}), "into": len(made), UNPROVED: True}
        journal.append(connection, system_user(), journal.COMPACTED, "facts", body)
    return True
