"""A block of rows as text, and its conversion to typed columns.

Every conversion works on the distinct texts of a column and remembers them across blocks, so that plain exact
Python functions read tens of millions of rows. What cannot be read is reported with line, column and reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.sources import values
from crossbook.sources.source import Reading
from crossbook.sources.text_bytes import holds
from crossbook.sources.unseen import IDENTIFIES, seen, seen_texts

CUT = re.compile(r"[-+]?\d(?:[.,]\d+)?e\+\d{1,3}", re.IGNORECASE)
# Seconds of the first moment of Python's calendar and of the last.
_FIRST = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
_LAST = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())

Column = Any  # a pyarrow Array or ChunkedArray; pyarrow has no types that mypy could read


class Frame:
    """Rows of one block. `names` holds the canonical names of the columns that the file really has."""

    def __init__(
        self, table: pa.Table, reading: Reading, memory: dict[Any, _Known], point: str, order: str = "mdy"
    ) -> None:
        self.table, self.reading, self.point, self.order = table, reading, point, order
        self._memory = memory
        self.names = frozenset(table.column_names) - {"line"}
        self.line: Column = table["line"]

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def over(self, table: pa.Table) -> Frame:
        """The same reading, conventions and memory over another table."""
        return Frame(table, self.reading, self._memory, self.point, self.order)

    def where(self, mask: Column) -> Frame:
        """The rows for which `mask` is true."""
        return self.over(self.table.filter(mask))

    def raw(self, name: str) -> Column:
        """The column's text as it stands; empty where the file does not have it."""
        if name in self.names:
            return self.table[name].combine_chunks()
        return pa.array([""], pa.string()).dictionary_encode().take(pa.array([0] * len(self), pa.int32()))

    def joined(self, name: str, parts: tuple[str, ...]) -> Frame:
        """This frame with one more column: the texts of `parts`, with spaces between."""
        texts = [_plain(self.raw(part)) for part in parts]
        whole = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*texts, " "))
        return self.over(self.table.append_column(name, whole.dictionary_encode()))

    def convert(
        self, name: str, read: Callable[[str], Any], type_: pa.DataType, key: str, *, required: bool = False
    ) -> Column:
        """`read` applied to each distinct text; empty text is null. ValueError marks the row as bad."""
        column = self.raw(name)
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        return self._values(name, encoded, read, type_, key, required).take(encoded.indices)

    def codes(self, name: str, *, required: bool = False) -> pa.DictionaryArray:
        """Text of few distinct values, trimmed, each once in a dictionary; empty is null."""
        column = self.raw(name)
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        return coded(
            self._values(name, encoded, _reader(name, required), pa.string(), f"text{required}", required),
            encoded.indices,
        )

    def _values(
        self,
        name: str,
        encoded: pa.DictionaryArray,
        read: Callable[[str], Any],
        type_: pa.DataType,
        key: str,
        required: bool,
    ) -> Column:
        """What each text of the dictionary of `encoded` says; rows of those that cannot be read are reported."""
        known = self._memory.setdefault((name, key), _Known(type_))
        texts = encoded.dictionary
        places = known.places(texts, lambda text: _attempt(read, text.strip(), required))
        if known.wrong:
            wrong = {i: (t, known.wrong[t]) for i, t in enumerate(texts.to_pylist()) if t in known.wrong}
            if wrong:
                self._report(name, encoded, wrong)
        return known.values.take(places)

    def _report(self, name: str, encoded: pa.DictionaryArray, wrong: dict[int, tuple[str, str]]) -> None:
        mask = pc.is_in(encoded.indices, pa.array(list(wrong), encoded.indices.type))
        lines = self.line.filter(mask).to_pylist()
        for line, index in zip(lines, encoded.indices.filter(mask).to_pylist(), strict=True):
            self.reading.report(line, name, *wrong[index])

    def text(self, name: str, *, required: bool = False) -> Column:
        """Text, trimmed; empty is null. A number of an order, an account and the like that a spreadsheet left in
        scientific notation is bad: others would be one with it."""
        if name in self.names and not pa.types.is_dictionary(self.table[name].type) and not required:
            trimmed = pc.utf8_trim_whitespace(self.table[name].combine_chunks())
            identifies = IDENTIFIES.search(name)
            if identifies:
                trimmed = seen_texts(trimmed)
            if not (identifies and holds(trimmed, "+")):
                return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
        return self.convert(name, _reader(name, required), pa.string(), f"text{required}", required=required)

    def currency(self, name: str, default: str | None = None) -> Column:
        """ISO 4217 codes, dictionary-encoded; `default` where the text is empty."""
        column = self.convert(name, money.currency, pa.string(), "currency", required=default is None)
        return pc.fill_null(column, default).dictionary_encode() if default else column.dictionary_encode()

    def money(
        self, name: str, currency: Column, *, required: bool = False, finer: bool = False, lenient: bool = False
    ) -> Column:
        """Minor units; `currency` is a column of codes as long as the frame.

        With `finer`, parts of the smallest unit are rounded; else such a value is bad. With `lenient`, what is no
        amount is null, and not reported: of columns that only prove others.
        """
        parse = money.parse_rounded if finer else money.parse
        codes = [c for c in pc.unique(currency).to_pylist() if c]
        parts = []
        for digits in sorted({money.exponent(code) for code in codes}) or [2]:
            same = [c for c in codes if money.exponent(c) == digits]
            everything = len(same) == len(codes)
            mask = None if everything else pc.fill_null(pc.is_in(_plain(currency), pa.array(same)), False)
            rows = self if mask is None else self.where(mask)

            def read(text: str, digits: int = digits) -> int | None:
                try:
                    return parse(text, digits, self.point)
                except ValueError:
                    if lenient:
                        return None
                    raise

            key = f"money{digits}{self.point}{finer}{lenient}"
            column = rows.convert(name, read, pa.int64(), key, required=required)
            parts.append((mask, column))
        if len(parts) == 1 and parts[0][0] is None:
            return parts[0][1]
        result = pa.nulls(len(self), pa.int64())
        for mask, column in parts:
            result = pc.replace_with_mask(result, _one(mask), _one(column))
        return result

    def units(self, name: str, *, required: bool = False) -> Column:
        """Whole numbers, such as amounts already in the smallest unit."""
        return self.convert(name, _whole, pa.int64(), "units", required=required)

    def day(self, name: str, order: str | None = None, *, required: bool = False) -> Column:
        """Days; a time behind the day is left away. `order` is the frame's own unless given."""
        order = order or self.order

        def read(text: str) -> date:
            try:
                return values.day(text, order)
            except ValueError as error:
                found = _local_day(text, order)
                if found is None:
                    raise error from None
                return found

        return self.convert(name, read, pa.date32(), f"day{order}", required=required)

    def instant(
        self,
        name: str,
        order: str | None = None,
        zone: str = "UTC",
        *,
        chinese: bool = False,
        required: bool = False,
    ) -> Column:
        """Moments in UTC; `zone` where the text names none."""
        order = order or self.order
        if name in self.names and not pa.types.is_dictionary(self.table[name].type):
            fast = _iso_instants_of_runs(self.table[name].combine_chunks(), zone)
            if fast is not None and not (required and fast.null_count):
                return fast

        def read(text: str) -> datetime:
            return values.instant(text, order, zone, chinese=chinese)

        key = f"instant{order}{zone}{chinese}"
        return self.convert(name, read, pa.timestamp("us", tz="UTC"), key, required=required)

    def lookup(self, name: str, table: Mapping[str, str], default: str) -> Column:
        """Texts (lower case, trimmed) looked up in `table`, `default` when not there; dictionary-encoded."""
        column = self.convert(name, lambda t: table.get(t.lower(), default), pa.string(), f"lookup{id(table)}{default}")
        return pc.fill_null(column, default).dictionary_encode()


