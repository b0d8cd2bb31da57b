"""The amounts from which a business must register, by country and state: dated rows, each with its source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class Threshold:
    """An amount, or a number of sales, from which somebody must register.

    `more_than`: sales of exactly `amount` do not reach it yet; `transactions` is the number that does. `both`: only
    where both are reached. `counts` is in words: gross sales, retail sales (but those for resale), taxable sales;
    `marketplaces` says whether sales on which a marketplace pays the tax count. `secondary`: `source` is not the
    authority's own page.
    """

    country: str
    region: str
    amount: int
    more_than: bool
    transactions: int | None
    both: bool
    currency: str
    period: str
    counts: str
    marketplaces: bool
    since: date
    until: date | None
    note: str
    source: str
    secondary: bool

    def reached(self, sales: int, orders: int) -> bool:
        """Whether sales (minor units of `currency`) in so many orders reach it."""
        enough = sales > self.amount if self.more_than else sales >= self.amount
        if self.transactions is None:
            return enough
        many = orders >= self.transactions
        return enough and many if self.both else enough or many

    def percent(self, sales: int, orders: int) -> int:
        """How much of it was reached: of the nearer measure, of the farther one where both are needed; 100 only when
        it is."""
        parts = [sales * 100 // self.amount if self.amount else 100 * (sales > 0)]
        if self.transactions:
            parts.append(orders * 100 // self.transactions)
        percent = min(parts) if self.both else max(parts)
        return max(percent, 100) if self.reached(sales, orders) else min(percent, 99)


@lru_cache(maxsize=1)
def thresholds() -> tuple[Threshold, ...]:
    """Every row of `data/tax/thresholds.csv`."""
    return tuple(
        Threshold(
            country=r["country"],
            region=r["region"],
            amount=int(r["amount"]),
            more_than=r["reached"] == "more than",
            transactions=int(r["transactions"]) if r["transactions"] else None,
            both=r["both"] == "yes",
            currency=r["currency"],
            period=r["period"],
            counts=r["counts"],
            marketplaces=r["marketplaces"] == "yes",
            since=date.fromisoformat(r["valid_from"]),
            until=date.fromisoformat(r["valid_to"]) if r["valid_to"] else None,
            note=r["note"],
            source=r["source"],
            secondary=r["secondary"] == "yes",
        )
        for r in _rows("thresholds")
    )


def in_force(on: date) -> list[Threshold]:
    """The thresholds of a day."""
    return [t for t in thresholds() if t.since <= on and (t.until is None or on <= t.until)]


@dataclass(frozen=True)
class State:
    """A state or district of the United States, with other names (capitals) that addresses have for it.

    `taxes` is false where no state sales tax is levied.
    """

    code: str
    name: str
    taxes: bool
    aliases: tuple[str, ...]


@lru_cache(maxsize=1)
def states() -> tuple[State, ...]:
    """Every row of `data/tax/us_states.csv`: the 50 states and the District of Columbia."""
    return tuple(
        State(
            code=r["code"],
            name=r["name"],
            taxes=r["taxes"] == "yes",
            aliases=tuple(r["aliases"].split("|") if r["aliases"] else ()),
        )
        for r in _rows("us_states")
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("crossbook") / "data" / "tax" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
