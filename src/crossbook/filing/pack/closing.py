"""Whether the lists of a pack add up to what was paid: their totals held against the payout, in whole minor units."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.filing.pack.listing import Listing, Words

SUMMED = ("orders", "refunds", "other")  # the lists that make up the payout; fees are told a second time


@dataclass(frozen=True)
class Total:
    """The totals of one list; `amount` and `fees` are None where the list has no such column."""

    title: Words
    rows: int
    amount: int | None
    fees: int | None
    net: int


@dataclass(frozen=True)
class Closing:
    """`difference` is what was paid less the totals; `fees_differ` how far the list of fees is from the fees in orders
    and refunds. Both are 0 where the lists agree with the payout and with each other."""

    totals: tuple[Total, ...]
    fees: int
    sum: int
    paid: int
    currency: str
    fees_differ: int
    others: tuple[str, ...]  # currencies of those lists other than the payout's: they can be added to nothing

    @property
    def difference(self) -> int:
        """What the lists leave of the sum that was paid."""
        return self.paid - self.sum

    @property
    def agrees(self) -> bool:
        """Whether everything adds up."""
        return not (self.difference or self.fees_differ or self.others)


def closing(lists: list[Listing], paid: int, currency: str) -> Closing:
    """Hold the totals under `lists` against `paid`."""
    by_key = {x.key: x for x in lists}
    summed = [by_key[key] for key in SUMMED if key in by_key]
    totals = tuple(_total(x, currency) for x in summed)
    in_trades = sum(t.fees for t in totals if t.fees is not None)
    fees = by_key["fees"].total("amount", currency) if "fees" in by_key else in_trades
    others = sorted({c for x in summed for c in x.totals()} - {currency})
    return Closing(
        totals=totals,
        fees=fees,
        sum=sum(t.net for t in totals),
        paid=paid,
        currency=currency,
        fees_differ=fees - in_trades,
        others=tuple(others),
    )


def _total(listing: Listing, currency: str) -> Total:
    if any(c.key == "net" for c in listing.columns):
        return Total(
            title=listing.title,
            rows=len(listing.rows),
            amount=listing.total("amount", currency),
            fees=listing.total("fees", currency),
            net=listing.total("net", currency),
        )
    return Total(listing.title, len(listing.rows), None, None, listing.total("amount", currency))
