"""Everything that the files of a pack say, gathered once, so that all of them tell the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crossbook.filing.pack import cover
from crossbook.filing.pack.closing import Closing, closing
from crossbook.filing.pack.listing import Listing, Words
from crossbook.filing.pack.lists import lists
from crossbook.filing.pack.parties import Parties, arrival, parties
from crossbook.filing.pack.settings import selling
from crossbook.filing.pack.transactions import Contents, contents
from crossbook.filing.pack.wanting import Wanting, wanting
from crossbook.settle.desk import Desk, Payout


@dataclass(frozen=True)
class Papers:
    """What a pack says of one payout."""

    payout: Payout
    inside: Contents
    sides: Parties
    sections: tuple[cover.Section, ...]
    finding: Words
    credits: list[str]
    lists: list[Listing]
    closing: Closing
    wanting: list[Wanting]


def gather(desk: Desk, payout: Payout, made: date) -> Papers:
    """All of a payout's pack as it is known on the day `made`. Raises CrossbookError for settings that cannot be."""
    inside, told = contents(desk, payout), selling(desk.book, payout.account)
    came = arrival(desk, payout)
    sides = parties(desk, payout, came, made)
    found = lists(payout, inside)
    return Papers(
        payout=payout,
        inside=inside,
        sides=sides,
        sections=cover.sections(payout, inside, told, sides, came),
        finding=cover.finding(payout),
        credits=cover.credits_said(came),
        lists=found,
        closing=closing(found, payout.amount, payout.currency),
        wanting=wanting(payout, inside, told, sides, came),
    )
