"""Sessions on disk, in the folder of their agreement (`adopting.py`): of each its transfers as they were when it began,
every message, and where it stands.

A message counts as sent once `state.npz` names it; what stood before is worked out again. What was sent is an entry of
the journal (`exchange`), which the book chains and anchors; the answer names the message it answers and is signed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from crossbook.book import Book, private
from crossbook.book.journal import Entry
from crossbook.engine import Database
from crossbook.errors import NotFoundError
from crossbook.exchange import border, envelope, psi
from crossbook.exchange.adopting import ACTION, agreement_of, beside, holds, home, keep
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError, is_past, not_too_often
from crossbook.exchange.envelope import Head, MessageError
from crossbook.exchange.keys import Keys
from crossbook.exchange.rounds import Caps, Depths, Marks
from crossbook.exchange.side import Whole
from crossbook.exchange.talk import DEPTHS, ENDED, MARKS, MEET, SUMMARY, Talk

FORGOTTEN = "forgotten.json"  # what stays of a session after its retention
_WORDS = ("phase", "stage", "next_number", "others_border", "meet", "theirs_number", "theirs_currency")
_BYTES = ("secret", "points", "theirs_twice")


@dataclass(kw_only=True)
class Session:
    """A session as it stands: the half of the talk, how many messages passed, the hash of the last of each side."""

    folder: Path
    talk: Talk
    number: int = 0
    sent: str = ""  # of our last message
    heard: str = ""  # of theirs

    @property
    def name(self) -> str:
        """Its number, as both call it."""
        return self.talk.session

    def lines(self, rows: Whole) -> list[dict[str, Any]]:
        """Transfers as the book had them when the session began, each with file and line."""
        names = ["id", "transfer_id", "day", "payer_account", "payee_account", "paid", "paid_currency", "file", "line"]
        found: list[dict[str, Any]] = self.talk.border.rows.select([*names, "evidence"]).take(rows).to_pylist()
        return found


def start(
    book: Book,
    database: Database,
    agreement: Agreement,
    keys: Keys,
    since: date,
    until: date,
    ways: tuple[str, ...] = (),
) -> tuple[Session, Path]:
    """Begin a session about the transfers of these days: the session and its first message. `ways` are those in which
    this side can meet; without any those by courier.

    Raises DisclosureError where the agreement does not allow it.
    """
    session = _new(book, database, agreement, keys, secrets.token_hex(8), since, until)
    session.talk.ways = ways or psi.ways()
    return session, _send(book, session, keys, session.talk.open())


def answer(
    book: Book, database: Database, keys: Keys, message: bytes, ways: tuple[str, ...] = ()
) -> tuple[Session, Path | None]:
    """Take a message of the other side: the session, and the answer; None where nothing is left to say. `ways` are
    those in which this side can meet.

    A message that was taken before gives the answer that was given. Raises MessageError and DisclosureError, the
    session as it was.
    """
    agreement, head, content = opened(book, keys, message)
    folder = _folder(book, agreement, head.session)
    digest = envelope.digest(message)
    if (folder / "state.npz").is_file():
        session = load(folder, agreement)
        holds(agreement)
        if head.number <= session.number:
            return session, _again(session, head, digest)
    elif (folder / FORGOTTEN).is_file():
        raise MessageError(
            f"session {head.session} was forgotten: the agreement keeps what was told for {agreement.retention_days} d",
            todo="begin another session",
        )
    elif head.number == 1 and isinstance(content.told.get("open"), dict):
        since, until = (_day(content.told["open"].get(name)) for name in ("since", "until"))
        session = _new(book, database, agreement, keys, head.session, since, until)
    else:
        raise MessageError(
            f"message {head.number} of a session that is not known here", todo="take its messages from the first on"
        )
    if head.number > session.number + 1:
        raise MessageError(
            f"message {head.number}, but {session.number + 1} was not taken yet", todo="take it first, or ask for it"
        )
    if head.before != session.sent:
        raise MessageError("the message answers another one than was sent last", todo="ask for it again")
    session.talk.ways = ways or psi.ways()
    said = session.talk.answer(content)
    session.number, session.heard = head.number, digest
    keep(book, session.folder / f"{head.number:04}.heard", message)
    if said is None:
        _note_end(book, session)
        _save(book, session)
        return session, None
    return session, _send(book, session, keys, said)


def opened(book: Book, keys: Keys, message: bytes) -> tuple[Agreement, Head, envelope.Content]:
    """A message of the other side under an agreement of this book. Raises MessageError where it is none, was changed,
    or is from or for somebody else; NotFoundError where the agreement is not adopted here."""
    head = envelope.head_of(message)
    agreement = agreement_of(book, head.agreement)
    mine, other = agreement.side(keys.sign)
    if (head.sender, head.receiver) != (other.key, mine.key):
        raise MessageError(f"a message from {head.sender} to {head.receiver}, not from {other.name} to {mine.name}")
    return agreement, *envelope.unseal(message, keys, other.sign)


def sessions(book: Book) -> list[Session]:
    """All sessions of a book, the newest first; those past the retention of their agreement are not read any more."""
    found = []
    last, today = last_spoken(book.journal()), datetime.now(UTC).date()
    for path in home(book).glob("*/*/state.npz"):
        agreement = agreement_of(book, path.parent.parent.name)
        if not is_past(agreement, last.get(path.parent.name), today):
            found.append((path.stat().st_mtime, load(path.parent, agreement)))
    return [session for _, session in sorted(found, key=lambda pair: pair[0], reverse=True)]


def last_spoken(entries: list[Entry]) -> dict[str, date]:
    """Of each session the day on which this side spoke last."""
    spoken = (e for e in entries if e.action == ACTION and ("number" in e.body or "way" in e.body))
    return {e.subject: date.fromisoformat(e.at[:10]) for e in spoken}


def find(book: Book, name: str) -> Session:
    """A session by its number, or by how that begins. Raises NotFoundError."""
    found = [session for session in sessions(book) if name and session.name.startswith(name)]
    if len(found) != 1:
        what = f"no session {name!r}" if not found else f"{len(found)} sessions begin with {name!r}"
        raise NotFoundError(what, todo="crossbook exchange sessions lists them")
    return found[0]


def load(folder: Path, agreement: Agreement) -> Session:
    """A session as it stood after its last message."""
    with np.load(folder / "state.npz", allow_pickle=False) as kept:
        columns = {name: kept[name] for name in kept.files}
    told: dict[str, Any] = json.loads(columns.pop("told").tobytes())
    mine, other = agreement.side(told["mine"])
    kept_words: dict[str, Any] = {name: told[name] for name in _WORDS if name in told}  # the rest is of later
    kept_bytes: dict[str, Any] = {name: base64.b64decode(told[name]) for name in _BYTES}
    side = border.kept(folder / "transfers.parquet", agreement)
    side.side.told[:] = columns["side_told"]
    talk = Talk(
        agreement=agreement,
        mine=mine,
        other=other,
        border=side,
        session=told["session"],
        since=date.fromisoformat(told["since"]),
        until=date.fromisoformat(told["until"]),
        offered=columns["offered"],
        shared=columns["shared"],
        theirs={row["case"]: row for row in told["theirs"]},
        **kept_words,
        **kept_bytes,
    )
    if talk.phase == MEET and (folder / met_name(talk.stage)).is_file():
        talk.places = np.load(folder / met_name(talk.stage), allow_pickle=False)
    talk.allowance.turns, talk.allowance.told = told["turns"], set(columns["spent"].tolist())
    if talk.phase in (DEPTHS, MARKS, SUMMARY, ENDED):
        talk.depths = Depths(side=side.side, caps=Caps.of(talk.agreement), shared=talk.shared)
        talk.depths.said = columns["said"]
    if talk.phase in (MARKS, SUMMARY, ENDED):
        talk.marks = Marks(
            side=side.side, caps=Caps.of(talk.agreement), traced=talk.following.traced, shared=talk.shared
        )
        talk.marks.resume(columns["heard"], columns["marked"])
    return Session(folder=folder, talk=talk, number=told["number"], sent=told["sent"], heard=told["heard"])


def met_name(stage: int) -> str:
    """The file of a session with the places of what met in a stage by a library."""
    return f"met-{stage}.npy"


def said_name(number: int) -> str:
    """The file of a session with what a message of this side told of single transfers, as `Talk.said` has it; its hash
    stands in the journal with the message."""
    return f"{number:04}.said.json"


def _new(
    book: Book, database: Database, agreement: Agreement, keys: Keys, name: str, since: date, until: date
) -> Session:
    mine, other = agreement.side(keys.sign)
    known = _told(book, agreement)
    if any(told["mine"] != mine.sign for told in known):
        raise DisclosureError(
            f"this book spoke as {other.name} under this agreement, and the key is {mine.name}'s",
            todo="take the key of who keeps this book, or the book of who keeps this key",
        )
    others = beside(book, agreement)
    shas = {one.sha for one in (agreement, *others)}
    today = datetime.now(UTC).date().isoformat()
    begun = {
        e.subject
        for e in book.journal()
        if e.action == ACTION
        and e.at[:10] == today
        and e.body.get("number") in (1, 2)
        and e.body.get("agreement") in shas
    } - {name}  # of one that stopped before it stood, the first message is made anew
    known += [told for one in others for told in _told(book, one)]
    windows = [(date.fromisoformat(told["since"]), date.fromisoformat(told["until"])) for told in known]
    not_too_often(agreement.most, len(begun), windows, since, until)
    holds(agreement)
    side = border.border_of(database, agreement, mine, other, since, until)
    folder = _folder(book, agreement, name)
    private.make_folder(folder, book.path)
    out = io.BytesIO()
    pq.write_table(side.rows, out)
    keep(book, folder / "transfers.parquet", out.getvalue())
    talk = Talk(agreement=agreement, mine=mine, other=other, border=side, session=name, since=since, until=until)
    return Session(folder=folder, talk=talk)


def _told(book: Book, agreement: Agreement) -> list[dict[str, Any]]:
    """What is kept of each session that was begun under an agreement."""
    found = []
    for folder in (home(book) / agreement.sha[:12]).iterdir():
        if (folder / "state.npz").is_file():
            found.append(told_of(folder))
        elif (folder / FORGOTTEN).is_file():
            found.append(json.loads((folder / FORGOTTEN).read_text(encoding="utf-8")))
    return found


def told_of(folder: Path) -> dict[str, Any]:
    """The words of a session's state."""
    with np.load(folder / "state.npz", allow_pickle=False) as kept:
        told: dict[str, Any] = json.loads(kept["told"].tobytes())
    return told


