"""Laying messages out for the transfer client: each once, whole, and none lost, whenever the program is stopped.

A message is made ready in a folder of ours, on the same disk. The journal then says that it goes, and a rename gives it
to the client. Stopped before the journal, it is made anew; stopped after it, what lies in our folder is handed over at
the next round; where nothing lies there, the rename was done, wherever the client has put the file since.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crossbook.book import Book
from crossbook.book.durable import move, write_whole
from crossbook.book.journal import Entry
from crossbook.errors import CrossbookError
from crossbook.filing.customs.envelope import Mailbox, wrap
from crossbook.filing.customs.letters import FOLDER, POSTED, Letter
from crossbook.filing.customs.sent import WITHDRAWN, WRITTEN
from crossbook.filing.customs.signing import content_hash, is_signed

OURS = ".crossbook"  # the folder in the mailbox where messages are made ready


@dataclass(frozen=True)
class Posted:
    """A message that was laid out, and where."""

    guid: str
    number: str
    file: Path


def hand_over(book: Book, root: Path, out: Path) -> tuple[list[Posted], dict[str, str]]:
    """Finish what was journalled and not handed over when the program was stopped; put away what was not journalled.

    With what was handed over, the messages that could not be, by their numbers, and why.
    """
    posted = {e.body["ready"]: e for e in book.journal() if e.action == POSTED}
    found, kept = [], {}
    for path in sorted((root / OURS).glob("*-CEB*")):
        entry = posted.get(path.name)
        if entry is None:
            path.unlink()  # our own copy: the message itself lies in the book
        else:
            target = out / entry.body["file"]
            try:
                _give(path, target)
            except CrossbookError as error:
                kept[entry.subject] = error.what
            else:
                found.append(Posted(guid=entry.subject, number=entry.body["number"], file=target))
    return found, kept


def lay_out(
    book: Book, letters: Sequence[Letter], root: Path, out: Path, mailbox: Mailbox, at: datetime
) -> tuple[list[Posted], dict[str, str]]:
    """Lay out the messages that are ready. With them those that cannot go, by their numbers, and why."""
    written = {e.subject: e for e in book.journal() if e.action == WRITTEN}
    found, kept = [], {}
    for letter in letters:
        if letter.state != "ready":
            continue
        try:
            message = _message(book, letter, written[letter.guid], mailbox)
            found.append(_lay_out(book, message, written[letter.guid], root, out, mailbox, at))
        except CrossbookError as error:
            kept[letter.guid] = error.what
    return found, kept


def held(book: Book, letters: Sequence[Letter], mailbox: Mailbox) -> dict[str, str]:
    """The messages that are ready and cannot go, by their numbers, and why; nothing is done."""
    written = {e.subject: e for e in book.journal() if e.action == WRITTEN}
    kept = {}
    for letter in letters:
        if letter.state == "ready":
            try:
                _message(book, letter, written[letter.guid], mailbox)
            except CrossbookError as error:
                kept[letter.guid] = error.what
    return kept


def _lay_out(book: Book, message: bytes, entry: Entry, root: Path, out: Path, mailbox: Mailbox, at: datetime) -> Posted:
    name, number = entry.body["file"], entry.body["number"]
    content = wrap(message, entry.subject, f"CEB{number}Message", mailbox, at) if mailbox.enveloped else message
    ready, target = root / OURS / f"{secrets.token_hex(8)}-{name}", out / name
    if target.exists():
        raise CrossbookError("another file of its name lies in the folder out")
    try:
        write_whole(ready, content)
    except OSError as error:
        raise CrossbookError(f"cannot be written: {error.strerror}") from None

    def once(journal: list[Entry]) -> None:
        if any(e.action in (POSTED, WITHDRAWN) and e.subject == entry.subject for e in journal):
            raise CrossbookError("it was laid out or withdrawn already")

    body = {
        "number": number,
        "file": name,
        "folder": str(out.resolve()),
        "ready": ready.name,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    book.decide("customs posted", entry.subject, body, check=once)
    _give(ready, target)
    return Posted(guid=entry.subject, number=number, file=target)


def _give(ready: Path, target: Path) -> None:
    if target.exists():
        raise CrossbookError("another file of its name lies in the folder out", where=str(target))
    try:
        move(ready, target)
    except OSError as error:
        raise CrossbookError(f"cannot be handed over: {error.strerror}", where=str(target)) from None


def _message(book: Book, letter: Letter, entry: Entry, mailbox: Mailbox) -> bytes:
    """The message as it was written, or as it was signed since. Raises CrossbookError when it cannot go."""
    if letter.answered:
        raise CrossbookError(f"customs has answered {letter.answered} of its {letter.documents} documents already")
    path: Path = book.path / FOLDER / entry.body["file"]
    try:
        content = path.read_bytes()
    except OSError:
        raise CrossbookError("its file is not in the book's folder customs: it was written elsewhere") from None
    if hashlib.sha256(content).hexdigest() != entry.body["sha256"] and content_hash(content) != entry.body.get(
        "content"
    ):
        raise CrossbookError("its file says something else than when it was written")
    if mailbox.signer == "book" and not is_signed(content):
        raise CrossbookError('it is not signed: sign it, or set [customs.mailbox] signed_by = "client"')
    if mailbox.wanting:
        raise CrossbookError(mailbox.wanting[0])
    return content
