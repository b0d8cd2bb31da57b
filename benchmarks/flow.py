"""Follow a million movements of money through a balance, its conversion and another balance to the bank, by each rule.

    python benchmarks/flow.py --movements 1000000

Receipts of orders, refunds of them, and every so many a sending that converts nine tenths of what is left into another
balance, from which it is withdrawn. Reports seconds and pieces by rule, beside a sort of as many whole numbers.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np

from crossbook.settle.flow.tracing import NONE, Movements, follow

EVERY = 2_000  # movements between two conversions


def movements(count: int, seed: int) -> Movements:
    """`count` movements of two balances as columns."""
    rng = np.random.default_rng(seed)
    balance = np.zeros(count, np.int64)
    order = np.arange(count, dtype=np.int64)
    amount = rng.integers(500, 20_000, count)
    refunds = np.flatnonzero(rng.random(count) < 0.04)
    refunds = refunds[refunds > 50]
    amount[refunds] = -rng.integers(100, 500, len(refunds))
    order[refunds] -= rng.integers(1, 50, len(refunds))
    sent, out_of, into = np.zeros(count, bool), np.full(count, NONE), np.full(count, NONE)
    held = 0
    for place in range(EVERY, count - 2, EVERY):
        first = place - EVERY + (3 if place > EVERY else 0)
        held += int(amount[first:place].sum())
        moved, received = held * 9 // 10, held * 9 // 10 * 7
        held -= moved
        for at, where, much in ((place, 0, -moved), (place + 1, 1, received), (place + 2, 1, -received)):
            balance[at], amount[at], order[at] = where, much, -1
        sent[[place, place + 2]] = True
        out_of[place] = into[place + 1] = place
    by_balance = np.argsort(balance, kind="stable")
    columns = (balance, amount, order, sent, out_of, into)
    return Movements(*(column[by_balance] for column in columns))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--movements", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    moved = movements(options.movements, options.seed)
    start = time.perf_counter()
    np.sort(np.random.default_rng(0).integers(0, 1 << 60, options.movements))
    base = time.perf_counter() - start
    for rule in ("fifo", "lifo", "proportional"):
        start = time.perf_counter()
        pieces = follow(moved, [rule, rule])
        seconds = time.perf_counter() - start
        print(
            json.dumps(
                {"rule": rule, "seconds": round(seconds, 2), "sort": round(base, 2), "pieces": len(pieces.origin)}
            )
        )


if __name__ == "__main__":
    main()
