"""What consignments that were written hold: no parcel leaves with two of them, and no list is summarised twice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.engine import Database
from crossbook.filing.customs.letters import FOLDER, letters
from crossbook.filing.customs.message import Document
from crossbook.filing.customs.sent import WRITTEN

NUMBERS = ("507", "607", "509", "701")
Elsewhere = dict[tuple[str, str], str]  # the bill, by message and by the number of a waybill or, in a 701, of a list


def named(document: Document) -> list[str]:
    """The numbers of the parcels in a consignment's document; of a summary those of its lists."""
    return [str(i[_field(document.number)]) for i in document.items]


def elsewhere(book: Book, database: Database, bill: str) -> Elsewhere:
    """What is in messages of other consignments than that of `bill`, but for messages that were withdrawn or refused
    for their format, and documents that customs refused."""
    entries = {e.subject: e for e in book.journal() if e.action == WRITTEN and e.body["number"] in NUMBERS}
    found: Elsewhere = {}
    for letter in letters(book, database) if entries else ():
        if letter.guid not in entries or letter.state in ("withdrawn", "format refused"):
            continue
        refused = {r.reference for r in letter.refusals}
        entry = entries[letter.guid]
        for reference, numbers in _inside(entry, book.path / FOLDER).items():
            other = reference.rpartition("-")[0]
            if other != bill and reference not in refused:
                found |= {(letter.number, n): other for n in numbers}
    return found


def _inside(entry: Entry, folder: Path) -> dict[str, list[str]]:
    """The numbers in each document of a message, as the journal has them; of an older message all those in its file,
    where that still lies in the book."""
    told: dict[str, list[str]] | None = entry.body.get("inside")
    if told is not None:
        return told
    references: Iterable[str] = (reference for reference, _ in entry.body["documents"])
    try:
        root = etree.parse(folder / entry.body["file"], etree.XMLParser(resolve_entities=False, no_network=True))
    except (OSError, etree.XMLSyntaxError):
        return {}
    tag = f"{{*}}{_field(entry.body['number'])}"
    numbers = [str(x.text) for x in root.iter(tag) if x.text]
    return dict.fromkeys(references, numbers)


def _field(number: str) -> str:
    return "invtNo" if number == "701" else "logisticsNo"
