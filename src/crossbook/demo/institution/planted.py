"""Laundering as published typologies tell it, planted in the sample institution's book, each shape between strangers.

Sources of the shapes: FATF, Professional Money Laundering (2018); FinCEN FIN-2014-A005 (funnel accounts); FinCEN and
FATF on structuring and trade-based laundering; Altman and others (2023) for the graph patterns; the mirror trades of
the New York Department of Financial Services' order on Deutsche Bank (2017).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from crossbook.demo.institution.ledger import CASH_IN, CASH_OUT, DAYS, NOBODY, USD, Ledger

Plant = Callable[[Ledger], None]


def chain(ledger: Ledger) -> None:
    """From abroad through six to nine hands within days, each keeping one to four in the hundred."""
    rng = ledger.rng
    hands = int(rng.integers(6, 10))
    mules = ledger.several(hands, "natural")
    source = ledger.open("legal", country="US")
    at, dollars = ledger.moment(ledger.some_day(25), 10), ledger.odd(60_000, 180_000)
    sent = [ledger.pay(at, source, mules[0], dollars, USD)]
    amount = dollars * ledger.yuan(at)
    for one, other in pairwise(mules):
        at += float(rng.uniform(2, 40)) * 3600
        amount *= 1 - float(rng.uniform(0.01, 0.04))
        sent.append(ledger.pay(at, one, other, amount))
    ledger.plant("chain", [ledger.holder(mules[-1])], sent)


def structuring(ledger: Ledger) -> None:
    """Four sums across the border, each just below the limit of a person's day, within a week."""
    payer = ledger.open("natural")
    day = ledger.some_day(8)
    sent = []
    for n in range(4):
        payee = ledger.open("natural", country="CA")
        sent.append(ledger.pay(ledger.moment(day + n * 2 - n // 2, 11 + n), payer, payee, ledger.odd(172_000, 198_000)))
    ledger.plant("structuring", [ledger.holder(payer)], sent)


def fan_in(ledger: Ledger) -> None:
    """Fourteen who never met pay one person within five days."""
    collector, day = ledger.open("natural"), ledger.some_day(6)
    sent = [
        ledger.pay(ledger.moment(day + n % 5, 9 + n % 9), one, collector, ledger.odd(2_000, 9_000))
        for n, one in enumerate(ledger.several(14, "natural"))
    ]
    ledger.plant("fan_in", [ledger.holder(collector)], sent)


def fan_out(ledger: Ledger) -> None:
    """One person pays fourteen strangers within five days."""
    spreader, day = ledger.open("natural"), ledger.some_day(6)
    sent = [
        ledger.pay(ledger.moment(day + n % 5, 9 + n % 9), spreader, one, ledger.odd(2_000, 9_000))
        for n, one in enumerate(ledger.several(14, "natural"))
    ]
    ledger.plant("fan_out", [ledger.holder(spreader)], sent)


def gather_scatter(ledger: Ledger) -> None:
    """Eight pay one, who pays eight others within days and keeps a tenth."""
    station, day = ledger.open("legal"), ledger.some_day(9)
    came = [ledger.odd(8_000, 30_000) for _ in range(8)]
    sent = [
        ledger.pay(ledger.moment(day + n % 3, 10 + n), one, station, came[n])
        for n, one in enumerate(ledger.several(8, "natural"))
    ]
    sent += [
        ledger.pay(ledger.moment(day + 4 + n % 2, 10 + n), station, one, sum(came) * 0.9 / 8 + n * 13.7)
        for n, one in enumerate(ledger.several(8, "natural"))
    ]
    ledger.plant("gather_scatter", [ledger.holder(station)], sent)


def cycle(ledger: Ledger) -> None:
    """Round four firms and back to the first, less a fee in each hand."""
    firms, day = ledger.several(4, "legal"), ledger.some_day(6)
    amount, at, sent = ledger.odd(300_000, 700_000), ledger.moment(day, 10), []
    for one, other in zip(firms, [*firms[1:], firms[0]], strict=True):
        sent.append(ledger.pay(at, one, other, amount))
        at, amount = at + float(ledger.rng.uniform(5, 30)) * 3600, amount * 0.985
    ledger.plant("cycle", [ledger.holder(firms[0])], sent)


def pass_through(ledger: Ledger) -> None:
    """What comes in leaves within a day, three times in a month."""
    station, source, sink = ledger.open("natural"), ledger.open("legal"), ledger.open("legal")
    day, sent = ledger.some_day(25), []
    for n in range(3):
        amount = ledger.odd(60_000, 140_000)
        sent.append(ledger.pay(ledger.moment(day + 8 * n, 10), source, station, amount))
        sent.append(ledger.pay(ledger.moment(day + 8 * n + 1, 9), station, sink, amount * 0.97))
    ledger.plant("pass_through", [ledger.holder(station)], sent)


def dormant(ledger: Ledger) -> None:
    """One transfer in the first days, nothing for seven months, then nine in a week."""
    sleeper, other = ledger.open("natural"), ledger.open("natural")
    day = int(ledger.rng.integers(225, DAYS - 9))
    ledger.pay(ledger.moment(3, 12), other, sleeper, 12.35)
    sent = [
        ledger.pay(ledger.moment(day + n % 6, 9 + n), *pair, ledger.odd(9_000, 30_000))
        for n, one in enumerate(ledger.several(9, "natural"))
        for pair in [(one, sleeper) if n % 2 else (sleeper, one)]
    ]
    ledger.plant("dormant", [ledger.holder(sleeper)], sent)


def round_amounts(ledger: Ledger) -> None:
    """Twelve payments of whole tens of thousands to two firms within a month."""
    payer, firms, day = ledger.open("legal"), ledger.several(2, "legal"), ledger.some_day(32)
    sent = [
        ledger.pay(ledger.moment(day + n * 2.6, 11), payer, firms[n % 2], 10_000 * int(ledger.rng.integers(2, 9)))
        for n in range(12)
    ]
    ledger.plant("round_amounts", [ledger.holder(payer)], sent)


def many_accounts(ledger: Ledger) -> None:
    """Five accounts of one holder pay the same other within a week."""
    first = ledger.open("natural")
    mine = ledger.accounts[first]
    accounts = [first, *ledger.several(4, "natural", holder=mine.holder, name=mine.name)]
    payee, day = ledger.open("natural"), ledger.some_day(7)
    sent = [
        ledger.pay(ledger.moment(day + n, 13), a, payee, ledger.odd(20_000, 48_000)) for n, a in enumerate(accounts)
    ]
    ledger.plant("many_accounts", [mine.holder], sent)


def shared_device(ledger: Ledger) -> None:
    """Five strangers' accounts that are used from one telephone pay five others."""
    device = f"D-SHARED-{len(ledger.accounts)}"
    accounts, day = ledger.several(5, "natural", device=device), ledger.some_day(9)
    sent = [
        ledger.pay(ledger.moment(day + n, 20), a, ledger.open("natural"), ledger.odd(1_000, 9_000))
        for n, a in enumerate(accounts)
    ]
    ledger.plant("shared_device", [f"device {device}"], sent)


def funnel(ledger: Ledger) -> None:
    """Cash in small sums at counters of many towns, drawn in one at another within days."""
    account, day, sent, total = ledger.open("natural"), ledger.some_day(8), [], 0.0
    for n in range(9):
        amount = ledger.odd(9_000, 38_000)
        place = f"COUNTER{int(ledger.rng.integers(1, 400)) * 9 + n}"
        sent.append(ledger.pay(ledger.moment(day + n % 4, 10 + n), NOBODY, account, amount, kind=CASH_IN, place=place))
        total += amount
    at = ledger.moment(day + 5, 15)
    sent.append(ledger.pay(at, account, NOBODY, total * 0.96, kind=CASH_OUT, place="COUNTER9000"))
    ledger.plant("funnel", [ledger.holder(account)], sent)


def mirror(ledger: Ledger) -> None:
    """Yuan one way at home, dollars of that worth back abroad the same day, four times: no border is crossed."""
    shared = ledger.open("legal")
    phone = ledger.accounts[shared].phone
    abroad, broker = ledger.open("legal", country="US", phone=phone), ledger.open("natural")
    outside = ledger.open("legal", country="US", phone=ledger.accounts[broker].phone)
    day, sent = ledger.some_day(40), []
    for n in range(4):
        dollars = ledger.odd(20_000, 60_000)
        at = ledger.moment(day + 9 * n, 10)
        sent.append(ledger.pay(at, shared, broker, dollars * ledger.yuan(at) * 1.004))
        sent.append(ledger.pay(ledger.moment(day + 9 * n, 23), outside, abroad, dollars, USD))
    ledger.plant("mirror", [ledger.holder(shared)], sent)


def bipartite(ledger: Ledger) -> None:
    """A stack: four pay each of four, who pay each of three, all within days."""
    first, second, third = (ledger.several(n, "natural") for n in (4, 4, 3))
    day, sent = ledger.some_day(9), []
    for layer, (payers, payees, amount) in enumerate(((first, second, 30_000), (second, third, 38_000))):
        for n, one in enumerate(payers):
            for k, other in enumerate(payees):
                at = ledger.moment(day + 3 * layer + k % 2, 9 + n + k / 9)
                sent.append(ledger.pay(at, one, other, amount + ledger.odd(10, 900)))
    ledger.plant("bipartite", sorted(ledger.holder(a) for a in first), sent)


PLANTS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        chain,
        structuring,
        fan_in,
        fan_out,
        gather_scatter,
        cycle,
        pass_through,
        dormant,
        round_amounts,
        many_accounts,
        shared_device,
        funnel,
        mirror,
        bipartite,
    )
}
