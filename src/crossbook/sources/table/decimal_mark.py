"""The decimal sign of a table's amounts, by those that admit one reading only; else what is open, and the guess."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crossbook import money
from crossbook.errors import CrossbookError

_NO_DIGITS = "-+() "


@dataclass(frozen=True)
class Mark:
    """`point` is the decimal sign. `undecided` is an amount whose mark may be of thousands or of decimals, where none
    of the table decides it ("" else); `finest` the most decimals of its currencies. `mixed`: whether a row has one sum
    with such a mark and another without any, so that a balance can hold for one of the two readings alone."""

    point: str = "."
    undecided: str = ""
    finest: int = 2
    mixed: bool = False

    @property
    def guess(self) -> str:
        """What the mark of the undecided amount is read as."""
        return "decimals" if self.point in self.undecided else "thousands"


def judged(rows: Sequence[Sequence[str]], sums: Sequence[int], codes: Collection[str], where: str) -> Mark:
    """The mark of amounts, a row each; `sums` are the places of those that a balance follows. Of a currency with three
    decimals what is undecided is read with them, of others with thousands.

    Raises CrossbookError where amounts contradict each other.
    """
    samples = sorted({text for row in rows for text in row} - {""})
    finest = max((money.EXPONENT.get(code, 2) for code in codes), default=2)
    undecided = money.undecided(samples) if finest else ""
    if undecided and finest > 2:
        point = next(c for c in undecided if c in ".,")
    else:
        try:
            point = money.decimal_point(samples)
        except ValueError as error:
            todo = "export the table again in one number format, or say decimal in the mapping"
            raise CrossbookError(str(error), where=where, todo=todo) from None
    mixed = bool(undecided) and any(_is_mixed([row[i].strip(_NO_DIGITS) for i in sums]) for row in rows)
    return Mark(point=point, undecided=undecided, finest=finest, mixed=mixed)


def _is_mixed(texts: Sequence[str]) -> bool:
    plain = any(t.isdigit() and t.strip("0") for t in texts)
    return plain and any("." in t or "," in t for t in texts)
