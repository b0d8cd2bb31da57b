"""Orders of courts on duties, as dated rows of `data/duty/court_orders.csv`: what had been said on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from crossbook.duty.tables import rows


@dataclass(frozen=True, slots=True)
class Order:
    """`effect`: unlawful, refund, stayed, appealed or noted. `about` is what it reaches."""

    day: date
    court: str
    case: str
    about: str
    effect: str
    says: str
    source: str


@lru_cache(maxsize=1)
def orders() -> tuple[Order, ...]:
    """All rows, the first day first."""
    return tuple(
        Order(
            day=date.fromisoformat(r["day"]),
            court=r["court"],
            case=r["case"],
            about=r["about"],
            effect=r["effect"],
            says=r["says"],
            source=r["source"],
        )
        for r in rows("court_orders.csv")
    )


def said(about: str, on: date) -> tuple[Order, ...]:
    """What courts had said of `about` up to a day, the last first."""
    return tuple(o for o in reversed(orders()) if o.about == about and o.day <= on)


def known_until() -> date:
    """The day of the last row: what courts said later is not known here."""
    return orders()[-1].day
