"""Matches that people decide: which of them stand, and what a payout and a credit say for and against being one.

Pure functions. What rules a match out is the direction, the currency without a rate, and the order of days: no person
may overrule it. A difference of the amounts alone may be accepted by who names it, and is shown from then on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import product

from crossbook import money
from crossbook.book.journal import Entry
from crossbook.decisions import Objection
from crossbook.settle.bank.matching import RATE_TOLERANCE, ZONE_DAYS, Credit, Match, PaidOut, Rates, implied_rate

Pair = tuple[str, str]  # keys of a payout and a credit


@dataclass(frozen=True)
class Decided:
    """A match as the journal has it. `difference` is what was accepted, in minor units of the payout's currency; None
    in entries from before it was asked for."""

    seq: int
    payout: str
    credit: str
    who: str
    at: str
    why: str
    difference: int | None


@dataclass(frozen=True)
class Standing:
    """What people decided and did not take back: matches by payout, and pairs that are none (`barred`).

    `lifted` are pairs that were barred when somebody matched them after all, by payout: barred again when that is taken
    back. `last` is the number of the last such entry.
    """

    decided: dict[str, Decided]
    barred: frozenset[Pair]
    lifted: dict[str, Pair]
    last: int

    def renamed(self, keys: Mapping[str, str]) -> Standing:
        """The same where credits are named by what they are counted as now: a better file may tell them, too."""
        return replace(
            self,
            decided={p: replace(d, credit=keys.get(d.credit, d.credit)) for p, d in self.decided.items()},
            barred=frozenset((p, keys.get(c, c)) for p, c in self.barred),
            lifted={s: (p, keys.get(c, c)) for s, (p, c) in self.lifted.items()},
        )

    def of_credit(self, credit: str) -> list[Decided]:
        """The matches that a credit is in: one, but for journals from before it was checked."""
        return [d for d in self.decided.values() if d.credit == credit]


@dataclass(frozen=True)
class Judged:
    """A payout held against a credit. `short` is what is missing, in minor units of the payout's currency (less than 0:
    came on top; None: not known for want of a rate), `words` says so; `asks` when nothing in the files explains it."""

    against: tuple[Objection, ...]
    short: int | None
    words: str
    asks: bool
    rate: Decimal | None = None
    table_rate: Decimal | None = None


def standing(entries: Iterable[Entry] = ()) -> Standing:
    """Fold the journal's matches and what was taken back."""
    decided: dict[str, Decided] = {}
    barred: set[Pair] = set()
    lifted: dict[str, Pair] = {}
    last = 0
    for e in entries:
        if e.action == "match":
            (payout, *_), (credit, *_) = e.body["payouts"], e.body["credits"]
            why, difference = e.body.get("why") or "", e.body.get("difference")
            decided[e.subject] = Decided(
                seq=e.seq, payout=payout, credit=credit, who=e.who, at=e.at, why=why, difference=difference
            )
            if (payout, credit) in barred:
                barred.discard((payout, credit))
                lifted[e.subject] = payout, credit
        elif e.action == "unmatch":
            decided.pop(e.subject, None)
            if e.subject in lifted:
                barred.add(lifted.pop(e.subject))
            barred.update(product(e.body.get("payouts", ()), e.body.get("credits", ())))
        else:
            continue
        last = e.seq
    return Standing(decided=decided, barred=frozenset(barred), lifted=lifted, last=last)


def judge(payout: PaidOut, credit: Credit, rates: Rates) -> Judged:
    """What speaks against a credit being a payout, and what is missing in it."""
    against = []
    if payout.amount <= 0:
        sent = money.show(payout.amount, payout.currency)
        against.append(Objection(f"the payout is of {sent}: nothing was sent to the bank", "choose another payout"))
    if credit.amount <= 0:
        taken = money.show(credit.amount, credit.currency)
        against.append(Objection(f"the entry is a debit of {taken}: money that left the account", "choose a credit"))
    early = (payout.paid_on - credit.booked_on).days
    if early > ZONE_DAYS:
        text = (
            f"the credit was booked on {credit.booked_on}, {early} days before the payout was paid on {payout.paid_on}"
        )
        against.append(Objection(text, "choose a credit that was booked later, or correct the file that is wrong"))
    short, words, asks, rate, table = _compared(payout, credit, rates)
    if short is None:
        against.append(Objection(words, "add a table of rates, or a statement with the amount before conversion"))
    return Judged(against=tuple(against), short=short, words=words, asks=asks, rate=rate, table_rate=table)


