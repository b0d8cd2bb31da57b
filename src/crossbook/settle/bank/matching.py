"""Matching payouts with bank credits: one to one, one to many, many to one, across days, currencies and bank fees.

Pure functions over small records. Candidates are scored by what speaks for them; the best is taken first, and every
match says why it was made and how many others were as good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from crossbook import money
from crossbook.calendars import business_days_between

if TYPE_CHECKING:  # loaded where there is something to match, not where matches are kept
    from crossbook.settle.subsets import Floats, Ints

MOST_IN_GROUP = 4  # payouts or credits that one many-sided match may have
RATE_TOLERANCE = Decimal("0.03")  # how far an implied rate may lie from the table's: banks' margins are within it
RATE_AGE = 7  # days that a rate of the table may be old
ZONE_DAYS = 1  # days by which a bank's calendar may be behind the platform's


@dataclass(frozen=True)
class PaidOut:
    """A payout to look for at the bank. `transit` is the most business days (of `countries`) until it arrives,
    `most_fee` the largest bank fee, in minor units, that may have been taken from it."""

    key: str
    account: str
    currency: str
    amount: int
    paid_on: date
    names: tuple[str, ...] = ()  # texts that the bank may repeat
    transit: int = 5
    most_fee: int = 0
    countries: tuple[str, ...] = ("US",)


@dataclass(frozen=True)
class Credit:
    """A credit on a bank statement."""

    key: str
    account: str
    currency: str
    amount: int
    booked_on: date
    text: str = ""
    payer: str = ""
    fee: int = 0
    original_amount: int | None = None
    original_currency: str | None = None


@dataclass(frozen=True)
class Match:
    """Payouts and the credits that they arrived as. `short` is what is missing, in the payout's currency (None: not
    known); `rate` the implied rate when currencies differ, `table_rate` the one of the rate table for that day.

    `decided` by a person; `against` is what speaks against it: of one that was decided a difference, too, of another a
    payer who is a stranger. `contradicted` when more than the amounts of a decided one does: it proves no arrival."""

    payouts: tuple[str, ...]
    credits: tuple[str, ...]
    reasons: tuple[str, ...]
    short: int | None = 0
    rate: Decimal | None = None
    table_rate: Decimal | None = None
    rivals: int = 0
    decided: bool = False
    against: tuple[str, ...] = ()
    contradicted: bool = False


Rates = Callable[[str, str, date], Decimal | None]


@dataclass(frozen=True)
class _Pair:
    score: float
    payout: PaidOut
    credit: Credit
    reasons: tuple[str, ...]
    short: int | None = 0
    rate: Decimal | None = None
    table_rate: Decimal | None = None


def match(
    payouts: Iterable[PaidOut],
    credits: Iterable[Credit],
    rates: Rates,
    decided: Iterable[Match] = (),
    barred: frozenset[tuple[str, str]] = frozenset(),
) -> list[Match]:
    """Match payouts (positive amounts) with credits. `decided` are matches that people made; they stand as they are.
    `barred` are payouts and credits of which a person said that they are not each other."""
    made = list(decided)
    used_payouts = {key for m in made for key in m.payouts}
    used_credits = {key for m in made for key in m.credits}
    open_payouts = {p.key: p for p in payouts if p.amount > 0 and p.key not in used_payouts}
    open_credits = {c.key: c for c in credits if c.amount > 0 and c.key not in used_credits}
    for m in _one_to_one(open_payouts, open_credits, rates, barred):
        made.append(m)
        for key in m.payouts:
            del open_payouts[key]
        for key in m.credits:
            del open_credits[key]
    groups = _many(open_payouts, open_credits)
    return made + [m for m in groups if not any((p, c) in barred for p in m.payouts for c in m.credits)]


def fit(payout: PaidOut, credit: Credit, rates: Rates) -> float | None:
    """How well a credit fits a payout by itself; None when no match would be made of them."""
    pair = _score(payout, credit, rates)
    return pair.score if pair else None


def _one_to_one(
    payouts: dict[str, PaidOut], credits: dict[str, Credit], rates: Rates, barred: frozenset[tuple[str, str]]
) -> list[Match]:
    pairs = [p for p in _pairs(payouts, credits, rates) if (p.payout.key, p.credit.key) not in barred]
    pairs.sort(key=lambda p: (-p.score, p.payout.paid_on, p.payout.key, p.credit.booked_on, p.credit.key))
    best: dict[str, list[float]] = {}
    for pair in pairs:
        for key in ("p" + pair.payout.key, "c" + pair.credit.key):
            best.setdefault(key, []).append(pair.score)
    taken: set[str] = set()
    found = []
    for pair in pairs:
        keys = {"p" + pair.payout.key, "c" + pair.credit.key}
        if taken & keys:
            continue
        taken |= keys
        rivals = sum(score >= pair.score for score in best["p" + pair.payout.key]) - 1
        reasons = pair.reasons + (
            (f"{rivals} other credit(s) fit as well; the earliest free one was taken",) if rivals else ()
        )
        found.append(
            Match(
                payouts=(pair.payout.key,),
                credits=(pair.credit.key,),
                reasons=reasons,
                short=pair.short,
                rate=pair.rate,
                table_rate=pair.table_rate,
                rivals=rivals,
            )
        )
    return found


def _pairs(payouts: dict[str, PaidOut], credits: dict[str, Credit], rates: Rates) -> list[_Pair]:
    """Every payout with every credit that may be it, found by date and amount; scored."""
    columns = _Columns.of(credits)
    pairs = []
    table: dict[str, Floats] = {}
    for payout in payouts.values():
        if payout.currency not in table:
            table[payout.currency] = columns.rates_from(payout.currency, rates)
        for i in columns.near(payout, table[payout.currency]):
            pair = _score(payout, columns.credits[i], rates)
            if pair:
                pairs.append(pair)
    return pairs


@dataclass(frozen=True)
class _Columns:
    """Credits in the order of their days, as arrays, so that most pairs are ruled out without being looked at."""

    credits: list[Credit]
    day: Ints
    amount: Ints
    fee: Ints
    original: Ints
    units: Floats
    currency: Ints  # an index into `codes`
    codes: dict[str, int]

    @classmethod
    def of(cls, credits: dict[str, Credit]) -> _Columns:
        import numpy as np

        by_day = sorted(credits.values(), key=lambda c: c.booked_on)
        codes = {code: i for i, code in enumerate(sorted({c.currency for c in by_day}))}
        return cls(
            by_day,
            np.array([c.booked_on.toordinal() for c in by_day], np.int64),
            np.array([c.amount for c in by_day], np.int64),
            np.array([c.fee for c in by_day], np.int64),
            np.array([c.original_amount or 0 for c in by_day], np.int64),
            np.array([c.amount / 10 ** money.exponent(c.currency) for c in by_day], np.float64),
            np.array([codes[c.currency] for c in by_day], np.int64),
            codes,
        )

    def rates_from(self, currency: str, rates: Rates) -> Floats:
        """What one unit of `currency` was worth in each credit's own on its day; NaN where no table says so."""
        import numpy as np

        found = {}
        for c in self.credits:
            if c.currency != currency and (c.currency, c.booked_on) not in found:
                rate = rates(currency, c.currency, c.booked_on)
                found[c.currency, c.booked_on] = float("nan") if rate is None else float(rate)
        return np.array([found.get((c.currency, c.booked_on), float("nan")) for c in self.credits], np.float64)

    def near(self, payout: PaidOut, rate: Floats) -> list[int]:
        """The credits that `_score` may find fitting; a few more than it will, but none less."""
        import numpy as np

        first = (payout.paid_on - timedelta(days=ZONE_DAYS)).toordinal()
        last = (payout.paid_on + timedelta(days=payout.transit * 2 + 7)).toordinal()
        low, high = np.searchsorted(self.day, [first, last + 1])
        part = slice(low, high)
        short = payout.amount - self.amount[part]
        same = self.currency[part] == self.codes.get(payout.currency, -1)
        fits = same & (short >= 0) & ((short <= payout.most_fee) | (short == self.fee[part]))
        if not same.all():
            implied = self.units[part] / (payout.amount / 10 ** money.exponent(payout.currency))
            with np.errstate(invalid="ignore"):
                near = ~(np.abs(implied / rate[part] - 1) > float(RATE_TOLERANCE) * 1.001)  # true for NaN, too
            before = payout.amount - self.original[part]
            fits |= ~same & (near | ((before >= 0) & (before <= payout.most_fee)))
        return [int(low + i) for i in np.flatnonzero(fits)]


