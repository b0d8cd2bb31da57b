"""Which one more fact would settle an open restoration: the number of orders, the fee total, or one order's state."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from crossbook.settle.restoration.history import Deviation
from crossbook.settle.restoration.judgement import Restored
from crossbook.settle.restoration.result import Fact
from crossbook.settle.subsets import Ints


def most_telling(answer: Restored, ids: list[str], fees: Ints) -> Fact | None:
    """The fact that raises the expected odds of the best explanation most; None when nothing listed would."""
    rivals = answer.deviations
    if len(rivals) < 2:
        return None
    facts = [
        Fact("count", "", _expected_best(rivals, [len(d.added) - len(d.missing) for d in rivals])),
        Fact("fee_total", "", _expected_best(rivals, [_fee(d, fees) for d in rivals])),
    ]
    for order in _doubtful(answer)[:20]:
        sides = [order in d.missing or order in d.added for d in rivals]
        facts.append(Fact("order", ids[order], _expected_best(rivals, sides)))
    best = max(facts, key=lambda f: (round(f.settles, 6), f.name == "count", f.name == "fee_total"))
    now = rivals[0].probability
    return best if best.settles > now + 0.01 else None


def _expected_best(rivals: tuple[Deviation, ...], answers: list[object] | list[int] | list[bool]) -> float:
    best: dict[object, float] = defaultdict(float)
    for rival, value in zip(rivals, answers, strict=True):
        best[value] = max(best[value], rival.probability)
    return float(sum(best.values()))


def _fee(d: Deviation, fees: Ints) -> int:
    return int(fees[list(d.added)].sum()) - int(fees[list(d.missing)].sum())


def _doubtful(answer: Restored) -> list[int]:
    order = np.argsort(np.abs(answer.probability - 0.5), kind="stable")
    return [int(i) for i in answer.candidates[order]]
