"""Signatures over heads and decisions, with a key that is kept outside the book: Ed25519, RFC 8032.

Keys are files of OpenSSH or OpenSSL (PEM, PKCS 8): `ssh-keygen -t ed25519 -f KEY`, `openssl genpkey -algorithm
ed25519`.
What is signed of a head is "head of crossbook: " and the head as it is printed, with its whole hash and its time; of a
decision see `journal.signed_text`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossbook.book.chain import Head
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_LONGEST = 64 << 10  # bytes of a key file
_MAKE = "make one: ssh-keygen -t ed25519 -f KEY"


class LockedKeyError(CrossbookError):
    """The key is locked with a passphrase that was not given, or another one was."""


@dataclass(frozen=True)
class SigningKey:
    """A private key in use: its public key, and what makes its signature over bytes, both in base64."""

    public: str
    sign: Callable[[bytes], str]


def installed() -> bool:
    """Whether signatures can be made and looked at here."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        return False
    return True


def sign(head: Head, key: Path, passphrase: str | None = None) -> tuple[str, str]:
    """The public key and its signature over the head, both in base64.

    Raises LockedKeyError, and CrossbookError where the file is no private Ed25519 key.
    """
    found = private_key(key, passphrase)
    return found.public, found.sign(message(head))


def private_key(path: Path, passphrase: str | None = None) -> SigningKey:
    """A private key from its file. Raises LockedKeyError, and CrossbookError where the file is none of Ed25519."""
    private = _private(path, passphrase)
    return SigningKey(_base64(private.public_key().public_bytes_raw()), lambda data: _base64(private.sign(data)))


def fingerprint(key: str) -> str:
    """What `ssh-keygen -l` prints of a public key that is given in base64; "" where it is none."""
    try:
        raw = base64.b64decode(key, validate=True)
    except (ValueError, binascii.Error):
        return ""
    parts = (b"ssh-ed25519", raw)
    digest = hashlib.sha256(b"".join(struct.pack(">I", len(part)) + part for part in parts)).digest()
    return f"SHA256:{_base64(digest).rstrip('=')}"


def holds(head: Head, key: str, signature: str) -> bool:
    """Whether the signature over the head is of that key."""
    return verified(message(head), key, signature)


def verified(data: bytes, key: str, signature: str) -> bool:
    """Whether the signature over these bytes is of that public key, both in base64."""
    _need()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def public(path: Path) -> str:
    """A public key in base64, from its file. Raises CrossbookError."""
    _need()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key, load_ssh_public_key

    data = _read(path)
    found: Ed25519PublicKey | Any = None
    for load in (load_ssh_public_key, load_pem_public_key):
        try:
            found = load(data)
            break
        except Exception:  # noqa: BLE001, S112 - of several kinds, by what the file is not
            continue
    if not isinstance(found, Ed25519PublicKey):
        raise CrossbookError("no public Ed25519 key", where=str(path), todo=f"name KEY.pub; {_MAKE}")
    return _base64(found.public_bytes_raw())


def _private(path: Path, passphrase: str | None) -> Ed25519PrivateKey:
    _need()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    data = _read(path)
    word = passphrase.encode() if passphrase else None
    found: Ed25519PrivateKey | Any = None
    locked = False
    for load in (load_ssh_private_key, load_pem_private_key):
        try:
            found = load(data, word)
            break
        except TypeError:  # a passphrase is needed
            locked = True
        except UnsupportedAlgorithm:
            raise CrossbookError(
                "a locked key of OpenSSH needs the package bcrypt", where=str(path), todo="pip install bcrypt"
            ) from None
        except Exception as error:  # noqa: BLE001 - of several kinds, by what the file is not
            locked = locked or (word is not None and b"PRIVATE KEY" in data) or "password" in str(error).lower()
    if found is None and locked:
        raise LockedKeyError("the key is locked with a passphrase, and this is not it", where=str(path))
    if not isinstance(found, Ed25519PrivateKey):
        raise CrossbookError("no private Ed25519 key", where=str(path), todo=_MAKE)
    return found


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST)
    except OSError as error:
        raise CrossbookError(f"cannot be read ({error.strerror})", where=str(path)) from None


def message(head: Head) -> bytes:
    """What is signed, and stamped, of a head."""
    return f"head of crossbook: {head}".encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _need() -> None:
    if not installed():
        raise CrossbookError("signatures need the package cryptography", todo="pip install 'crossbook[sign]'")
