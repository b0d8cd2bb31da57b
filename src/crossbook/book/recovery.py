"""Recovering a book from a backup: all of it is copied beside what is there and held against its hashes first.

What lay in the folder is moved into its `set-aside/`; nothing is removed.
"""

from __future__ import annotations

import shutil
import tomllib
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from crossbook.book import catalog, chain, heads, journal, layout, snapshots
from crossbook.book.backup import Progress, copy_rows
from crossbook.book.book import CONFIG, UNPROVED, system_user
from crossbook.book.durable import sync
from crossbook.book.resting import at_rest
from crossbook.book.snapshots import Kept, Snapshot
from crossbook.errors import CrossbookError, place_in_toml

STAGED, ASIDE = ".recovering", "set-aside"
_CANNOT = "the book cannot be recovered"
_SHOWN = 5  # damaged files that an error names


@dataclass(frozen=True)
class Recovery:
    """A recovered book: of which snapshot, what it holds, and where what was there before lies, if anything was.

    `lacks_entries` and `lacks_originals` are how much of that the recovered book has not; None where that catalog
    could not be read.
    """

    number: int
    made_at: str
    evidence: int
    fact_files: int
    journal: int
    set_aside: str = ""
    lacks_entries: int | None = 0
    lacks_originals: int | None = 0


