"""Fit the weights of finding: python tools/finding_weights.py CASES.csv [CASES.csv ...]

Each CASES.csv has columns `text` and `code` (six digits or more; several, separated by ;). Descriptions that are held
back (`measuring.held_back`) are left out; known goods are added, each compared with all others but itself. Prints
weights for `ranking.WEIGHTS`: a conditional logit over all subheadings, fitted by gradient descent.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path

import numpy as np

from crossbook.duty.finding.index import CHINESE, FEATURES, OWN, REFERENCE, features, index
from crossbook.duty.finding.measuring import held_back

KNOWN = 600  # known goods of each kind that are taken as queries
CANDIDATES = 250  # best wrong subheadings that a right one is told from


def queries(files: list[Path]) -> list[tuple[str, list[str], float]]:
    """Text, right numbers, how much it counts."""
    found: list[tuple[str, list[str], float]] = []
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            found += [(r["text"], r["code"].split(";"), 2.0) for r in csv.DictReader(file) if not held_back(r["text"])]
    ix = index()
    draw = random.Random(7)  # noqa: S311
    for kind in (OWN, CHINESE, REFERENCE):
        at = [int(i) for i in np.flatnonzero(ix.kind == kind)]
        found += [(ix.texts[i], [ix.codes[ix.subheading[i]]], 0.6) for i in draw.sample(at, KNOWN)]
    return found


def table(text: str, right: list[str], same: dict[str, list[int]]) -> tuple[np.ndarray, int] | None:
    """Features of the right subheading (first row) and of its nearest rivals."""
    ix = index()
    numbers = [i for i, c in enumerate(ix.codes) if c in {x[:6] for x in right}]
    if not numbers:
        return None
    alike = same.get(text, [])
    norms, meanings = ix.norms[alike].copy(), ix.meanings[alike].copy()
    ix.norms[alike], ix.meanings[alike] = 1e6, 0
    all_of, _ = features(text)
    ix.norms[alike], ix.meanings[alike] = norms, meanings
    rough = all_of[:, : FEATURES.index("last word")].sum(axis=1)
    rivals = [i for i in np.argsort(-rough)[:CANDIDATES] if i not in numbers]
    return all_of[[*numbers, *rivals]], len(numbers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs="+")
    given = parser.parse_args()
    same: dict[str, list[int]] = {}
    for i, text in enumerate(index().texts):
        same.setdefault(text, []).append(i)
    cases = []
    for text, right, count in queries(given.cases):
        if (made := table(text, right, same)) is not None:
            cases.append((*made, count))
    weights = np.ones(len(FEATURES))
    weights[FEATURES.index("conflicts")] = -1
    untaught = ("another wearer", "asked and conflicts", "number")  # no case tells of these
    weights[[FEATURES.index(name) for name in untaught]] = 0
    moment, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, 201):
        slope = 2e-3 * weights
        loss = 0.0
        for rows, right, count in cases:
            score = rows @ weights
            share = np.exp(score - score.max())
            share /= share.sum()
            good = np.zeros_like(share)
            good[:right] = share[:right] / share[:right].sum()
            loss -= count * float(np.log(share[:right].sum()))
            slope += count * rows.T @ (share - good) / len(cases)
        moment = 0.9 * moment + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        weights -= 0.15 * (moment / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        if step % 100 == 0:
            print(step, len(cases), round(loss / len(cases), 4))
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
