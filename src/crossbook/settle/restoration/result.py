"""What a payout known by its total consists of: its orders, the explanations that compete, and the verdict in words."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook import money
from crossbook.odds import odds


@dataclass(frozen=True)
class Fact:
    """A fact to ask for: `name` is count, fee_total, order, part or days; `settles` the expected odds of the best
    answer then. `subject` is the order that may be in it or not; of a part, the last day on which they were placed
    (ISO). `days` are the sums of the orders placed on each day."""

    name: str
    subject: str
    settles: float


@dataclass(frozen=True)
class OrderIn:
    """An order in a restored payout, or a candidate for it, with the row that it stands on."""

    order_id: str
    net: int
    fee: int
    probability: float
    evidence: str
    line: int


@dataclass(frozen=True)
class Rival:
    """One explanation: orders that were expected but are missing, and orders that came although not expected."""

    missing: tuple[str, ...]
    added: tuple[str, ...]
    probability: float


@dataclass(frozen=True)
class Restoration:
    """What a payout known by its total consists of.

    `orders` are those of the most likely explanation, `doubtful` every candidate whose place is not certain, `core` the
    number of orders that all rivals share. `verdict` is unique, likely, ambiguous, unexplained, or accepted where a
    person chose among the rivals; for unexplained, `difference` is what the nearest sum leaves,
    and where an ambiguous one lists no rival what the orders shown leave. `bound` and `within`:
    up to how many deviations without news every explanation was counted, and how many there are. `fact` would settle
    the case best.
    """

    account: str
    payout_id: str
    currency: str
    amount: int
    verdict: str
    orders: tuple[OrderIn, ...]
    doubtful: tuple[OrderIn, ...]
    core: int
    rivals: tuple[Rival, ...]
    expected: int
    difference: int
    bound: int
    within: float
    unlisted: float
    fact: Fact | None


def in_words(r: Restoration) -> str:
    """The verdict in one sentence, with what it rests on."""
    if r.verdict == "unique":
        return f"proved: no other explanation with up to {r.bound} deviations; odds {odds(r.rivals[0].probability)}"
    if r.verdict == "accepted":
        return "accepted by a person among the explanations that fit"
    if r.verdict == "unexplained":
        return f"no sum within {r.bound} deviations; the nearest leaves {money.show(r.difference, r.currency)}"
    best = odds(r.rivals[0].probability) if r.rivals else "unknown"
    if r.verdict == "likely":
        second = f", next best {odds(r.rivals[1].probability)}" if len(r.rivals) > 1 else ""
        return f"most likely explanation {best}{second}"
    return f"{r.within:,.0f} explanations with up to {r.bound} deviations; {r.core} orders are in nearly all of them"
