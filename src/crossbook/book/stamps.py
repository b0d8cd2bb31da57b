"""Time stamps of authorities (RFC 3161) over heads: replies that a person got, kept in `stamps/`, verified offline.

What is stamped is what is signed (`signing.message`): the head as it is printed, with its whole hash and its time.
Whose word counts is for the reader to say: certificates of the authority, kept outside the book.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crossbook.book import chain, faults, heads, private, signing
from crossbook.book.book import Book
from crossbook.book.chain import Head, Held
from crossbook.book.durable import opened, write_whole
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

FOLDER, ENDING = "stamps", ".tsr"
UNREAD = "time stamps were not looked at: pip install 'crossbook[sign]'"
_LONGEST = 64 << 10  # bytes of a reply, or of certificates
_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


@dataclass(frozen=True)
class Stamp:
    """A reply of an authority: when it says that it saw what (`imprint`, by the hash function of that name), and what
    the certificate of who signed it is called. None of this is proved before it is held against certificates."""

    at: datetime
    by: str
    function: str
    imprint: bytes
    reply: bytes

    def of(self, head: Head) -> bool:
        """Whether this head was stamped."""
        return hashlib.new(self.function, signing.message(head)).digest() == self.imprint


def installed() -> bool:
    """Whether time stamps can be asked for and looked at here."""
    try:
        import rfc3161_client  # noqa: F401
    except ImportError:
        return False
    return True


def query(head: Head) -> bytes:
    """What an authority is asked to stamp a head by, as DER (RFC 3161, 2.4.1): with its certificate, without a nonce,
    for the reply is held against the head itself."""
    _need()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    asked = TimestampRequestBuilder().data(signing.message(head)).hash_algorithm(HashAlgorithm.SHA256)
    return asked.cert_request(cert_request=True).nonce(nonce=False).build().as_bytes()


def read(reply: bytes, where: str) -> Stamp:
    """An authority's reply as DER. Raises CrossbookError where it is none, or grants nothing."""
    response = _decoded(reply, where)
    if response.status not in (0, 1):
        raise CrossbookError("the authority gave no time stamp: it refused", where=where, todo="ask it again")
    told = response.tst_info
    function = _HASHES.get(told.message_imprint.hash_algorithm.dotted_string)
    if function is None:
        raise CrossbookError(
            "the time stamp is over a hash that is not SHA-256, 384 or 512",
            where=where,
            todo="ask with the query of `crossbook book stamp --query FILE`",
        )
    return Stamp(
        at=told.gen_time.astimezone(UTC),
        by=_signer(response),
        function=function,
        imprint=told.message_imprint.message,
        reply=reply,
    )


def _decoded(reply: bytes, where: str) -> TimeStampResponse:
    _need()
    from rfc3161_client import decode_timestamp_response

    try:
        return decode_timestamp_response(_in_order(reply))
    except Exception:  # noqa: BLE001 - of several kinds, by what the bytes are not
        raise CrossbookError(
            "no reply of a time-stamping authority", where=where, todo="name the file that it sent (DER)"
        ) from None


def _in_order(reply: bytes) -> bytes:
    """The reply with its certificates in the order of DER, which not every authority keeps; no signature covers it."""
    at, _ = _inside(reply, 0)
    _, at = _inside(reply, at)  # its status
    at, _ = _inside(reply, at)
    _, at = _inside(reply, at)  # what kind of content it is
    at, _ = _inside(reply, _inside(reply, at)[0])
    for _ in range(3):  # version, hash functions, what was stamped
        at = _inside(reply, at)[1]
    if reply[at] != 0xA0:
        return reply
    first, end = _inside(reply, at)
    found, at = list[bytes](), first
    while at < end:
        after = _inside(reply, at)[1]
        found.append(reply[at:after])
        at = after
    return reply[:first] + b"".join(sorted(found)) + reply[end:]


