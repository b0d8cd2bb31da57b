"""The envelope of China's data exchange platform (DxpMsg), in which the transfer client hands over messages in base64.

Source, secondary: the classes that others made of its schema (namespace http://www.chinaport.gov.cn/dxp: TransInfo with
CopMsgId, SenderId, ReceiverIds, CreatTime, MsgType; Data in base64; AddInfo), and its description in
https://github.com/zhengjin-me/common-customs-beans. What is packed by gzip in it is unpacked.
"""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from crossbook.errors import CrossbookError
from crossbook.sources.xml import elements, local

_ROOT = re.compile(r"<(?:[\w.-]+:)?DxpMsg(?:Sv)?[\s>]")
_DATA = re.compile(r"<(?:[\w.-]+:)?Data[^<>]*>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/\s]*)")
_NOTICE = re.compile(r"<(?:[\w.-]+:)?DxpRep[\s>]")
_SAID = ("ResponseCode", "ResponseInfo", "Note", "CopMsgId")
DEEPEST = 3  # envelopes in one another
MOST = 64 << 20  # bytes of one message, unpacked
HEAD = 64 << 10  # of these the first, to see what it is
_BLANK = b" \t\r\n"


@dataclass(frozen=True)
class Envelope:
    """What stands on an envelope: its own number (CopMsgId), who sent it to whom, what it says is in it, and the line
    of its data in the file."""

    id: str
    sender: str
    receivers: tuple[str, ...]
    kind: str
    line: int


def is_envelope(text: str) -> bool:
    """Whether the start of a file is that of an envelope."""
    return _ROOT.search(text) is not None


def notice(text: str) -> str:
    """What a notice of the exchange platform (DxpRep) says: its code, its words, and the message that it is of. Empty
    for any other file. Its codes are not published; it is no answer of customs."""
    if _NOTICE.search(text) is None:
        return ""
    found = (re.search(rf"<(?:[\w.-]+:)?{name}>([^<]*)<", text) for name in _SAID)
    return " ".join(m[1].strip() for m in found if m and m[1].strip())


def beginning(text: str) -> str:
    """The start of the message in an envelope of which `text` is the start; empty where it cannot be seen there."""
    for _ in range(DEEPEST):
        found = _DATA.search(text)
        if found is None:
            return ""
        told = re.sub(r"\s", "", found[1])
        raw = base64.b64decode(told[: len(told) // 4 * 4])
        if raw.startswith(b"\x1f\x8b"):
            raw = zlib.decompressobj(31).decompress(raw, HEAD)
        text = raw.decode("utf-8", "replace")
        if not is_envelope(text):
            break
    return text


def opened(file: BinaryIO, name: str, depth: int = 0) -> Iterator[tuple[Any, Envelope | None]]:
    """Every element of a file as it ends, of the messages in its envelopes too, with the innermost envelope.

    Raises CrossbookError for what is not XML, or an envelope whose data is not base64.
    """
    for element in elements(_from_the_start(file), name):
        if local(element) != "Data" or local(element.getparent()) != "DxpMsg" or not (element.text or "").strip():
            yield element, None
            continue
        envelope = _read(element.getparent(), element.sourceline or 0)
        if depth == DEEPEST:
            raise CrossbookError("an envelope in an envelope, too deep", where=f"{name}:{envelope.line}")
        inside = io.BytesIO(_unpacked(element.text, f"{name}:{envelope.line}"))
        for inner, nearer in opened(inside, f"{name}:{envelope.line} (Data)", depth + 1):
            yield inner, nearer or envelope
        element.clear()


def _read(message: Any, line: int) -> Envelope:
    told: dict[str, list[str]] = {}
    for child in message.iter():
        if local(child) in ("CopMsgId", "SenderId", "ReceiverId", "MsgType"):
            told.setdefault(local(child), []).append((child.text or "").strip())
    first = {key: values[0] for key, values in told.items()}
    return Envelope(
        id=first.get("CopMsgId", ""),
        sender=first.get("SenderId", ""),
        receivers=tuple(told.get("ReceiverId", ())),
        kind=first.get("MsgType", ""),
        line=line,
    )


def _unpacked(text: str, where: str) -> bytes:
    if text.lstrip().startswith("<"):  # handed over as text
        return text.strip().encode()
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
        if raw.startswith(b"\x1f\x8b"):
            pieces = zlib.decompressobj(31)
            raw = pieces.decompress(raw, MOST)
            if pieces.unconsumed_tail or not pieces.eof:
                raise CrossbookError("its data is packed and cut off, or too large", where=where)
    except ValueError:  # also of a character that no ASCII is
        raise CrossbookError("the data of the envelope is not base64", where=where, todo="download it again") from None
    except zlib.error:
        raise CrossbookError("its data is packed and damaged", where=where, todo="download it again") from None
    return raw


def _from_the_start(file: BinaryIO) -> BinaryIO:
    """The file from its first character on: XML allows no blank line before its declaration."""
    head = file.read(512)
    bare = head.removeprefix(b"\xef\xbb\xbf")
    blank = len(bare) - len(bare.lstrip(_BLANK))
    file.seek(len(head) - len(bare) + blank if blank else 0)
    return file
