"""Decisions on trades: a rule that a person set aside for one trade, with the reason, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.verify.rules import rules


@dataclass(frozen=True)
class SetAside:
    """One rule set aside for one trade: who did it, when, and why; `seq` is its journal entry."""

    order_id: str
    rule: str
    who: str
    at: str
    why: str
    seq: int


def set_aside(book: Book) -> dict[tuple[str, str], SetAside]:
    """What was set aside and not taken back, by order and rule."""
    standing: dict[tuple[str, str], SetAside] = {}
    for e in book.journal():
        if e.action == "set aside":
            key = (e.subject, e.body["rule"])
            standing[key] = SetAside(*key, e.who, e.at, e.body["why"], e.seq)
        elif e.action == "take up again":
            standing.pop((e.subject, e.body["rule"]), None)
    return standing


def put_aside(book: Book, order_id: str, rule: str, why: str, who: str | None = None) -> None:
    """Journal that `rule` is not to be held against a trade. The reason is required: it is evidence for others.

    Raises CrossbookError."""
    if rule not in {r.name for r in rules()}:
        raise CrossbookError(f"no rule {rule!r}", todo="see `crossbook trade verify --rules`")
    if not why.strip():
        raise CrossbookError("a reason is needed", todo="say what shows that the trade is real all the same")
    if (order_id, rule) in set_aside(book):
        raise CrossbookError(f"{rule} is set aside for {order_id} already")
    book.decide("set aside", order_id, {"rule": rule, "why": why.strip()}, who)


def take_up_again(book: Book, order_id: str, rule: str, who: str | None = None) -> None:
    """Journal that a rule counts again for a trade. Raises CrossbookError when it was not set aside."""
    if (order_id, rule) not in set_aside(book):
        raise CrossbookError(f"{rule} is not set aside for {order_id}")
    book.decide("take up again", order_id, {"rule": rule}, who)