def _score(payout: PaidOut, credit: Credit, rates: Rates) -> _Pair | None:
    named = [n for n in payout.names if n and n.lower() in credit.text.lower()]
    fit = _same_currency(payout, credit, bool(named)) if payout.currency == credit.currency else None
    if payout.currency != credit.currency:
        fit = _converted(payout, credit, rates, bool(named))
    if fit is None or payout.account == credit.account:  # a payout leaves its account
        return None
    days = _days(payout, credit.booked_on)
    if days is None:
        return None
    score, reason, short, rate, table_rate = fit
    early = (payout.paid_on - credit.booked_on).days
    when = "booked on the day before it was paid, as calendars of time zones differ"
    reasons = [reason, when if early > 0 else f"booked {days} business day(s) after it was paid"]
    if named:
        reasons.append(f"the bank's text has {named[0]!r}")
    hint = payout.account.split("/")[0].split("-")[0].lower()
    friendly = hint in credit.text.lower()
    if friendly and not named:
        reasons.append(f"the bank's text has {hint!r}")
    return _Pair(
        score=score + 10 * bool(named) + 5 * friendly - abs(days) * 0.1,
        payout=payout,
        credit=credit,
        reasons=tuple(reasons),
        short=short,
        rate=rate,
        table_rate=table_rate,
    )


