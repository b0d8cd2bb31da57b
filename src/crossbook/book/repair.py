"""Repairing a book: what its catalog does not name is moved into `quarantine/`, with a note, and may be added again.

Nothing is removed, and nothing that the catalog names is touched: what of that is missing or changed comes from a
backup (`recovery.py`) or, for facts, from its original (`checking.rebuild`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crossbook.book import chain, heads, journal, layout
from crossbook.book.adding import add
from crossbook.book.book import UNPROVED, Book, system_user
from crossbook.book.checking import Report, check, orphans
from crossbook.book.durable import sync
from crossbook.book.opening import Input
from crossbook.book.resting import at_rest
from crossbook.book.snapshots import make_folder, told
from crossbook.errors import CrossbookError

FOLDER, NOTE = "quarantine", "note.json"
_CANNOT = "the book cannot be repaired"


@dataclass
class Repair:
    """What a repair did: where it moved what the catalog does not name, which paths of the book; which originals of
    those it added again, by name, and which it could not, with the reason; whether the file of heads was begun anew;
    and what is wrong still (`after`)."""

    folder: str = ""
    moved: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    heads: bool = False
    after: Report = field(default_factory=Report)


def repair(
    book: Book,
    *,
    adopt: bool = False,
    set_back: str = "",
    step: Callable[[str], None] = lambda text: None,
) -> Repair:
    """Move what the catalog does not name into `quarantine/`, begin a missing file of heads, and say each step.

    With `adopt` the originals among it are read and added again. `set_back` is the reason why a catalog that is older
    than the heads beside it is to stand: the journal says so from then on. Raises CrossbookError when somebody has the
    book open, and when the disk refuses.
    """
    done = Repair()
    with book.engine.connect() as connection:
        layout.check_writable(connection, book.path)
    missing = not heads.kept(book.path)
    book.engine.dispose()
    with told(book.path, _CANNOT), at_rest(book.path):
        if unnamed := orphans(book):
            _quarantine(book, unnamed, done, step)
        if done.moved or missing or set_back:
            _journal(book, done, set_back, missing=missing)
    if missing:
        done.heads = True
        step("the file heads was begun anew: heads from before are with you alone")
    if adopt:
        _adopt(book, done, step)
    done.after = check(book)
    return done


def _quarantine(book: Book, orphans: list[str], done: Repair, step: Callable[[str], None]) -> None:
    number = 1
    while (folder := book.path / FOLDER / str(number)).exists():
        number += 1
    make_folder(folder)
    done.folder = folder.relative_to(book.path).as_posix()
    told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "why": "not named by the catalog", "paths": orphans}
    (folder / NOTE).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sync(folder / NOTE)
    for path in orphans:
        target = folder / path
        make_folder(target.parent)
        (book.path / path).rename(target)
        sync(target.parent)
        done.moved.append(path)
        step(f"{path}: moved to {done.folder}")


def _journal(book: Book, done: Repair, set_back: str, *, missing: bool) -> None:
    """An entry that says what was done; the head of it is put beside the book, with what it leaves behind."""
    body: dict[str, Any] = {"moved": len(done.moved), "folder": done.folder, UNPROVED: True}
    if set_back:
        body["why"] = set_back
    if missing:
        body["heads"] = "begun anew"
    with book.writing() as connection:
        journal.append(connection, system_user(), journal.REPAIRED, done.folder or heads.FILE, body)
        found = chain.held(connection)
        connection.info.pop(chain.NEWEST, None)
    lines, _ = heads.read(book.path) or ([], [])
    if found.head is None:
        return
    words = (heads.RECOVERED, str(heads.shared(lines, found))) if set_back else ()
    put = heads.write if missing or set_back else heads.append  # that it is there is what was asked for
    put(book.path, found.head, *words, begin=missing)


def _adopt(book: Book, done: Repair, step: Callable[[str], None]) -> None:
    """Add the originals in quarantine again, under the names that the journal has for them."""
    known = {e.subject: str(e.body["name"]) for e in book.journal() if "name" in e.body}
    for path in done.moved:
        file = Path(path)
        if file.parts[0] != "evidence" or file.suffix:
            continue
        name = known.get(file.name, file.name[:12])
        try:
            added = add(book, Input(book.path / done.folder / path, name))
        except CrossbookError as error:
            done.refused.append(f"{path}: {error.what}")
            step(f"{path}: not added again: {error.what}")
        else:
            done.adopted.append(added.name)
            step(f"{path}: added again as {added.name} ({added.source})")
