"""Rows of totals in a report of entry lines: they are no entry lines, and are held against the lines that they total.

Reports are saved with the totals that ACE's viewer or a spreadsheet sets below the lines, or below those of each entry.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.sources.frame import Frame
from crossbook.sources.source import Reading

AMOUNTS = ("value", "duty")
TELLS = "entered"  # a column that every line has and no total
_SAYS = re.compile(r"(grand |sub-?)?(totals?|sum)|合计|总计|小计", re.IGNORECASE)
_OF = re.compile(
    r"(?:grand |sub-?)?(?:totals?|sum)(?: for| of)?:? (?:entry )?(?P<entry>[A-Z0-9-]{11,13})", re.IGNORECASE
)
_FIGURE = re.compile(r"[-$(]{0,3}\d[\d.,]{0,30}\)?")


@dataclass
class Totals:
    """What the lines come to, in cents: of all (under an empty name) and of each entry; and what rows of totals say."""

    sums: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in AMOUNTS})
    told: list[tuple[int, str, str, str, str]] = field(default_factory=list)  # line, of what, column, text, point

    def count(self, entry: pa.Array, amounts: dict[str, pa.Array]) -> None:
        """Add the lines of a block."""
        for name, amount in amounts.items():
            whole = (
                pa.table({"entry": entry.cast(pa.string()), "amount": amount})
                .group_by("entry")
                .aggregate([("amount", "sum")])
            )
            for of, cents in zip(whole["entry"].to_pylist(), whole["amount_sum"].to_pylist(), strict=True):
                if cents is not None:  # what no line tells is no nought: a total of it then stops
                    self.sums[name][of or ""] += cents

    def compare(self, reading: Reading) -> None:
        """Report each total that its lines do not come to."""
        for line, of, column, text, point in self.told:
            sums = self.sums[column]
            lines = sums.get(of) if of else sum(sums.values()) if sums else None
            try:
                told = money.parse(text, 2, point)
            except ValueError as error:
                reading.report(line, column, text, str(error))
                continue
            if told != lines:
                reason = "the row is a total, and no line tells what it is of"
                if lines is not None:
                    reason = f"the row is a total, and the lines come to {money.show(lines, 'USD')}"
                reading.report(line, column, text, reason)


def without(frame: Frame, totals: Totals) -> Frame:
    """The lines of a block, its rows of totals kept apart: they have a word for one, or an amount and nothing else."""
    silent = pc.equal(pc.utf8_trim_whitespace(frame.raw(TELLS).cast(pa.string())), "")
    if not pc.any(silent).as_py():
        return frame
    names = [n for n in frame.table.column_names if n != "line"]
    found = [row for row in frame.where(silent).table.to_pylist() if _of(row, names) is not None]
    for row in found:
        of = _of(row, names) or ""
        texts = [(name, str(row.get(name) or "").strip()) for name in AMOUNTS]
        totals.told += [(row["line"], of, name, text, frame.point) for name, text in texts if text]
    lines = pa.array([row["line"] for row in found], pa.int64())
    return frame.where(pc.invert(pc.is_in(frame.line, lines)))


def _of(row: dict[str, Any], names: list[str]) -> str | None:
    """The entry that a row is the total of, "" for all of them; None where the row is no total.

    The word for a total may stand in any column; figures beside it (a quantity) may be totals, too.
    """
    told = {n: _words(row[n]) for n in names if n not in AMOUNTS}
    told = {n: words for n, words in told.items() if words}
    said = [n for n, words in told.items() if _SAYS.fullmatch(words)]
    if "hts" in told and "hts" not in said:
        return None
    if "entry" in said:
        return ""
    entry = told.get("entry", "")
    of, _, last = entry.rpartition(" ")
    if of and _SAYS.fullmatch(last):
        return of
    if before := _OF.fullmatch(entry):
        return before["entry"]
    if said:
        more = [n for n, words in told.items() if n not in ("entry", *said) and not _FIGURE.fullmatch(words)]
        return None if more else entry
    return "" if not told and any(str(row.get(n) or "").strip() for n in AMOUNTS) else None


def _words(text: object) -> str:
    return " ".join(str(text or "").replace("\uff1a", ":").split()).rstrip(" :")


def held(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """At the end of the file: report totals that are not what their lines come to."""
    if "totals" in state:
        state["totals"].compare(reading)
    yield from ()
