"""Deciding a match, taking one back, and approving one: the one place for the command line, the pages and the API."""

from __future__ import annotations

import re
from collections.abc import Callable

from crossbook import money
from crossbook.book.approving import approve
from crossbook.book.journal import Entry
from crossbook.errors import CrossbookError
from crossbook.settle.bank.by_hand import Decided, Judged, Objection, judge, standing
from crossbook.settle.bank.matching import Credit, Match, PaidOut, Rates, fit
from crossbook.settle.bank.side import ENTRIES, BankSide, as_credit, rate_table
from crossbook.settle.desk import Desk

_KEY = re.compile(r"(?P<sha>[0-9a-f]{6,64}):(?P<line>[0-9]{1,9})")
TRIES = 5  # other people may decide on other payouts meanwhile


class DifferenceError(CrossbookError):
    """Only the amount speaks against a match; whoever names the `difference` (minor units of `currency`) may decide
    it."""

    def __init__(self, words: str, difference: int, currency: str) -> None:
        self.words, self.difference, self.currency = words, difference, currency
        super().__init__(
            f"the amounts differ: {words}",
            todo=f"if it is this payout all the same, name the difference: "
            f"--difference {money.plain(difference, currency)} "
            f'(API: "difference": {difference}); it is shown from then on',
        )


class _MovedError(Exception):
    """Somebody decided on the bank's side meanwhile."""


def decide_match(
    desk: Desk, payout: str, credit: str, why: str = "", *, difference: int | None = None, who: str | None = None
) -> Entry:
    """Journal that a payout arrived as a credit.

    Raises CrossbookError with all that rules it out (direction, currency, days, an earlier match), DifferenceError when
    only the amounts differ and `difference`, what is missing in minor units of the payout's currency, does not name it.
    Of two decisions at one moment on one payout or one credit the second is refused.
    """

    def attempt(side: BankSide) -> Entry:
        rates = rate_table(desk.database)
        paid, came = _payout(side, payout), _entry(desk, side, credit)
        judged = judge(paid, came, rates)
        _refuse([*_taken(side, paid, came, rates), *judged.against], judged)
        _named(judged, difference, paid.currency)
        accepted = judged.short if judged.asks else 0
        body = {"payouts": [payout], "credits": [credit], "why": why.strip(), "difference": accepted}
        return desk.book.decide("match", payout, body, who, check=lambda entries: _unmoved(side, entries))

    return _unhindered(desk, attempt)


def undo_match(desk: Desk, payout: str, why: str = "", who: str | None = None) -> Entry:
    """Journal that a match is taken back: one that a person decided, or that the amounts and days made.

    What was matched by itself is not matched so again. Raises CrossbookError when there is none.
    """

    def attempt(side: BankSide) -> Entry:
        body: dict[str, object] = {"why": why.strip()}
        if payout not in side.decided.decided:
            found = side.of_payout(payout)
            if found is None:
                raise CrossbookError(f"no decision on {payout} to take back")
            body |= {"payouts": list(found.payouts), "credits": list(found.credits)}
        return desk.book.decide("unmatch", payout, body, who, check=lambda entries: _unmoved(side, entries))

    return _unhindered(desk, attempt)


def approve_decision(desk: Desk, seq: int, who: str) -> Entry:
    """Approve entry `seq`; a match is held once more against what the book says now. Raises CrossbookError."""
    if not any(e.seq == seq and e.action == "match" for e in desk.book.journal()):
        return approve(desk.book, seq, who)

    def attempt(side: BankSide) -> Entry:
        return approve(desk.book, seq, who, check=lambda e, entries: _still_fits(desk, side, e, entries))

    return _unhindered(desk, attempt)


def _unhindered(desk: Desk, attempt: Callable[[BankSide], Entry]) -> Entry:
    """Attempt on the bank's side as it is now; anew when somebody decided on it meanwhile."""
    for _ in range(TRIES):
        try:
            return attempt(desk.bank_now())
        except _MovedError:
            continue
    raise CrossbookError("others are deciding matches at this moment", todo="try again")


