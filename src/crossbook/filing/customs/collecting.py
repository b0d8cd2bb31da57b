"""Reading what the transfer client delivers: each file into the book as evidence, then out of the client's folder.

Nothing is deleted: what was read goes to the folder `read`, what cannot be read to `aside`, with a note beside it. A
file that is still being written stays where it is.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crossbook import apart
from crossbook.book import Book
from crossbook.book.adding import Added, add
from crossbook.book.durable import move, write_whole
from crossbook.book.opening import Input, inputs
from crossbook.errors import BadRowsError, CrossbookError
from crossbook.i18n import in_chinese
from crossbook.printable import printable
from crossbook.sources import dxp
from crossbook.sources.ceb_returns import SOURCE as ANSWERS
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import SURE

SETTLE = 3.0  # seconds since its last change after which a file is taken for whole
PATIENCE = 900.0  # and after which one that ends too early is taken for broken
MOST = 256 << 20  # bytes of a file
UNFINISHED = (".part", ".tmp", ".temp", ".filepart", ".crdownload", ".download", "~")
_BEGINS = re.compile(rb"<([\w.:-]+)[\s>/]")
STATES = ("added", "partial", "duplicate", "aside", "growing")


@dataclass(frozen=True)
class Taken:
    """What became of one file: added, partial (some of its returns cannot be read), duplicate (the same bytes are in
    the book), aside (cannot be read) or growing (left for later); what was said of it, and its SHA-256 where it is in
    the book."""

    name: str
    state: str
    said: str = ""
    sha: str = ""
    returns: int = 0


def collect(
    book: Book,
    folder: Path,
    read: Path,
    aside: Path,
    *,
    to: str = "",
    settle: float = SETTLE,
    now: Callable[[], float] = time.time,
    wait: Callable[[float], None] = time.sleep,
) -> list[Taken]:
    """Read every whole file in `folder`. `to` is our own number on the exchange platform, if we know it.

    A file that changed in the last seconds is looked at once more, after as many.
    """
    paths = [p for p in sorted(folder.iterdir()) if p.is_file() and not _unfinished(p.name)]
    young = [p for p in paths if not _settled(p, settle, now())]
    if young and settle:
        wait(settle)
    found = []
    for path in paths:
        if not _settled(path, settle, now()):
            found.append(Taken(name=path.name, state="growing", said="it is still being written"))
            continue
        found.append(_one(book, path, read, aside, to, now()))
    return found


def _unfinished(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(UNFINISHED)


def _settled(path: Path, settle: float, now: float) -> bool:
    try:
        return now - path.stat().st_mtime >= settle
    except OSError:  # fetched away meanwhile
        return False


def _one(book: Book, path: Path, read: Path, aside: Path, to: str, now: float) -> Taken:
    try:
        before = path.stat()
        if before.st_size > MOST:
            raise CrossbookError("is too large for an answer of customs", where=path.name)
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        return Taken(name=path.name, state="growing", said=f"cannot be read now: {error.strerror}")
    except CrossbookError as error:
        return _put_aside(path, aside, error)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        return Taken(name=path.name, state="growing", said="it is still being written")
    try:
        taken = _added(book, path.name, content, to)
    except CrossbookError as error:
        if _cut_off(content) and now - after.st_mtime < PATIENCE:
            return Taken(name=path.name, state="growing", said="it ends too early: it may still be written")
        return _put_aside(path, aside, error)
    try:
        move(path, _free(read, path.name))
    except OSError as error:
        return replace(taken, said="; ".join(filter(None, [taken.said, f"cannot be moved: {error.strerror}"])))
    return taken


def _added(book: Book, name: str, content: bytes, to: str) -> Taken:
    """Add a copy, which nobody changes while it is read."""
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        copy = Path(folder) / (Path(name).name or "answer.xml")
        copy.write_bytes(content)
        if not content.strip():
            raise CrossbookError("the file is empty", where=name)
        apart.run(_refuse, copy, name, to, name=name, size=len(content))
        done = [_add(book, item) for item in inputs([copy])]
    bad = [f"  line {b.line}, column {b.column!r}: {b.value!r}: {b.reason}" for d in done for b in d.bad]
    states = [d.status for d in done]
    state = next((s for s in ("partial", "added", "duplicate") if s in states), "added")
    said = "\n".join(filter(None, [*(d.note for d in done), *bad]))
    return Taken(
        name=name,
        state=state,
        said=said,
        sha=done[0].sha if done else "",
        returns=sum(d.facts.get("customs_return", 0) for d in done),
    )


def _refuse(copy: Path, name: str, to: str) -> None:
    """What runs in a process apart: raise CrossbookError for what is no answer of customs, or is another's."""
    _ours(copy, name, to)
    head = read_head(copy, name)
    told = ANSWERS.recognise(head)
    if told.confidence < SURE and not any(copy.name.lower().endswith(x) for x in (".zip", ".gz")):
        if dxp.is_envelope(head.text):
            _whole(copy, name)
        raise CrossbookError(f"is no answer of customs: {told.reason}", where=name, todo="see where it belongs")


def _add(book: Book, item: Input) -> Added:
    try:
        return add(book, item, source=ANSWERS.name)
    except BadRowsError as error:  # the good ones count all the same
        try:
            return add(book, item, source=ANSWERS.name, partial=True)
        except CrossbookError:
            raise CrossbookError(error.what, where=error.where, todo="fetch the answer again") from None


def _whole(path: Path, name: str) -> None:
    """Raise CrossbookError for an envelope that is cut off or damaged."""
    with path.open("rb") as file:
        try:
            for _ in dxp.opened(file, name):
                pass
        except CrossbookError as error:
            raise CrossbookError(error.what, where=error.where, todo="fetch the answer again") from None


def _ours(path: Path, name: str, to: str) -> None:
    """Raise CrossbookError for an envelope that is addressed to others alone."""
    if not to:
        return
    with path.open("rb") as file:
        try:
            envelope = next((e for _, e in dxp.opened(file, name) if e), None)
        except CrossbookError:
            return  # said when it is read
    if envelope and envelope.receivers and to not in envelope.receivers:
        others = ", ".join(envelope.receivers)
        raise CrossbookError(f"is addressed to {others}, not to {to}", where=name, todo="give it to whom it is for")


def _cut_off(content: bytes) -> bool:
    """Whether a file has nothing yet, or XML without the end of the element that it begins with."""
    begins = _BEGINS.search(content)
    if begins is None:
        return not content.strip()
    return re.search(rb"</" + re.escape(begins[1]) + rb"\s*>\s*\Z", content[-500:]) is None


def _put_aside(path: Path, aside: Path, error: CrossbookError) -> Taken:
    target = _free(aside, path.name)
    said = f"{error.what}\n{error.todo}" if error.todo else error.what
    note = (
        f"{path.name}\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n\n{error.where}\n{error.what}\n{error.todo}\n\n"
        f"{in_chinese(error.what)}\n{in_chinese(error.todo)}\n"
    )
    write_whole(target.with_name(f"{target.name}.txt"), printable(note).encode())
    move(path, target)
    return Taken(name=path.name, state="aside", said=said)


def _free(folder: Path, name: str) -> Path:
    """A path in `folder` that nothing has yet."""
    target, n = folder / name, 1
    while target.exists():
        n += 1
        digest = hashlib.sha256(f"{name} {n}".encode()).hexdigest()[:8]
        target = folder / f"{Path(name).stem}-{n}-{digest}{Path(name).suffix}"
    return target
