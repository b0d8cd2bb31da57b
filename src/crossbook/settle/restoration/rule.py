"""An account's own settlement rule, from book.toml: when an order's money is released, less which fees, cut when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crossbook import money
from crossbook.book import Book
from crossbook.errors import CrossbookError

AFTER = ("delivered", "shipped", "placed")


@dataclass(frozen=True)
class ReleaseRule:
    """When the money of an order is free, and what is taken from it.

    Free `days` days after the event `after`; a payout holds what is free at `cut_off` (in `zone`), `lag_days` before it
    is paid unless its notice gives the end of its period. Fees: `fee_percent` of the total, rounded half up, and
    `fee_fixed` minor units. `blur_hours` says how far the real cut-off may lie from the nominal one, `near_hours` how
    long after a sharp one an order may be paid early all the same, `cycle_days` the usual time between payouts.
    """

    after: str
    days: Decimal
    cut_off: time
    zone: ZoneInfo
    fee_percent: Decimal
    fee_fixed: int
    lag_days: int
    blur_hours: Decimal
    near_hours: Decimal
    cycle_days: Decimal

    def fee(self, total: int) -> int:
        """The fee on an order of `total` minor units."""
        share = (Decimal(total) * self.fee_percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
        return int(share) + self.fee_fixed

    def cut(self, paid_on: date, period_to: datetime | None) -> datetime:
        """The nominal cut-off of a payout, in UTC."""
        if period_to is not None:
            return period_to.astimezone(UTC)
        day = paid_on - timedelta(days=self.lag_days)
        return datetime.combine(day, self.cut_off, self.zone).astimezone(UTC)


def release_rule(book: Book, account: str, currency: str) -> ReleaseRule:
    """The rule of `account`. Raises CrossbookError, naming the setting, when it is missing or cannot be read."""
    where = f"{book.path / 'book.toml'}: accounts.{account}.release"
    settings = book.account(account).get("release")
    if not isinstance(settings, dict):
        raise CrossbookError(
            f"the account {account!r} remits totals only, and its settlement rule is not known",
            where=where,
            todo="add the table (after, days, cut_off, zone, fee_percent, fee_fixed); see docs/restoration.md",
        )
    after = str(settings.get("after", "delivered"))
    if after not in AFTER:
        raise CrossbookError(f"after is {after!r}", where=where, todo=f"use one of {', '.join(AFTER)}")
    try:
        fee_fixed = money.parse(str(settings.get("fee_fixed", "0")), money.exponent(currency))
        return ReleaseRule(
            after=after,
            days=_decimal(settings, "days", "0"),
            cut_off=time.fromisoformat(str(settings.get("cut_off", "00:00"))),
            zone=ZoneInfo(str(settings.get("zone", "UTC"))),
            fee_percent=_decimal(settings, "fee_percent", "0"),
            fee_fixed=fee_fixed,
            lag_days=int(settings.get("lag_days", 0)),
            blur_hours=_decimal(settings, "blur_hours", "0"),
            near_hours=_decimal(settings, "near_hours", "2"),
            cycle_days=_decimal(settings, "cycle_days", "10"),
        )
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise CrossbookError(str(error), where=where) from None


def _decimal(settings: dict[str, Any], name: str, default: str) -> Decimal:
    text = str(settings.get(name, default))
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{name} is {text!r}, not a number") from None
    if not 0 <= value < 10_000:
        raise ValueError(f"{name} is {text!r}; it must lie between 0 and 10,000")
    return value
