"""Rows that may be the total of a period though no word says that they are nothing else: a month, or a word for a total
among others, stands beside the sum of the rows above."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from crossbook import money
from crossbook.sources import values
from crossbook.sources.source import Against
from crossbook.sources.table import days
from crossbook.sources.table.amounts import is_amount
from crossbook.sources.table.proofs import Entry
from crossbook.sources.table.totals import mentions_total

FEW = 3  # cells beside the sums and days that are read: with more of them a row is none
_PERIOD = re.compile(
    r"(?:\d{4}\s*年\s*)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*[月周季](?:份|度)?|\d{4}\s*年度?|"
    r"\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4}|"
    r"q[1-4](?:[ /-]?\d{4})?|(?:week|woche|kw|semaine|semana|settimana)\s*\d{1,2}|(?:本|当|全)[日周月季年]",
    re.IGNORECASE,
)


def is_bare(cells: Sequence[str], read: Collection[int]) -> bool:
    """Whether the texts of a row, beside its days and sums and the cells at the places `read`, are at most the name of
    a month or another period, or have a word for a total or a month among few."""
    texts = [t for i, c in enumerate(cells) if i not in read and (t := c.strip())]
    if len(texts) > FEW:
        return False
    if any(map(mentions_total, texts)):
        return True
    words = [t for t in texts if t[0].isalpha()]
    if len(words) > 1 or not all(map(_is_period, words)):
        return False
    rest = [t for t in texts if not t[0].isalpha() and not is_amount(t) and not days.is_day(t)]
    return len(words) + len(rest) < 2 and all(map(_is_period, rest))


@lru_cache(maxsize=4096)
def _is_period(text: str) -> bool:
    return _PERIOD.fullmatch(text) is not None or _is_month(text)


def _is_month(text: str) -> bool:
    name = re.sub(r"[ .,'-]*(?:\d{4}|\d{2})?$", "", text)
    try:
        return name.isalpha() and bool(values.day(f"1 {name} 2026"))
    except ValueError:
        return False


def against(entries: Sequence[Entry], bare: Collection[int]) -> tuple[Against, ...]:
    """The rows, of those of the lines `bare`, that are the sum of two rows or more above them: of all, or of those on
    their side, from the first or since the total before."""
    found: list[Against] = []
    since = 0
    for i, e in enumerate(entries):
        if e.line not in bare or not e.amount:
            continue
        for first in {0, since}:
            above = [o.amount for o in entries[first:i] if o.line not in bare]
            side = [a for a in above if a * e.amount > 0]
            if any(len(some) > 1 and sum(some) == e.amount for some in (above, side)):
                shown = money.show(abs(e.amount), e.currency)
                text = f"line {e.line} is the sum of the rows above it, and may be their total: {shown}"
                found.append(Against(line=e.line, column="amount", value=shown, text=text))
                since = i + 1
                break
    return tuple(found)
