"""Follow chains of transfers: how many a second, at a million and at ten, and a day added to what is kept.

    python benchmarks/chains.py --small 1000000 --large 10000000 --kept 100000000 --day 1000000

With `--others` IBM's Graph Feature Preprocessor (snapml, in the extra `bench`) reads the first of these rows, too, in
one thread, 2,048 at a time: what each pattern that it has takes. It has none of open chains.

Transfers are random: accounts alike, amounts of a log-normal law, moments spread evenly so that a day has as many as
the last step adds. Each step runs in a process of its own on one core; seconds are the processor's, memory is the
process's.
"""

from __future__ import annotations

import argparse
import resource
from typing import Any

import numpy as np
from apart import apart

from crossbook.watch.chains import DAY, Walk

BLOCK = 1_000_000  # transfers made at a time
EACH = 5  # transfers for an account
BATCH = 2_048  # rows that the other is given at a time


def transfers(rng: np.random.Generator, count: int, accounts: int, since: int, seconds: int) -> list[Any]:
    """Moments, payers, payees and amounts of so many transfers."""
    moments = since + np.sort(rng.integers(0, seconds, count))
    payers, payees = rng.integers(0, accounts, (2, count))
    return [moments, payers, payees, np.exp(rng.normal(9, 1.5, count)).astype(np.int64) + 1]


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ready() -> None:
    """Have the walk compiled, which is kept from one start to the next."""
    Walk().follow([0, 1], [0, 1], [1, 2], [5, 5])


def at_once(count: int, days: int) -> dict[str, float]:
    """Follow `count` transfers of so many days in one call."""
    ready()
    made = transfers(np.random.default_rng(1), count, count // EACH, 0, days * DAY)
    before = processor()
    traced = Walk().follow(*made)
    seconds = processor() - before
    return {"transfers": count, "seconds": seconds, "deep": int((traced.depth >= 3).sum())}


def one_day(kept: int, day: int) -> dict[str, float]:
    """Follow `kept` transfers, `day` each day; then one day more."""
    ready()
    rng, walk = np.random.default_rng(1), Walk()
    accounts = max(kept // EACH, 10)
    for n in range(kept // day):
        for block in range(0, day, BLOCK):
            count = min(BLOCK, day - block)
            walk.follow(*transfers(rng, count, accounts, n * DAY + DAY * block // day, DAY * count // day))
    made = transfers(rng, day, accounts, (kept // day) * DAY, DAY)
    before = processor()
    walk.follow(*made)
    return {"kept": kept, "day": day, "seconds": processor() - before}


PATTERNS = {"fan": 7, "degree": 7, "temp-cycle": 1, "scatter-gather": 7}  # of the other, with a window in days


def other(count: int, days: int, pattern: str) -> dict[str, float]:
    """The same transfers through snapml's preprocessor, one pattern on."""
    from snapml import GraphFeaturePreprocessor

    moments, payers, payees, _ = transfers(np.random.default_rng(1), count, count // EACH, 0, days * DAY)
    rows = np.column_stack([np.arange(count), payers, payees, moments]).astype(np.float64)
    known = GraphFeaturePreprocessor()
    window = PATTERNS[pattern] * DAY
    told: dict[str, Any] = {"num_threads": 1, "time_window": window, "max_no_edges": -1, "vertex_stats": False}
    for name in (*PATTERNS, "lc-cycle"):
        told[name] = name == pattern
    told[f"{pattern}_tw"] = window
    known.set_params(told)
    before = processor()
    for first in range(0, count, BATCH):
        known.transform(np.ascontiguousarray(rows[first : first + BATCH]))
    return {"seconds": processor() - before}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=10_000_000)
    parser.add_argument("--kept", type=int, default=100_000_000)
    parser.add_argument("--day", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=90, help="over which the transfers of the first steps are spread")
    parser.add_argument("--others", action="store_true", help="snapml beside it")
    parser.add_argument("--rows", type=int, default=200_000, help="that the other is given")
    options = parser.parse_args()
    cost = []
    for count in (options.small, options.large):
        ran = apart(at_once, count, options.days)
        assert ran.answer is not None and ran.peak is not None, ran
        seconds = ran.answer["seconds"]
        cost.append(seconds / count)
        print(f"{count:,} transfers: {count / seconds / 1e6:.2f} million a second, {ran.peak / 2**20:.0f} MiB")
    print(f"a transfer of the larger costs {cost[1] / cost[0]:.2f} times one of the smaller")
    for pattern in PATTERNS if options.others else ():
        ran = apart(other, options.rows, options.days, pattern)
        if ran.answer is None:
            print(f"snapml, {pattern}: {ran}")
        else:
            print(f"snapml, {pattern}: {options.rows / ran.answer['seconds'] / 1e3:.0f} thousand a second")
    ran = apart(one_day, options.kept, options.day)
    assert ran.answer is not None and ran.peak is not None, ran
    told = f"{ran.answer['seconds']:.2f} s, {ran.peak / 2**20:.0f} MiB"
    print(f"a day of {options.day:,} behind {options.kept:,}: {told}")


if __name__ == "__main__":
    main()