def _inside(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at this place begins and ends. Raises IndexError and ValueError."""
    length, at = der[at + 1], at + 2
    if length > 0x80:
        more = length - 0x80
        length, at = int.from_bytes(der[at : at + more]), at + more
    elif length == 0x80:
        raise ValueError("no length")
    if at + length > len(der):
        raise ValueError("cut short")
    return at, at + length


def _signer(response: TimeStampResponse) -> str:
    """The common name of the certificate that the reply says it is signed by; "" where it has none."""
    from cryptography.x509 import load_der_x509_certificate
    from cryptography.x509.oid import NameOID

    try:
        signers = {(info.issuer.rfc4514_string(), info.serial_number) for info in response.signed_data.signer_infos}
        for one in map(load_der_x509_certificate, response.signed_data.certificates):
            if (one.issuer.rfc4514_string(), one.serial_number) in signers:
                names = one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
                return str(names[0].value) if names else ""
    except Exception:  # noqa: BLE001, S110 - what it calls itself proves nothing, and may be anything
        pass
    return ""


def authority(path: Path) -> list[Certificate]:
    """The certificates of an authority, from a file of PEM. Raises CrossbookError."""
    _need()
    from cryptography.x509 import load_pem_x509_certificates

    try:
        with opened(path) as file:
            return load_pem_x509_certificates(file.read(_LONGEST))
    except OSError as error:
        raise CrossbookError(f"cannot be read ({error.strerror})", where=str(path)) from None
    except Exception:  # noqa: BLE001 - of several kinds, by what the file is not
        raise CrossbookError(
            "no certificates", where=str(path), todo="name the authority's certificates in PEM, its root among them"
        ) from None


def holds(stamp: Stamp, certificates: Sequence[Certificate]) -> bool:
    """Whether one of these certificates, or one that they vouch for, signed the reply for stamping, valid then."""
    from rfc3161_client import VerificationError, VerifierBuilder

    leaves = [c for c in certificates if c.subject != c.issuer]
    response = _decoded(stamp.reply, "")
    builder = VerifierBuilder(
        roots=[c for c in certificates if c not in leaves] or list(certificates), intermediates=leaves
    )
    if not response.signed_data.certificates and leaves:
        builder = builder.tsa_certificate(leaves[0])
    try:
        return builder.build().verify(response, stamp.imprint)
    except (VerificationError, ValueError):
        return False


@dataclass(frozen=True)
class Taken:
    """A time stamp that was taken in: which head it is over, and where the reply lies."""

    stamp: Stamp
    head: Head
    path: Path


def take(book: Book, reply: Path, certificates: Sequence[Certificate]) -> Taken:
    """Keep an authority's reply beside the head that it stamps.

    Raises CrossbookError where it stamps none of this book, or is not of these certificates.
    """
    try:
        with opened(reply) as file:
            stamp = read(file.read(_LONGEST), str(reply))
    except OSError as error:
        raise CrossbookError(f"cannot be read ({error.strerror})", where=str(reply)) from None
    with book.engine.connect() as connection:
        found = chain.held(connection) if chain.has_links(connection) else Held()
    head = stamped(stamp, of_chain(found))
    if head is None:
        raise CrossbookError(
            "the time stamp is over no head of this book",
            where=str(reply),
            todo="ask with the query of `crossbook book stamp --query FILE`",
        )
    if not holds(stamp, certificates):
        raise CrossbookError(
            "the time stamp is not of these certificates",
            where=str(reply),
            todo="name the authority's certificates, its root among them, and its own where the reply has none",
        )
    with faults.naming("", book.path):
        return Taken(stamp, head, keep(book.path, stamp, head))


def keep(folder: Path, stamp: Stamp, head: Head) -> Path:
    """Put a reply beside the book, safely on disk. Raises OSError."""
    path = folder / FOLDER / f"{head.count}-{hashlib.sha256(stamp.reply).hexdigest()[:12]}{ENDING}"
    private.make_folder(path.parent, folder)
    write_whole(path, stamp.reply)
    private.keep(path, folder, written=False)
    return path


def stamped(stamp: Stamp, candidates: Iterable[Head]) -> Head | None:
    """Which of these heads was stamped, if any."""
    return next((head for head in candidates if stamp.of(head)), None)


def of_chain(found: Held) -> list[Head]:
    """Every head that the chain has had."""
    return [Head(count, digest, at) for count, (digest, at) in found.links.items()]


def told(
    folder: Path, found: Held, lines: Sequence[heads.Line], certificates: Sequence[Certificate] | None
) -> tuple[list[str], list[str]]:
    """What the kept time stamps show, as notes and problems; verified where an authority's certificates are given."""
    files = sorted(p for p in (folder / FOLDER).glob(f"*{ENDING}"))
    if not installed():
        return ([UNREAD] if files else []), []
    notes, problems = list[str](), list[str]()
    last = found.head.count if found.head else 0
    verified = False
    for path in files:
        name = f"{FOLDER}/{path.name}"
        try:
            with opened(path) as file:
                stamp = read(file.read(_LONGEST), name)
        except (OSError, CrossbookError):
            problems.append(f"{name}: no time stamp that can be read: it was changed")
            continue
        head = stamped(stamp, of_chain(found))
        said = f"{stamp.at:%Y-%m-%dT%H:%M:%S}Z"
        if head is None:
            if stamped(stamp, [line.head for line in lines]):
                notes.append(f"{name}: of {said}, over a head that was set aside")
            else:
                problems.append(
                    f"{name}: of {said}, over no head of this book: it was rewritten, or this is another book"
                )
            continue
        since = f"over head {head.count}: {last - head.count} changes since"
        if certificates is None:
            notes.append(f"time stamp of {said}, {since}; whose it is was not verified: --stamped-by CERTIFICATES")
        elif holds(stamp, certificates):
            verified = True
            notes.append(f"time stamp of {said}, {since}; verified: {stamp.by}")
        else:
            notes.append(f"time stamp of {said}, {since}; it is not of that authority")
    if certificates is not None and not verified:
        problems.append("no head of this book has a time stamp of that authority")
    return notes, problems


def newest(connection_head: str) -> Head:
    """The head that a check printed. Raises CrossbookError for a book that has none."""
    head = chain.read_head(connection_head)
    if head is None or not head.whole:
        raise CrossbookError("the book has no head to be stamped", todo="bring it over first: crossbook book upgrade")
    return head


def _need() -> None:
    if not installed():
        raise CrossbookError("time stamps need the package rfc3161-client", todo="pip install 'crossbook[sign]'")