def coded(texts: Column, index: Column) -> pa.DictionaryArray:
    """`texts` at each place of `index`, each once in the dictionary, else Parquet writes them all out."""
    codes = texts.dictionary_encode()
    return pa.DictionaryArray.from_arrays(codes.indices.take(index), codes.dictionary)


class _Reason:
    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class _Known:
    """The texts of a column that were read before, beside their values, and why some of them cannot be read."""

    def __init__(self, type_: pa.DataType) -> None:
        self.texts: Column = pa.array([], pa.string())
        self.values: Column = pa.array([], type_)
        self.wrong: dict[str, str] = {}

    def places(self, texts: Column, read: Callable[[str], Any]) -> Column:
        """Where each of the distinct `texts` stands in `values`; those not seen before are read."""
        places = pc.index_in(texts, value_set=self.texts)
        if not places.null_count:
            return places
        unseen = pc.is_null(places)
        fresh = texts.filter(unseen)
        values = []
        for text in fresh.to_pylist():
            value = read(text)
            if isinstance(value, _Reason):
                self.wrong[text] = value.text
                value = None
            values.append(value)
        behind = np.arange(len(self.texts), len(self.texts) + len(fresh), dtype=np.int32)
        self.texts = pa.concat_arrays([self.texts, fresh])
        self.values = pa.concat_arrays([self.values, pa.array(values, self.values.type)])
        return pc.replace_with_mask(places, unseen, pa.array(behind))


