"""What a duty of another market comes to: "12%", "1.75 EUR/kg", "4.5% MIN 0.3 EUR/each MAX 0.8 EUR/each", "Free".

These are the words of the tables that ship. Any other text is read as schedules of the United States write it; what
cannot be read raises ValueError. "see the tariff: ..." is a duty that no figure tells: at least nothing, no most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from crossbook.duty.expressions import UNITS, parse
from crossbook.errors import CrossbookError
from crossbook.money import exponent

UNREAD = "see the tariff: "
NOTHING = Decimal(0)
_PER: dict[str, tuple[str, Decimal]] = {  # units of the tables that ship, beside those of schedules
    **UNITS,
    "100 kg": ("kg", Decimal(100)),
    "100 m": ("m", Decimal(100)),
}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})/(.+)")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")


@dataclass(frozen=True, slots=True)
class Worth:
    """A duty in minor units: the least and the most it can be, `high` None where a quantity is missing (`lacking`);
    `fraction` where it is a share of the value."""

    low: Decimal
    high: Decimal | None
    lacking: tuple[str, ...] = ()
    fraction: Decimal | None = None


def exchanged(amount: Decimal, currency: str, to: str, rates: Mapping[str, Decimal]) -> Decimal:
    """An amount of `currency` in minor units of `to`. `rates` gives one unit of a currency in US dollars."""
    if currency == to:
        return amount.scaleb(exponent(currency))
    lacking = [c for c in (currency, to) if c != "USD" and c not in rates]
    if lacking:
        raise CrossbookError(
            f"an amount of {amount} {currency} needs the rate of {' and '.join(lacking)}",
            todo="say what one unit is in US dollars: " + " ".join(f"--fx {c}=…" for c in lacking),
        )
    return (amount * rates.get(currency, Decimal(1)) / rates.get(to, Decimal(1))).scaleb(exponent(to))


def worth(text: str, base: int, known: Mapping[str, Decimal], currency: str, rates: Mapping[str, Decimal]) -> Worth:
    """The duty on a value of `base` minor units of `currency`, of which the quantities `known` are imported.

    Raises ValueError for a text that cannot be read, CrossbookError where a rate of exchange is missing.
    """
    if text.startswith(UNREAD):
        return Worth(NOTHING, None, (text.removeprefix(UNREAD),))
    parts = re.split(r" (MIN|MAX) ", text)
    found = _sum(parts[0], base, known, currency, rates)
    for sign, bound in zip(parts[1::2], parts[2::2], strict=True):
        found = _bounded(found, sign, _sum(bound, base, known, currency, rates))
    return found


def _bounded(of: Worth, sign: str, bound: Worth) -> Worth:
    lacking = tuple(dict.fromkeys((*of.lacking, *bound.lacking)))
    if sign == "MIN":
        high = None if of.high is None or bound.high is None else max(of.high, bound.high)
        return Worth(max(of.low, bound.low), high, lacking)
    most = [x for x in (of.high, bound.high) if x is not None]
    return Worth(min(of.low, bound.low), min(most, default=None), lacking)


def _sum(text: str, base: int, known: Mapping[str, Decimal], currency: str, rates: Mapping[str, Decimal]) -> Worth:
    if share := _SHARE.fullmatch(text):
        fraction = Decimal(share[1]) / 100
        return Worth(base * fraction, base * fraction, fraction=fraction)
    added = [_term(part, base, known, currency, rates) for part in text.split(" + ")]
    if None in added:
        return _scheduled(text, base, known, currency)
    terms = [x for x in added if x is not None]
    high = [x.high for x in terms if x.high is not None]
    return Worth(
        sum((x.low for x in terms), NOTHING),
        sum(high, NOTHING) if len(high) == len(terms) else None,
        tuple(dict.fromkeys(unit for x in terms for unit in x.lacking)),
    )


def _term(
    text: str, base: int, known: Mapping[str, Decimal], currency: str, rates: Mapping[str, Decimal]
) -> Worth | None:
    if share := _SHARE.fullmatch(text):
        return Worth(base * Decimal(share[1]) / 100, base * Decimal(share[1]) / 100)
    found = _AMOUNT.fullmatch(text)
    if not found or found[3] not in _PER:
        return None
    unit, per = _PER[found[3]]
    if unit not in known:
        return Worth(NOTHING, None, (unit,))
    much = exchanged(Decimal(found[1]), found[2], currency, rates) * known[unit] / per
    return Worth(much, much)


def _scheduled(text: str, base: int, known: Mapping[str, Decimal], currency: str) -> Worth:
    """A duty in the words of schedules; amounts are in the currency of the price."""
    read = parse(text)
    lacking = [*([read.rule] if read.rule else ()), *(x for x in read.needs if ":" in x)]
    much = NOTHING
    for term in read.terms:
        if term.on:
            continue
        if not term.unit:
            much += base * term.rate
            continue
        unit, per = UNITS[term.unit]
        if unit in known:
            much += known[unit] * term.rate / per * 10 ** exponent(currency)
        else:
            lacking.append(unit)
    return Worth(much, None if lacking else much, tuple(lacking), read.ad_valorem)
