"""Which encoding a file is in. UTF-8 and UTF-16 with or without a mark; else GB18030, the Chinese standard, unless its
characters show it to be Japanese (cp932), in traditional Chinese (Big5) or Western (cp1252), its words to be Korean,
Thai …, or its letters to be those of one language in one encoding (`encoding_letters`). What none shows is refused."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from crossbook.errors import CrossbookError
from crossbook.sources import encoding_letters, spreadsheet
from crossbook.sources.encoding_words import by_words
from crossbook.sources.source import HEAD_BYTES, Head

_MARKS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]
_BLOCK = 1 << 20


def detect(raw: bytes) -> str:
    """The Python codec name that fits the first bytes of a file."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    if raw and len(raw) >= 4 and raw.count(0) > len(raw) // 4:
        return "utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw, final=len(raw) < HEAD_BYTES)
    except UnicodeDecodeError:
        return _older(raw)
    return "utf-8"


_SURER = 0.25  # by how much more of its characters must be common ones before another encoding than GB18030 is taken


def _older(raw: bytes) -> str:
    """The encoding of before Unicode in which known words stand, else most of the characters over 127 are common."""
    return by_words(raw, _by_characters(raw))


def _by_characters(raw: bytes) -> str:
    if encoding := encoding_letters.judged(raw).encoding:
        return encoding
    if _is_western(raw):
        return "cp1252"
    shares = {name: _common(raw, name) for name in ("gb18030", "cp932", "big5", "cp1252")}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= shares["gb18030"] + _SURER else _by_rows(raw)


# Syllables: that so many different Chinese characters lie in the rows of these is one chance in a thousand.
_DISTINCT = 16
_OF_WON = 6  # where the file names won: of so many, all there, one Chinese text in a hundred
_WON = re.compile(rb"\bKRW\b")


def _by_rows(raw: bytes) -> str:
    """GB18030, unless its characters lie where those of Korean (cp949) or Japanese (EUC-JP) are: all in the rows of
    Korean syllables, or many of them kana, which have the same places in both."""
    text = codecs.getincrementaldecoder("gb18030")("replace").decode(raw)
    wide = [c.encode("gb18030")[0] for c in re.findall(r"[\u2e80-\uffee]", text) if c != "\ufffd"]
    different = len(set(re.findall(r"[\u4e00-\u9fff]", text)))
    korean = all(lead in range(0xB0, 0xC9) or lead < 0xB0 for lead in wide)
    if korean and different >= (_OF_WON if _WON.search(raw) else _DISTINCT):
        return "cp949"
    kana = sum(lead in (0xA4, 0xA5) for lead in wide)
    return "euc_jp" if 5 * kana > len(wide) and _common(raw, "gb18030") else "gb18030"


_LETTERS = "äöüßÄÖÜéèêëàâçîïôûùñÑáíóúãõåøæœÉÀÇÁÍÓÚÃÕÂÊÔÈÎÛÙ"
_SIGNS = "€£§º°–’“”«»¿¡"
_MARKED = re.compile(
    rf"(?:(?<=[A-Za-z])(?=[{_LETTERS}])|(?=[{_LETTERS}]{{1,2}}[A-Za-z]))[{_LETTERS}]{{1,2}}(?![^\x00-\x7f])|"
    rf"[{_SIGNS}]"
)
# In Western text, a letter with a mark or a sign of currency among plain ones.
_WESTERN = re.compile(rf"(?<![^\x00-\x7f])[{_LETTERS}{_SIGNS}](?![^\x00-\x7f])")


def _is_western(raw: bytes) -> bool:
    """Whether every byte over 127 is a letter with a mark, or one of two, in a word of plain letters: of Chinese or
    Japanese text, two bytes a character, hardly ever all are."""
    text = raw.decode("cp1252", "replace")
    foreign = len(re.findall(r"[^\x00-\x7f]", text))
    return foreign > 0 and sum(len(word[0]) for word in _MARKED.finditer(text)) == foreign


