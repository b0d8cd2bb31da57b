"""The one shape of every finding, whatever desk makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Reference = tuple[str, int]  # evidence (SHA-256), line


@dataclass(frozen=True)
class Finding:
    """What a desk found of a subject, and why.

    `amount` is in minor units of `currency`; `because` holds the rows that it rests on. `as_of` is the day for which
    it holds, None when it does not depend on one.
    """

    desk: str
    rule: str
    subject: str
    verdict: str
    amount: int | None
    currency: str | None
    because: tuple[Reference, ...] = ()
    as_of: date | None = None
