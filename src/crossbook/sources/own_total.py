"""Rows that state a total and what makes it: a row whose own columns make another sum stops its file.

The sum is held where every part can be read. What a row may be made of in several ways (a tax on a fee that stands in a
column of its own, within the fee or beside it) agrees when one of them makes the total. A person who saw a row that
does not agree can take the file as it stands, naming its line; such a row is then read by its total.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.sources.frame import Column, Frame
from crossbook.sources.source import Reading
from crossbook.sources.table.refusing import agreed_lines, refuse


def hold(frame: Frame, total: str, stated: Column, currency: Column, *made: tuple[str, Column]) -> None:
    """Hold the amounts `stated` in the column `total` against each way in which they are `made`: what it is called, and
    its sum, null where a part of it is not told. Amounts are minor units of `currency`."""
    if frame.reading.again:
        return
    agrees = pa.array([False] * len(frame), pa.bool_())
    tested = agrees
    for _, sums in made:
        agrees = pc.or_(agrees, pc.fill_null(pc.equal(sums, stated), False))
        tested = pc.or_(tested, pc.is_valid(sums))
    wrong = pc.and_(pc.and_(tested, pc.is_valid(stated)), pc.invert(agrees))
    if not pc.any(wrong).as_py():
        return
    columns = (frame.line, currency, stated, *(sums for _, sums in made))
    for line, code, said, *sums in zip(*(column.filter(wrong).to_pylist() for column in columns), strict=True):
        way, units = next((name, s) for (name, _), s in zip(made, sums, strict=True) if s is not None)
        text = f"the row says {money.show(said, code)}, its own columns make {money.show(units, code)}: {way}"
        frame.reading.contradicts(line, total, money.plain(said, code), text)


def less(frame: Frame, currency: Column, first: str, *others: str) -> tuple[str, Column]:
    """A way in which a row's total is made: the column `first` less the others, null where `first` is empty."""
    names = [name for name in others if name in frame.names]
    told = " - ".join(frame.reading.headers.get(name, name) for name in (first, *names))
    return told, pc.subtract(_amounts(frame, currency, first), parts(frame, currency, names))


def parts(frame: Frame, currency: Column, names: Sequence[str]) -> Column:
    """The sum of columns row by row, what is empty as nothing; null where a text is no amount."""
    whole: Column = pa.array([0] * len(frame), pa.int64())
    for name in names:
        empty = pc.equal(pc.utf8_trim_whitespace(frame.raw(name).cast(pa.string())), "")
        whole = pc.add(whole, pc.if_else(empty, 0, _amounts(frame, currency, name)))
    return whole


def _amounts(frame: Frame, currency: Column, name: str) -> Column:
    return frame.money(name, currency, lenient=True)


def refuse_contradicted(reading: Reading, yes: Sequence[str]) -> list[str]:
    """What a person agreed to by `yes`, for the journal. Raises CrossbookError where a row is left that disagrees."""
    agreed = agreed_lines([a.line for a in reading.against], yes)
    if left := [a for a in reading.against if a.line not in agreed]:
        refuse(reading, left, "get the file anew from the platform, or agree to it")
    if reading.against:
        count, first = len(reading.against), reading.against[0].line
        reading.notes.append(
            f"rows whose own columns do not make their total, taken as they stand: {count}, the first is line {first}"
        )
    return [f"{a.line} {a.value}" for a in reading.against]
