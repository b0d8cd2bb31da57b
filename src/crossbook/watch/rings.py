"""Rings: money that comes back to who sent it, by way of others.

A ring is closed by a transfer to a party that had sent some of its money to another party, at most so many transfers
before, lot by lot; that other is not who pays it back (that is a refund). Of several that the party sent the latest
counts. Rings that begin with the same transfer are one. Between the two stand all the ways round, or, where the money
of a great many came together on the way, the shortest one.

What is looked at is bounded: where many payments each rest on tens of thousands of others, those that rest on most are
looked at last and, beyond the bound, not at all. How many these are is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]

MOST = 10  # transfers of a ring
SEVERAL = 256  # transfers whose money came together, beyond which one way round is shown
EFFORT = 4_000_000_000  # links looked at: less than a minute
_LIMITS = (1 << 12, 1 << 16, 1 << 20, 1 << 62)  # of links from one transfer, those with more are looked at later


@dataclass(frozen=True, kw_only=True, slots=True)
class Rings:
    """A row for each transfer of a ring: the `first` of the ring, the `member`, and whether other ways round may be
    left out of this ring. `unsearched` is how many transfers to a party that had paid before were not looked at."""

    first: Whole
    member: Whole
    partly: npt.NDArray[np.bool_]
    unsearched: int


def find(links: Any, payer: Any, payee: Any, wanted: Any, *, effort: int = EFFORT) -> Rings:
    """The rings of transfers, by their links (as `chains.Traced` has them, in order of payments), the numbers of their
    parties, and which of them are to be looked back from."""
    tied = np.asarray(links, np.int64).reshape(-1, 3)
    if not len(tied):
        none = np.empty(0, np.int64)
        return Rings(first=none, member=none, partly=np.empty(0, np.bool_), unsearched=0)
    from crossbook.watch import ring_kernel as kernel

    payers, payees = np.ascontiguousarray(payer, np.int64), np.ascontiguousarray(payee, np.int64)
    at = np.concatenate([[0], np.cumsum(np.bincount(tied[:, 0], minlength=len(payers)))]).astype(np.int64)
    lots = np.ascontiguousarray(tied[:, 1])
    parties = int(max(payers.max(initial=-1), payees.max(initial=-1))) + 1
    sent = kernel.first_sent(payers, payees, parties)
    closed, forked = kernel.stems(at, lots, payers, payees, np.ascontiguousarray(wanted, np.bool_), sent, MOST - 1)
    rows = [_along(closed, at, lots)]
    forked = forked[np.lexsort((forked[:, 2], forked[:, 1]))]
    for limit in _LIMITS:
        found, left, effort = kernel.search(
            forked, at, lots, payers, payees, sent, MOST - 1, SEVERAL, limit, max(effort, 0)
        )
        rows.append(found)
        forked = forked[left]
    told = np.unique(np.concatenate(rows), axis=0)
    partly = np.zeros(len(payers), np.bool_)
    partly[told[told[:, 2] == 1, 0]] = True
    ring = np.unique(told[:, :2], axis=0)
    return Rings(first=ring[:, 0], member=ring[:, 1], partly=partly[ring[:, 0]], unsearched=len(forked))


def _along(closed: Whole, at: Whole, lots: Whole) -> Whole:
    """The transfers of rings whose way back has no fork: rows of first, member and 0."""
    parts = []
    first, n = closed[:, 1], closed[:, 0]
    while len(n):
        parts.append(np.column_stack([first, n, np.zeros(len(n), np.int64)]))
        onward = n > first
        first, n = first[onward], lots[at[n[onward]]]
    return np.concatenate(parts) if parts else np.empty((0, 3), np.int64)
