"""Text as the letters that count: case, accents, spaces, punctuation and look-alikes of other alphabets folded away."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

WIDTH = 32  # letters of a mark or span that are looked at
Letters = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int64]

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
# One written for the other, beyond what Unicode calls confusable: digits for letters, and letters of one stroke.
_SKELETON = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "i": "l", "|": "l"}
_PAIRS = (("rn", "m"), ("vv", "w"))  # two letters that look like one


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Other alphabets' letters that look like a Latin one (Unicode TR 39, through `confusable_homoglyphs`)."""
    from confusable_homoglyphs import confusables

    table: dict[int, str] = {}
    for char, likes in confusables.confusables_data.items():
        if len(char) != 1 or char.isascii() or not char.isalpha():
            continue
        latin = next((x["c"] for x in likes if len(x["c"]) == 1 and x["c"].isascii() and x["c"].isalpha()), None)
        if latin:
            table[ord(char)] = latin.lower()
    return table


def fold(text: str) -> str:
    """The letters and digits of a text in lower case, without accents, spaces, punctuation; look-alikes as Latin.

    Chinese is folded to simplified characters. What lies beyond the Basic Multilingual Plane (emoji) is left away.
    """
    if text.isascii():
        return _plain_ascii(text)
    seen = unicodedata.normalize("NFKC", text).translate(_table()).casefold()
    text = unicodedata.normalize("NFKD", seen).translate(_table())
    if _HAN.search(text):
        text = _simplified(text)
    return "".join(c for c in text if c.isalnum() and c < "\uffff")


_ASCII = str.maketrans({chr(c): None for c in range(128) if not chr(c).isalnum()})


def _plain_ascii(text: str) -> str:
    return text.lower().translate(_ASCII)


def _simplified(text: str) -> str:
    import zhconv

    return str(zhconv.convert(text, "zh-hans"))


def words(text: str) -> list[tuple[str, int, int]]:
    """(word, start, end) in a text; each Chinese character is a word of its own;
    a row of single letters is one word."""
    found: list[tuple[str, int, int]] = []
    for match in _WORD.finditer(text):
        start = match.start()
        if not match[0].isascii() and _HAN.search(match[0]):
            for part in re.finditer(r"[\u3400-\u9fff]|[^\u3400-\u9fff]+", match[0]):
                found.append((part[0], start + part.start(), start + part.end()))
        else:
            found.append((match[0], start, match.end()))
    return _spelled(found, text)


def _spelled(found: list[tuple[str, int, int]], text: str) -> list[tuple[str, int, int]]:
    """Words with "N I K E" taken as the one word that it spells."""
    if sum(len(w) == 1 and w.isalpha() for w, _, _ in found) < 3:
        return found
    joined: list[tuple[str, int, int]] = []
    at = 0
    while at < len(found):
        end = at
        while (
            end < len(found) and len(found[end][0]) == 1 and found[end][0].isalpha() and not _HAN.match(found[end][0])
        ):
            end += 1
        if end - at >= 3:
            joined.append((text[found[at][1] : found[end - 1][2]], found[at][1], found[end - 1][2]))
            at = end
        else:
            joined.append(found[at])
            at += 1
    return joined


def is_han(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return bool(_HAN.search(text))


def matrix(texts: list[str]) -> tuple[Letters, Counts]:
    """Folded texts as one row each of UTF-16 units (0 behind the end), and their lengths; cut at WIDTH."""
    cut = [t[:WIDTH] for t in texts]
    lengths = np.fromiter(map(len, cut), np.int64, len(cut))
    flat = np.frombuffer("".join(cut).encode("utf-16-le", "replace"), np.uint16)
    rows = np.zeros((len(cut), WIDTH), np.uint16)
    rows[np.arange(WIDTH) < lengths[:, None]] = flat
    return np.asfortranarray(rows), lengths  # read letter by letter


def skeletons(texts: list[str]) -> list[str]:
    """Folded texts with digits, i and l, rn, vv as the letter that they look like."""
    joined = "\n".join(texts)
    for written, seen in (*_SKELETON.items(), *_PAIRS):
        joined = joined.replace(written, seen)
    return joined.split("\n") if texts else []
