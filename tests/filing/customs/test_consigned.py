"""No parcel is in two consignments, and no list in two summaries."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.engine import connect
from crossbook.filing.customs import consignment, sending
from crossbook.filing.customs.consigned import elsewhere
from crossbook.filing.customs.letters import say
from crossbook.filing.customs.message import Document
from crossbook.filing.customs.settings import customs_of
from tests.filing.customs.mailboxes import NOW, configured
from tests.filing.test_customs import consigned, released


def written(book: Book, folder: Path, bill: str, *orders: str, number: str = "507") -> str:
    """Write a message of a consignment; returns its number."""
    customs = customs_of(book)
    path = consigned(folder, bill=f'"{bill}"', orders=json.dumps(list(orders)))
    found, wanting = consignment.made(number, consignment.read(path), [released(o) for o in orders], customs, NOW)
    assert not wanting
    planned = [sending.Planned(d.number, d.reference, "", "ready", d) for d in found]
    (sent,) = sending.send(book, sending.messages(customs, planned, NOW), book.path / "customs", None)
    return sent.guid


def made_again(book: Book, folder: Path, bill: str, *orders: str, number: str = "507") -> list[tuple[str, str, str]]:
    """What stands against another consignment with these orders."""
    path = consigned(folder, bill=f'"{bill}"', orders=json.dumps(list(orders)))
    with closing(connect(book)) as database:
        others = elsewhere(book, database, bill)
    told = consignment.read(path)
    found, wanting = consignment.made(number, told, [released(o) for o in orders], customs_of(book), NOW, others)
    assert bool(found) != bool(wanting) and all(isinstance(d, Document) for d in found)
    return [(p.reference, p.field, p.why) for p in wanting]


@pytest.mark.parametrize(("number", "field"), [("507", "logisticsNo"), ("701", "invtNo")])
def test_a_parcel_in_two_consignments(book: Book, tmp_path: Path, number: str, field: str) -> None:
    book = configured(book)
    guid = written(book, tmp_path, "784-1", "A1", "A2", number=number)
    why = f"is in the {number} of consignment 784-1 already: strike it out here, or withdraw that message"
    assert made_again(book, tmp_path, "784-2", "A2", "A3", number=number) == [("A2", field, why)]
    assert made_again(book, tmp_path, "784-1", "A2", number=number) == []  # the same consignment, written anew
    assert made_again(book, tmp_path, "784-2", "A2", number="509" if number == "507" else "507") == []
    say(book, [guid], yes=False)
    assert made_again(book, tmp_path, "784-2", "A2", "A3", number=number) == []


def test_a_message_of_an_older_book_is_read(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its journal does not say which parcels were in it: its file does."""
    book = configured(book)
    monkeypatch.setattr(sending, "NUMBERS", ())
    written(book, tmp_path, "784-1", "A1")
    assert "inside" not in book.journal()[-1].body
    assert [x[0] for x in made_again(book, tmp_path, "784-2", "A1")] == ["A1"]
