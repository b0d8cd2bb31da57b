"""n:m matching of two lists by sums with a tolerance, beside `dpss`' sequence matcher: how many are matched, how fast.

    python benchmarks/match.py

Each case hides groups of one to three keys and one to three targets with equal sums (within the tolerance) among
unrelated amounts. dpss is given the same limits and three of its own settings (one pattern, ten patterns, and, where
nothing is unrelated, "use all"); its best answer counts. It has no tolerance.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from apart import Ran, apart

from crossbook.settle.subsets import match_sums

CASES = ((3, 0, 0), (5, 2, 0), (8, 3, 0), (12, 5, 0), (20, 10, 0), (40, 20, 0), (8, 3, 2), (20, 10, 2))


def case(rng: np.random.Generator, groups: int, noise: int, tolerance: int) -> tuple[np.ndarray, np.ndarray, int]:
    keys, targets, hidden = [], [], 0
    for _ in range(groups):
        n, m = int(rng.integers(1, 4)), int(rng.integers(1, 4))
        total = int(rng.integers(50_000, 900_000))
        keys += _parts(rng, total, n)
        targets += _parts(rng, total + int(rng.integers(-tolerance, tolerance + 1)), m)
        hidden += n + m
    keys += rng.integers(10_000, 900_000, noise).tolist()
    targets += rng.integers(10_000, 900_000, noise).tolist()
    return rng.permutation(keys).astype(np.int64), rng.permutation(targets).astype(np.int64), hidden


def _parts(rng: np.random.Generator, total: int, n: int) -> list[int]:
    cuts = np.sort(rng.choice(np.arange(1_000, total - 1_000), n - 1, replace=False)) if n > 1 else []
    return np.diff([0, *cuts, total]).tolist()


def by_dpss(keys: list[int], targets: list[int], candidates: int, everything: bool) -> int:
    """How many amounts the best of dpss' patterns matches."""
    import dpss

    patterns = dpss.sequence_matcher(keys, targets, 3, 3, candidates, everything, everything)
    return max((sum(len(k) + len(t) for k, t in groups) for groups, *_ in patterns), default=0)


def best_of_dpss(keys: list[int], targets: list[int], noise: int, limit: float) -> list[Ran]:
    """The call with the best answer over its own settings; where no setting gives one, how each of them ended."""
    settings = [(1, False), (10, False)] + [(1, True)] * (noise == 0)
    tries = [
        apart(by_dpss, keys, targets, *setting, first=([3, 5], [8], *setting), limit=limit) for setting in settings
    ]
    return best(tries)


def best(tries: list[Ran]) -> list[Ran]:
    """The one that matches most; where none is done, one of each way in which they ended."""
    done = [ran for ran in tries if ran.outcome == "done"]
    return [max(done, key=lambda ran: ran.answer)] if done else list({str(ran): ran for ran in tries}.values())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=20.0, help="seconds that dpss may take on one case")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    match_sums(np.array([3, 5]), np.array([8]))  # both sides are timed after their imports
    print("   keys  targets   hidden  tolerance   crossbook: matched        s   dpss: matched                s")
    for groups, noise, tolerance in CASES:
        keys, targets, hidden = case(rng, groups, noise, tolerance)
        started = time.perf_counter()
        found = match_sums(keys, targets, tolerance=tolerance)
        mine = time.perf_counter() - started
        matched = sum(len(g.keys) + len(g.targets) for g in found)
        ended = best_of_dpss(keys.tolist(), targets.tolist(), noise, options.limit)
        theirs = str(ended[0].answer) if ended[0].outcome == "done" else "—"
        seconds = "; ".join(str(ran) for ran in ended)
        sizes = f"{len(keys):>7} {len(targets):>8} {hidden:>8} {tolerance:>10}"
        print(f"{sizes} {matched:>20} {mine:>8.4f} {theirs:>15} {seconds:>16}", flush=True)


if __name__ == "__main__":
    main()