def _send(book: Book, session: Session, keys: Keys, content: envelope.Content) -> Path:
    talk = session.talk
    head = Head(
        agreement=talk.agreement.sha,
        session=talk.session,
        sender=talk.mine.key,
        receiver=talk.other.key,
        number=session.number + 1,
        before=session.heard,
    )
    message = envelope.seal(head, content, keys, talk.other.receive)
    digest = envelope.digest(message)
    path = session.folder / f"{head.number:04}.message"
    keep(book, path, message)
    said = json.dumps(talk.said).encode()  # the message itself can be read by the other side alone
    if talk.said:
        keep(book, session.folder / said_name(head.number), said)
    session.number, session.sent = head.number, digest
    body = {
        "agreement": talk.agreement.sha,
        "to": talk.other.name,
        "number": head.number,
        "bytes": len(message),
        "sha": digest,
        "answers": session.heard,
        "told": [asdict(told) for told in talk.disclosed],
        "transfers": len(talk.allowance.told),
        "of": len(talk.border.ids),
        "said": hashlib.sha256(said).hexdigest() if talk.said else "",
    }
    book.decide(ACTION, talk.session, body)
    _save(book, session)
    return path


def _note_end(book: Book, session: Session) -> None:
    """The last message of the other side gets no answer, and yet signs for the last of this side: the journal says
    so."""
    noted = (e for e in book.journal() if e.action == ACTION and e.subject == session.name and "end" in e.body)
    if next(noted, None) is None:  # else it was noted before a stop
        talk = session.talk
        names = {"agreement": talk.agreement.sha, "to": talk.other.name}
        book.decide(ACTION, session.name, {**names, "end": session.number, "seen": session.sent})


