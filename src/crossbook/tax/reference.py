"""The number under which an authority knows a return, to stand in its payment."""

from __future__ import annotations

import re

from crossbook.tax.offices import state_of
from crossbook.tax.period import Period
from crossbook.tax.returned import Return

CODES = {"GR": "EL"}  # VAT numbers write Greece so: Directive 2006/112/EC, article 215


def reference(told: Return) -> str:
    """A return's own reference; "" where no rule is known, or no number is set.

    One Stop Shops: member state of identification, number, and period: DE/DE136695976/Q3.2025,
    IE/IM3720000224/M05.2025. Source: Commission Implementing Regulation (EU) 2020/194, annex III (the unique reference
    of a return goes with its payment: Directive 2006/112/EC, articles 369i and 369v), as HMRC's own software writes it
    for Northern Ireland (github.com/hmrc/one-stop-shop-returns: XI/XI123456789/Q4.2021, pattern
    XI/(IM|XI)[a-zA-Z0-9]{1,12}/[QM]\\d{1,2}\\.\\d{4}); what other states write was not read: secondary.
    United Kingdom: the nine digits of the VAT number (gov.uk, pay your VAT bill).
    """
    number = re.sub(r"[\s.-]", "", told.number).upper()
    if told.kind == "uk_vat":
        return number.removeprefix("GB")[:9]
    if told.kind not in ("ioss", "oss") or not number or (state := state_of(number)) is None:
        return ""
    return f"{CODES.get(state, state)}/{number}/{_period(told.period)}"


def _period(of: Period) -> str:
    """Q3.2025 for a quarter, M05.2025 for a month."""
    quarter = "Q" in of.name
    return f"{of.name[5:]}.{of.first.year}" if quarter else f"M{of.first.month:02d}.{of.first.year}"
