"""The keys of a party: one that signs what it sends (Ed25519) and one for which others encrypt (X25519).

Both stand in one file of two PEM blocks, which never leaves its owner; the card, a file of TOML with the public halves,
is what the other party gets and what the agreement names. Needs `cryptography`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crossbook.book.faults import of_system
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_END = b"-----END PRIVATE KEY-----\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """The private halves."""

    signing: Ed25519PrivateKey
    receiving: X25519PrivateKey

    @property
    def sign(self) -> str:
        """The public half of the signing key, base64."""
        return base64.b64encode(self.signing.public_key().public_bytes_raw()).decode()

    @property
    def receive(self) -> str:
        """The public half of the receiving key, base64."""
        return base64.b64encode(self.receiving.public_key().public_bytes_raw()).decode()


def make(path: Path) -> Keys:
    """New keys in a file that only its owner may read. Raises CrossbookError where there is such a file."""
    need()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    keys = Keys(signing=Ed25519PrivateKey.generate(), receiving=X25519PrivateKey.generate())
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(keys.signing.private_bytes(*plain) + keys.receiving.private_bytes(*plain))
    except FileExistsError:
        raise CrossbookError("there is such a file already", where=str(path), todo="give another name") from None
    except OSError as error:
        raise of_system(error) from None
    return keys


def read(path: Path) -> Keys:
    """Keys from their file. Raises CrossbookError."""
    need()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        blocks = [part + _END for part in path.read_bytes().split(_END) if part.strip()]
    except OSError as error:
        raise of_system(error) from None
    try:
        found = [load_pem_private_key(block, None) for block in blocks]
    except Exception:  # noqa: BLE001 - whatever it is, it is no key
        found = []
    match found:
        case [Ed25519PrivateKey() as signing, X25519PrivateKey() as receiving]:
            return Keys(signing=signing, receiving=receiving)
    raise CrossbookError("no keys of a party", where=str(path), todo="make some: crossbook exchange key FILE")


def public(text: str) -> bytes:
    """The 32 bytes of a public key in base64. Raises ValueError."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("no key") from None
    if len(raw) != 32:
        raise ValueError("no key")
    return raw


def fingerprint(sign: str) -> str:
    """How a party's key is called in messages and logs: the first 16 digits of its SHA-256."""
    return hashlib.sha256(public(sign)).hexdigest()[:16]


def verify(sign: str, signature: bytes, message: bytes) -> bool:
    """Whether the signature over the message is of that key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public(sign)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def need() -> None:
    """Raise CrossbookError where the extra `exchange` is not installed."""
    if not all(find_spec(name) for name in ("cryptography", "numba", "rbcl")):
        raise CrossbookError("exchange needs its extra", todo="pip install 'crossbook[exchange]'")
