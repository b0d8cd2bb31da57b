"""What the agreement allows to tell, asked before each turn by who tells it: what it does not allow is not sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.exchange.agreement import Agreement, Most
from crossbook.exchange.side import Whole


class DisclosureError(CrossbookError):
    """The agreement does not allow to tell this: nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """One thing told in a turn: what, under which clause of the agreement, of how many transfers or cases."""

    what: str
    clause: str
    number: int


@dataclass(kw_only=True)
class Allowance:
    """What was told so far in one session, against the most that may be: `transfers` are all of the window, `told` the
    rows of those of which anything was told, `turns` how often."""

    agreement: Agreement
    transfers: int
    turns: int = 0
    told: set[int] = field(default_factory=set)

    def window(self, since: date, until: date, border: int, left_out: dict[str, int] | None = None) -> None:
        """Raise DisclosureError unless these days, and so many transfers that cross, may be spoken of; `left_out`
        counts those that are no part of it, by why (`border.LEFT_OUT`), and is named where too few cross."""
        most, agreement = self.agreement.most, self.agreement
        if (until - since).days + 1 > most.days:
            raise DisclosureError(
                f"{since} to {until} is more than the {most.days} days of the agreement", todo="ask for fewer"
            )
        if border > most.border:
            raise DisclosureError(
                f"{border:,} transfers cross, the agreement allows {most.border:,}", todo="ask for fewer days"
            )
        if border < most.smallest:
            raise DisclosureError(
                f"{border:,} transfers cross, fewer than the {most.smallest:,} that the agreement asks for: "
                "so few would tell who they are",
                todo=_wanting(left_out or {}),
            )
        for day in (since, until):
            if not agreement.valid_from <= day <= agreement.valid_to:
                raise DisclosureError(f"the agreement does not hold on {day}", todo="take days on which it holds")

    def others(self, border: Any, ours: int) -> int:
        """How many transfers cross on the other side, where `ours` do here. Raises DisclosureError where they are too
        many or too few: who offers many times what crosses may be trying out guesses."""
        most = self.agreement.most
        if not isinstance(border, int) or not most.smallest <= border <= most.border:
            raise DisclosureError(
                f"the other side has {border} transfers that cross; "
                f"the agreement allows {most.smallest:,} to {most.border:,}",
                todo="take another window",
            )
        if border > ours * most.times:
            raise DisclosureError(
                f"the other side has {border:,} transfers that cross, this side {ours:,}: more than {most.times} times "
                "as many, which the agreement does not allow",
                todo="take another window",
            )
        return border

    def turn(self, what: str) -> None:
        """Count a turn that tells `what`. Raises DisclosureError where that may not be told, or not once more."""
        most = self.agreement.most
        if what not in most.tells:
            raise DisclosureError(f"the agreement does not allow to tell {what}", todo="what was found so far stands")
        if self.turns >= most.rounds:
            raise DisclosureError(
                f"{most.rounds} turns were made, which is all that the agreement allows",
                todo="what was found so far stands; agree on more turns or on a shorter window",
            )
        self.turns += 1

    def spend(self, rows: Whole) -> None:
        """Count transfers of which something is told. Raises DisclosureError where these would be too many."""
        after = self.told | set(rows.tolist())
        if len(after) * 1000 > self.transfers * self.agreement.most.per_mille:
            raise DisclosureError(
                f"this would tell of {len(after):,} of {self.transfers:,} transfers; "
                f"the agreement allows {self.agreement.most.per_mille} in a thousand",
                todo="agree on a greater depth or amount from which on transfers are told",
            )
        self.told = after


def _wanting(left_out: dict[str, int]) -> str:
    if not any(left_out.values()):
        return "take a longer window"
    rate, side, account = (left_out.get(why, 0) for why in ("rate", "side", "account"))
    return (
        f"take a longer window; of these days are left out: {rate:,} transfers for want of a rate, {side:,} for want "
        f"of a country or institution, {account:,} for want of an account"
    )


def not_too_often(most: Most, begun: int, windows: list[tuple[date, date]], since: date, until: date) -> None:
    """Raise DisclosureError where a session about these days would be one too many: so many were `begun` today, and
    these were the days of all."""
    if begun >= most.sessions:
        raise DisclosureError(
            f"{begun} sessions were begun today, all that the agreement allows",
            todo="go on tomorrow: what is asked again and again tells more each time; "
            "sessions under other agreements with the same party count too",
        )
    spoken = [spoken for spoken in windows if spoken[0] <= until and since <= spoken[1]]
    days = {since, *(first for first, _ in spoken if first >= since)}  # on one of them most are spoken of
    busiest = max(sum(first <= day <= last for first, last in spoken) for day in days)
    if busiest >= most.again:
        raise DisclosureError(
            f"{busiest} sessions were about days from {since} to {until}, all that the agreement allows",
            todo="take other days: windows that differ by little tell what no one of them tells; "
            "sessions under other agreements with the same party count too",
        )


def is_past(agreement: Agreement, last: date | None, today: date) -> bool:
    """Whether what was told on that day is past the retention of the agreement."""
    return last is not None and last + timedelta(days=agreement.retention_days) < today
