"""Facts of payouts that people stated, as the journal has it: what a notice does not say, and somebody found out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crossbook.book.journal import Entry
from crossbook.decisions.standing import standing

DONE, UNDONE = "state fact", "withdraw fact"


@dataclass(frozen=True)
class Stated:
    """What was stated of one payout.

    `count` is the number of its orders, `fee_total` their fees and `sums` what the orders come to, net of fees, that
    were placed up to a day (ISO) and after the one before; both in minor units. `inside` and `outside` are orders that
    are in it or not. `seqs` are the journal's entries.
    """

    count: int | None = None
    fee_total: int | None = None
    sums: tuple[tuple[str, int], ...] = ()
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    seqs: tuple[int, ...] = ()


def key(entry: Entry) -> tuple[str, str]:
    """What names a stated fact: the payout, and which fact it is."""
    return entry.subject, str(entry.body["fact"])


def stated_in(entries: Iterable[Entry]) -> dict[str, Stated]:
    """What was stated and not withdrawn, by payout id as in `Payout.id`."""
    by_payout: dict[str, dict[str, Entry]] = {}
    for (payout, fact), entry in standing(entries, DONE, UNDONE, key).items():
        by_payout.setdefault(payout, {})[fact] = entry
    return {payout: _stated(facts) for payout, facts in by_payout.items()}


def _stated(facts: dict[str, Entry]) -> Stated:
    said = {fact: entry.body["value"] for fact, entry in facts.items()}
    orders = said.get("orders", {})
    return Stated(
        count=said.get("count"),
        fee_total=said.get("fee_total"),
        sums=tuple((str(day), int(amount)) for day, amount in said.get("sums", [])),
        inside=tuple(sorted(order for order, there in orders.items() if there)),
        outside=tuple(sorted(order for order, there in orders.items() if not there)),
        seqs=tuple(sorted(entry.seq for entry in facts.values())),
    )


def sorted_facts(stated: dict[str, Stated]) -> list[tuple[object, ...]]:
    """What was stated, whoever stated it and when."""
    return sorted(
        ((p, s.count, s.fee_total, s.sums, s.inside, s.outside) for p, s in stated.items()),
        key=lambda told: str(told[0]),
    )