def _days(payout: PaidOut, booked: date) -> int | None:
    """Business days between payout and booking; None when out of the window."""
    days = business_days_between(payout.paid_on, booked, payout.countries)
    return days if -1 <= days <= payout.transit else None


Fit = tuple[float, str, int | None, Decimal | None, Decimal | None]


def _same_currency(payout: PaidOut, credit: Credit, named: bool) -> Fit | None:
    short = payout.amount - credit.amount
    if short == 0:
        return 100.0, "same amount and currency", 0, None, None
    shown = money.show(short, payout.currency)
    if short > 0 and short == credit.fee:
        return 96.0, f"same amount less the bank's stated fee of {shown}", short, None, None
    if _may_be_fee(payout, short):
        return (80.0 if named else 60.0), f"same amount less {shown}, taken to be a bank fee", short, None, None
    return None


def _may_be_fee(payout: PaidOut, short: int) -> bool:
    return 0 < short <= payout.most_fee and short * 10 <= payout.amount


def _converted(payout: PaidOut, credit: Credit, rates: Rates, named: bool) -> Fit | None:
    implied = implied_rate(payout.amount, payout.currency, credit.amount, credit.currency)
    table = rates(payout.currency, credit.currency, credit.booked_on)
    held = f"{implied:.6f} {credit.currency} for 1 {payout.currency}"
    if table is not None:
        off = implied / table - 1
        held += f", {abs(off):.2%} {'over' if off > 0 else 'under'} the rate table's {table:.6f}"
    if credit.original_currency == payout.currency and credit.original_amount is not None:
        short = payout.amount - credit.original_amount  # what the statement states weighs more than what a rate allows
        if short == 0:
            return 95.0, f"the statement states this amount before conversion; rate {held}", 0, implied, table
        if _may_be_fee(payout, short):
            shown = money.show(short, payout.currency)
            reason = f"the statement states this amount less {shown} before conversion, taken to be a bank fee"
            return (80.0 if named else 60.0), reason, short, implied, table
        return None
    if table is not None and abs(implied / table - 1) <= RATE_TOLERANCE:
        closeness = float(abs(implied / table - 1) / RATE_TOLERANCE)
        return 85.0 - 8.0 * closeness, f"converted at {held}", 0, implied, table
    if table is None and named:
        return 70.0, f"converted at {held}; no rate table to hold it against", None, implied, None
    return None


def implied_rate(amount: int, currency: str, received: int, other: str) -> Decimal:
    """Units of `other` received for one unit of `currency`."""
    return money.to_decimal(received, other) / money.to_decimal(amount, currency)


def _many(payouts: dict[str, PaidOut], credits: dict[str, Credit]) -> list[Match]:
    """Several payouts in one credit, one payout in several credits, and several in several, within one window."""
    found = []
    for currency in sorted({p.currency for p in payouts.values()}):
        mine = sorted((p for p in payouts.values() if p.currency == currency), key=lambda p: (p.paid_on, p.key))
        theirs = sorted((c for c in credits.values() if c.currency == currency), key=lambda c: (c.booked_on, c.key))
        for group in _windows(mine):
            last = group[-1].paid_on + timedelta(days=group[-1].transit * 2 + 7)
            first = group[0].paid_on - timedelta(days=ZONE_DAYS)
            near = [c for c in theirs if first <= c.booked_on <= last]
            found += _sums(group, near)
            used = {key for m in found for key in m.credits}
            theirs = [c for c in theirs if c.key not in used]
    return found


def _windows(payouts: list[PaidOut]) -> list[list[PaidOut]]:
    """Payouts in runs whose neighbours are near enough to arrive together."""
    runs: list[list[PaidOut]] = []
    for payout in payouts:
        if runs and payout.paid_on - runs[-1][-1].paid_on <= timedelta(days=payout.transit + 3) and len(runs[-1]) < 40:
            runs[-1].append(payout)
        else:
            runs.append([payout])
    return runs


def _sums(payouts: list[PaidOut], credits: list[Credit]) -> list[Match]:
    import numpy as np

    from crossbook.settle.subsets import match_sums

    if not credits:
        return []
    groups = match_sums(
        np.array([p.amount for p in payouts], np.int64),
        np.array([c.amount for c in credits], np.int64),
        most_keys=MOST_IN_GROUP if len(payouts) <= 40 else 2,
        most_targets=MOST_IN_GROUP if len(credits) <= 40 else 2,
    )
    found = []
    for g in groups:
        mine, theirs = [payouts[i] for i in g.keys], [credits[i] for i in g.targets]
        if all(p.account != c.account and _days(p, c.booked_on) is not None for p in mine for c in theirs):
            found.append(
                Match(
                    tuple(p.key for p in mine),
                    tuple(c.key for c in theirs),
                    (f"{len(mine)} payout(s) add up to {len(theirs)} credit(s) within the days in transit",),
                )
            )
    return found
