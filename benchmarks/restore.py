"""Restoration against known truth: what is called unique must be right; what is called what; seconds beside others.

    python benchmarks/restore.py                 # accuracy on books, then speed beside dpss and CP-SAT
    python benchmarks/restore.py --books 40 --seed 2
    python benchmarks/restore.py --speed         # beside dpss and CP-SAT alone
    python benchmarks/restore.py --asked --most 1000   # accuracy alone, with the most telling fact answered

With `--asked` each payout that stays open (ambiguous or unexplained) is told the one fact that would help most, from
the truth, and the book is restored again; the table then says how many of the open ones are settled.

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
from asking import OPEN, answered
from books import Truth, make

from crossbook.settle.restoration.case import Case
from crossbook.settle.restoration.explanation import restore
from crossbook.settle.restoration.judgement import Restored
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


def accuracy(books: int, seed: int, most: int, asked: bool) -> bool:
    rng = np.random.default_rng(seed)
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    facts: Counter[str] = Counter()
    once_told: Counter[str] = Counter()
    told_as = "  open -> unique, likely (right); wrong as unique" * asked
    heads = "".join(f"{v + ' (right)':>19}" for v in VERDICTS)
    print(f"{'orders':>7} {'setting':34}{heads}{'s/payout':>10}{told_as}")
    for size, share in ((50, 1.0), (200, 1.0), (1_000, 0.5), (5_000, 0.25), (50_000, 0.1)):
        if size > most:
            continue
        for name, options in SETTINGS.items():
            number: Counter[str] = Counter()
            hits: Counter[str] = Counter()
            told: Counter[str] = Counter()
            seconds, payouts = 0.0, 0
            for _ in range(max(1, int(books * share))):
                book = make(rng, size, 12 if size < 50_000 else 4, None, **options)
                started = time.perf_counter()
                restored = restore_all(book.orders, book.notices, book.rule)
                seconds += time.perf_counter() - started
                if asked:
                    told += once_answered(book, restored, facts)
                for k, r in enumerate(restored):
                    number[r.verdict] += 1
                    hits[r.verdict] += r.verdict != "unexplained" and frozenset(r.orders.tolist()) == book.inside[k]
                    payouts += 1
            cells = "".join(f"{f'{number[v]} ({hits[v]})':>19}" for v in VERDICTS)
            print(f"{size:>7} {name:34}{cells}{seconds / payouts:>10.3f}" + settled(told) * asked, flush=True)
            total += number
            right += hits
            once_told += told
    claimed = total["unique"]
    print(
        f"{sum(total.values())} payouts; unique {claimed}, right {right['unique']} "
        f"({right['unique'] / max(claimed, 1):.4%}); likely {total['likely']}, right {right['likely']} "
        f"({right['likely'] / max(total['likely'], 1):.1%})"
    )
    if asked:
        print(f"one fact more:{settled(once_told)}")
        print("asked for: " + ", ".join(f"{name} {n}" for name, n in facts.most_common()))
    return right["unique"] >= 0.999 * claimed and not once_told["wrong"]


def once_answered(book: Truth, restored: list[Restored], facts: Counter[str]) -> Counter[str]:
    """What becomes of the open payouts of a book once each is told the fact that it asks for."""
    told: Counter[str] = Counter()
    notices, names = answered(book, restored)
    facts.update(name for name in names if name)
    for k, r in enumerate(restore_all(book.orders, notices, book.rule)):
        right = frozenset(r.orders.tolist()) == book.inside[k]
        told["wrong"] += r.verdict == "unique" and not right
        if restored[k].verdict in OPEN:
            told["open"] += 1
            told[r.verdict] += 1
            told[f"{r.verdict} right"] += right
    return told


def settled(told: Counter[str]) -> str:
    """The counts of `once_answered` in a line."""
    share = (told["unique"] + told["likely"]) / max(told["open"], 1)
    return (
        f"  {told['open']} -> {told['unique']} ({told['unique right']}), {told['likely']} ({told['likely right']}): "
        f"{share:.0%}; {told['wrong']}"
    )


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
    parser.add_argument("--asked", action="store_true", help="accuracy alone, and again with one more fact")
    parser.add_argument("--most", type=int, default=50_000, help="the largest payouts, in orders")
    options = parser.parse_args()
    if options.asked:
        return 0 if accuracy(options.books, options.seed, options.most, True) else 1
    if options.speed:
        speed(options.seed, options.limit)
        return 0
    fine = singles(options.singles, options.seed)
    fine &= accuracy(options.books, options.seed, options.most, False)
    speed(options.seed, options.limit)
    print("at least 99.9 % of unique claims are right" if fine else "TOO MANY UNIQUE CLAIMS ARE WRONG")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
