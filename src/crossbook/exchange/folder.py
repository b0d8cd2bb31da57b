"""The folder of a joint case: messages and documents of two officers about a case that a session found.

Both sides call it by the session and the number of the case. What may be put in is said by `[folder]` of the agreement;
it is held against that by who sends, and again by who gets it.
"""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from crossbook.book import Book
from crossbook.book.faults import of_system
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.exchange import adopting, documents, letters, store
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.clauses import Folder
from crossbook.exchange.keys import Keys
from crossbook.exchange.letters import Letter
from crossbook.exchange.rounds import NO_CASE

PARTS = OPEN, SAY, ATTACH, CLOSE = "case open", "case say", "case attach", "case close"
CLAUSE = "folder"
LONGEST_NAME = 120
LONGEST_LINE = 100_000
_SHOWN = "text", "name", "kind", "sha"  # what a letter may tell
_STARTS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


@dataclass(kw_only=True)
class Joint:
    """A folder as its letters made it. Letters that were not accepted are in it, and count for nothing."""

    name: str
    agreement: Agreement
    session: str
    case: int
    letters: list[Letter] = field(default_factory=list)
    open: bool = True

    @property
    def documents(self) -> list[Letter]:
        """Those that bring a document, and were accepted."""
        return [letter for letter in self.letters if letter.part == ATTACH and not letter.refused]


def folders(book: Book) -> list[Joint]:
    """All folders of a book, the newest first."""
    found: dict[str, Joint] = {}
    for agreement in adopting.adopted(book):
        for letter in letters.read(book, agreement):
            _put(found, agreement, letter)
    return list(found.values())[::-1]


def find(book: Book, name: str) -> Joint:
    """A folder by its name, where the session may be cut short: 9585-3. Raises NotFoundError."""
    session, _, case = name.partition("-")
    found = [j for j in folders(book) if session and j.session.startswith(session) and str(j.case) == case]
    if len(found) != 1:
        what = f"no folder {name!r}" if not found else f"{len(found)} folders are called {name!r}"
        raise NotFoundError(what, todo="crossbook exchange case show lists them")
    return found[0]


def begin(book: Book, keys: Keys, session: str, case: int) -> Joint:
    """Open the folder of a common case of a session. Raises NotFoundError, DisclosureError."""
    held = store.find(book, session)
    agreement = held.talk.agreement
    _common(held, case)
    name = f"{held.name}-{case}"
    known = next((j for j in folders(book) if j.name == name), None)
    _allow(agreement, known, OPEN, {}, b"")
    told = {"session": held.name, "case": case}
    letters.send(book, agreement, keys, OPEN, name, told, what=f"the folder of case {name}", clause=CLAUSE)
    return find(book, name)


def say(book: Book, keys: Keys, joint: Joint, text: str, *, close: bool = False) -> None:
    """Write a message into a folder, or with `close` the reason for which it is closed. Raises DisclosureError."""
    part = CLOSE if close else SAY
    told = {"text": text.strip()}
    _allow(joint.agreement, joint, part, told, b"")
    count = len(told["text"])
    what = f"the end of case {joint.name}" if close else f"{count} characters about case {joint.name}"
    letters.send(book, joint.agreement, keys, part, joint.name, told, what=what, clause=CLAUSE)


