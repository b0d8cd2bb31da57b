"""Limits of the law on transfers, as dated rows with their sources (`data/watch/thresholds.csv`).

`who` is natural, legal or any; `what` cash, transfer or any; `border` domestic, cross or any. `currency` is CNY (of
amounts in yuan), USD (the worth of amounts in other currencies), *USD or *EUR (the worth of amounts in any).
`comparison` is `from` (the amount itself is reached) or `over` (it is not). `per` is transfer, day, business day or
year. `duty` is what it asks for: report, record, identify (the customer), accompany (what goes with a transfer),
suspicious (the least of what is reported when it is suspicious), cap (more is forbidden), quota.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from crossbook.watch.dated import dated_rows

if TYPE_CHECKING:
    import pyarrow as pa

EVER = date(9999, 12, 31)
CALLED = ("report", "record")  # what transfers tell by themselves; the rest asks what a customer was asked


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """One limit; `amount` in minor units; `valid_to` is its last day, None while it holds."""

    name: str
    authority: str
    law: str
    duty: str
    who: str
    what: str
    border: str
    currency: str
    amount: int
    comparison: str
    per: str
    valid_from: date
    valid_to: date | None
    title: str
    source: str

    @property
    def secondary(self) -> bool:
        """Whether a part of what it says was not read in the issuer's words or a copy of them."""
        return "secondary" in self.source


@lru_cache(maxsize=1)
def thresholds() -> tuple[Threshold, ...]:
    """Every limit that ships."""
    return tuple(Threshold(**row) for row in dated_rows("thresholds", "amount"))


def as_table(laws: tuple[str, ...]) -> pa.Table:
    """The limits of some laws that rules call, as a table `threshold`."""
    import pyarrow as pa

    rows = [t for t in thresholds() if t.law in laws and t.duty in CALLED]
    return pa.table(
        {
            **{
                n: pa.array([getattr(t, n) for t in rows], pa.string())
                for n in ("name", "law", "duty", "who", "what", "border", "currency", "comparison", "per")
            },
            "limit_amount": pa.array([t.amount for t in rows], pa.int64()),
            "valid_from": pa.array([t.valid_from for t in rows], pa.date32()),
            "valid_to": pa.array([t.valid_to or EVER for t in rows], pa.date32()),
        }
    )
