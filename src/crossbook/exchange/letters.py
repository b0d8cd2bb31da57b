"""Letters under an agreement: what officers write each other beside sessions, each way numbered and chained.

There are two rows each way: letters, and withdrawals, in which alone goes after the agreement ended that a flag is
withdrawn: what waits in the first row then must not leave, and would stand before it.

A letter is a message as in `envelope.py`; `before` is the hash of the sender's last one, and inside stands which letter
of the other side was the last that came, so that what was taken is signed for. What was sent and what came are entries
of the journal, which is all that says where the two rows stand; the words lie beside it, for the book's keeper alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from crossbook.book import Book, private
from crossbook.book.journal import Entry
from crossbook.errors import CrossbookError
from crossbook.exchange import envelope
from crossbook.exchange.adopting import ACTION, holds, home, keep
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.envelope import Content, Head, MessageError
from crossbook.exchange.keys import Keys
from crossbook.printable import is_text

SENT, HEARD = "exchange letter", "exchange letter taken"
SEEN = "seen"  # a letter that says no more than which letter came
ROWS = LETTERS, WITHDRAWALS = "letters", "withdrawals"
LEAST_KEPT = 31  # days: the limits of a month are counted by the words of letters


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter as this side has it. `mine`: this side wrote it, by `who`, to the `other`; `refused`: why who got it
    did not accept it; `seen`: the other side signed for it; `row`: one of `ROWS`. `told` are its words by name."""

    number: int
    mine: bool
    at: str
    who: str
    other: str
    part: str
    about: str
    told: dict[str, Any]
    sha: str
    bytes: int = 0
    clause: str = ""
    refused: str = ""
    seen: bool = False
    row: str = LETTERS


@dataclass(kw_only=True)
class Box:
    """Where one row of letters under an agreement stands: number and hash of the last sent and the last taken; `signed`
    is the number of the last that the other side signed for, `acknowledged` of the last for which this side did."""

    folder: Path
    channel: str
    row: str
    sent: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)  # of those sent
    signed: int = 0
    acknowledged: int = 0

    def waiting(self) -> list[Path]:
        """The letters for which the other side has not signed, in order."""
        return [self.folder / f"{n:04}.message" for n in range(self.signed + 1, len(self.sent) + 1)]

    @property
    def says_something(self) -> bool:
        """Whether one that waits says more than which letter came."""
        return any(part != SEEN for part in self.parts[self.signed :])


def channel(agreement: Agreement, row: str = LETTERS) -> str:
    """The number of a row of letters under an agreement, as both sides call it."""
    return hashlib.sha256(f"{row} of crossbook exchange 1\n{agreement.sha}".encode()).hexdigest()[:16]


def box(book: Book, agreement: Agreement, entries: list[Entry] | None = None, row: str = LETTERS) -> Box:
    """Where a row of letters stands, as the journal has it."""
    found = Box(folder=home(book) / agreement.sha[:12] / row, channel=channel(agreement, row), row=row)
    for entry in book.journal() if entries is None else entries:
        if entry.subject != found.channel:
            continue
        if entry.action == SENT:
            found.sent.append(entry.body["sha"])
            found.parts.append(entry.body["part"])
            found.acknowledged = entry.body["signs"]
        elif entry.action == HEARD:
            found.heard.append(entry.body["sha"])
            found.signed = max(found.signed, entry.body["signs"])
    return found


def to_hand_over(stands: Box, agreement: Agreement) -> list[Path]:
    """The letters of a row that wait, in order, as far as they may leave today: after the agreement ended a receipt may
    and a withdrawal, nothing else, however long ago it was written. Raises DisclosureError where letters are held back
    by that."""
    if stands.says_something and stands.row == LETTERS:
        holds(agreement)
    return stands.waiting()


