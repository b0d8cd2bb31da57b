"""Both ends of a bill of another market: what it comes to by each answer to the facts that it asks for.

The ends by the line that the goods are and by a preference are in each bill already (`foreign_bill`). An answer by
which the goods have no figure, as no table has their duty, leaves the ends open and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from crossbook.duty.bill import Landed, outer
from crossbook.duty.claims import FACTS, choices
from crossbook.duty.quoting import Missing
from crossbook.duty.shipment import Shipment
from crossbook.errors import CrossbookError

CHANGES_NOTHING = "changes nothing: "
BOUNDED = ("line", "preference")


@dataclass(frozen=True)
class _Refused:
    """An answer by which there is no bill, and why."""

    answer: str
    why: CrossbookError


def with_ends(s: Shipment, price: Callable[[Shipment], Landed]) -> Landed:
    """The bill of a shipment by the usual answers, with the least and the most that it is by any."""
    usual = price(s)
    told = list(_answered(usual, price))
    if len(told) == 1:
        return usual
    ends = tuple(end for end in told if isinstance(end, Landed))
    refused = [end for end in told if isinstance(end, _Refused)]
    usual = replace(usual, missing=_asked(usual, ends), notes=_of_every_end(usual, ends))
    if refused:
        notes = (f"no figure with {x.answer}: {x.why.what} ({x.why.todo})" for x in refused)
        return replace(
            usual,
            ends=ends,
            refused=refused[0].why,
            notes=(*usual.notes, *notes),
            duty_low=0,
            duty_high=None,
            rate_low=None,
            rate_high=None,
            tax_low=0,
            tax_high=None,
        )
    return replace(
        usual,
        ends=ends,
        duty_low=min(end.duty_low for end in ends),
        duty_high=outer(max, [end.duty_high for end in ends]),
        rate_low=outer(min, [end.rate_low for end in ends]),
        rate_high=outer(max, [end.rate_high for end in ends]),
        tax_low=outer(min, [end.tax_low for end in ends]),
        tax_high=outer(max, [end.tax_high for end in ends]),
    )


def _of_every_end(usual: Landed, ends: tuple[Landed, ...]) -> tuple[str, ...]:
    """The notes of the usual bill; that a stated fact changes nothing only where it changes no other end either."""
    return tuple(
        note for note in usual.notes if not note.startswith(CHANGES_NOTHING) or all(note in end.notes for end in ends)
    )


def _asked(usual: Landed, ends: tuple[Landed, ...]) -> tuple[Missing, ...]:
    """What the usual bill asks for, then what the others rest on besides: a line, an agreement, an old table."""
    every = {m.fact: m for end in reversed(ends) for m in end.missing} | {m.fact: m for m in usual.missing}
    first = [m.fact for m in usual.missing]
    return tuple(every[fact] for fact in (*first, *(f for f in every if f not in first)))


def _answered(bill: Landed, price: Callable[[Shipment], Landed]) -> Iterator[Landed | _Refused]:
    """The bill by each way to answer what it asks for; a way on which one answer has none ends there."""
    fact = next((m.fact for m in bill.missing if m.fact in FACTS and m.fact not in BOUNDED), None)
    if fact is None:
        yield bill
        return
    for value in choices(fact, bill.code):
        try:
            one = price(replace(bill.shipment, claims={**bill.shipment.claims, fact: value}))
        except CrossbookError as error:
            yield _Refused(f"{fact}={value}", error)
        else:
            yield from _answered(one, price)
