"""The answer of a table of lines: what is worked out for each row, as columns of Arrow beside its own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.duty.compiled import Bools, Compiled, Ints
from crossbook.duty.lines import Revision
from crossbook.duty.refusals import precise
from crossbook.duty.tables import KNOWN_UNTIL, Law

LARGEST = 3 * 10**10  # cents of one line: times 300 % times the scale of rates stays within 64 bits


class Out:
    """What is worked out for each row, in the order of the table."""

    def __init__(self, size: int) -> None:
        self.total, self.low, self.high, self.rate = (np.empty(size, np.int64) for _ in range(4))
        self.fine, self.priced, self.rated = (np.empty(size, np.bool_) for _ in range(3))
        self.status, self.why = np.empty(size, np.int8), np.zeros(size, np.int8)
        self.profile = np.empty(size, np.int32)


def answer(c: Compiled, table: pa.Table, r: Out, law: Law | None) -> pa.Table:
    reasons = [
        "no tariff line of ten digits with this code was in force on this day",
        "not a country of ISO 3166-1, or a day before the first schedule",
        "a negative or missing value",
        f"a value over {LARGEST // 100:,} USD on one line",
        f"after {KNOWN_UNTIL}, the last day whose law is known",
        "the schedule states no duty that can be read for this line",
    ]
    priced, fine = _bits(r.priced), _bits(r.fine)
    with ThreadPoolExecutor(2) as pool:  # one writes the columns of numbers while the other says why rows are refused
        words = pool.submit(_words, c, r.profile, fine)
        rates = pool.submit(_decimals, r.rate, r.rated)
        why = _reasons(table, r, reasons, () if law is None else law.newer)
        measures, missing = words.result()
        rate = rates.result()
    status = _whole(pa.int8(), r.status, None)
    extra = {
        "total_duty": _whole(pa.int64(), r.total, priced),
        "total_duty_low": _whole(pa.int64(), r.low, fine),
        "total_duty_high": _whole(pa.int64(), r.high, priced),
        "total_ad_valorem_rate": rate,
        "measures": measures,
        "missing": missing,
        "status": pa.DictionaryArray.from_arrays(status, ["priced", "interval", "quantity", "refused"]),
        "reason": why,
    }
    for name, column in extra.items():
        table = table.append_column(name, column)
    return table


def _reasons(table: pa.Table, r: Out, general: list[str], newer: Sequence[Revision]) -> pa.DictionaryArray:
    """For each refused row why, as the single quote says it."""
    bad = np.flatnonzero(~r.fine)
    texts, which = precise(table, bad, general, r.why[bad], newer)
    place = np.zeros(len(r.why), np.int32)
    place[bad] = which
    return pa.DictionaryArray.from_arrays(_whole(pa.int32(), place, _bits(~r.fine)), pa.array(texts, pa.string()))


def _bits(valid: Bools) -> pa.Buffer:
    return pa.py_buffer(np.packbits(valid, bitorder="little"))


def _whole(kind: pa.DataType, values: np.ndarray[Any, Any], valid: pa.Buffer | None) -> pa.Array:
    """Whole numbers as an Arrow array over the same memory."""
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(values)])


def _words(c: Compiled, profile: Ints, valid: pa.Buffer) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """For each row its measures and what is missing, as Arrow dictionaries in which each text stands once."""
    used = np.flatnonzero(np.bincount(profile, minlength=1))
    both = [c.profiles[p].measures for p in used], [c.profiles[p].missing for p in used]
    measures, missing = (_told(texts, used, profile, valid) for texts in both)
    return measures, missing


def _told(texts: list[str], used: Ints, profile: Ints, valid: pa.Buffer) -> pa.DictionaryArray:
    """For each row the text of its profile."""
    place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    of = np.zeros(int(used.max(initial=0)) + 1, np.int32)
    of[used] = [place[text] for text in texts]
    return pa.DictionaryArray.from_arrays(_whole(pa.int32(), of[profile], valid), list(place))


def _decimals(values: Ints, valid: Bools) -> pa.Array:
    """Numbers in 10^-8 as Arrow decimals."""
    pairs = np.empty((len(values), 2), np.int64)
    pairs[:, 0] = values
    np.right_shift(values, 63, out=pairs[:, 1])
    return pa.Array.from_buffers(pa.decimal128(18, 8), len(values), [_bits(valid), pa.py_buffer(pairs)])
