"""The envelope (DxpMsg) in which a message goes to the transfer client, and the settings that it takes.

Its form is that of the schema's generated classes, as `sources/dxp.py` says; its own number (CopMsgId) is that of the
message, so that a refusal of the format (CEB900, oriCopMsgId) names the message.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from lxml import etree

from crossbook.book import Book
from crossbook.ceb import ENVELOPE
from crossbook.errors import CrossbookError
from crossbook.filing.customs.documents import CHINA

LONGEST_ID = 16
MOST_RECEIVERS = 5
SIGNERS = ("book", "client")
FOLDERS = {"in": "in", "out": "out", "read": "read", "aside": "aside"}


@dataclass(frozen=True)
class Mailbox:
    """[customs.mailbox]: who sends to whom, who signs, and the folders of the transfer client.

    `folder` is empty where none is set; `folders` are the subfolders by what they are for: `in` and `out` are the
    client's, `read` and `aside` hold what was read and what could not be. `enveloped` is False for a client that makes
    the envelope itself.
    """

    sender: str
    receivers: tuple[str, ...]
    signer: str
    folder: str
    folders: dict[str, str]
    enveloped: bool
    is_set: bool

    @property
    def wanting(self) -> tuple[str, ...]:
        """What must be set before a message can go."""
        if not self.enveloped:
            return ()
        found = []
        if not self.sender:
            found.append("[customs] transfer_id is not set: the sender's number on the exchange platform")
        if not self.receivers:
            found.append("[customs.mailbox] receiver_id is not set: whom the exchange platform hands the message to")
        return tuple(found)


def mailbox_of(book: Book) -> Mailbox:
    """The settings. Raises CrossbookError for what cannot be; what is not set is in `wanting`."""
    customs = book.config.get("customs", {})
    table = customs.get("mailbox", {}) if isinstance(customs, dict) else {}
    if not isinstance(table, dict):
        raise CrossbookError("customs.mailbox must be a table", where="book.toml")
    receivers = table.get("receiver_id", [])
    given = (receivers,) if isinstance(receivers, str) else tuple(receivers) if isinstance(receivers, list) else (None,)
    sender = table.get("sender_id", customs.get("transfer_id", "") if isinstance(customs, dict) else "")
    for name, texts in (("sender_id", (sender,)), ("receiver_id", given)):
        for text in texts:
            if not isinstance(text, str) or len(text) > LONGEST_ID:
                raise CrossbookError(
                    f"[customs.mailbox] {name} {text!r} is no number of the exchange platform",
                    where="book.toml",
                    todo=f"write a text of at most {LONGEST_ID} characters",
                )
    if len(given) > MOST_RECEIVERS:
        raise CrossbookError(f"[customs.mailbox] receiver_id has over {MOST_RECEIVERS} numbers", where="book.toml")
    signer = table.get("signed_by", "book")
    if signer not in SIGNERS:
        raise CrossbookError(
            f"[customs.mailbox] signed_by {signer!r} is not known",
            where="book.toml",
            todo='write "client" where the transfer client signs, "book" where the message is signed before',
        )
    enveloped = table.get("envelope", True)
    if not isinstance(enveloped, bool):
        raise CrossbookError("[customs.mailbox] envelope must be true or false", where="book.toml")
    return Mailbox(
        sender=str(sender),
        receivers=tuple(str(r) for r in given if r),
        signer=signer,
        folder=str(table.get("folder", "")),
        folders={name: _inside(table, name, usual) for name, usual in FOLDERS.items()},
        enveloped=enveloped,
        is_set=bool(table),
    )


def _inside(table: dict[str, Any], name: str, usual: str) -> str:
    value = table.get(name, usual)
    if not isinstance(value, str) or not value or PurePath(value).is_absolute() or ".." in PurePath(value).parts:
        raise CrossbookError(
            f"[customs.mailbox] {name} {value!r} is no folder inside the mailbox",
            where="book.toml",
            todo=f'write {name} = "{usual}", and name the folder that holds them all',
        )
    return value


def wrap(message: bytes, guid: str, kind: str, mailbox: Mailbox, at: datetime) -> bytes:
    """The message in its envelope. `kind` is the name of its root, `at` when it is made (written in China's time)."""
    root = etree.Element(f"{{{ENVELOPE}}}DxpMsg", nsmap={None: ENVELOPE})  # type: ignore[dict-item] # lxml takes None
    root.set("ver", "1.0")
    head = _element(root, "TransInfo")
    _element(head, "CopMsgId", guid)
    _element(head, "SenderId", mailbox.sender)
    receivers = _element(head, "ReceiverIds")
    for receiver in mailbox.receivers:
        _element(receivers, "ReceiverId", receiver)
    _element(head, "CreatTime", f"{at.astimezone(CHINA):%Y-%m-%dT%H:%M:%S}")
    _element(head, "MsgType", kind)
    _element(root, "Data", base64.b64encode(message).decode("ascii"))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _element(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    made = etree.SubElement(parent, f"{{{ENVELOPE}}}{name}")
    made.text = text
    return made