def recover(
    folder: Path,
    target: Path,
    *,
    number: int | None = None,
    replace: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> Recovery:
    """Make the book in `target` from a snapshot (the newest, or `number`) of the backup in `folder`.

    A catalog on a server is made in the database that the snapshot's book.toml names, which must hold no book. Raises
    CrossbookError, with nothing replaced, when the backup is not whole, when there is something in `target` and
    `replace` is not said, or when somebody has the book there open.
    """
    folder, target = folder.resolve(), target.resolve()
    have = snapshots.numbers(folder)
    if not have or (number is not None and number not in have):
        which = "no snapshot" if number is None else f"no snapshot {number}"
        raise CrossbookError(f"{which} here", where=str(folder), todo="name the folder of `crossbook book backup`")
    chosen = have[-1] if number is None else number
    snapshot = snapshots.read(folder, chosen)
    old = _old(target)
    if old and not replace:
        raise CrossbookError(
            "there is something here already",
            where=str(target),
            todo="name a new folder, or say --replace: what is there is set aside",
        )
    staged = target / STAGED
    with snapshots.told(target, _CANNOT):
        snapshots.make_folder(target)
        shutil.rmtree(staged, ignore_errors=True)
        try:
            _copied(folder, snapshot, staged, progress)
            url = _url(staged)
            with at_rest(target) if old else nullcontext():
                lacks = _lacks(target, staged) if old else (0, 0)
                _begin(staged, target, url, snapshot)
                aside = _swap(target, staged, old)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
            if not any(target.iterdir()):
                target.rmdir()
    return Recovery(
        number=snapshot.number,
        made_at=snapshot.made_at,
        evidence=snapshot.evidence,
        fact_files=snapshot.fact_files,
        journal=snapshot.journal + 1,
        set_aside=str(aside or ""),
        lacks_entries=lacks[0],
        lacks_originals=lacks[1],
    )


def _old(target: Path) -> list[Path]:
    """What is in the folder, but what was set aside before and what an earlier recovery left half done."""
    if target.exists() and not target.is_dir():
        raise CrossbookError("not a folder", where=str(target))
    return sorted(p for p in target.iterdir() if p.name not in (STAGED, ASIDE)) if target.exists() else []


def _copied(folder: Path, snapshot: Snapshot, staged: Path, progress: Progress) -> None:
    """All files of a snapshot, each held against its hash while it is copied. Raises CrossbookError."""
    here = snapshots.place(folder, snapshot.number) / snapshots.CATALOG
    named = [*snapshots.contents(here), *snapshots.others(snapshot)]
    wrong = [] if snapshots.copy(here, staged / snapshots.CATALOG, snapshot.catalog) else [snapshots.CATALOG]
    for count, file in enumerate(named, 1):
        if not _copy(folder, staged, file):
            wrong.append(file.what)
        progress("recovering", count, len(named))
    if wrong:
        shown = ", ".join(wrong[:_SHOWN]) + (f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else "")
        raise CrossbookError(
            f"the backup is not whole: {shown}",
            where=str(folder),
            todo="recover an earlier snapshot with --snapshot, or another backup; nothing was changed here",
        )
    for name in ("evidence", "facts"):
        snapshots.make_folder(staged / name)


def _copy(folder: Path, staged: Path, file: Kept) -> bool:
    inside = Path(file.book_path)
    if inside.is_absolute() or ".." in inside.parts:  # no snapshot of ours has such a path
        return False
    mode = 0o400 if file.what.startswith("evidence ") else 0o600
    return snapshots.copy(folder / file.path, staged / inside, file.sha, mode=mode)


def _url(staged: Path) -> str:
    """The server that the book's settings name for its catalog, if any."""
    try:
        shared = tomllib.loads((staged / CONFIG).read_text(encoding="utf-8")).get("catalog", {})
    except FileNotFoundError:
        raise CrossbookError("the backup has no book.toml", where=str(staged)) from None
    except tomllib.TOMLDecodeError as error:
        raise CrossbookError("not valid TOML", where=f"{CONFIG}{place_in_toml(error)}") from None
    return str(shared.get("url", "")) if isinstance(shared, dict) else ""


def _begin(staged: Path, target: Path, url: str, snapshot: Snapshot) -> None:
    """The recovered catalog, with an entry that says so, and the heads of what is there before it, with a line more."""
    own = staged / snapshots.CATALOG
    engine = catalog.open_catalog(url or f"sqlite:///{own}")
    body = {
        "snapshot": snapshot.number,
        "made_at": snapshot.made_at,
        "catalog": snapshot.catalog,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        UNPROVED: True,
    }
    try:
        with catalog.writing(engine) as connection:
            if url:
                layout.create(connection)
                connection.execute(catalog.settings.delete())
                connection.execute(catalog.links.delete())
                before = sa.create_engine(f"sqlite:///{own}", poolclass=sa.pool.NullPool)
                with before.connect() as source:
                    copy_rows(source, connection)
            layout.bring_over(connection, system_user(), {UNPROVED: True})
            journal.append(connection, system_user(), journal.RECOVERED, f"snapshot {snapshot.number}", body)
            found = chain.held(connection)
    finally:
        engine.dispose()
    if heads.read(target):
        shutil.copyfile(target / heads.FILE, staged / heads.FILE)
    lines, _ = heads.read(staged) or ([], [])
    if found.head is not None:
        shared = str(heads.shared(lines, found))
        heads.write(staged, found.head, heads.RECOVERED, shared, begin=True)
    if url:
        own.unlink()


def _lacks(target: Path, staged: Path) -> tuple[int | None, int | None]:
    """How many entries and originals of the book that is there the recovered one has not."""
    if not (target / snapshots.CATALOG).is_file():
        return None, None
    try:
        entries, originals = snapshots.history(target / snapshots.CATALOG)
    except CrossbookError:
        return None, None
    kept, files = snapshots.history(staged / snapshots.CATALOG)
    return len(set(entries) - set(kept)), len(originals - files)


def _swap(target: Path, staged: Path, old: list[Path]) -> Path | None:
    """Set aside what is there and put the recovered in its place; book.toml last, so that half a book is none."""
    aside = _free(target / ASIDE) if old else None
    if aside:
        snapshots.make_folder(aside)
        for path in sorted(old, key=lambda p: p.name != CONFIG):
            path.rename(aside / path.name)
        sync(aside)
    for path in sorted(staged.iterdir(), key=lambda p: p.name == CONFIG):
        sync(target)
        path.rename(target / path.name)
    sync(target)
    return aside


def _free(folder: Path) -> Path:
    """A folder of a name that nothing has."""
    n = 1
    while (path := folder / f"before-recovery-{n}").exists():
        n += 1
    return path
