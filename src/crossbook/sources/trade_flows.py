"""What the sources of trade statistics share: exact figures of a column, the revisions of the HS, codes of products."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.countries import of_number
from crossbook.errors import CrossbookError
from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import fact_table
from crossbook.sources.source import Reading

ABSENT = ("", "NA", "N/A", "None", "NaN", "nan")
NO_COUNTRIES = "read as no country, as no list of countries has these numbers: {numbers}"
SHOWN = 12  # numbers that a note names
QUANTITY = pa.decimal128(24, 6)
_FINE = pa.decimal128(22, 6)  # what Arrow reads at once; finer or larger texts are read one by one
_PRODUCT = re.compile(r"[0-9]{2}(?:[0-9]{2}|[0-9]{4}|[0-9]{2}[0-9A-Z]{2})?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,12})?")
# Letters of UN Comtrade and WITS for the revisions of the Harmonized System. "HS" is "as reported": no one revision.
REVISIONS = {
    "H0": "HS1992",
    "H1": "HS1996",
    "H2": "HS2002",
    "H3": "HS2007",
    "H4": "HS2012",
    "H5": "HS2017",
    "H6": "HS2022",
}


def whole(frame: Frame, name: str, times: int, *, unknown_zero: bool = False) -> Column:
    """A column of figures, each `times` as much, as whole numbers, halves away from zero; empty and NA are null.

    Negative figures are bad, as are those beyond 10^17. With `unknown_zero`, 0 is null: some files write it for what
    is not known.
    """
    fast = _fast(frame, name)
    if fast is not None:
        many = pc.multiply(fast, pa.scalar(Decimal(times), pa.decimal128(9, 0)))
        found = pc.round(many, 0, "half_towards_infinity").cast(pa.int64())
    else:
        found = frame.convert(name, _read(times), pa.int64(), f"whole{times}")
    return pc.if_else(pc.equal(found, 0), None, found) if unknown_zero else found


def quantity(frame: Frame, name: str, *, unknown_zero: bool = False) -> Column:
    """A column of quantities with up to six decimals; empty and NA are null."""
    found = _fast(frame, name)
    found = frame.convert(name, _figure, QUANTITY, "quantity") if found is None else found.cast(QUANTITY)
    return pc.if_else(pc.equal(found, pa.scalar(Decimal(0), QUANTITY)), None, found) if unknown_zero else found


def _fast(frame: Frame, name: str) -> Column | None:
    """The figures of a column that Arrow reads whole; None where one of them is written otherwise or is negative."""
    texts = frame.raw(name)
    texts = texts.cast(pa.string()) if pa.types.is_dictionary(texts.type) else texts
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    trimmed = pc.utf8_trim_whitespace(texts)
    known = pc.if_else(pc.is_in(trimmed, pa.array(ABSENT)), None, trimmed)
    try:
        found = known.cast(_FINE)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    bounds = pc.min_max(found).as_py()
    low, high = bounds["min"], bounds["max"]
    return found if low is None or (low >= 0 and high < 10**11) else None


def _figure(text: str) -> Decimal | None:
    if text in ABSENT:
        return None
    if "," in text and not _GROUPED.fullmatch(text):
        raise ValueError("a comma that parts no thousands: decimals are read after a point")
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not number.is_finite() or number < 0:
        raise ValueError("not a number of 0 or more")
    if number > money.MAX_MINOR:
        raise ValueError("number over 10^17")
    return number.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _read(times: int) -> Callable[[str], int | None]:
    return lambda text: amount(text, times)


def amount(text: str, times: int) -> int | None:
    """A figure, `times` as much, as a whole number, halves away from zero; empty and NA are None. Raises ValueError."""
    number = _figure(text)
    if number is None:
        return None
    found = int((number * times).quantize(Decimal(1), ROUND_HALF_UP))
    if found > money.MAX_MINOR:
        raise ValueError("amount over 10^17 minor units")
    return found


def hold_commas(texts: Iterable[str | None], delimiter: str, where: str) -> None:
    """Raise CrossbookError for a figure with a comma in a file parted by semicolons: a spreadsheet that writes these
    writes decimals after commas, and 567,123 would be a thousand times as much where it is taken for thousands."""
    found = next((text for text in texts if text and "," in text), None) if delimiter == ";" else None
    if found is not None:
        raise CrossbookError(
            f"whether the comma in {found!r} parts thousands or decimals is not told",
            where=where,
            todo="add the file as it was downloaded, or save it with decimal points",
        )


def hold_figures(frame: Frame, delimiter: str) -> None:
    """Hold the commas of a frame's values, quantities and weights."""
    for name in ("value", "quantity", "net_kg"):
        if delimiter == ";" and name in frame.names:
            hold_commas(pc.unique(frame.raw(name).cast(pa.string())).to_pylist(), delimiter, frame.reading.name)


