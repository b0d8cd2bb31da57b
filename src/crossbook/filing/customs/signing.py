"""Signing a message as XML-DSig with the user's key. A card or a box that signs stands behind the same function."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from crossbook.errors import CrossbookError

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
# Takes a message and gives it back with a signature in it.
Signer = Callable[[bytes], bytes]


def pem_signer(key: Path, certificate: Path) -> Signer:
    """A signer with an RSA key and its certificate in PEM files: an enveloped signature as the message's last element.

    Customs takes signatures made with the card that the electronic port issues; this one is for tests, and shows what a
    card's program must return. Raises CrossbookError when a file cannot be used or the library is not installed.
    """
    try:
        from signxml import XMLSigner, methods
    except ImportError:
        raise CrossbookError(
            "signing needs the library signxml", todo="install it: pip install 'crossbook[sign]'"
        ) from None
    try:
        secret, public = key.read_bytes(), certificate.read_bytes()
    except OSError as error:
        raise CrossbookError(f"cannot be read: {error.strerror}", where=str(error.filename)) from None

    def sign(xml: bytes) -> bytes:
        root = etree.fromstring(xml)  # our own, just written
        signer = XMLSigner(method=methods.enveloped)
        try:
            signed = signer.sign(root, key=secret, cert=public.decode("ascii"))
        except ValueError as error:
            raise CrossbookError(f"the key cannot sign: {error}", where=str(key)) from None
        return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))

    return sign


def is_signed(xml: bytes) -> bool:
    """Whether a message carries a signature, whoever made it."""
    return next(_read(xml).iter(SIGNATURE), None) is not None


def content_hash(xml: bytes) -> str:
    """A hash of what a message says, whoever signed it and however it is laid out (C14N without its signature)."""
    root = _read(xml)
    for signature in list(root.iter(SIGNATURE)):
        parent = signature.getparent()
        if parent is not None:
            parent.remove(signature)
    for element in root.iter():
        element.text = element.text if (element.text or "").strip() else None
        element.tail = None
    return hashlib.sha256(etree.tostring(root, method="c14n")).hexdigest()


def _read(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise CrossbookError(f"is not a message any more: {error.msg}") from None


def check(xml: bytes, certificate: Path) -> None:
    """Raise CrossbookError unless a message carries a signature that the certificate made."""
    from signxml import XMLVerifier
    from signxml.exceptions import InvalidSignature

    try:
        XMLVerifier().verify(xml, x509_cert=certificate.read_text(encoding="ascii"))
    except InvalidSignature as error:
        raise CrossbookError(f"the signature does not hold: {error}") from None
