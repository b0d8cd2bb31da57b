"""One side of a border: its transfers in its own order, and what follows from what the other side tells of those that
come in.

The lots of an account are held by the side that holds the account, so each payment is followed by one side alone: the
payer's. All that the payee's side lacks of a transfer that crosses is its depth and when its chain began. Told these,
and so on until no side has anything new to tell, both have for every transfer what they would have together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from crossbook.watch import kernel
from crossbook.watch.chains import Rule, Traced, Walk

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

IN, WITHIN, OUT = 1, 0, -1


@dataclass(kw_only=True)
class Side:
    """Transfers that one side sees, in order; `crossing` is IN where the payer is held by the other side, OUT where the
    payee is, else WITHIN. Accounts are numbers from 0 on; those of others are named in `outside`."""

    moment: Whole
    payer: Whole
    payee: Whole
    amount: Whole
    crossing: Whole
    outside: frozenset[int]
    own: Flags | None = None
    hubs: frozenset[int] = frozenset()
    rule: Rule = field(default_factory=Rule)
    told: Whole = field(init=False, repr=False)  # of each transfer the depth and start that the other side told

    def __post_init__(self) -> None:
        self.told = np.zeros((len(self.moment), 2), np.int64)

    def hear(self, transfers: Any, depth: Any, start: Any) -> None:
        """Take what the other side tells of transfers that come in."""
        self.told[np.asarray(transfers, np.int64)] = np.column_stack([depth, start])

    def follow(self) -> Traced:
        """Depth, start and links of all transfers, with what was told so far."""
        own = None if self.own is None else self.own & (self.crossing == WITHIN)
        walk = Walk(rule=self.rule, hubs=self.hubs | self.outside)
        return walk.follow(self.moment, self.payer, self.payee, self.amount, own, self.told)


def reached(traced: Traced, amount: Whole, flagged: Flags, crumb: int) -> tuple[Flags, Whole]:
    """Which transfers are walked back to from the flagged ones, and the first that each is joined with. A link that
    takes less than `crumb` per mille of its lot, or bears less of its payment, is not followed, as in
    `watch.gathering`."""
    links = traced.links
    least = np.maximum(amount[links[:, 0]], amount[links[:, 1]]) / 1000 * crumb
    links = links[links[:, 2] >= least]
    found, root = kernel.joined(flagged, links[:, 0], links[:, 1])
    return found, root