def product(text: str) -> str:
    """An HS code of two, four or six places, or TOTAL. A nought that a spreadsheet took off the front is put back."""
    clean = text.strip().lstrip("'").upper()
    if clean == "TOTAL":
        return "TOTAL"
    if clean.isdigit() and len(clean) in (1, 3, 5):
        clean = "0" + clean
    if not _PRODUCT.fullmatch(clean):
        raise ValueError("not an HS code of 2, 4 or 6 digits, nor TOTAL")
    return clean


def year(text: str) -> int:
    """A calendar year. Raises ValueError for anything else, a month among them."""
    if not re.fullmatch(r"(?:19|20)\d\d", text):
        raise ValueError("not a year: trade statistics are read by the year, download annual data")
    return int(text)


def revision(text: str) -> str | None:
    """The revision of a classification of Comtrade or WITS; None of HS "as reported". Others are no HS: ValueError."""
    if text in REVISIONS:
        return REVISIONS[text]
    if text == "HS":
        return None
    raise ValueError("not a classification of the Harmonized System (H0 to H6, HS): download HS codes")


def place(frame: Frame, name: str, find: Callable[[str], str | None]) -> Any:
    """ISO alpha-2 codes of a column; null for what is no country."""
    return frame.convert(name, find, pa.string(), f"place{id(find)}")


def number(text: str) -> str | None:
    """The country of a number. Raises ValueError for what is no number; the world, groups and areas have no country."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError("not the number of a country, as 392")
    return of_number(text)


def note_unknown(frame: Frame, state: dict[str, Any], names: Sequence[str]) -> None:
    """Keep in `state` which numbers in these columns are of no country and not of the world."""
    unknown = state.setdefault("unknown", {})
    for name in names:
        for text in pc.unique(frame.raw(name).cast(pa.string())).to_pylist():
            plain = (text or "").strip()
            if plain.isascii() and plain.isdigit() and int(plain) and of_number(plain) is None:
                unknown[plain] = None


def say_unknown(state: dict[str, Any], reading: Reading) -> None:
    """Name them once for the file."""
    if found := sorted(state.get("unknown", ()), key=int):
        more = f", … ({len(found)})" if len(found) > SHOWN else ""
        reading.notes.append(NO_COUNTRIES.format(numbers=", ".join(found[:SHOWN]) + more))


def sides(frame: Frame, inward: Column, reporter: Column, partner: Column) -> tuple[Column, Column]:
    """Exporter and importer of each row, from who tells and with whom; `inward` is true for imports and re-imports."""
    return pc.if_else(inward, _text(partner), _text(reporter)), pc.if_else(inward, _text(reporter), _text(partner))


def _text(column: Column) -> Column:
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def inward(flow: Column) -> Column:
    """Whether a flow comes into the country that tells of it."""
    return pc.is_in(_text(flow), pa.array(["import", "re-import"]))


def told_by(inwards: Column) -> Column:
    """Who tells: the importer of what comes in, the exporter of what goes out."""
    return pc.if_else(inwards, "importer", "exporter")


def told(
    frame: Frame,
    account: Column | str,
    *,
    dataset: str,
    flow: Column,
    reporter: str,
    partner: str,
    find: Callable[[str], str | None],
    **columns: Column,
) -> tuple[str, pa.Table]:
    """The facts of rows that one country tells of its trade with another: `reporter` and `partner` are the columns that
    name the two, `find` makes codes of their texts, `columns` are those that each set has its own way of writing."""
    into = inward(flow)
    exporter, importer = sides(frame, into, place(frame, reporter, find), place(frame, partner, find))
    names = frame.codes(reporter, required=True), frame.codes(partner, required=True)
    exporter_told, importer_told = sides(frame, into, *names)
    return fact_table(
        "trade_flow",
        frame,
        account,
        dataset=dataset,
        year=frame.convert("year", year, pa.int64(), "year", required=True),
        exporter=exporter,
        importer=importer,
        exporter_told=exporter_told,
        importer_told=importer_told,
        reporter=told_by(into),
        flow=flow,
        product=frame.convert("product", product, pa.string(), "product", required=True),
        quantity=quantity(frame, "quantity", unknown_zero=True),
        net_g=whole(frame, "net_kg", 1000, unknown_zero=True),
        **columns,
    )
