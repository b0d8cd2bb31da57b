"""Characters that nobody sees in what identifies something: two spellings of one number are one.

A zero-width space that a web page put into a number, a byte-order mark that stayed within a cell, a soft hyphen: they
are Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt, https://www.unicode.org/reports/tr44/). The
original keeps them; the facts do not.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.text_bytes import text_bytes

# Names of columns that tell one order, payout, account or parcel from another.
IDENTIFIES = re.compile(
    r"(?:^|[_-])(?:ids?|order|reference|related|payout|account|transaction|transfer|tracking|waybill|declaration|"
    r"invoice|number|entry|settlement|item|sku|payment|charge)$"
)
_MORE = ("end_to_end", "listing")  # of facts
_RANGES = (
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)
_UNSEEN = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in _RANGES) + "]")
_PATTERN = "[" + "".join(f"\\x{{{a:X}}}-\\x{{{b:X}}}" for a, b in _RANGES) + "]"  # as RE2 writes it


def seen(text: str) -> str:
    """`text` without what nobody sees of it, at its ends spaces among them."""
    return text if text.isascii() else _UNSEEN.sub("", text).strip()


def seen_texts(texts: pa.Array) -> pa.Array:
    """The same of each text of a string array; a text of which nothing is left is null."""
    if (text_bytes(texts) < 0x80).all():
        return texts
    clean = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _PATTERN, ""))
    clean = pc.if_else(pc.equal(clean, texts), texts, clean)
    return pc.if_else(pc.equal(clean, ""), None, clean)


def identified(table: pa.Table) -> pa.Table:
    """A table of facts whose columns that identify something hold no character that nobody sees."""
    for place, field in enumerate(table.schema):
        if IDENTIFIES.search(field.name) or field.name in _MORE:
            chunks = table.column(place).chunks
            clean = [_chunk(chunk) for chunk in chunks]
            if any(a is not b for a, b in zip(clean, chunks, strict=True)):
                table = table.set_column(place, field, pa.chunked_array(clean, field.type))
    return table


def _chunk(chunk: pa.Array) -> pa.Array:
    if pa.types.is_string(chunk.type):
        return seen_texts(chunk)
    if not pa.types.is_dictionary(chunk.type):
        return chunk
    texts = chunk.dictionary
    clean = seen_texts(texts)
    if clean is texts:
        return chunk
    codes = clean.dictionary_encode()
    return pa.DictionaryArray.from_arrays(codes.indices.take(chunk.indices), codes.dictionary).cast(chunk.type)
