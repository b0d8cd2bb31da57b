"""Which duty was one under IEEPA, that comes back whole."""

from __future__ import annotations

from datetime import date

from crossbook.duty.filed import EntryLine
from crossbook.duty.state import WAREHOUSE, ZONE

IEEPA_FROM, IEEPA_UNTIL = date(2025, 2, 4), date(2026, 2, 23)
IEEPA_HEADINGS = ("990301", "990302")


def is_ieepa(heading: str, e: EntryLine) -> bool:
    """Whether duty under a heading (digits) was an IEEPA duty of an entry. Goods of a warehouse or a zone may bear it
    with another day of entry: before it began where they were withdrawn after, after its end where their status is
    older."""
    first = date.min if e.state.type in WAREHOUSE else IEEPA_FROM
    last = date.max if e.state.type == ZONE or e.state.type in WAREHOUSE else IEEPA_UNTIL
    return heading.startswith(IEEPA_HEADINGS) and first <= e.priced_on <= last