def _unmoved(side: BankSide, entries: list[Entry]) -> None:
    if standing(entries).last != side.decided.last:
        raise _MovedError


def _still_fits(desk: Desk, side: BankSide, entry: Entry, entries: list[Entry]) -> None:
    _unmoved(side, entries)
    decided = side.decided.decided[entry.subject]
    paid, came = _payout(side, decided.payout), _entry(desk, side, decided.credit)
    judged = judge(paid, came, rate_table(desk.database))
    others = [d for d in side.decided.of_credit(decided.credit) if d.payout != decided.payout]
    _refuse([*map(_decided_already, others), *judged.against], judged)
    _named(judged, decided.difference, paid.currency)


def _payout(side: BankSide, key: str) -> PaidOut:
    if key not in side.payouts:
        raise CrossbookError(f"no payout {key!r}", todo="see `crossbook payouts`")
    return side.payouts[key]


def _entry(desk: Desk, side: BankSide, key: str) -> Credit:
    """The credit of that name; or the debit, so that it can be said that it is one."""
    if key in side.credits:
        return as_credit(key, side.credits[key])
    named = _KEY.fullmatch(key)
    if named:
        rows = desk.database.rows(
            f"{ENTRIES} WHERE amount <= 0 AND starts_with(evidence, $sha) AND line = $line",
            sha=named["sha"],
            line=int(named["line"]),
        )
        if rows:
            return as_credit(key, rows[0])
    raise CrossbookError(f"no credit {key!r}", todo="see `crossbook bank` for the credits and their names")


def _taken(side: BankSide, paid: PaidOut, came: Credit, rates: Rates) -> list[Objection]:
    """Earlier matches of the payout or the credit that stand in the way."""
    known = side.decided
    found = [_decided_already(d) for d in known.decided.values() if d.payout == paid.key or d.credit == came.key]
    for m in {m for m in (side.of_payout(paid.key), side.of_credit(came.key)) if m and not m.decided}:
        if not _ambiguous(side, m, paid, came, rates):
            text = f"{', '.join(m.credits)} is matched with {', '.join(m.payouts)}: {m.reasons[0]}"
            found.append(Objection(text, f"if that is wrong, take it back first: crossbook undo match {m.payouts[0]}"))
    return found


def _decided_already(d: Decided) -> Objection:
    text = f"{d.credit} is matched with {d.payout}, decided by {d.who} on {d.at[:10]}"
    return Objection(text, f"take that back first: crossbook undo match {d.payout}")


def _ambiguous(side: BankSide, m: Match, paid: PaidOut, came: Credit, rates: Rates) -> bool:
    """Whether a match was one of several that fitted, or the wished one fits as well: then a person may choose."""
    if m.rivals:
        return True
    wished = fit(paid, came, rates)
    if wished is None or len(m.payouts) + len(m.credits) > 2:
        return False
    made = fit(side.payouts[m.payouts[0]], as_credit(m.credits[0], side.credits[m.credits[0]]), rates)
    return made is None or wished >= made


def _refuse(objections: list[Objection], judged: Judged) -> None:
    if objections:
        lines = "\n".join([*(o.text for o in objections), *([judged.words] if judged.asks else [])])
        raise CrossbookError(
            f"this match cannot be:\n{lines}", todo="\n".join(dict.fromkeys(o.todo for o in objections))
        )


def _named(judged: Judged, difference: int | None, currency: str) -> None:
    """Raise unless the difference, where nothing explains it, was named."""
    if judged.short is None:
        return
    asked = judged.short if judged.asks else 0
    if (difference or 0) == asked:
        return
    if asked:
        raise DifferenceError(judged.words, asked, currency)
    given = money.show(difference or 0, currency)
    raise CrossbookError(
        f"there is no difference of {given} to accept: {judged.words}", todo="leave the difference out"
    )
