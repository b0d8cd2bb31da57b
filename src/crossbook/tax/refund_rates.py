"""Refund rates of exported goods by commodity code and day of export: those that are set, else those that ship."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from crossbook.book import Book
from crossbook.errors import CrossbookError


@dataclass(frozen=True)
class RefundRate:
    """The refund rate of a commodity code (digits; a shorter one is for all that start with it) between two days.

    `law` and `source` say whence; both are empty for a rate that book.toml sets. `secondary`: `source` is not the
    authority's own page.
    """

    code: str
    rate: Decimal
    since: date
    until: date | None
    law: str = ""
    source: str = ""
    secondary: bool = False


def refund_rates(book: Book) -> list[RefundRate]:
    """The rates of [[tax.refund_rates]], as the tax office's table has them. Raises CrossbookError."""
    found = []
    for n, given in enumerate(book.config.get("tax", {}).get("refund_rates", []), start=1):
        where = f"[[tax.refund_rates]] {n}"
        code, text, since, until = (given.get(k) for k in ("code", "rate", "from", "to"))
        if not isinstance(code, str) or not code.isdigit():
            raise CrossbookError("code must be digits", where=where)
        if not isinstance(text, str) or not text.endswith("%"):
            raise CrossbookError('rate must be a text such as "13%"', where=where)
        if type(since) is not date or (until is not None and type(until) is not date):
            raise CrossbookError("from (and to) must be days", where=where)
        found.append(RefundRate(code=code, rate=Decimal(text[:-1]) / 100, since=since, until=until))
    return found


@lru_cache(maxsize=1)
def shipped_rates() -> tuple[RefundRate, ...]:
    """Every row of `data/tax/refund_rates.csv`: goods whose rate a recent announcement changed."""
    text = (files("crossbook") / "data" / "tax" / "refund_rates.csv").read_text(encoding="utf-8")
    return tuple(
        RefundRate(
            code=r["code"],
            rate=Decimal(r["rate"][:-1]) / 100,
            since=date.fromisoformat(r["valid_from"]),
            until=date.fromisoformat(r["valid_to"]) if r["valid_to"] else None,
            law=r["law"],
            source=r["source"],
            secondary=r["secondary"] == "yes",
        )
        for r in csv.DictReader(text.splitlines())
    )


def refund_rate(rates: list[RefundRate], code: str, on: date) -> RefundRate | None:
    """The rate of a code on a day: the longest code that fits, the newest of it."""
    fit = [r for r in rates if code.startswith(r.code) and r.since <= on and (r.until is None or on <= r.until)]
    return max(fit, key=lambda r: (len(r.code), r.since), default=None)


def is_cancelled(own: list[RefundRate], code: str, on: date) -> bool:
    """Whether the refund of a code's goods was cancelled by a law that ships, and book.toml does not say otherwise.

    Such goods are not exempt: they are taxed as sold at home. Source: Caishui [2018] 103, article 1(3); Caishui [2012]
    39, article 7(1)1.
    """
    set_ = refund_rate(own, code, on)
    return cancelled_by(code, on) is not None and (set_ is None or set_.rate == 0)


def cancelled_by(code: str, on: date) -> RefundRate | None:
    """The row that ships and takes the refund of a code's goods away, if there is one on a day."""
    told = refund_rate(list(shipped_rates()), code, on) if code else None
    return told if told is not None and told.rate == 0 else None


def contradicted(own: list[RefundRate], code: str, on: date) -> str:
    """What to ask where a rate of book.toml is older than a law that ships and that says another; "" where none is."""
    set_, told = refund_rate(own, code, on), refund_rate(list(shipped_rates()), code, on)
    if not code or set_ is None or told is None or set_.rate == told.rate or told.since <= set_.since:
        return ""
    return (
        f"the refund rate of {set_.code} in book.toml, {_percent(set_.rate)} from {set_.since}, is older than "
        f"{told.law}, which says {_percent(told.rate)} of {told.code} from {told.since} ({told.source}): which holds? "
        "Set its day `to`, or a newer row, in [[tax.refund_rates]]"
    )


def _percent(rate: Decimal) -> str:
    return f"{rate * 100:f}".rstrip("0").rstrip(".") + " %" if rate else "0 %"


def rate_of(own: list[RefundRate], code: str, on: date) -> RefundRate | None:
    """The rate of the day of export that is on the declaration: as book.toml sets it, else the one that ships."""
    return refund_rate(own, code, on) or refund_rate(list(shipped_rates()), code, on) if code else None
