"""Made-up payouts with known truth, for the benchmarks of restoration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crossbook.settle.restoration.history import LOST, NEVER, NONE, OPEN, WON, Notice, Orders, Rule

HOUR = 3600 * 1_000_000
DAY = 24 * HOUR
CYCLE = 10 * DAY
FIRST = 739_252  # 2025-01-01, as a day is counted in `Orders`


@dataclass(frozen=True)
class Truth:
    """A book: what the solver is given, and for each payout the orders that were really in it."""

    orders: Orders
    notices: list[Notice]
    rule: Rule
    inside: list[frozenset[int]]
    deviations: list[int]


def make(
    rng: np.random.Generator,
    per_payout: int,
    payouts: int,
    deviations: int | None,
    *,
    known: float = 0.0,
    blur_hours: float = 0.0,
    counted: bool = False,
) -> Truth:
    """A book of `payouts` successive payouts of about `per_payout` orders.

    In each payout `deviations` orders (0 to 6 at random when None) are not where the rule puts them: a third held in a
    dispute that comes back about two months later, a third refunded for good, a third released one payout late. A share
    `known` of the disputes and refunds is on record. A blurred cut-off lies anywhere within `blur_hours` of its nominal
    time. Prices are price points with a random discount, 5 to 200 dollars; fees 8.5 % + 0.30. Orders
    are placed one to three weeks before their release.
    """
    total = per_payout * payouts
    released = np.sort(rng.integers(0, payouts * CYCLE, total)).astype(np.int64)
    price = rng.integers(5, 200, total) * 100 - 1
    gross = price - rng.integers(0, 500, total) * (rng.random(total) < 0.6)
    gross = np.maximum(gross, 300).astype(np.int64)
    fee = (gross * 85 + 500) // 1000 + 30
    net = gross - fee
    placed = np.random.default_rng(total).integers(8, 20, total)  # days; apart, so that books stay what they were
    cuts = (np.arange(payouts, dtype=np.int64) + 1) * CYCLE
    blur = int(blur_hours * HOUR)
    real = cuts + (rng.integers(-blur, blur + 1, payouts) if blur else 0)
    place = np.searchsorted(real, released, "left")
    disputed, settled = np.full(total, NEVER), np.full(total, NEVER)
    state = np.full(total, NONE, np.int8)
    paid_in = place.copy()
    counts = []
    for k in range(payouts):
        mine = np.flatnonzero(place == k)
        number = int(rng.integers(0, 7)) if deviations is None else deviations
        chosen = rng.choice(mine, min(number, len(mine)), replace=False)
        counts.append(len(chosen))
        for order in chosen:
            _deviate(rng, int(order), k, payouts, known, released, cuts, disputed, settled, state, paid_in)
    inside = [frozenset(np.flatnonzero(paid_in == k).tolist()) for k in range(payouts)]
    notices = [
        Notice(int(net[sorted(members)].sum()), int(cut), len(members) if counted else None)
        for cut, members in zip(cuts, inside, strict=True)
    ]
    rule = Rule(blur=blur, near=0, cycle=CYCLE)
    return Truth(
        Orders(
            day=(released // DAY - placed).astype(np.int64) + FIRST,
            net=net,
            fee=fee,
            released=released,
            disputed=disputed,
            settled=settled,
            state=state,
        ),
        notices,
        rule,
        inside,
        counts,
    )


def _deviate(rng, order, k, payouts, known, released, cuts, disputed, settled, state, paid_in):  # type: ignore[no-untyped-def]
    kind = rng.integers(0, 3)
    on_record = rng.random() < known
    if kind == 0:  # held in a dispute, comes back some two months later
        back = k + int(rng.integers(5, 8))
        paid_in[order] = back if back < payouts else -1
        if on_record:
            disputed[order] = max(released[order] - int(rng.integers(1, 5)) * DAY, 0)
            state[order] = WON if back < payouts else OPEN
            if back < payouts:
                settled[order] = cuts[back] - int(rng.integers(1, 9)) * DAY
    elif kind == 1:  # refunded for good
        paid_in[order] = -1
        if on_record:
            disputed[order] = max(released[order] - DAY, 0)
            settled[order], state[order] = released[order], LOST
    else:  # released late
        paid_in[order] = k + 1 if k + 1 < payouts else -1
