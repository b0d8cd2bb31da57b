"""What of an entry line cannot be, so that nothing is claimed of it."""

from __future__ import annotations

from decimal import Decimal

from crossbook.duty.day_of_rates import NO_SUCH_DAY, may_count
from crossbook.duty.filed import EntryLine
from crossbook.duty.lines import dotted
from crossbook.duty.tables import Law

MOST = Decimal("3.5")  # of the value: no ad valorem duty of the schedule itself is higher (tobacco, heading 2401)
_ROUNDED = 100  # cents by which a report may be off


def impossible(e: EntryLine, table: Law) -> str:
    """What an entry line contradicts: the day of its rates cannot be that, or more was paid under a heading than any
    row of it gives on that value. Empty where nothing does, or no value is told; duty by weight or piece is not held
    against a value."""
    if e.rated_on is not None and not may_count(e, e.rated_on):
        return NO_SUCH_DAY.format(day=e.rated_on)
    if not e.value:  # which is none only where nothing was paid
        return ""
    for heading, paid in e.paid.items():
        rates = [m.rate for m in table.measures if m.rate and m.heading.replace(".", "") == heading]
        most = MOST if not heading else max(rates, default=MOST)
        if (heading or not e.quantities) and paid > most * e.value + _ROUNDED:
            share, limit = f"{paid / Decimal(e.value):.0%}", f"{most:.0%}"
            under = dotted(heading) if heading else e.hts
            return f"the duty under {under} is {share} of the value, and the most is {limit}: one of the two is wrong"
    return ""
