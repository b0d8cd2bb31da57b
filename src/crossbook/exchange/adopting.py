"""The agreements that a book adopted: in its folder `exchange/`, a folder each, with the signatures of both parties."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from crossbook.book import Book, private
from crossbook.book.durable import write_whole
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.exchange import agreement as agreements
from crossbook.exchange import soundness
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError

ACTION = "exchange"


def adopt(book: Book, path: Path, signatures: list[str]) -> Agreement:
    """Keep an agreement that both parties signed. Raises CrossbookError where a signature lacks or is of other text, or
    where what it says cannot be meant."""
    found = agreements.read(path)
    soundness.check(found, str(path))
    by = {party.key for text in signatures if (party := agreements.signed_by(found, text))}
    lacking = [party.name for party in found.parties if party.key not in by]
    if lacking:
        raise CrossbookError(
            f"no signature of {lacking[0]} under this text",
            where=str(path),
            todo="each signs it: crossbook exchange sign",
        )
    folder = home(book) / found.sha[:12]
    private.make_folder(folder, book.path)
    keep(book, folder / "signatures.json", json.dumps(signatures).encode())
    keep(book, folder / "agreement.toml", path.read_bytes())
    book.decide(
        ACTION, found.sha[:12], {"agreement": found.sha, "name": found.name, "parties": [p.name for p in found.parties]}
    )
    return found


def agreement_of(book: Book, sha: str) -> Agreement:
    """An agreement that was adopted. Raises NotFoundError; CrossbookError where its text or signatures were changed."""
    folder = home(book) / sha[:12]
    if not (folder / "agreement.toml").is_file():
        raise NotFoundError(
            f"the agreement {sha[:12]} is not adopted here", todo="crossbook exchange adopt AGREEMENT SIGNATURES"
        )
    found = agreements.read(folder / "agreement.toml")
    signatures = json.loads((folder / "signatures.json").read_text(encoding="utf-8"))
    by = {party.key for text in signatures if (party := agreements.signed_by(found, text))}
    if found.sha[:12] != sha[:12] or by != {party.key for party in found.parties}:
        raise CrossbookError(
            "the agreement was changed after it was signed", where=str(folder), todo="adopt it anew, or make a new one"
        )
    return found


def adopted(book: Book) -> list[Agreement]:
    """The agreements of a book."""
    return [agreement_of(book, path.parent.name) for path in sorted(home(book).glob("*/agreement.toml"))]


def beside(book: Book, agreement: Agreement) -> list[Agreement]:
    """The other agreements with the same party that hold today: what both sides say under one, they know under all."""
    keys, names = ({getattr(party, name) for party in agreement.parties} for name in ("sign", "name"))
    today = datetime.now(UTC).date()
    return [
        one
        for one in adopted(book)
        if one.sha != agreement.sha
        and one.valid_from <= today <= one.valid_to
        and ({party.sign for party in one.parties} == keys or {party.name for party in one.parties} == names)
    ]


def holds(agreement: Agreement) -> None:
    """Raise DisclosureError unless the agreement holds today; nothing is sent before or after, not even a turn of a
    session that was begun while it did."""
    if not agreement.valid_from <= datetime.now(UTC).date() <= agreement.valid_to:
        raise DisclosureError("the agreement does not hold today", todo="make a new one")


def ended(agreement: Agreement) -> bool:
    """Whether the last day of the agreement is over."""
    return datetime.now(UTC).date() > agreement.valid_to


def home(book: Book) -> Path:
    """The folder of the exchange in a book, with one of each agreement."""
    return book.path / "exchange"


def keep(book: Book, path: Path, content: bytes) -> None:
    """A file of the exchange, safely on disk, for the book's keeper alone."""
    write_whole(path, content)
    private.keep(path, book.path)
