"""The mailbox: a folder that the transfer client of the electronic port shares with us, read and filled in rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crossbook.book import Book
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from crossbook.filing.customs.collecting import SETTLE, Taken, collect
from crossbook.filing.customs.envelope import Mailbox, mailbox_of
from crossbook.filing.customs.letters import Letter, letters, say
from crossbook.filing.customs.posting import OURS, Posted, hand_over, lay_out
from crossbook.filing.customs.sending import strays

# What is to be done about what customs refused. The numbers stay: orderNo is the platform's own, copNo and guid are
# unique to the document; the message that it goes in has a new one. No rule was read that a refused list needs another
# copNo. Source, secondary: https://blog.csdn.net/m0_61330489/article/details/128087006 (fields of CEB603).
TO_DO = {
    "format refused": "nothing in it was taken: mend what customs names (signature, envelope, format), then write its "
    "documents again with `crossbook customs send`; they go in a new message with a number of its own",
    "refused": "correct what customs names in the files or in book.toml, then `crossbook customs send` writes the "
    "document again, under its own numbers, in a new message",
}


@dataclass(frozen=True)
class Round:
    """What one round did: files read, messages laid out, messages that cannot go (with the reason), and how every
    message stands after it; `strays` are answers among those read to what this book did not send."""

    taken: tuple[Taken, ...]
    posted: tuple[Posted, ...]
    kept: tuple[tuple[Letter, str], ...]
    letters: tuple[Letter, ...]
    strays: tuple[dict[str, Any], ...]

    @property
    def did(self) -> bool:
        """Whether anything was read, put aside or laid out."""
        return bool(self.posted or [t for t in self.taken if t.state != "growing"])

    @property
    def findings(self) -> bool:
        """Whether somebody should look: what could not be read or laid out, what customs refused, whose it is not."""
        bad = any(t.state in ("aside", "partial") for t in self.taken)
        return bad or bool(self.kept or self.strays or any(x.refusals for x in self.letters))


@dataclass(frozen=True)
class Folders:
    """The folders of a mailbox, all of them there."""

    root: Path
    into: Path
    out: Path
    read: Path
    aside: Path


def folders(root: Path, mailbox: Mailbox) -> Folders:
    """Make the folders that are not there yet. Raises CrossbookError when the mailbox itself is not."""
    if not root.is_dir():
        raise CrossbookError("there is no such folder", where=str(root), todo="make it, or name the client's own")
    paths = {name: root / inside for name, inside in mailbox.folders.items()}
    if len(set(paths.values())) < len(paths):
        raise CrossbookError("two of the mailbox's folders are the same", where="[customs.mailbox]")
    try:
        for path in (*paths.values(), root / OURS):
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossbookError(f"cannot be made: {error.strerror}", where=str(error.filename)) from None
    return Folders(root=root, into=paths["in"], out=paths["out"], read=paths["read"], aside=paths["aside"])


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Held while a mailbox is worked on. Raises CrossbookError when another program does; dies with the process."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        yield
        return
    with (root / OURS / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CrossbookError(
                "this mailbox is in use by another process",
                where=str(root),
                todo="wait until that one is done, or end it",
            ) from None
        yield


def one_round(
    book: Book,
    root: Path,
    *,
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    settle: float = SETTLE,
    at: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Round:
    """Read what came, lay out what may go. `yes` are messages that may go from now on (["all"]: all that ask), `no`
    those that shall not.

    Raises CrossbookError for settings that cannot be, or a folder that is not there.
    """
    mailbox = mailbox_of(book)
    places = folders(root, mailbox)
    with alone(root):
        posted, left = hand_over(book, root, places.out)
        taken = collect(book, places.into, places.read, places.aside, to=mailbox.sender, settle=settle)
        with closing(connect(book)) as database:
            found = letters(book, database)
            if yes or no:
                asking = [x.guid for x in found if x.state == "asks"]
                say(book, asking if list(yes) == ["all"] else yes, yes=True)
                say(book, no, yes=False)
                found = letters(book, database)
            more, kept = lay_out(book, found, root, places.out, mailbox, at())
            if more or posted:
                found = letters(book, database)
            new = {t.sha for t in taken if t.sha and t.state != "duplicate"}
            strange = [r for r in strays(database, book) if r["evidence"] in new] if new else []
    reasons = left | kept
    return Round(
        taken=tuple(taken),
        posted=(*posted, *more),
        kept=tuple((x, reasons[x.guid]) for x in found if x.guid in reasons),
        letters=tuple(found),
        strays=tuple(strange),
    )
