"""One statement of a chain of reasons."""

from __future__ import annotations

from dataclasses import dataclass, field

from crossbook.findings import Reference


@dataclass
class Reason:
    """One statement, the rows that it rests on, and the reasons behind it."""

    text: str
    amount: int | None = None
    currency: str | None = None
    because: list[Reference] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
