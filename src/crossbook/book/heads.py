"""Heads of the chain, kept outside the catalog: a file `heads` beside the book, only ever appended to.

A line is a head as it is printed, `COUNT:HASH@TIME`. It is written after the commit of what it stands for: the file may
lag behind the catalog, never lead it; so a catalog that ends before a head of the file was set back. `recovered N`
behind a head says that a backup was recovered there: of the heads above that line, those beyond N are of a history that
was set aside. `signed KEY SIGNATURE` is a signature over the head (`signing.py`).
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crossbook.book import chain, durable
from crossbook.book.chain import Head, Held
from crossbook.book.durable import opened
from crossbook.errors import CrossbookError

FILE = "heads"
RECOVERED, SIGNED = "recovered", "signed"
EMPTY = "heads: the file is empty: its lines were removed; `crossbook book repair`"
MISSING = "heads: the file is missing: it was removed, or the book was copied without it; `crossbook book repair`"
_LONGEST = 100 << 20  # bytes of a file of heads that somebody names


@dataclass(frozen=True)
class Line:
    """A line of the file: its number, its head; for a recovery the last link that both histories share; for a signature
    the key and what it signed, both in base64."""

    number: int
    head: Head
    shared: int | None = None
    key: str = ""
    signature: str = ""


def append(folder: Path, head: Head, *words: str, begin: bool = False) -> None:
    """Put a head behind the last line. A disk that refuses leaves the file behind the catalog, which `check` says.

    A file that is missing or empty is begun only with `begin`: else that it was removed would be forgotten.
    """
    with contextlib.suppress(OSError):
        write(folder, head, *words, begin=begin)


def write(folder: Path, head: Head, *words: str, begin: bool = False) -> None:
    """As `append`, safely on disk. Raises OSError."""
    flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if begin else 0)
    handle = durable.handle(folder / FILE, flags)
    try:
        _lock(handle)
        size = os.fstat(handle).st_size
        if not size and not begin:
            raise OSError(errno.ENODATA, "its lines were removed", str(folder / FILE))
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"  # by a crash
        os.write(handle, ("\n" if torn else "").encode() + " ".join((str(head), *words)).encode() + b"\n")
        if words or begin:
            os.fsync(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """One writer at a time, also where the folder is shared; the system lets go when the file is closed."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(handle, fcntl.LOCK_EX)


def parsed(text: str) -> tuple[list[Line], dict[int, str]]:
    """The lines of such a file, and by their numbers those that cannot be read. What a crash tore off is left out."""
    whole, _, torn = text.rpartition("\n")
    lines = list[Line]()
    unread = {}
    for number, told in enumerate([*whole.split("\n"), torn.strip("\0")], 1):
        if not told.strip():
            continue
        line = _line(number, told.split(" "))
        if line is not None:
            lines.append(line)
        elif not (torn and number == whole.count("\n") + 2):
            unread[number] = told
    return lines, unread


def _line(number: int, words: list[str]) -> Line | None:
    head = chain.read_head(words[0])
    match words[1:]:
        case _ if head is None:
            return None
        case []:
            return Line(number, head)
        case [word, shared] if word == RECOVERED and shared.isdecimal():
            return Line(number, head, shared=int(shared))
        case [word, key, signature] if word == SIGNED:
            return Line(number, head, key=key, signature=signature)
    return None


def kept(folder: Path) -> bool:
    """Whether there is a file of heads with something in it."""
    return any(read(folder) or ())


def read(folder: Path) -> tuple[list[Line], dict[int, str]] | None:
    """The heads beside a book, and by their numbers the lines that cannot be read; None where the file is missing."""
    try:
        with opened(folder / FILE) as file:
            return parsed(file.read().decode("utf-8", "replace"))
    except FileNotFoundError:
        return None
    except OSError as error:
        todo = "put the file back, or move it away and run `crossbook book repair`"
        raise CrossbookError(f"cannot be read ({error.strerror})", where=str(folder / FILE), todo=todo) from None


def binding(lines: list[Line]) -> Iterator[Line]:
    """Those heads that the book must be a later state of: not those that a recovery left behind."""
    least = None
    kept = []
    for line in reversed(lines):
        if least is None or line.head.count <= least:
            kept.append(line)
        if line.shared is not None:
            least = line.shared if least is None else min(least, line.shared)
    yield from reversed(kept)


def forged(lines: Sequence[Line], found: Held, recoveries: Collection[int]) -> list[Line]:
    """Lines that tell of a recovery, and are in the chain at a link that is none: not those of a history set aside."""
    least, untrue = None, []
    for line in reversed(lines):
        if line.shared is None or (least is not None and line.head.count > least):
            continue  # no recovery, or of a history that a later one set aside
        if line.head.count in recoveries and fits(line.head, found):
            least = line.shared if least is None else min(least, line.shared)
        else:
            untrue.append(line)
    return untrue[::-1]


def torn(text: str, found: Held) -> bool:
    """Whether this is how a head of the chain begins: what a crash left of it."""
    count = text.partition(":")[0]
    digest, at = found.links.get(int(count), ("", "")) if count.isdecimal() and len(count) < 18 else ("", "")
    return bool(digest) and f"{count}:{digest}@{at}".startswith(text)


def against(heads: Iterable[Head], found: Held) -> list[str]:
    """What is wrong where the chain is no later state of these heads: the first of each kind, and how many more."""
    beyond, other = [], []
    for head in heads:
        if head.count not in found.links:
            beyond.append(head)
        elif not fits(head, found):
            other.append(head)
    last = found.head
    ends = f"link {last.count} of {last.at[:19]}" if last else "nothing"
    told = []
    if beyond:
        head = max(beyond, key=lambda h: h.count)
        told.append(
            f"the catalog is no later state of head {head.count}{_of(head)}: it ends at {ends}. An older catalog was "
            "put in its place, its last changes were removed, or its file catalog.sqlite-wal was lost"
        )
    if other:
        head = min(other, key=lambda h: h.count)
        told.append(
            f"the catalog is no later state of head {head.count}{_of(head)}: it has another link {head.count}. "
            "What is up to there was rewritten, or this is another book"
        )
    return told


def fits(head: Head, found: Held) -> bool:
    """Whether the chain has this head."""
    digest, at = found.links.get(head.count, ("", ""))
    return bool(digest) and digest.startswith(head.hash) and head.at in ("", at)


def shared(lines: list[Line], found: Held) -> int:
    """The last link up to which all these heads are in the chain."""
    wrong = [line.head.count for line in lines if not fits(line.head, found)]
    fit = [line.head.count for line in lines if fits(line.head, found)]
    return max((n for n in fit if n < min(wrong, default=n + 1)), default=0)


def _of(head: Head) -> str:
    return f" of {head.at[:19]}" if head.at else ""


def given(told: str) -> list[Head]:
    """What a person kept: a head, or the name of a file of heads. Raises CrossbookError where it is neither."""
    head = chain.read_head(told)
    if head is not None:
        return [head]
    path = Path(told)
    todo = "name a head as `crossbook book check` prints it (7:3fa9…), or a file of such lines"
    try:
        if path.stat().st_size > _LONGEST:
            raise CrossbookError("too large for a file of heads", where=told, todo=todo)
        lines, unread = parsed(path.read_text(encoding="utf-8").removesuffix("\n") + "\n")
    except (OSError, ValueError):
        raise CrossbookError("neither a head nor a file of heads", where=told[:80], todo=todo) from None
    if unread or not lines:
        place = f":{min(unread)}" if unread else ""
        raise CrossbookError("no head", where=f"{told}{place}", todo=todo)
    return [line.head for line in binding(lines)]