def send(
    book: Book,
    agreement: Agreement,
    keys: Keys,
    part: str,
    about: str,
    told: dict[str, Any],
    *,
    what: str,
    clause: str,
    document: bytes = b"",
    noted: dict[str, Any] | None = None,
    check: Callable[[list[Entry]], None] | None = None,
    row: str = LETTERS,
) -> Path:
    """Write the next letter: its file. `what` says in the ledger what it tells, under which `clause`; `noted` goes into
    the journal with it, where `check` raises what speaks against it at that moment. In the `row` of withdrawals nothing
    else may go than that something is taken back. Raises DisclosureError where the agreement does not hold today."""
    mine, other = agreement.side(keys.sign)
    now = datetime.now(UTC)
    if part != SEEN and row == LETTERS:
        holds(agreement)
    stands = box(book, agreement, row=row)
    private.make_folder(stands.folder, book.path)
    number, signs = len(stands.sent) + 1, len(stands.heard)
    head = Head(
        agreement=agreement.sha,
        session=stands.channel,
        sender=mine.key,
        receiver=other.key,
        number=number,
        before=stands.sent[-1] if stands.sent else "",
    )
    if not is_text(json.dumps(told, ensure_ascii=False)):
        raise CrossbookError("text that cannot be kept: it is not of Unicode", todo="write it anew")
    words = {"part": part, "about": about, "at": now.isoformat(timespec="seconds"), **told}
    taken = {"signs": signs, "signed": stands.heard[-1] if stands.heard else ""}
    content = Content(told={"letter": words, **taken}, columns={"document": document} if document else {})
    message = envelope.seal(head, content, keys, other.receive)
    keep(book, stands.folder / f"{number:04}.message", message)
    plain = json.dumps(words, ensure_ascii=False).encode()
    keep(book, stands.folder / f"{number:04}.sent.json", plain)
    body = {
        "agreement": agreement.sha,
        "to": other.name,
        "number": number,
        "part": part,
        "about": about,
        "bytes": len(message),
        "sha": envelope.digest(message),
        "words": hashlib.sha256(plain).hexdigest(),
        "what": what,
        "clause": clause,
        "signs": signs,
        **(noted or {}),
    }
    unmoved = _unmoved(book, agreement, stands)

    def checked(entries: list[Entry]) -> None:
        unmoved(entries)
        if check is not None:
            check(entries)

    book.decide(SENT, stands.channel, body, check=checked)
    return stands.folder / f"{number:04}.message"


def take(
    book: Book,
    agreement: Agreement,
    keys: Keys,
    head: Head,
    content: Content,
    message: bytes,
    accept: Callable[[Letter, bytes], str],
    row: str = LETTERS,
) -> Letter | None:
    """Take the next letter of the other side; None where it was taken before. `accept` does what follows from it and
    says why it is not accepted, if it is not; the letter counts as taken all the same.

    Raises MessageError for one that is not the next, the book as it was.
    """
    _, other = agreement.side(keys.sign)
    stands, digest = box(book, agreement, row=row), envelope.digest(message)
    if head.number <= len(stands.heard):
        if stands.heard[head.number - 1] != digest:
            raise MessageError(
                f"another message {head.number} than the one that was taken",
                todo="the other side must go on from there",
            )
        return None
    if head.number > len(stands.heard) + 1:
        raise MessageError(
            f"message {head.number}, but {len(stands.heard) + 1} was not taken yet", todo="take it first, or ask for it"
        )
    if head.before != (stands.heard[-1] if stands.heard else ""):
        raise MessageError("the message follows another one than came last", todo="ask for it again")
    words, signs = content.told.get("letter"), content.told.get("signs")
    texts = ("part", "about", "at")
    if not isinstance(words, dict) or not all(isinstance(words.get(name), str) for name in texts):
        raise MessageError("a message whose content is not of this version")
    if not is_text(json.dumps(words, ensure_ascii=False)) or "\0" in words["part"] + words["about"]:
        raise MessageError("a message whose content is not of this version")
    if not isinstance(signs, int) or not 0 <= signs <= len(stands.sent):
        raise MessageError("the other side signs for a letter that was not sent")
    if content.told.get("signed") != (stands.sent[signs - 1] if signs else ""):
        raise MessageError("the other side signs for a letter that was not sent")
    letter = Letter(
        number=head.number,
        mine=False,
        at=words["at"],
        who=other.name,
        other=other.name,
        part=words["part"],
        about=words["about"],
        told={name: value for name, value in words.items() if name not in texts},
        sha=digest,
        row=row,
    )
    document = content.columns.get("document", b"")
    refused = accept(letter, document if isinstance(document, bytes) else b"") if letter.part != SEEN else ""
    private.make_folder(stands.folder, book.path)
    keep(book, stands.folder / f"{head.number:04}.heard", message)
    plain = json.dumps(words, ensure_ascii=False).encode()
    keep(book, stands.folder / f"{head.number:04}.heard.json", plain)
    body = {
        "agreement": agreement.sha,
        "from": other.name,
        "number": head.number,
        "part": letter.part,
        "about": letter.about,
        "sha": digest,
        "words": hashlib.sha256(plain).hexdigest(),
        "signs": signs,
        "refused": refused,
    }
    book.decide(HEARD, stands.channel, body, check=_unmoved(book, agreement, stands))
    return replace(letter, refused=refused)