def attach(book: Book, keys: Keys, joint: Joint, path: Path) -> str:
    """Put a document into a folder, and into this book as evidence: its hash. Raises DisclosureError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise of_system(error) from None
    sha = hashlib.sha256(data).hexdigest()
    told = {"name": path.name, "kind": kind_of(data), "sha": sha}
    _allow(joint.agreement, joint, ATTACH, told, data)
    documents.put(book, data, path.name)
    what = f"a document of {len(data)} bytes about case {joint.name}: {path.name}"
    letters.send(book, joint.agreement, keys, ATTACH, joint.name, told, what=what, clause=CLAUSE, document=data)
    return sha


def accept(book: Book, agreement: Agreement, letter: Letter, document: bytes) -> str:
    """Do what follows from a letter of the other side: why it is not accepted, empty where it is."""
    known = {j.name: j for j in folders(book)}.get(letter.about)
    try:
        if letter.part == OPEN:
            session, case = letter.told.get("session"), letter.told.get("case")
            if letter.about != f"{session}-{case}" or type(case) is not int:
                return "a folder whose name is none"
            _common(store.find(book, str(session)), case)
        elif known is None or known.agreement.sha != agreement.sha:
            return "there is no such folder"
        if letter.part == ATTACH and letter.told.get("sha") != hashlib.sha256(document).hexdigest():
            return "the document is not the one that was announced"
        _allow(agreement, known, letter.part, letter.told, document)
    except CrossbookError as error:
        return error.what
    if letter.part == ATTACH:
        documents.put(book, document, str(letter.told["name"]))
    return ""


@dataclass(frozen=True, kw_only=True)
class Given:
    """How much the other side has by a folder: messages of ours and their characters, documents; how many letters it
    has not signed for."""

    messages: int
    characters: int
    documents: int
    unsigned: int


def given(joint: Joint) -> Given:
    """What the other side has by this folder, or will have when it takes what was sent."""
    ours = [letter for letter in joint.letters if letter.mine]
    texts = [str(letter.told["text"]) for letter in ours if "text" in letter.told]
    return Given(
        messages=len(texts),
        characters=sum(map(len, texts)),
        documents=sum(letter.part == ATTACH for letter in ours),
        unsigned=sum(not letter.seen for letter in ours),
    )


def as_told(joint: Joint) -> dict[str, Any]:
    """A folder as programs get it."""
    return {
        "case": joint.name,
        "session": joint.session,
        "number": joint.case,
        "agreement": joint.agreement.sha[:12],
        "open": joint.open,
        "letters": [asdict(letter) for letter in joint.letters],
    }


def kind_of(data: bytes) -> str:
    """The kind of a document by its bytes, of `clauses.KINDS`; empty for any other. Text whose first two lines have the
    same number of cells is a table."""
    for start, kind in _STARTS.items():
        if data.startswith(start):
            return kind
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        return ""
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in text):
        return ""
    return "table" if columns(text) else "text"


def columns(text: str) -> list[str]:
    """The header of a table; empty where the text is none."""
    lines = [line for line in text.splitlines() if line.strip()][:2]
    for mark in ",\t;|":
        cells = [next(csv.reader([line], delimiter=mark)) for line in lines]
        if cells and len(cells[0]) > 1 and all(len(row) == len(cells[0]) for row in cells):
            return [cell.strip() for cell in cells[0]]
    return []


def _allow(agreement: Agreement, joint: Joint | None, part: str, told: dict[str, Any], document: bytes) -> None:
    clause = agreement.folder
    if clause is None:
        raise DisclosureError("the agreement has no [folder]: nothing may be put into one", todo="make a new one")
    if joint is not None and not joint.open:
        raise DisclosureError(f"the folder {joint.name} is closed", todo="open one of another session")
    if part in (SAY, CLOSE):
        text = told.get("text")
        if not isinstance(text, str) or not text:
            raise DisclosureError("a message without words", todo="say something")
        if len(text) > clause.words:
            raise DisclosureError(
                f"{len(text):,} characters; the agreement allows {clause.words:,}", todo="say it in fewer"
            )
    if part == ATTACH and joint is not None:
        _allow_document(clause, joint, str(told.get("name")), document)


def _allow_document(clause: Folder, joint: Joint, name: str, document: bytes) -> None:
    if len(document) > clause.largest:
        raise DisclosureError(
            f"{len(document):,} bytes; the agreement allows {clause.largest:,}", where=name, todo="send a part of it"
        )
    if not document or len(joint.documents) >= clause.documents:
        raise DisclosureError(
            f"{len(joint.documents)} documents are in the folder, all that the agreement allows"
            if document
            else "an empty document",
            where=name,
            todo="leave it out",
        )
    if not 0 < len(name) <= LONGEST_NAME or name != Path(name).name or "\\" in name or not name.isprintable():
        raise DisclosureError("a document whose name is none", where=ascii(name)[:80], todo="name the file plainly")
    kind = kind_of(document)
    if kind not in clause.kinds:
        shown = kind or "of a kind that is not known"
        raise DisclosureError(
            f"a document that is {shown}; the agreement allows {', '.join(clause.kinds)}",
            where=name,
            todo="send it as one of these",
        )
    if kind == "table":
        more = _beyond(columns(document.decode("utf-8-sig")), clause.fields)
        if more:
            raise DisclosureError(
                f"the agreement does not allow the column {more[0]!r}",
                where=name,
                todo=f"leave it out; allowed are {', '.join(clause.fields) or '—'}",
            )


def _beyond(found: Sequence[str], fields: Sequence[str]) -> list[str]:
    return [name for name in found if name not in fields]


def _common(held: store.Session, case: int) -> None:
    marks = held.talk.marks
    if marks is None or case == NO_CASE or case not in marks.case.tolist():
        raise NotFoundError(
            f"session {held.name} found no case {case}", todo=f"crossbook exchange cases {held.name} lists them"
        )


def _put(found: dict[str, Joint], agreement: Agreement, letter: Letter) -> None:
    if letter.part not in PARTS:
        return
    if letter.part == OPEN and not letter.refused:
        told = letter.told
        made = Joint(name=letter.about, agreement=agreement, session=told["session"], case=told["case"])
        found.setdefault(letter.about, made)
    if joint := found.get(letter.about):
        told = {name: str(letter.told[name]) for name in _SHOWN if name in letter.told}  # refused ones hold anything
        joint.letters.append(letter if letter.part == OPEN else replace(letter, told=told))
        joint.open = joint.open and (letter.part != CLOSE or bool(letter.refused))
