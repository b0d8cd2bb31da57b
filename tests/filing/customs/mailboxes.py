"""A book with customs' settings and messages in it, and what a transfer client does with a mailbox."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crossbook import ceb
from crossbook.book import Book, open_book
from crossbook.filing.customs import sending
from crossbook.filing.customs.documents import document
from crossbook.filing.customs.letters import Letter
from crossbook.filing.customs.mailbox import Round, one_round
from crossbook.filing.customs.message import Document
from crossbook.filing.customs.settings import customs_of
from tests.filing.test_customs import SETTINGS, trade

MAILBOX = '\n[customs.mailbox]\nreceiver_id = "DXPEDCCEB0000003"\nsigned_by = "client"\n'
NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


def configured(book: Book, mailbox: str = MAILBOX) -> Book:
    """The book, opened anew with these settings."""
    path = book.path / "book.toml"
    text = path.read_text(encoding="utf-8").partition("[customs]")[0]
    path.write_text(text + SETTINGS.lstrip() + mailbox, encoding="utf-8")
    return open_book(book.path)


def listed(book: Book, order: str) -> Document:
    """The export list of an order."""
    found = document("603", trade(order_id=order, tracking=f"YT-{order}"), customs_of(book), NOW)
    assert isinstance(found, Document), found
    return found


def written(book: Book, *orders: str, folder: Path | None = None) -> str:
    """Write one message with the export lists of these orders; returns its number."""
    planned = [sending.Planned("603", o, o, "ready", listed(book, o)) for o in orders]
    messages = sending.messages(customs_of(book), planned, NOW)
    (sent,) = sending.send(book, messages, folder or book.path / "customs", None)
    return sent.guid


def answer(order: str, code: str, at: str = "20260303101500123") -> str:
    """A return to the export list of an order."""
    told = {"copNo": order, "orderNo": order, "returnStatus": code, "returnTime": at, "returnInfo": "因此"}
    inside = "".join(f"<{n}>{v}</{n}>" for n, v in told.items())
    return (
        f'<CEB604Message xmlns="{ceb.NAMESPACE}" guid="{"A" * 36}" version="1.0"><InventoryReturn>{inside}'
        "</InventoryReturn></CEB604Message>"
    )


def refusal(guid: str, at: str = "20260303101500123") -> str:
    """The refusal of a message's format."""
    told = {"returnStatus": "-1", "returnTime": at, "returnInfo": "验签失败", "oriCopMsgId": guid}
    inside = "".join(f"<{n}>{v}</{n}>" for n, v in {**told, "oriMessageType": "CEB603Message"}.items())
    return (
        f'<CEB900Message xmlns="{ceb.NAMESPACE}" guid="{"B" * 36}" version="1.0"><MessageReturn>{inside}'
        "</MessageReturn></CEB900Message>"
    )


def come(root: Path, name: str, content: str) -> None:
    """The client delivers a file."""
    (root / "in").mkdir(parents=True, exist_ok=True)
    (root / "in" / name).write_text(content, encoding="utf-8")


def gone_round(book: Book, root: Path, **options: object) -> Round:
    """A round in which every file is taken for whole."""
    root.mkdir(exist_ok=True)
    return one_round(book, root, **{"settle": 0, **options})  # type: ignore[arg-type]


def states(done: Round) -> dict[str, str]:
    return {x.guid: x.state for x in done.letters}


def letter(done: Round, guid: str) -> Letter:
    return next(x for x in done.letters if x.guid == guid)
