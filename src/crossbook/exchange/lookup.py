"""Whether the other side knows a party, asked without saying which.

Who asks sends points (`oprf.py`), who answers multiplies them by a secret number made for this look-up, and sends with
them the function of every identifier that it has under the same number, short, in no order, filled up with random ones
to a power of two. Who asked matches these where it is. So one side learns which of the identifiers that it asked for
the other has, and the other how many were asked; to try out more needs the other side, which counts. The secret number
is kept by nobody. What the agreement does not allow (`[lookup]`) is not asked, and not answered.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crossbook.book import Book, private
from crossbook.engine import Database
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.exchange import adopting, identifiers, letters, meeting, oprf, store
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.clauses import Lookup
from crossbook.exchange.keys import Keys
from crossbook.exchange.letters import Letter
from crossbook.watch.identified import Named

PARTS = ASK, ANSWER = "look-up", "look-up answered"
CLAUSE = "lookup"
WIDTH = 16  # bytes of an identifier's function that are told: two of 2^20 are alike once in 2^88


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A look-up of this side. `known` are those of `named` that the other side has, None until it answered; `refused`
    says why it does not answer. `held` is how many identifiers the other side has at most."""

    name: str
    agreement: str
    to: str
    at: str
    why: str
    named: tuple[Named, ...]
    known: tuple[Named, ...] | None = None
    held: int | None = None
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A look-up of the other side that was answered: what it can now know."""

    name: str
    agreement: str
    to: str
    at: str
    number: int
    held: int


def ask(book: Book, agreement: Agreement, keys: Keys, named: list[Named], why: str) -> Asked:
    """Ask whether the other side knows these. `why` stays in this book. Raises DisclosureError."""
    clause = _clause(agreement)
    named = sorted(set(named))
    if more := [kind for kind, _ in named if kind not in clause.kinds]:
        raise DisclosureError(
            f"the agreement does not allow to look up a party by {more[0]}",
            todo=f"ask by {', '.join(clause.kinds)}",
        )
    if not why.strip():
        raise CrossbookError("a look-up for no reason", todo="say what it is for; it stays in this book")
    _room(clause, len(named), _spent(book, agreement, ASK))
    _, other = agreement.side(keys.sign)
    name, number = secrets.token_hex(8), meeting.secret()
    points = b"".join(oprf.blind(identifiers.text_of(agreement, name, one), number) for one in named)
    made = Asked(
        name=name,
        agreement=agreement.sha,
        to=other.name,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        why=why.strip(),
        named=tuple(named),
    )
    path = _path(book, agreement, name)
    private.make_folder(path.parent, book.path)
    _keep(book, path, made, number.hex())
    letters.send(
        book,
        agreement,
        keys,
        ASK,
        name,
        {"number": len(named)},
        what=f"points for {len(named)} identifiers, which say nothing of them",
        clause=CLAUSE,
        document=points,
        noted={"asked": len(named)},
    )
    return made


def accept(book: Book, database: Database, agreement: Agreement, letter: Letter, document: bytes) -> str:
    """Do what follows from a letter of the other side: why it is not accepted, empty where it is."""
    try:
        if letter.part == ASK:
            return _may_ask(book, database, agreement, letter, document)
        return _heard(book, agreement, letter, document)
    except CrossbookError as error:
        return error.what


def answer(book: Book, database: Database, agreement: Agreement, keys: Keys) -> None:
    """Answer the look-ups that were taken and not answered yet."""
    channel = letters.channel(agreement)
    mine = [e for e in book.journal() if e.subject == channel]
    answered = {e.body["about"] for e in mine if e.action == letters.SENT and e.body["part"] == ANSWER}
    folder = letters.box(book, agreement).folder
    for entry in mine:
        body = entry.body
        if entry.action != letters.HEARD or body["part"] != ASK or body["refused"] or body["about"] in answered:
            continue
        _, _, content = store.opened(book, keys, (folder / f"{body['number']:04}.heard").read_bytes())
        _answer(book, database, agreement, keys, body["about"], content.points("document"))


def asked(book: Book) -> list[Asked]:
    """The look-ups of this side, the newest first."""
    found = []
    for agreement in adopting.adopted(book):
        told = {x.about: x.refused for x in letters.read(book, agreement) if x.mine and x.part == ASK}
        for path in (adopting.home(book) / agreement.sha[:12] / "lookups").glob("*.json"):
            one = _asked(json.loads(path.read_bytes()))
            if one.name in told:
                found.append(_asked({**asdict(one), "refused": told[one.name]}))
    return sorted(found, key=lambda one: (one.at, one.name), reverse=True)


def find(book: Book, name: str) -> Asked:
    """A look-up of this side by its name, or by how that begins. Raises NotFoundError."""
    found = [one for one in asked(book) if name and one.name.startswith(name)]
    if len(found) != 1:
        what = f"no look-up {name!r}" if not found else f"{len(found)} look-ups begin with {name!r}"
        raise NotFoundError(what, todo="crossbook exchange lookup show lists them")
    return found[0]


def answered(book: Book) -> list[Answered]:
    """The look-ups of the other side that this side answered, the newest first."""
    found = [
        Answered(
            name=e.body["about"],
            agreement=e.body["agreement"],
            to=e.body["to"],
            at=e.at,
            number=e.body["asked"],
            held=e.body["held"],
        )
        for e in book.journal()
        if e.action == letters.SENT and e.body["part"] == ANSWER
    ]
    return found[::-1]


def as_told(book: Book) -> dict[str, Any]:
    """Both rows, as programs get them."""
    return {"asked": [asdict(one) for one in asked(book)], "answered": [asdict(one) for one in answered(book)]}


def _clause(agreement: Agreement) -> Lookup:
    if agreement.lookup is None:
        raise DisclosureError("the agreement has no [lookup]: nobody may be looked up", todo="make a new one")
    return agreement.lookup


def _room(clause: Lookup, number: int, spent: int) -> None:
    if not 0 < number <= clause.at_once:
        raise DisclosureError(
            f"{number} identifiers in one look-up; the agreement allows {clause.at_once}", todo="ask for fewer"
        )
    if spent + number > clause.a_month:
        raise DisclosureError(
            f"{spent} identifiers were looked up this month and {number} would be more; "
            f"the agreement allows {clause.a_month}",
            todo="ask next month",
        )


def _spent(book: Book, agreement: Agreement, part: str) -> int:
    month, channel = datetime.now(UTC).isoformat()[:7], letters.channel(agreement)
    entries = (e for e in book.journal() if e.action == letters.SENT and e.subject == channel)
    return sum(e.body["asked"] for e in entries if e.body["part"] == part and e.at[:7] == month)


def _may_ask(book: Book, database: Database, agreement: Agreement, letter: Letter, document: bytes) -> str:
    clause = _clause(agreement)
    number = letter.told.get("number")
    if not isinstance(number, int) or len(document) != number * meeting.WIDTH or len(letter.about) != 16:
        return "a look-up with another number of points than it says"
    if letter.about in {one.name for one in answered(book)}:
        return "a look-up that was answered before"
    _room(clause, number, _spent(book, agreement, ANSWER))
    meeting.again(document, meeting.secret())  # raises for what are no points
    _held(database, agreement, letter.who)
    return ""


def _held(database: Database, agreement: Agreement, asks: str) -> list[Named]:
    clause = _clause(agreement)
    mine = next(party for party in agreement.parties if party.name != asks)
    found = sorted(identifiers.held(database, mine, clause.kinds))
    if not clause.smallest <= len(found) <= clause.largest:
        raise DisclosureError(
            f"who is asked knows fewer than {clause.smallest:,} identifiers or more than {clause.largest:,}: "
            "the agreement allows no look-up among these",
            todo="agree on other bounds",
        )
    return found


def _answer(book: Book, database: Database, agreement: Agreement, keys: Keys, name: str, points: bytes) -> None:
    _, other = agreement.side(keys.sign)
    held, secret = _held(database, agreement, other.name), meeting.secret()
    tags = {oprf.worked_out(identifiers.text_of(agreement, name, one), secret)[:WIDTH] for one in held}
    size = 1 << (len(tags) - 1).bit_length()
    while len(tags) < size:
        tags.add(secrets.token_bytes(WIDTH))
    number = len(points) // meeting.WIDTH
    letters.send(
        book,
        agreement,
        keys,
        ANSWER,
        name,
        {"number": number, "held": size},
        what=f"which of {number} identifiers that it asked for are among our {size} at most",
        clause=CLAUSE,
        document=meeting.again(points, secret) + b"".join(sorted(tags)),
        noted={"asked": number, "held": size},
    )


def _heard(book: Book, agreement: Agreement, letter: Letter, document: bytes) -> str:
    path = _path(book, agreement, letter.about)
    if not path.is_file():
        return "an answer to a look-up that was not made"
    kept = json.loads(path.read_bytes())
    one = _asked(kept)
    if one.known is not None:
        return "" if kept.get("sha") == letter.sha else "an answer to a look-up that was answered before"
    cut = len(one.named) * meeting.WIDTH
    tags = document[cut:]
    if letter.told.get("held") != len(tags) // WIDTH or len(tags) % WIDTH:
        return "an answer with another number of identifiers than it says"
    texts = [identifiers.text_of(agreement, one.name, named) for named in one.named]
    functions = oprf.finish(texts, bytes.fromhex(kept["secret"]), document[:cut])
    theirs = {tags[k : k + WIDTH] for k in range(0, len(tags), WIDTH)}
    known = tuple(named for named, told in zip(one.named, functions, strict=True) if told[:WIDTH] in theirs)
    _keep(book, path, _asked({**asdict(one), "known": known, "held": len(theirs)}), "", letter.sha)
    return ""


def _asked(kept: dict[str, Any]) -> Asked:
    rows = {name: kept[name] for name in Asked.__dataclass_fields__ if name not in ("named", "known")}
    known = kept["known"]
    return Asked(
        named=tuple((kind, value) for kind, value in kept["named"]),
        known=None if known is None else tuple((kind, value) for kind, value in known),
        **rows,
    )


def _keep(book: Book, path: Path, one: Asked, secret: str, sha: str = "") -> None:
    adopting.keep(book, path, json.dumps({**asdict(one), "secret": secret, "sha": sha}, ensure_ascii=False).encode())


def _path(book: Book, agreement: Agreement, name: str) -> Path:
    if len(name) != 16 or not set(name) <= set("0123456789abcdef"):
        raise CrossbookError("a look-up whose name is none")
    return adopting.home(book) / agreement.sha[:12] / "lookups" / f"{name}.json"
