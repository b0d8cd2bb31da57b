"""Restoration against known truth: what is called unique must be right; what is called what; seconds beside others.

    python benchmarks/restore.py                 # accuracy on books, then speed beside dpss and CP-SAT
    python benchmarks/restore.py --books 40 --seed 2
    python benchmarks/restore.py --speed         # beside dpss and CP-SAT alone

Accuracy: books of twelve successive payouts with 50 to 50,000 orders each and 0 to 6 deviations per payout, with sharp
and blurred cut-offs, and with none, some or all of the disputes on record. Speed: one payout with k missing orders,
given to crossbook, to `dpss.find_subset` (all subsets up to k) and to CP-SAT (one solution of fewest deviations), in
the same run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import numpy as np
from apart import apart
from books import make

from crossbook.settle.restoration.explanation import Case, restore
from crossbook.settle.restoration.succession import restore_all

SETTINGS = {
    "sharp, nothing on record": {},
    "sharp, half on record": {"known": 0.5},
    "sharp, all on record": {"known": 1.0},
    "sharp, half on record, counted": {"known": 0.5, "counted": True},
    "blurred 6 h, half on record": {"known": 0.5, "blur_hours": 6.0},
    "blurred 6 h, all, counted": {"known": 1.0, "blur_hours": 6.0, "counted": True},
}
VERDICTS = ("unique", "likely", "ambiguous", "unexplained")
CASES = ((50, 1), (50, 2), (50, 3), (200, 1), (200, 2), (200, 3), (1_000, 1), (1_000, 2), (5_000, 2), (50_000, 1))


def accuracy(books: int, seed: int) -> bool:
    rng = np.random.default_rng(seed)
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    print(f"{'orders':>7} {'setting':34}" + "".join(f"{v + ' (right)':>19}" for v in VERDICTS) + f"{'s/payout':>10}")
    for size, share in ((50, 1.0), (200, 1.0), (1_000, 0.5), (5_000, 0.25), (50_000, 0.1)):
        for name, options in SETTINGS.items():
            number: Counter[str] = Counter()
            hits: Counter[str] = Counter()
            started = time.perf_counter()
            payouts = 0
            for _ in range(max(1, int(books * share))):
                book = make(rng, size, 12 if size < 50_000 else 4, None, **options)
                for k, r in enumerate(restore_all(book.orders, book.notices, book.rule)):
                    number[r.verdict] += 1
                    hits[r.verdict] += r.verdict != "unexplained" and frozenset(r.orders.tolist()) == book.inside[k]
                    payouts += 1
            each = (time.perf_counter() - started) / payouts
            cells = "".join(f"{f'{number[v]} ({hits[v]})':>19}" for v in VERDICTS)
            print(f"{size:>7} {name:34}{cells}{each:>10.3f}", flush=True)
            total += number
            right += hits
    claimed = total["unique"]
    print(
        f"{sum(total.values())} payouts; unique {claimed}, right {right['unique']} "
        f"({right['unique'] / max(claimed, 1):.4%}); likely {total['likely']}, right {right['likely']} "
        f"({right['likely'] / max(total['likely'], 1):.1%})"
    )
    return right["unique"] >= 0.999 * claimed


def singles(number: int, seed: int) -> bool:
    """Many lone payouts: enough unique claims to see one wrong in a thousand."""
    rng = np.random.default_rng(seed)
    claimed = wrong = 0
    started = time.perf_counter()
    for _ in range(number):
        count, missing = int(np.exp(rng.uniform(np.log(50), np.log(50_000)))), int(rng.integers(0, 7))
        values = rng.integers(500, 20_000, count)
        truth = tuple(sorted(rng.choice(count, missing, replace=False).tolist()))
        answer = restore(Case(-int(values[list(truth)].sum()), values))
        if answer.verdict == "unique":
            claimed += 1
            wrong += answer.explanations[0].outs != truth
    each = (time.perf_counter() - started) / number
    print(f"lone payouts, random amounts: {number}, unique {claimed}, wrong {wrong}; {each * 1000:.1f} ms each")
    return wrong <= 0.001 * claimed


def speed(seed: int, limit: float) -> None:
    rng = np.random.default_rng(seed)
    print(f"{'orders':>7} {'missing':>8} {'crossbook s':>12} {'dpss s':>18} {'CP-SAT s':>18}   verdict, explanations")
    for size, missing in CASES:
        values = rng.integers(500, 20_000, size)
        gap = int(values[rng.choice(size, missing, replace=False)].sum())
        small = [3, 5, 9]
        mine = apart(ours, values.tolist(), gap, first=(small, 8), limit=limit)
        dpss = apart(by_dpss, values.tolist(), gap, missing, first=(small, 8, 2), limit=limit)
        cp_sat = apart(by_cp_sat, values.tolist(), gap, first=(small, 8), limit=limit)
        told = "{}, {:,.0f} within {} deviations".format(*mine.answer) if mine.outcome == "done" else ""
        print(f"{size:>7} {missing:>8} {mine!s:>12} {dpss!s:>18} {cp_sat!s:>18}   {told}", flush=True)


def ours(values: list[int], gap: int) -> tuple[str, float, int]:
    """The verdict, how many explanations there are, and within how many deviations."""
    answer = restore(Case(-gap, np.array(values)))
    return answer.verdict, answer.within, answer.bound


def by_dpss(values: list[int], gap: int, missing: int) -> int:
    """How many subsets of at most `missing` values sum to `gap`."""
    import dpss

    return len(dpss.find_subset(values, gap, missing))


def by_cp_sat(values: list[int], gap: int) -> int:
    """How few values sum to `gap`: the whole problem, solved to the optimum."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    out = [model.new_bool_var(str(i)) for i in range(len(values))]
    model.add(sum(v * x for v, x in zip(values, out, strict=True)) == gap)
    model.minimize(sum(out))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.solve(model)
    return int(solver.objective_value)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--books", type=int, default=10)
    parser.add_argument("--singles", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=20.0, help="seconds that another solver may take on one case")
    parser.add_argument("--speed", action="store_true", help="the speed beside others alone")
    options = parser.parse_args()
    if options.speed:
        speed(options.seed, options.limit)
        return 0
    fine = singles(options.singles, options.seed)
    fine &= accuracy(options.books, options.seed)
    speed(options.seed, options.limit)
    print("at least 99.9 % of unique claims are right" if fine else "TOO MANY UNIQUE CLAIMS ARE WRONG")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
