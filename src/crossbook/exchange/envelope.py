"""One message from one party to the other, as one file: signed by the sender, readable by the receiver alone.

A line of JSON tells version, agreement, session, sender, receiver, number and the hash of the message before it; then
comes the content, encrypted with ChaCha20-Poly1305 (RFC 8439) under a key from X25519 (RFC 7748) of a key made for this
message alone, by HKDF of SHA-256; then the signature over all (Ed25519). The line is bound to the content.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crossbook.errors import CrossbookError
from crossbook.exchange.keys import Keys, public, verify

VERSION = 3  # of messages, and of how both sides spell what they meet by: phones, accounts, references
MAGIC = b"crossbook-exchange\n"
_SIGNATURE, _KEY, _NONCE = 64, 32, b"\x00" * 12  # the key is never used twice
_LARGEST_LINE = 4096
Whole = npt.NDArray[np.int64]
_NOTHING = np.empty(0, np.int64)


class MessageError(CrossbookError):
    """A message that is not the next one: of another version, session or party, changed, cut, or told before."""


class NotMetError(MessageError):
    """It is the turn of the transfers to meet by a library, which needs both sides online."""

    def __init__(self, way: str) -> None:
        super().__init__(
            f"the transfers are to meet by {way.upper()}, for which both sides are online",
            todo="go on with crossbook exchange talk --session, or begin anew by courier",
        )


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands on a message in clear."""

    agreement: str
    session: str
    sender: str
    receiver: str
    number: int
    before: str
    version: int = VERSION


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is told: words and numbers by name, and columns of whole numbers or bytes."""

    told: dict[str, Any]
    columns: dict[str, Any]

    def whole(self, name: str, like: Any = None) -> Whole:
        """A column of whole numbers; empty where there is none. Raises MessageError for points, and where it has not as
        many as the column `like`."""
        found = self.columns.get(name, _NOTHING)
        if isinstance(found, bytes) or (like is not None and len(found) != len(like)):
            raise MessageError(f"{name} is told otherwise than it must be")
        return np.asarray(found, np.int64)

    def points(self, name: str) -> bytes:
        """A column of points. Raises MessageError where there is none."""
        found = self.columns.get(name)
        if not isinstance(found, bytes):
            raise MessageError(f"{name} is told otherwise than it must be")
        return found

    def pack(self) -> bytes:
        """As bytes: a line of JSON and the columns."""
        shapes, raw = [], []
        for name, column in self.columns.items():
            data = column if isinstance(column, bytes) else np.ascontiguousarray(column, "<i8").tobytes()
            shapes.append([name, "bytes" if isinstance(column, bytes) else "whole", len(data)])
            raw.append(data)
        line = json.dumps({"told": self.told, "columns": shapes}, ensure_ascii=True, separators=(",", ":"))
        return line.encode() + b"\n" + b"".join(raw)

    @staticmethod
    def unpack(data: bytes) -> Content:
        """From bytes. Raises MessageError."""
        line, _, rest = data.partition(b"\n")
        try:
            found = json.loads(line)
            columns: dict[str, Any] = {}
            at = 0
            for name, kind, size in found["columns"]:
                piece = rest[at : at + size]
                at += size
                if len(piece) != size or size < 0:
                    raise ValueError
                columns[name] = piece if kind == "bytes" else np.frombuffer(piece, "<i8").astype(np.int64)
            return Content(told=dict(found["told"]), columns=columns)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise MessageError("a message whose content is not of this version") from None


def seal(head: Head, content: Content, keys: Keys, receive: str) -> bytes:
    """The file of a message, for who holds the key `receive`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public(receive)))
    line = json.dumps(asdict(head), separators=(",", ":"), sort_keys=True).encode() + b"\n"
    mine = once.public_key().public_bytes_raw()
    hidden = ChaCha20Poly1305(_derived(shared, mine, receive)).encrypt(_NONCE, content.pack(), line)
    body = MAGIC + line + mine + hidden
    return body + keys.signing.sign(body)


def head_of(data: bytes) -> Head:
    """What stands on a message in clear, not verified. Raises MessageError."""
    if not data.startswith(MAGIC):
        raise MessageError("this is no message of an exchange")
    line = data[len(MAGIC) : len(MAGIC) + _LARGEST_LINE].partition(b"\n")[0]
    try:
        told = json.loads(line)
        if told.get("version") != VERSION:
            raise MessageError(
                f"a message of version {str(told.get('version'))[:20]}; this program speaks {VERSION}",
                todo="both parties need the same version of crossbook",
            )
        head = Head(**told)
    except (ValueError, TypeError, AttributeError):
        raise MessageError("a message that is cut or changed: its first line cannot be read") from None
    if (
        type(head.number) is not int
        or head.number < 1
        or not all(
            isinstance(text, str) for text in (head.agreement, head.session, head.sender, head.receiver, head.before)
        )
    ):
        raise MessageError("a message that is cut or changed: its first line cannot be read")
    return head


def unseal(data: bytes, keys: Keys, sign: str) -> tuple[Head, Content]:
    """The head and content of a message that the holder of the key `sign` sent to the holder of `keys`.

    Raises MessageError where it was changed, cut, or is of or for somebody else.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    head = head_of(data)
    body, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
    if not verify(sign, signature, body):
        raise MessageError(
            "the signature does not hold: the message was changed or cut on its way, or is of somebody else",
            todo="ask for it again",
        )
    start = len(MAGIC) + body[len(MAGIC) :].index(b"\n") + 1
    line, once, hidden = body[len(MAGIC) : start], body[start : start + _KEY], body[start + _KEY :]
    shared = keys.receiving.exchange(X25519PublicKey.from_public_bytes(once))
    try:
        plain = ChaCha20Poly1305(_derived(shared, once, keys.receive)).decrypt(_NONCE, hidden, line)
    except InvalidTag:
        raise MessageError(
            "the message is encrypted for another key", todo="use the key that the agreement names"
        ) from None
    return head, Content.unpack(plain)


def digest(data: bytes) -> str:
    """What a message is called by the one after it."""
    return hashlib.sha256(data).hexdigest()


def _derived(shared: bytes, once: bytes, receive: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    bound = b"crossbook exchange 1" + once + public(receive)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=bound).derive(shared)
