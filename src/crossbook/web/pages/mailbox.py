"""The mailbox of China's customs: which messages ask, go, wait and were refused, and what lies in its folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.filing.customs import sending
from crossbook.filing.customs.envelope import mailbox_of
from crossbook.filing.customs.letters import Letter, letters, say
from crossbook.filing.customs.mailbox import TO_DO
from crossbook.filing.customs.posting import held
from crossbook.i18n import language
from crossbook.web.frame import FormPreparer, Read, TheBook, back
from crossbook.web.rendering import render

router = APIRouter()
SHOWN = 100
NOTE = ".txt"  # beside a file that was put aside


@dataclass(frozen=True)
class MailboxState:
    """Every message, oldest first; those that may go and cannot (`held`, by their numbers, with the reason); what is
    not set; what lies in the folders of the mailbox (where one is set): files that came and are not read, and files
    that were put aside with the note to each."""

    folder: str
    wanting: tuple[str, ...]
    messages: tuple[Letter, ...]
    held: dict[str, str]
    unread: tuple[str, ...]
    aside: dict[str, str]
    strays: int


def _state(database: Database, book: Book) -> MailboxState:
    mailbox = mailbox_of(book)
    root = Path(mailbox.folder) if mailbox.folder else None
    into, aside = (_files(root / mailbox.folders[n]) if root else [] for n in ("in", "aside"))
    found = letters(book, database)
    notes = {p.name.removesuffix(NOTE): p for p in aside if p.name.endswith(NOTE)}
    return MailboxState(
        folder=mailbox.folder,
        wanting=mailbox.wanting,
        messages=tuple(found),
        held=held(book, found, mailbox),
        unread=tuple(p.name for p in into),
        aside={p.name: _note(notes.get(p.name)) for p in aside if p not in notes.values()},
        strays=len(sending.strays(database, book)),
    )


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError:
        return []


def _note(path: Path | None) -> str:
    """The part of a note in the reader's language: behind its head it says the same in English and in Chinese."""
    try:
        parts = path.read_text(encoding="utf-8")[:4000].split("\n\n") if path else []
    except (OSError, UnicodeDecodeError):
        return ""
    return " ".join(parts[-1 if language() == "zh" else 1].split()) if len(parts) > 1 else ""


@router.get("/customs/mailbox", include_in_schema=False)
def page(request: Request, read: Read, book: TheBook) -> Response:
    found = _state(read.desk.database, book)
    by_state = {s: [x for x in found.messages if x.state == s] for s in ("asks", "ready", "out", "waiting")}
    refused = [
        (x, r, TO_DO["refused" if r.reference else "format refused"]) for x in found.messages for r in x.refusals
    ]
    return render(request, "mailbox.html", found=found, by_state=by_state, refused=refused, shown=SHOWN)


@router.get("/api/customs/mailbox", tags=["customs"])
def api(read: Read, book: TheBook) -> MailboxState:
    """Where every message to China's customs stands, and what lies in the mailbox."""
    return _state(read.desk.database, book)


@router.post("/customs/mailbox", include_in_schema=False)
def decide(
    session: FormPreparer, book: TheBook, message: Annotated[str, Form()], go: Annotated[str, Form()] = ""
) -> Response:
    say(book, [message], yes=go == "yes", who=session.user)
    return back("/customs/mailbox")
