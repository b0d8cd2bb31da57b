"""What the sources of transfers share: accounts, amounts by columns, currencies and kinds by words of public sets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.countries import of_letters, of_name
from crossbook.identifiers import account_of
from crossbook.sources.frame import CUT, Column, Frame

_SPACE = r"[\s\x{00a0}\x{202f}\x{3000}]"  # as Arrow writes it
_CUT = rf"(?i)^\s*(?:{CUT.pattern})\s*$"  # of a whole cell
# Numbers that may be spelled anew.
_UNLIKE = rf"{_SPACE}|^[a-zA-Z]{{2}}[0-9]{{2}}.*[a-z]|^[a-z]|^'|[^\x{{00}}-\x{{7f}}]"
_FINE = pa.decimal128(24, 6)  # what Arrow reads at once; finer or larger texts are read one by one
# Names of currencies as AMLworld and SAML-D write them.
CURRENCIES = {
    "us dollar": "USD",
    "euro": "EUR",
    "yuan": "CNY",
    "uk pound": "GBP",
    "uk pounds": "GBP",
    "yen": "JPY",
    "rupee": "INR",
    "indian rupee": "INR",
    "ruble": "RUB",
    "swiss franc": "CHF",
    "canadian dollar": "CAD",
    "australian dollar": "AUD",
    "mexican peso": "MXN",
    "saudi riyal": "SAR",
    "brazil real": "BRL",
    "shekel": "ILS",
    "bitcoin": "XBT",
    "dirham": "AED",
    "moroccan dirham": "MAD",
    "naira": "NGN",
    "pakistani rupee": "PKR",
    "turkish lira": "TRY",
    "albanian lek": "ALL",
}


def account(frame: Frame, name: str, *, required: bool = False) -> Column:
    """Numbers of accounts, as `account_of` gives them."""
    found = frame.text(name, required=required)
    written = plain(found)
    if not pc.any(pc.match_substring_regex(written, _UNLIKE)).as_py():
        return found
    return pa.array([None if text is None else account_of(text) for text in written.to_pylist()], pa.string())


def other_account(frame: Frame, name: str) -> Column:
    """Numbers of the accounts on the other side of entries. One that a spreadsheet cut short could be any of many: it
    is left out, and a note says so, for the entry itself is told."""
    found = frame.convert(name, _other, pa.string(), "other account")
    if pc.any(pc.match_substring_regex(plain(frame.raw(name)), _CUT)).as_py():
        header = frame.reading.headers.get(name, name)
        note = f"the column {header!r} has numbers that a spreadsheet cut short: left out"
        frame.reading.notes += [] if note in frame.reading.notes else [note]
    return found


def _other(text: str) -> str | None:
    return None if CUT.fullmatch(text) else account_of(text) or None


def currency(frame: Frame, name: str) -> pa.DictionaryArray:
    """ISO 4217 codes of a column of codes or of names such as "US Dollar"; bitcoin is XBT."""
    return frame.convert(name, _currency, pa.string(), "named currency", required=True).dictionary_encode()


def _currency(text: str) -> str:
    return CURRENCIES.get(text.casefold()) or money.currency(text)


def minor(frame: Frame, name: str, codes: pa.DictionaryArray) -> Column:
    """Amounts in minor units of the currency beside each, halves away from zero; by whole columns where all are plain.

    Sets made by programs write parts finer than the currency has.
    """
    fast = _fast(frame, name, codes)
    return frame.money(name, codes, required=True, finer=True) if fast is None else fast


def _fast(frame: Frame, name: str, codes: pa.DictionaryArray) -> Column | None:
    try:
        text = plain(frame.raw(name))
        if pc.any(pc.match_substring_regex(text, r"[eE]\+?[0-9]")).as_py():  # powers of ten: looked at one by one
            return None
        found = pc.utf8_trim_whitespace(text).cast(_FINE)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    known = codes.dictionary.to_pylist()
    times = pa.array([Decimal(10) ** money.exponent(code) for code in known], pa.decimal128(9, 0)).take(codes.indices)
    units = pc.round(pc.multiply(found, times), 0, "half_towards_infinity")
    bounds = pc.min_max(pc.abs(units)).as_py()
    if found.null_count or (bounds["max"] is not None and bounds["max"] > money.MAX_MINOR):
        return None
    return units.cast(pa.int64())


def plain(column: Any) -> Any:
    """A column as one array of text."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def country(frame: Frame, name: str) -> Column:
    """ISO 3166-1 codes of a column of letters or names. A text that is neither is bad."""
    return frame.convert(name, country_of, pa.string(), "country")


def country_of(text: str) -> str:
    """The country of a text of letters or a name. Raises ValueError when there is none."""
    found = of_letters(text) or of_name(text) or ("AE" if text.casefold() == "uae" else None)
    if found is None:
        raise ValueError("not a country: write its two letters or its name")
    return found


def kinds(frame: Frame, name: str, words: Mapping[str, str]) -> Column:
    """Kinds of transfers by the words of a format. Raises for none: a word that is not known is a bad row."""

    def read(text: str) -> str:
        found = words.get(text.casefold())
        if found is None:
            raise ValueError("a kind of payment that is not known: " + ", ".join(sorted(words)) + " are")
        return found

    return frame.convert(name, read, pa.string(), f"kind{id(words)}", required=True).dictionary_encode()


def labelled(frame: Frame, name: str) -> Column:
    """The label of a set made for research: 1 or 0."""

    def read(text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError("not 0 or 1")
        return text == "1"

    return frame.convert(name, read, pa.bool_(), "labelled", required=True)


def day_of(moments: Column) -> Column:
    """The day of each moment in UTC."""
    return moments.cast(pa.timestamp("us", tz="UTC")).cast(pa.date32())