def _attempt(read: Callable[[str], Any], text: str, required: bool) -> Any:
    if not text:
        return _Reason("empty") if required else None
    try:
        return read(text)
    except ValueError as error:
        return _Reason(str(error))


def _whole(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ValueError("not a whole number") from None
    if abs(number) > money.MAX_MINOR:
        raise ValueError("amount over 10^17 minor units")
    return number


def _reader(name: str, required: bool) -> Callable[[str], str | None]:
    """What reads the text of a column: one that identifies something holds no number that was cut short."""
    if not IDENTIFIES.search(name):
        return str
    return _identifier if required else identifier


def _identifier(text: str) -> str:
    if (plain := identifier(text)) is None:
        raise ValueError("empty")
    return plain


def identifier(text: str) -> str | None:
    """A text that identifies something, without characters that nobody sees; None where there are no others. Raises
    ValueError for a number that a spreadsheet cut short."""
    plain = seen(text)
    if CUT.fullmatch(plain):
        raise ValueError("a number that a spreadsheet cut short: export the file anew with this column as text")
    return plain or None


def _local_day(text: str, order: str) -> date | None:
    head = text.replace("T", " ")
    for cut in (5, 3, 2, 1):
        try:
            return values.day(" ".join(head.split()[:cut]).rstrip(","), order)
        except ValueError:
            continue
    return None


def _plain(column: Column) -> Column:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _one(column: Column) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _iso_instants_of_runs(texts: pa.Array, default: str) -> Column | None:
    """The same as `_iso_instants`, of rows of which many have the text of the row before: each such text once."""
    runs = pc.run_end_encode(texts)
    if 2 * len(runs.values) > len(texts):
        return _iso_instants(texts, default)
    found = _iso_instants(runs.values, default)
    return found if found is None else pc.run_end_decode(pa.RunEndEncodedArray.from_arrays(runs.run_ends, found))


def _iso_instants(texts: pa.Array, default: str) -> Column | None:
    """Fast path for "2025-06-09 05:23:19 UTC" and its like; None when any text is written otherwise."""
    filled = pc.if_else(pc.equal(texts, ""), None, texts)
    first = next((t for t in filled.slice(0, 1000).to_pylist() if t), "")
    if first[2:3] == ".":
        filled = pc.replace_substring_regex(filled, r"^(\d{2})\.(\d{2})\.(\d{4})", r"\3-\2-\1")
    elif first[4:5] == "/":
        filled = pc.replace_substring_regex(filled, r"^(\d{4})/(\d{2})/(\d{2})", r"\1-\2-\3")
    try:
        local = pc.utf8_slice_codeunits(filled, 0, 19).cast(pa.timestamp("s")).cast(pa.int64())
        tail = first[19:]
        if pc.all(pc.equal(pc.binary_length(filled), 19 + len(tail))).as_py() and (
            not tail or pc.all(pc.ends_with(filled, tail)).as_py()
        ):
            seconds = pc.subtract(local, _offset(tail, default))
        else:
            zones = pc.utf8_slice_codeunits(filled, 19).dictionary_encode()
            offsets = pa.array([_offset(z, default) for z in zones.dictionary.to_pylist()], pa.int64())
            seconds = pc.subtract(local, offsets.take(zones.indices))
    except (pa.ArrowInvalid, ValueError, AttributeError):
        return None
    if pc.any(pc.or_(pc.less(seconds, _FIRST), pc.greater(seconds, _LAST))).as_py():
        return None
    return pc.multiply(seconds, 1_000_000).cast(pa.timestamp("us", tz="UTC"))


def _offset(zone: str, default: str) -> int:
    """Seconds from UTC; AttributeError for a zone whose offset depends on the moment."""
    return int(values.zone(zone.strip() or default).utcoffset(None).total_seconds())  # type: ignore[union-attr]
