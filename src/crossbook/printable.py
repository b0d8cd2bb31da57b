"""Text as it may stand in a file or on a terminal: no control characters, no file name too long for a disk."""

from __future__ import annotations

import hashlib
import re

# Unicode's C0 and C1, and the characters that have text shown in another order than it stands (UAX 9, 2.1 and 2.2).
_CONTROLS = dict.fromkeys(
    [
        *range(0x09),
        0x0B,
        0x0C,
        0x0D,
        *range(0x0E, 0x20),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)
_ANY = re.compile(f"[{re.escape(''.join(map(chr, _CONTROLS)))}]")
# The same as bytes of UTF-8, but for carriage returns and what follows 0x7f, whose bytes are in other characters too.
CONTROL_BYTES = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
LONGEST_NAME = 120  # bytes: a disk takes 255, and endings follow


def is_text(text: str) -> bool:
    """Whether `text` can be kept and sent: without halves of surrogate pairs, which UTF-8 cannot have (RFC 3629, 3),
    and without U+0000, which PostgreSQL does not take."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def legible(name: str) -> str:
    """The name of a file as text of one line: what in it is no UTF-8, which a disk may hold, stands as its escapes
    (a\\xff.csv), and line ends as a space."""
    name = re.sub(r"[\0\r\n\t]+", " ", name)
    if is_text(name):
        return name
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # halves of pairs that stand for no byte
        return name.encode("utf-8", "backslashreplace").decode()


def printable(text: str) -> str:
    """`text` without control characters (XML forbids them, a terminal obeys them) and without those that turn its
    order round; line ends and tabs stay."""
    return text.translate(_CONTROLS) if _ANY.search(text) else text


def file_name(text: str) -> str:
    """`text` as a file's name: letters, digits and - _ . with anything else as a dash, and no longer than a disk takes.

    What is not told by the name any more is told by eight digits of a hash, so that no two texts share a name.
    """
    clean = re.sub(r"[^\w.-]+", "-", text).strip(".")
    short = clean.encode()[:LONGEST_NAME].decode("utf-8", "ignore")
    if short == text:
        return text
    return f"{short}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}".lstrip("-")
