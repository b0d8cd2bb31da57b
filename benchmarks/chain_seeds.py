"""How many planted chains the chain rule finds, and what it calls besides, on fresh seeds and under stress.

    python benchmarks/chain_seeds.py --transfers 300000 --chains 300 --seeds 3

Transfers between strangers over thirty days, and among them chains of six to twelve hands, each of which passes on 95
to 99.5 in the hundred within hours. The tables stress one thing each: noise of the chains' own size; honest forwarders,
who pass on 88 to 95 in the hundred in rows of up to six; mules through whom one, two or six other payments go each day;
hands that wait one to three days. The rule's usual figures hold. Precision is the share of called transfers that were
planted, recall the share of planted chains of which at least half the transfers are called.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossbook.watch.chains import DAY, Rule, Walk
from crossbook.watch.gathering import gather
from crossbook.watch.rules import rule

HOUR = 3600
DAYS = 30
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Stress:
    """What a table changes: median of the noise, forwarders' rows, what else a mule does a day, hours of waiting."""

    noise: float = 900.0
    forwarders: int = 0
    busy: int = 0
    wait: tuple[float, float] = (1, 20)


TABLES = {
    "base": Stress(),
    "noise of chain size": Stress(noise=60_000),
    "honest forwarders": Stress(forwarders=300),
    "mules with one other payment a day": Stress(busy=1),
    "mules with two": Stress(busy=2),
    "mules with six": Stress(busy=6),
    "slow chains": Stress(wait=(24, 72)),
}


def made(rng: np.random.Generator, count: int, chains: int, stress: Stress) -> tuple[list[Whole], Whole]:
    """Columns (moment, payer, payee, amount) in order, and of each transfer the number of its planted chain or -1."""
    accounts = count // 5
    parts = [
        (
            rng.integers(0, DAYS * DAY, count),
            rng.integers(0, accounts, count),
            rng.integers(0, accounts, count),
            _amounts(rng, count, stress.noise),
            np.full(count, -1),
        )
    ]
    parts += [_row(rng, n, accounts, (6, 13), (0.95, 0.995), stress.wait) for n in range(chains)]
    if stress.busy:
        mules = np.concatenate([part[2] for part in parts[1:]])
        each = stress.busy * DAYS
        who = np.repeat(mules, each)
        others = rng.integers(0, accounts, len(who))
        inward = rng.random(len(who)) < 0.5
        parts.append(
            (
                rng.integers(0, DAYS * DAY, len(who)),
                np.where(inward, others, who),
                np.where(inward, who, others),
                _amounts(rng, len(who), 6_000),
                np.full(len(who), -1),
            )
        )
    honest = [_row(rng, -1, accounts, (3, 7), (0.88, 0.95), (2, 40)) for _ in range(stress.forwarders)]
    columns = [np.concatenate(c).astype(np.int64) for c in zip(*parts, *honest, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return [c[order] for c in columns[:4]], columns[4][order]


def _amounts(rng: np.random.Generator, count: int, median: float) -> Whole:
    return (rng.lognormal(np.log(median), 1.0, count) * 100).astype(np.int64) + 1


def _row(
    rng: np.random.Generator,
    number: int,
    accounts: int,
    hands: tuple[int, int],
    kept: tuple[float, float],
    wait: tuple[float, float],
) -> tuple[Whole, Whole, Whole, Whole, Whole]:
    many = int(rng.integers(*hands))
    who = rng.choice(accounts, many + 1, replace=False)
    gaps = rng.uniform(*wait, many) * HOUR
    begin = rng.uniform(0, DAYS * DAY - min(gaps.sum(), DAYS * DAY * 0.9))
    shares = np.cumprod(np.concatenate([[1.0], rng.uniform(*kept, many - 1)]))
    moments = begin + np.cumsum(gaps) - gaps[0]
    amounts = rng.uniform(3_000_000, 20_000_000) * shares
    told = np.full(many, number)
    return moments.astype(np.int64), who[:-1], who[1:], amounts.astype(np.int64), told


def measured(seed: int, count: int, chains: int, stress: Stress) -> tuple[float, float]:
    """Precision and recall of one seed."""
    columns, planted = made(np.random.default_rng(seed), count, chains, stress)
    usual = {name: value for name, (value, _) in rule("chain").settings.items()}
    walk = Walk(
        rule=Rule(hop_window=usual["hop_hours"] * HOUR, total_window=usual["total_days"] * DAY, keep=usual["share"])
    )
    traced = walk.follow(*columns)
    cases = gather(
        traced.depth,
        columns[3],
        traced.links,
        least=usual["depth"],
        crumb=usual["crumb_percent"] * 10,
        passed=usual["each_percent"] * 10,
    )
    good = np.flatnonzero((cases.passed_on * 100 >= usual["passed_percent"]) & (cases.transfers >= usual["depth"]))
    called = np.isin(cases.case, good)
    inside = planted >= 0
    of = np.bincount(planted[inside], minlength=chains)
    hit = np.bincount(planted[inside & called], minlength=chains)
    precision = float((inside & called).sum() / called.sum()) if called.any() else float("nan")
    return precision, float((hit * 2 >= of).mean())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--transfers", type=int, default=300_000)
    parser.add_argument("--chains", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1)
    options = parser.parse_args()
    for name, stress in TABLES.items():
        found = [
            measured(seed, options.transfers, options.chains, stress)
            for seed in range(options.first, options.first + options.seeds)
        ]
        precision, recall = (np.array(column) for column in zip(*found, strict=True))
        print(f"{name}: precision {precision.mean():.3f} ({precision.min():.3f} at least), ", end="")
        print(f"recall {recall.mean():.3f} ({recall.min():.3f} at least)")


if __name__ == "__main__":
    main()