Compared = tuple[int | None, str, bool, Decimal | None, Decimal | None]


def _compared(payout: PaidOut, credit: Credit, rates: Rates) -> Compared:
    if payout.currency == credit.currency:
        short = payout.amount - credit.amount
        if short and short == credit.fee:
            fee = money.show(short, payout.currency)
            return short, f"same amount less the bank's stated fee of {fee}", False, None, None
        return short, in_words(short, payout.currency) or "same amount and currency", short != 0, None, None
    rate = implied_rate(payout.amount, payout.currency, credit.amount, credit.currency) if payout.amount > 0 else None
    table = rates(payout.currency, credit.currency, credit.booked_on)
    if credit.original_currency == payout.currency and credit.original_amount is not None:
        short = payout.amount - credit.original_amount
        words = in_words(short, payout.currency) or "the statement states this amount before conversion"
        return short, words, short != 0, rate, table
    if table is None or rate is None:
        words = (
            f"the credit is in {credit.currency}, the payout in {payout.currency}, "
            f"and the book has no rate for {credit.booked_on}"
        )
        return None, words, False, rate, None
    if abs(rate / table - 1) <= RATE_TOLERANCE:
        held = f"{rate:.6f} {credit.currency} for 1 {payout.currency}"
        return 0, f"converted at {held}, the book's rate being {table:.6f}", False, rate, table
    came = money.to_decimal(credit.amount, credit.currency) / table * 10 ** money.exponent(payout.currency)
    short = payout.amount - int(came.quantize(Decimal(1), ROUND_HALF_EVEN))
    return short, f"{in_words(short, payout.currency)}, at the book's rate of {table:.6f}", short != 0, rate, table


def in_words(short: int, currency: str) -> str:
    """A difference of amounts as a statement; empty when there is none."""
    if short == 0:
        return ""
    return f"the credit is {money.show(abs(short), currency)} {'less' if short > 0 else 'more'} than the payout"


def as_matches(
    known: Standing, payouts: Mapping[str, PaidOut], credits: Mapping[str, Credit], rates: Rates
) -> list[Match]:
    """The matches that stand, of what the book holds, each with what speaks against it today."""
    held = [d for d in known.decided.values() if d.payout in payouts and d.credit in credits]
    used = Counter(d.credit for d in held)
    return [
        _match(
            d,
            judge(payouts[d.payout], credits[d.credit], rates),
            payouts[d.payout].currency,
            [o.payout for o in held if used[d.credit] > 1 and o.credit == d.credit and o.payout != d.payout],
        )
        for d in held
    ]


def _match(d: Decided, judged: Judged, currency: str, others: list[str]) -> Match:
    reasons = [f"decided by {d.who} on {d.at[:10]}", *([d.why] if d.why else [])]
    against = [o.text for o in judged.against] + [f"{d.credit} is matched with {other}, too" for other in others]
    contradicted = bool(against)
    if judged.asks:
        against.append(judged.words)
        if judged.short == d.difference:
            reasons.append("the difference was accepted by name")
        else:
            was = "no difference" if not d.difference else f"a difference of {money.show(d.difference, currency)}"
            against.append(f"{was} was accepted")
    elif judged.short is not None:
        reasons.append(judged.words)
    return Match(
        payouts=(d.payout,),
        credits=(d.credit,),
        reasons=tuple(reasons),
        short=judged.short,
        rate=judged.rate,
        table_rate=judged.table_rate,
        decided=True,
        against=tuple(against),
        contradicted=contradicted,
    )