def _common(raw: bytes, encoding: str) -> float:
    """Which share of the characters over 127 are common ones of the encoding; 0 where the bytes are none of it."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(raw, final=len(raw) < HEAD_BYTES)
    except UnicodeDecodeError:
        return 0.0
    foreign = Counter(re.findall(r"[^\x00-\x7f]", text))
    if not foreign:
        return 0.0
    if encoding == "cp1252":
        common = len(_WESTERN.findall(text))
    else:
        common = sum(count for char, count in foreign.items() if _is_common(char, encoding))
    return common / foreign.total()


def _is_common(char: str, encoding: str) -> bool:
    """Whether a character is among those that a standard lists first: GB 2312, JIS and Big5 level 1, kana."""
    try:
        code = char.encode("gb2312" if encoding == "gb18030" else encoding)
    except UnicodeEncodeError:
        return False
    lead = code[0]
    if len(code) != 2:
        return False
    if encoding == "gb18030":
        return lead <= 0xA3 or 0xB0 <= lead <= 0xD7
    return 0x81 <= lead <= 0x83 or 0x88 <= lead <= 0x98 if encoding == "cp932" else lead <= 0xA3 or 0xA4 <= lead <= 0xC6


def read_head(path: Path, name: str, sheet: int = 0) -> Head:
    """The first 64 KiB of `path` as bytes and text; of a workbook the first rows of a sheet, of those that have any."""
    state = path.stat()
    return _head(path, name, sheet, (state.st_ino, state.st_size, state.st_mtime_ns))


def heads(path: Path, name: str) -> Iterator[Head]:
    """The head of a file, or of each sheet of a workbook that has rows."""
    head = read_head(path, name)
    yield head
    if head.encoding == spreadsheet.ENCODING:
        for sheet in range(1, spreadsheet.filled(path, name)):
            yield read_head(path, name, sheet)


@lru_cache(maxsize=8)  # each source that looks at a file, and the one that reads it, asks for the same
def _head(path: Path, name: str, sheet: int, state: tuple[int, int, int]) -> Head:
    with path.open("rb") as file:
        raw = file.read(HEAD_BYTES)
    if spreadsheet.is_workbook(raw):
        text = spreadsheet.to_csv(path, name, limit=200, sheet=sheet) + "\n."
        return Head(name=name, raw=raw, encoding=spreadsheet.ENCODING, text=text, path=path)
    encoding = detect(raw)
    if encoding == "utf-8" and len(raw) == HEAD_BYTES:
        encoding = _whole_file_encoding(path)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(raw)
    return Head(name=name, raw=raw, encoding=encoding, text=text, path=path)


def _whole_file_encoding(path: Path) -> str:
    """A plain-ASCII head says nothing of what follows: the first byte over 127 decides."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if block.isascii() and decoder.getstate()[0] == b"":
                continue
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return _older(block[:-1] if len(block) == _BLOCK else block)
            return "utf-8"
    return "utf-8"


def to_utf8(path: Path, encoding: str, target: Path, name: str, sheet: int = 0) -> Path:
    """`path` itself when it is UTF-8 already, else `target`, written as UTF-8 without a mark."""
    if encoding == "utf-8":
        return path
    if encoding == spreadsheet.ENCODING:
        target.write_text(spreadsheet.to_csv(path, name, sheet=sheet), encoding="utf-8")
        return target
    with path.open("rb") as source:
        _must_be_sure(source.read(HEAD_BYTES), encoding, name)
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, target.open("wb") as out:
        try:
            while block := source.read(_BLOCK):
                out.write(decoder.decode(block).encode("utf-8"))
            out.write(decoder.decode(b"", final=True).encode("utf-8"))
        except UnicodeError:
            raise _unknown(encoding, name) from None
    return target


# What is tried, as it is told to whom a file is refused.
TRIED = (
    "UTF-8, UTF-16, GB18030, Big5, cp932, EUC-JP, cp949, cp1250, ISO 8859-2, cp1251, KOI8-R, cp866, ISO 8859-5, "
    "cp1252, cp1253, cp1254, cp1256, cp1257, cp874, cp850, cp852, Macintosh Roman, Macintosh Latin 2"
)
_SOME = 0.25  # the share of common characters below which what is no other encoding is no Chinese text either
_FEW = 4  # characters over 127 that tell too little


def _unknown(encoding: str, name: str) -> CrossbookError:
    if encoding != "gb18030":  # which is only what is left
        text = f"not the text of its encoding, {encoding}"
    else:
        text = f"the encoding of its text is none that is known, or its words do not tell which: tried were {TRIED}"
    return CrossbookError(text, where=name, todo="save the file as UTF-8")


def _must_be_sure(raw: bytes, encoding: str, name: str) -> None:
    """Raise CrossbookError where the first bytes of a file may be the text of several encodings, or of none."""
    left = encoding_letters.judged(raw).open if encoding in ("cp1252", "gb18030") else ()
    if left:
        raise CrossbookError(
            f"its letters may be of several encodings, and its words do not tell which: {', '.join(left)}",
            where=name,
            todo="save the file as UTF-8",
        )
    if encoding == "gb18030" and sum(b > 127 for b in raw) > 2 * _FEW and _common(raw, encoding) < _SOME:
        raise _unknown(encoding, name)


def decode_all(path: Path, name: str) -> str:
    """The whole text of a small file (a bank statement), in the encoding that fits. Raises CrossbookError."""
    raw = path.read_bytes()
    encoding = read_head(path, name).encoding
    _must_be_sure(raw[:HEAD_BYTES], encoding, name)
    try:
        return raw.decode(encoding)
    except (UnicodeError, LookupError):
        raise _unknown(encoding, name) from None
