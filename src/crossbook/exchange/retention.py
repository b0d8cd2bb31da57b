"""What was told is kept as long as the agreement lets it: a session's files, and the words of the other side's letters.

Of a session that is forgotten stay its number, its days and its party, which the limits of the agreement count, and the
journal: who told how much of what, and that it was forgotten. What a letter brought into the book as evidence stays.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from crossbook.book import Book
from crossbook.exchange import adopting, letters, store
from crossbook.exchange.adopting import ACTION
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import is_past
from crossbook.exchange.store import FORGOTTEN

_DAYS = ("since", "until", "mine")


@dataclass(frozen=True, kw_only=True)
class Due:
    """What the retention of an agreement says to forget: a `session`, or the other side's letters up to the number
    `letters`, which the `other` told; `last` is the day of the last message. `files` are those that go."""

    agreement: Agreement
    subject: str
    other: str
    last: date
    files: tuple[Path, ...]
    letters: int = 0


def due(book: Book, today: date | None = None) -> list[Due]:
    """What is past the retention of its agreement and still here."""
    today, found = today or datetime.now(UTC).date(), []
    last = store.last_spoken(book.journal())
    for agreement in adopting.adopted(book):
        for path in sorted((adopting.home(book) / agreement.sha[:12]).glob("*/state.npz")):
            name = path.parent.name
            if is_past(agreement, last.get(name), today):
                files = tuple(file for file in sorted(path.parent.iterdir()) if file.name != FORGOTTEN)
                other = agreement.side(store.told_of(path.parent)["mine"])[1].name
                found.append(Due(agreement=agreement, subject=name, other=other, last=last[name], files=files))
        for row in letters.ROWS:
            found += _letters_due(book, agreement, today, row)
    return found


def forget(book: Book, today: date | None = None) -> list[Due]:
    """Forget what is due, each told in the journal before its files go; stopped in the middle, it is gone on with."""
    found = due(book, today)
    noted = {(e.subject, e.body.get("letters", 0)) for e in book.journal() if e.action == ACTION and "forgot" in e.body}
    for one in found:
        body = {"agreement": one.agreement.sha, "to": one.other, "forgot": len(one.files), "last": str(one.last)}
        if not one.letters:
            _remember(book, one)
        if (one.subject, one.letters) not in noted:
            book.decide(ACTION, one.subject, {**body, "letters": one.letters})
        for file in sorted(one.files, key=lambda file: file.name == "state.npz"):  # the last: until then it is due
            file.unlink(missing_ok=True)
    return found


def _remember(book: Book, one: Due) -> None:
    """What the limits count of a session: its days, and as whom this book spoke."""
    folder = adopting.home(book) / one.agreement.sha[:12] / one.subject
    told = store.told_of(folder)
    adopting.keep(book, folder / FORGOTTEN, json.dumps({name: told[name] for name in _DAYS}).encode())


def _letters_due(book: Book, agreement: Agreement, today: date, row: str) -> list[Due]:
    stands = letters.box(book, agreement, row=row)
    old = [e for e in book.journal() if e.subject == stands.channel and letters.is_old(agreement, e, today)]
    names = [f"{e.body['number']:04}.{kind}" for e in old for kind in ("heard", "heard.json")]
    files = tuple(file for name in names if (file := stands.folder / name).is_file())
    if not files:
        return []
    last = date.fromisoformat(old[-1].at[:10])
    number = int(old[-1].body["number"])
    other = str(old[-1].body["from"])
    return [Due(agreement=agreement, subject=stands.channel, other=other, last=last, files=files, letters=number)]
