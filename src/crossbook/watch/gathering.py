"""Cases: the transfers that one chain ties together, walked back from where it is long.

A case begins at every transfer of the given depth or more and takes in each transfer whose lot carried depth into it,
and so on back to where the chain began; transfers so joined are one case. How much of each lot was passed on within
the case tells money that is handed through from money that comes and goes: a lot of which too little was ends the
chain, and cases with a high mean share come first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cases:
    """`case` is the number of each transfer's case, from 0 on, -1 for those in none. The other columns have a row for
    each case, those that pass on most first: transfers, greatest depth, mean share passed on."""

    case: Whole
    transfers: Whole
    depth: Whole
    passed_on: npt.NDArray[np.float64]


def gather(
    depth: Any, amount: Any, links: Any, *, least: int, number: int = 0, crumb: int = 0, passed: int = 0
) -> Cases:
    """The cases of transfers from `number` on, by their depths, amounts and links (as `chains.Traced` has them).

    A link to a transfer before `number` is not followed: give as many transfers as the chain's whole window holds. Nor
    is one that takes less than `crumb` per mille of its lot, or bears less of its payment: a coffee that the last hand
    bought is no part of a chain, nor are the coins that it had before. Nor, at last, is any link to a lot of which all
    those that are followed took less than `passed` per mille: who kept so much of it handed nothing through.
    """
    depths, amounts = np.asarray(depth, np.int64), np.asarray(amount, np.int64)
    if not (depths >= least).any():  # as in most small books, which then need not wait until the rest is compiled
        none = np.empty(0, np.int64)
        return Cases(case=np.full(len(depths), -1), transfers=none, depth=none, passed_on=np.empty(0))
    from crossbook.watch import kernel

    tied = np.asarray(links, np.int64).reshape(-1, 3)
    tied = tied[(tied[:, 0] >= number) & (tied[:, 1] >= number)]
    payment, source, part = tied[:, 0] - number, tied[:, 1] - number, tied[:, 2]
    chosen = (part >= amounts[source] / 1000 * crumb) & (part >= amounts[payment] / 1000 * crumb)
    payment, source, part = payment[chosen], source[chosen], part[chosen]
    reached, root = kernel.joined(depths >= least, payment, source)
    if passed:
        chosen = (
            reached[payment] & (_taken(source, part, reached[payment], len(depths)) * 1000 >= amounts * passed)[source]
        )
        payment, source, part = payment[chosen], source[chosen], part[chosen]
        reached, root = kernel.joined(depths >= least, payment, source)
    within = reached[payment]
    members = np.flatnonzero(reached)
    _, found = np.unique(root[members], return_inverse=True)
    count = int(found.max()) + 1 if len(members) else 0
    case = np.full(len(depths), -1, np.int64)
    case[members] = found
    lots = np.unique(source[within])
    shares = _taken(source, part, within, len(depths))[lots] / amounts[lots]
    held = np.bincount(case[lots], minlength=count)
    mean = np.divide(np.bincount(case[lots], shares, count), held, out=np.zeros(count), where=held > 0)
    deepest = np.zeros(count, np.int64)
    np.maximum.at(deepest, found, depths[members])
    sizes = np.bincount(found, minlength=count)
    order = np.lexsort((-sizes, -deepest, -mean))
    place = np.empty(count, np.int64)
    place[order] = np.arange(count)
    case[members] = place[found]
    return Cases(case=case, transfers=sizes[order], depth=deepest[order], passed_on=mean[order])


def _taken(source: Whole, part: Whole, within: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.float64]:
    """How much of each transfer's lot the links `within` take."""
    return np.bincount(source[within], part[within], count).astype(np.float64)
