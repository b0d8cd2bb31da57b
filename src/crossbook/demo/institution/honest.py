"""The everyday business of the sample institution: platforms and buyers pay sellers, these their suppliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crossbook.demo.institution.ledger import ABROAD, CNY, DAY, DAYS, EPOCH, USD, Ledger
from crossbook.demo.writing import Ints

PLATFORMS_CALLED = tuple(
    f"{name} MARKETPLACE PAYMENTS" for name in "NORTHGATE RIVERBEND KESTREL ALDER TAMARIND".split()
)
# Shares of all transfers.
PLATFORMS, DIRECT, DRAWN, SUPPLIED = 0.12, 0.32, 0.14, 0.27


@dataclass(frozen=True, kw_only=True)
class People:
    """Whose business it is, as places in the ledger's accounts. `banks` are sellers' own accounts elsewhere."""

    platforms: Ints
    sellers: Ints
    banks: Ints
    buyers: Ints
    suppliers: Ints
    others: Ints


def people(ledger: Ledger, transfers: int) -> People:
    """Open the accounts for a business of so many transfers."""
    rng, many = ledger.rng, max(transfers // 150, 12)
    platforms = [
        ledger.open("institution", country=ABROAD[n % len(ABROAD)], hub=True, name=name)
        for n, name in enumerate(PLATFORMS_CALLED)
    ]
    sellers = [ledger.open("natural" if n % 10 < 3 else "legal") for n in range(many)]
    banks = []
    for seller in sellers:
        mine = ledger.accounts[seller]
        banks.append(
            ledger.open(mine.kind, holder=mine.holder, name=mine.name, institution="BANK", device="", phone=mine.phone)
        )
        ledger.accounts[banks[-1]].address = mine.address
    where = rng.integers(0, len(ABROAD), many * 4)
    buyers = [ledger.open("legal" if n % 3 else "natural", country=ABROAD[w]) for n, w in enumerate(where.tolist())]
    return People(
        platforms=np.array(platforms),
        sellers=np.array(sellers),
        banks=np.array(banks),
        buyers=np.array(buyers),
        suppliers=np.array(ledger.several(max(many // 2, 8), "legal")),
        others=np.array(ledger.several(many * 2, "natural")),
    )


def business(ledger: Ledger, of: People, transfers: int) -> None:
    """Write so many transfers of every day."""
    rng = ledger.rng
    weights = np.minimum(rng.lognormal(0, 0.5, len(of.sellers)), 3)
    weights /= weights.sum()

    def who(count: int) -> Ints:
        return rng.choice(len(of.sellers), count, p=weights)

    count = int(transfers * PLATFORMS)
    seller = who(count)
    weeks = rng.integers(0, DAYS // 14, count)
    moments = EPOCH + (weeks * 14 + seller % 14) * DAY + rng.integers(9 * 3600, 18 * 3600, count)
    platform = of.platforms[seller % len(of.platforms)]
    ledger.pay_many(moments, platform, of.sellers[seller], _amounts(rng, count, 4_200, 0.7, 60_000), USD)

    count = int(transfers * DIRECT)
    seller = who(count)
    buyer = of.buyers[(seller * 4 + rng.integers(0, 12, count)) % len(of.buyers)]
    ledger.pay_many(_moments(rng, count), buyer, of.sellers[seller], _amounts(rng, count, 900, 1.0, 40_000), USD)

    count = int(transfers * DRAWN)
    seller = who(count)
    amounts = _amounts(rng, count, 16_000, 0.7, 400_000)
    ledger.pay_many(_moments(rng, count), of.sellers[seller], of.banks[seller], amounts, CNY)

    count = int(transfers * SUPPLIED)
    seller = who(count)
    supplier = of.suppliers[(seller * 5 + rng.integers(0, 4, count)) % len(of.suppliers)]
    payers = np.where(rng.random(count) < 0.5, of.sellers[seller], of.banks[seller])
    ledger.pay_many(_moments(rng, count), payers, supplier, _amounts(rng, count, 9_000, 0.8, 300_000), CNY)

    count = transfers - int(transfers * PLATFORMS) - int(transfers * DIRECT) - int(transfers * DRAWN)
    count -= int(transfers * SUPPLIED)
    payer = rng.integers(0, len(of.others), count)
    payee = (payer + rng.integers(1, 9, count)) % len(of.others)
    ledger.pay_many(
        _moments(rng, count), of.others[payer], of.others[payee], _amounts(rng, count, 600, 1.1, 30_000), CNY
    )


def _moments(rng: np.random.Generator, count: int) -> Ints:
    return EPOCH + rng.integers(0, DAYS, count) * DAY + rng.integers(8 * 3600, 22 * 3600, count)


def _amounts(rng: np.random.Generator, count: int, median: float, spread: float, most: float) -> Ints:
    """Prices: seldom round."""
    drawn = np.minimum(rng.lognormal(np.log(median), spread, count), most * rng.uniform(0.8, 1, count))
    return np.maximum((drawn * 100).astype(np.int64), 101)
