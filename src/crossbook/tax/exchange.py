"""Which exchange rate the law takes for an amount: that of the period's last day, of the day of the supply, of a month.

The book's rates are what its tables say; a note tells which day's were taken and whether they are rates of the euro.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any

from crossbook import money
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.sales import WAIT_DAYS, fraction, rate, rates_of

Known = dict[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Found:
    """One unit of `currency` in another, on the day whose rate it is. `through` is the currency that both were
    converted through, "" for a direct rate."""

    currency: str
    into: str
    rate: Decimal
    day: date
    through: str = ""
    parts: tuple[Decimal, ...] = ()  # the rates that it was multiplied of, where it went through a currency

    @property
    def words(self) -> str:
        """The rate as a sentence."""
        way = f", through {self.through}" if self.through else ""
        return f"{self.currency} at {self.rate:.6f} {self.into}, the book's rate of {self.day}{way}"


class Exchange:
    """The book's rates into one currency, each day's read once."""

    def __init__(self, database: Database, into: str) -> None:
        self._database, self.into = database, into
        self._days: dict[date, Known] = {}
        self._found: dict[tuple[str, int, date], Found | None] = {}

    def last_day(self, currency: str, on: date) -> Found:
        """The rate of a period's last day, or of the next day on which one was published.

        Source: Directive 2006/112/EC, article 369h(2) (Union scheme) and the same rule for imports (369u), rates of
        the European Central Bank. Raises CrossbookError when the book has none within ten days.
        """
        return self._or_raise(self._on(currency, on, 1), currency, f"{on} or the {WAIT_DAYS} days after it")

    def latest(self, currency: str, on: date) -> Found | None:
        """The latest rate published on a day or in the ten days before it: of the moment at which tax is chargeable.

        Source: Directive 2006/112/EC, article 91(2). None when the book has none.
        """
        return self._on(currency, on, -1)

    def month(self, currency: str, on: date) -> Found:
        """The rate of the first day of a month, for tables of period rates.

        Source: gov.uk, VAT tertiary legislation, valuation, paragraph 1(b): HMRC's period rate. Raises CrossbookError.
        """
        first = on.replace(day=1)
        return self._or_raise(self._on(currency, first, 0), currency, str(first))

    def _on(self, currency: str, on: date, step: int) -> Found | None:
        key = (currency, step, on)
        if key not in self._found:
            days = [on + timedelta(days=step * n) for n in range(WAIT_DAYS + 1 if step else 1)]
            self._found[key] = next((f for day in days if (f := self._of(currency, day))), None)
        return self._found[key]

    def _of(self, currency: str, day: date) -> Found | None:
        if currency == self.into:
            return Found(currency=currency, into=self.into, rate=Decimal(1), day=day)
        if day not in self._days:
            self._days[day] = rates_of(self._database, day)
        known = self._days[day]
        direct = known.get((currency, self.into))
        if direct is not None:
            return Found(currency=currency, into=self.into, rate=direct, day=day)
        # "conversion between currencies other than the euro shall be made by using the euro exchange rate": 91(2)
        for through in ("EUR", "CNY"):
            a, b = known.get((currency, through)), known.get((through, self.into))
            if a and b:
                return Found(currency=currency, into=self.into, rate=a * b, day=day, through=through, parts=(a, b))
        return None

    def _or_raise(self, found: Found | None, currency: str, when: str) -> Found:
        if found is None:
            raise CrossbookError(
                f"the book has no rate of {currency} in {self.into} for {when}", todo="add a table of exchange rates"
            )
        return found


class Wanting:
    """Sales, refunds and exports for which the book has no exchange rate, by what it says of that."""

    def __init__(self) -> None:
        self._errors: dict[str, CrossbookError] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def take(self, error: CrossbookError, r: dict[str, Any]) -> None:
        """Keep a row whose rate is missing."""
        self._errors.setdefault(error.what, error)
        self._rows.setdefault(error.what, []).append(r)

    def said(self, *, figures: bool) -> tuple[str, ...]:
        """Which orders wait for a rate, with their sums. Raises the error when there are no other figures."""
        if self._errors and not figures:
            raise next(iter(self._errors.values()))
        return tuple(f"{what}: {_named(rows)} not in it, no total" for what, rows in self._rows.items())


@dataclass(frozen=True)
class Rated:
    """One rate for each currency of some rows, as sentences in `notes`; a currency without one is not in `by`.

    `waits`: which rows lack a rate, and of which day.
    """

    by: dict[str, Decimal]
    notes: tuple[str, ...]
    waits: Wanting


def rated(database: Database, rows: Sequence[dict[str, Any]], into: str, on: date) -> Rated:
    """The book's rate of each row's currency on a day, or on the next day for which it has one."""
    by: dict[str, Decimal] = {}
    notes, waits, without = [], Wanting(), {}
    for currency in sorted({r["currency"] for r in rows}):
        try:
            by[currency], day = rate(database, currency, into, on)
        except CrossbookError as error:
            without[currency] = error
            continue
        if currency != into:
            notes.append(f"{currency} at {by[currency]:.4f} {into}, the book's rate of {day}")
    for r in rows:
        if r["currency"] in without:
            waits.take(without[r["currency"]], r)
    return Rated(by=by, notes=tuple(notes), waits=waits)


def _named(rows: list[dict[str, Any]], most: int = 5) -> str:
    """Orders by name, each with its sum: A1 (100.00 GBP), A2 (-5.00 GBP)."""
    sums = [(r["order_id"], _worth(r), r["currency"]) for r in rows]
    more = f" +{len(rows) - most}" if len(rows) > most else ""
    return ", ".join(f"{name} ({money.show(worth, currency)})" for name, worth, currency in sums[:most]) + more


def _worth(r: dict[str, Any]) -> int:
    """What a sale, a refund (negative) or goods on a list are worth, in the minor units of their currency."""
    return int(-r["back"] if "back" in r else r["total"] if "total" in r else r["amount"])


def exact(minor: int, found: Found) -> Fraction:
    """An amount in minor units of the other currency, not rounded, nor is a cross rate: 194.40 EUR at 8.00 and
    9.60 yuan is 162.00 GBP."""
    shift = Fraction(10) ** (money.exponent(found.into) - money.exponent(found.currency))
    return Fraction(minor) * prod(map(fraction, found.parts or (found.rate,)), start=Fraction(1)) * shift
