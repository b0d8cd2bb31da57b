"""What was told goes when the agreement's retention is over; what the limits count and the ledger stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crossbook.errors import NotFoundError
from crossbook.exchange import adopting, letters, reading, retention, store
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.envelope import MessageError
from tests.exchange.test_session import DAYS, books, world

__all__ = ["books"]  # the fixture

TODAY = datetime.now(UTC).date()
LAST, OVER = TODAY + timedelta(days=365), TODAY + timedelta(days=366)  # the usual retention is 365 days


def test_a_session_past_its_retention_is_forgotten(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, most="per_mille = 200\nsmallest = 5\nagain = 1")
    first = made.start()
    theirs = made.desks["US"]
    answer = theirs.answer(first)
    assert answer and not retention.due(theirs.book, LAST)
    folder, name = answer.parent, answer.parent.name
    assert [one.subject for one in retention.due(theirs.book, OVER)] == [name]
    retention.forget(theirs.book, OVER)
    assert [path.name for path in folder.iterdir()] == [store.FORGOTTEN]
    assert not retention.forget(theirs.book, OVER)
    with pytest.raises(NotFoundError):
        store.find(theirs.book, name)
    with pytest.raises(MessageError, match=f"session {name} was forgotten: the agreement keeps what was told for 365"):
        theirs.answer(first)
    ledger = reading.ledger(theirs.book)
    assert [row["number"] for row in ledger] == [2, None], "what was told, and that it was forgotten"
    assert ledger[1]["told"][0] == {"what": "forgotten", "number": 4, "clause": "retention_days"}
    agreement = adopting.agreement_of(theirs.book, made.sha)
    with pytest.raises(DisclosureError, match="1 sessions were about days"):  # as if it were not forgotten
        store.start(theirs.book, theirs.database, agreement, theirs.keys, *DAYS)


def test_letters_past_their_retention_lose_their_words_and_keep_their_place(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books)
    ours, theirs = made.desks["CN"], made.desks["US"]
    agreement = adopting.agreement_of(theirs.book, made.sha)

    def letter(text: str) -> None:
        path = letters.send(ours.book, agreement, ours.keys, "x", "a", {"text": text}, what="words", clause="")
        _, head, content = store.opened(theirs.book, theirs.keys, message := path.read_bytes())
        assert letters.take(theirs.book, agreement, theirs.keys, head, content, message, lambda *_: "")

    letter("one")
    retention.forget(theirs.book, OVER)
    assert letters.read(theirs.book, agreement) == []
    assert not list(letters.box(theirs.book, agreement).folder.iterdir())
    letter("two")
    assert [(x.number, x.told["text"]) for x in letters.read(theirs.book, agreement)] == [(2, "two")]
    retention.forget(theirs.book, OVER)
    assert letters.read(theirs.book, agreement) == []