def sign_for(book: Book, agreement: Agreement, keys: Keys, row: str = LETTERS) -> None:
    """Sign for what came in a row and was not signed for, unless it only signed itself."""
    stands = box(book, agreement, row=row)
    came = [e for e in book.journal() if e.action == HEARD and e.subject == stands.channel]
    new = came[stands.acknowledged :]
    if any(e.body["part"] != SEEN for e in new):
        not_accepted = {str(e.body["number"]): e.body["refused"] for e in new if e.body["refused"]}
        send(book, agreement, keys, SEEN, "", {"refused": not_accepted}, what="a receipt", clause="", row=row)


def is_old(agreement: Agreement, entry: Entry, today: date) -> bool:
    """Whether the words of a letter that came are past the retention of the agreement."""
    days = max(agreement.retention_days, LEAST_KEPT)
    return entry.action == HEARD and date.fromisoformat(entry.at[:10]) + timedelta(days=days) < today


def read(book: Book, agreement: Agreement) -> list[Letter]:
    """The letters under an agreement in the order in which this side sent and took them, receipts and those whose words
    were or must be forgotten left out. Raises CrossbookError where the words of one were changed since."""
    entries, today = book.journal(), datetime.now(UTC).date()
    rows = {stands.channel: stands for stands in (box(book, agreement, entries, row) for row in ROWS)}
    found = []
    refused: dict[tuple[str, str], str] = {}  # by row and number
    of_rows = [e for e in entries if e.subject in rows]
    forgotten = {(e.subject, n) for e in of_rows if e.action == ACTION for n in range(1, e.body["letters"] + 1)}
    for entry in of_rows:
        if entry.action not in (SENT, HEARD):
            continue
        body, mine, stands = entry.body, entry.action == SENT, rows[entry.subject]
        if not mine and ((entry.subject, body["number"]) in forgotten or is_old(agreement, entry, today)):
            continue
        path = stands.folder / f"{body['number']:04}.{'sent' if mine else 'heard'}.json"
        try:
            plain = path.read_bytes()
        except OSError:
            plain = b""
        if hashlib.sha256(plain).hexdigest() != body["words"]:
            raise CrossbookError(
                "the words of a letter are missing or were changed", where=str(path), todo="restore it from a backup"
            )
        words = json.loads(plain)
        if not mine and body["part"] == SEEN and isinstance(words.get("refused"), dict):
            refused |= {(stands.row, number): str(why) for number, why in words["refused"].items()}
        if body["part"] == SEEN:
            continue
        found.append(
            Letter(
                number=body["number"],
                mine=mine,
                at=entry.at,
                who=entry.who if mine else body["from"],
                other=body["to"] if mine else body["from"],
                part=body["part"],
                about=body["about"],
                told={name: value for name, value in words.items() if name not in ("part", "about", "at")},
                sha=body["sha"],
                bytes=body.get("bytes", 0),
                clause=body.get("clause", ""),
                refused=body.get("refused", ""),
                seen=mine and body["number"] <= stands.signed,
                row=stands.row,
            )
        )
    return [_refused(letter, refused) for letter in found]


def _refused(letter: Letter, refused: dict[tuple[str, str], str]) -> Letter:
    why = refused.get((letter.row, str(letter.number)), "") if letter.mine else ""
    return replace(letter, refused=why) if why else letter


def _unmoved(book: Book, agreement: Agreement, stands: Box) -> Callable[[list[Entry]], None]:
    """A check, inside the journal's transaction, that nobody sent or took a letter meanwhile."""

    def check(entries: list[Entry]) -> None:
        now = box(book, agreement, entries, stands.row)
        if (now.sent, now.heard) != (stands.sent, stands.heard):
            raise CrossbookError("another letter was sent or taken at this moment", todo="run it again")

    return check