def _again(session: Session, head: Head, digest: str) -> Path | None:
    kept = session.folder / f"{head.number:04}.heard"
    if not kept.is_file() or envelope.digest(kept.read_bytes()) != digest:
        raise MessageError(
            f"another message {head.number} than the one that was taken", todo="the other side must go on from there"
        )
    given = session.folder / f"{head.number + 1:04}.message"
    return given if given.is_file() else None


def _save(book: Book, session: Session) -> None:
    talk = session.talk
    none = np.empty(0, np.int64)
    told = {
        "session": talk.session,
        "mine": talk.mine.sign,
        "since": talk.since.isoformat(),
        "until": talk.until.isoformat(),
        "number": session.number,
        "sent": session.sent,
        "heard": session.heard,
        "turns": talk.allowance.turns,
        "theirs": list(talk.theirs.values()),
        **{name: getattr(talk, name) for name in _WORDS},
        **{name: base64.b64encode(getattr(talk, name)).decode() for name in _BYTES},
    }
    columns = {
        "told": np.frombuffer(json.dumps(told).encode(), np.uint8),
        "side_told": talk.border.side.told,
        "offered": talk.offered,
        "shared": talk.shared,
        "spent": np.array(sorted(talk.allowance.told), np.int64),
        "said": talk.depths.said if talk.depths else none,
        "heard": talk.marks.heard if talk.marks else none,
        "marked": talk.marks.said if talk.marks else none,
    }
    out = io.BytesIO()
    np.savez_compressed(out, **columns)  # type: ignore[arg-type] # columns by name
    keep(book, session.folder / "state.npz", out.getvalue())


def _folder(book: Book, agreement: Agreement, session: str) -> Path:
    if not (len(session) == 16 and set(session) <= set("0123456789abcdef")):
        raise MessageError("a session whose number is none")
    return home(book) / agreement.sha[:12] / session


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise MessageError("a message that opens no window of days") from None
