"""The settle desk at work on one book: every payout with its closure, its bank credit and what it consists of."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database, connect
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.findings import Finding
from crossbook.settle.bank.matching import Match
from crossbook.settle.bank.side import RESTS_ON as MATCHED_FROM
from crossbook.settle.bank.side import BankSide, bank_side
from crossbook.settle.cache import cache_path, keep, load
from crossbook.settle.closure import Closure, closures
from crossbook.settle.past_release import past_release
from crossbook.settle.restoration.acceptance import Acceptance, accepted_in
from crossbook.settle.restoration.result import Fact, OrderIn, Restoration, Rival
from crossbook.settle.restoration.scope import RESTS_ON, restorable
from crossbook.settle.restoration.stated import Stated, sorted_facts, stated_in
from crossbook.settle.returned import Key, Returned, failed, returns, whole
from crossbook.settle.untold import untold

ARRIVALS = ("at_bank", "differs", "on_its_way", "overdue", "returned", "none")
STATUSES = (
    "closed",
    "not_closed",
    "implied",
    "unproved",
    "unique",
    "likely",
    "ambiguous",
    "unexplained",
    "accepted",
    "no_rule",
)
PAYOUTS = """
SELECT * FROM payout_used UNION ALL
SELECT * EXCLUDE (back_on, back, back_evidence, back_line, named, whole, doubtful) FROM payout_failed WHERE whole
ORDER BY paid_on, account, payout_id, currency
"""
ATTENTION = ("not_closed", "unexplained", "ambiguous", "no_rule")
ARRIVALS_TO_SEE = ("overdue", "differs")  # arrivals that need a person
Progress = Callable[[str, int, int], None]  # stage, done, of how many


def _quiet(stage: str, done: int, total: int) -> None:
    return


@dataclass(frozen=True)
class Payout:
    """One payout. `status` is one of STATUSES: closed, not_closed, implied or unproved for those with lines, and for
    those without the verdict of their restoration (unique, likely, ambiguous, unexplained, accepted), or no_rule when
    none is set.
    `accepted` is the decision of a person on it, which may not fit any more: then the status is not accepted."""

    id: str
    account: str
    payout_id: str
    source: str
    currency: str
    amount: int
    paid_on: date | None
    basis: str
    lines: int
    lines_total: int | None
    difference: int | None
    status: str
    closure: Closure | None
    restoration: Restoration | None
    match: Match | None
    evidence: str
    line: int
    file: str
    accepted: Acceptance | None = None


@dataclass
class Desk:
    """What the desk knows of a book. Made by `settle`. `engine` has what closing rests on, and no more."""

    book: Book
    engine: Database
    payouts: list[Payout]
    side: BankSide
    stated: dict[str, Stated] = field(default_factory=dict)  # facts of payouts that people stated
    problems: list[str] = field(default_factory=list)  # accounts that could not be restored, and why
    returns: list[Returned] = field(default_factory=list)  # what came back of payouts to running balances
    returned: dict[Key, Returned] = field(default_factory=dict)  # payouts of which all came back

    @cached_property
    def database(self) -> Database:
        """The engine with all that the book knows of each trade: made when it is first asked for."""
        self.engine.ask("trade")
        return self.engine

    def payout(self, name: str) -> Payout:
        """The payout called `name` (its id, or its payout id when only one has it). Raises CrossbookError."""
        found = [p for p in self.payouts if p.id == name] or [p for p in self.payouts if p.payout_id == name]
        if len(found) != 1:
            raise NotFoundError(f"{len(found) or 'no'} payouts are called {name!r}", todo="see `crossbook payouts`")
        return found[0]

    def arrival(self, p: Payout) -> str:
        """Whether a payout is at the bank, on its way, overdue, came back, or none is looked for: one of ARRIVALS.

        It `differs` when a person matched it with a credit that does not fit in amount, or in more; or when a stranger
        paid the credit that fits.
        """
        if p.match:
            return "differs" if p.match.against else "at_bank"
        if self.back(p):
            return "returned"
        if p.amount <= 0 or p.id not in self.side.payouts:
            return "none"
        return "overdue" if self.side.overdue(self.side.payouts[p.id]) else "on_its_way"

    def back(self, p: Payout) -> Returned | None:
        """The return of a payout that came back to its balance."""
        return self.returned.get((p.account, p.payout_id, p.currency))

    def needs_attention(self, p: Payout) -> bool:
        """Whether a payout does not add up, is not explained, is overdue,
        or was matched with a credit that does not fit."""
        return p.status in ATTENTION or self.arrival(p) in ARRIVALS_TO_SEE

    def bank_now(self) -> BankSide:
        """The bank's side with the decisions of this moment. Raises CrossbookError when the facts are others by now."""
        if self.book.facts_state(MATCHED_FROM) != self.side.state:
            raise CrossbookError(
                "the book has changed since these figures were made", todo="look at them and try again"
            )
        return bank_side(self.book, self.engine, _with_ids(self.engine.rows(PAYOUTS)), self.returned)

    def short(self, p: Payout) -> int | None:
        """What is missing of a payout at the bank, in minor units of its currency: 0 when it arrived in full, less than
        0 when more came, None without a credit or when that is not known."""
        return p.match.short if p.match else None

    def booked_on(self, p: Payout) -> date | None:
        """The day on which the last of a payout's credits was booked."""
        return max(self.side.credits[c]["booked_on"] for c in p.match.credits) if p.match else None

    def findings(self) -> list[Finding]:
        """Closure, restoration and bank matching of every payout, as findings.

        The amount of one that `differs` is what is missing at the bank, None when not known; all of it where the payer
        is in doubt.
        """
        found = []
        for p in self.payouts:
            rule = "restoration" if p.restoration else "closure"
            found.append(
                Finding(
                    desk="settle",
                    rule=rule,
                    subject=p.id,
                    verdict=p.status,
                    amount=p.difference,
                    currency=p.currency,
                    because=((p.evidence, p.line),),
                )
            )
            if p.id in self.side.payouts and p.amount > 0:
                rows = (
                    tuple((self.side.credits[c]["evidence"], self.side.credits[c]["line"]) for c in p.match.credits)
                    if p.match
                    else ()
                )
                amount = p.match.short if p.match and p.match.against and p.match.short != 0 else p.amount
                found.append(
                    Finding(
                        desk="settle",
                        rule="bank",
                        subject=p.id,
                        verdict=self.arrival(p),
                        amount=amount,
                        currency=p.currency,
                        because=rows,
                    )
                )
        return found


def settle(book: Book, *, restore: bool = True, progress: Progress = _quiet, database: Database | None = None) -> Desk:
    """Settle a book: choose between reports, close, restore (cached by what the book holds) and match with the bank.

    `database` is another engine's than the book's own (`crossbook.engine.spark.connect`).
    """
    database = database or connect(book)
    database.ask("lines", "balances")
    rows = _with_ids(database.rows(PAYOUTS))
    closed = closures(database)
    entries = book.journal()
    accepted, stated = accepted_in(entries), stated_in(entries)
    restored, problems = _restorations(book, database, rows, accepted, stated, progress) if restore else ({}, [])
    came_back = returns(database)
    failures = failed(database)
    back = whole(came_back + failures)
    side = bank_side(book, database, rows, back)
    matched = {key: m for m in side.matches for key in m.payouts}
    payouts = [_payout(row, closed, restored, matched.get(row["id"]), accepted.get(row["id"])) for row in rows]
    problems += [
        f"{p.id}: what {p.accepted.who} accepted does not fit the facts any more"
        for p in payouts
        if p.accepted and restore and p.status != "accepted"
    ]
    problems += untold(database) + past_release(database)
    problems += [r.problem for r in came_back + failures if r.doubtful or not r.whole]
    return Desk(
        book=book,
        engine=database,
        payouts=payouts,
        side=side,
        stated=stated,
        problems=problems,
        returns=came_back,
        returned=back,
    )


def _with_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each payout's id: its own when no other has it, else with account and currency."""
    seen = Counter(row["payout_id"] for row in rows)
    for row in rows:
        alone = seen[row["payout_id"]] == 1
        row["id"] = row["payout_id"] if alone else f"{row['account']}:{row['payout_id']}:{row['currency']}"
    return rows


def _payout(
    row: dict[str, Any],
    closed: dict[Any, Closure],
    restored: dict[Any, Restoration],
    match: Match | None,
    accepted: Acceptance | None,
) -> Payout:
    key = (row["account"], row["payout_id"], row["currency"])
    closure, restoration = closed.get(key), restored.get(key)
    total = closure.total if closure else None
    lines = closure.lines if closure else 0
    if restoration is not None:
        status, lines = restoration.verdict, len(restoration.orders)
        total = row["amount"] - restoration.difference
    elif row["basis"] == "total":
        status = "no_rule" if row["amount"] > 0 else "closed"
    elif row["basis"] == "implied":
        status = "implied"
    elif total is None and row["basis"] in ("balance", "failed"):
        status = "unproved"
    else:
        total = total or 0
        status = "closed" if total == row["amount"] else "not_closed"
    difference = None if total is None else row["amount"] - total
    return Payout(
        id=row["id"],
        account=row["account"],
        payout_id=row["payout_id"],
        source=row["source"],
        currency=row["currency"],
        amount=row["amount"],
        paid_on=row["paid_on"],
        basis=row["basis"],
        lines=lines,
        lines_total=total,
        difference=difference,
        status=status,
        closure=closure,
        restoration=restoration,
        match=match,
        evidence=row["evidence"],
        line=row["line"],
        file=row["file"],
        accepted=accepted,
    )


def _restorations(
    book: Book,
    database: Database,
    rows: list[dict[str, Any]],
    accepted: dict[str, Acceptance],
    stated: dict[str, Stated],
    progress: Progress,
) -> tuple[dict[tuple[str, str, str], Restoration], list[str]]:
    found: dict[tuple[str, str, str], Restoration] = {}
    problems: list[str] = []
    for account, currency in restorable(database):
        own = {r["payout_id"]: r["id"] for r in rows if (r["account"], r["currency"]) == (account, currency)}
        chosen = {payout: accepted[name] for payout, name in own.items() if name in accepted}
        facts = {payout: stated[name] for payout, name in own.items() if name in stated}
        kept = _kept_at(book, account, currency, chosen, facts)
        cached = _from_cache(load(kept))
        if cached is None:
            from crossbook.settle.restoration.account import restore_account  # not loaded where all is kept

            try:
                database.ask("trade")
                step = partial(progress, f"restore {account}")
                cached = restore_account(book, database, account, currency, step, chosen, facts)
            except CrossbookError as error:
                problems.append(str(error))
                continue
            keep(kept, cached)
        for r in cached:
            found[(r.account, r.payout_id, r.currency)] = r
    return found, problems


def _kept_at(book: Book, account: str, currency: str, chosen: dict[str, Acceptance], facts: dict[str, Stated]) -> Path:
    # bank entries and matches do not change what a payout consists of; orders, settings, accepted explanations and
    # stated facts do
    told = sorted((payout, a.missing, a.added) for payout, a in chosen.items()), sorted_facts(facts)
    name = hashlib.sha256(f"{account} {currency}".encode()).hexdigest()[:8]
    return cache_path(book, f"restoration-{name}", f"{book.facts_state(RESTS_ON)} {account} {currency} {told}")


def _from_cache(rows: Any) -> list[Restoration] | None:
    try:
        return [_from_json(row) for row in rows]
    except (ValueError, TypeError, KeyError):
        return None


def _from_json(row: dict[str, Any]) -> Restoration:
    row = dict(row)
    for name in ("orders", "doubtful"):
        row[name] = tuple(OrderIn(**o) for o in row[name])
    row["rivals"] = tuple(Rival(tuple(r["missing"]), tuple(r["added"]), r["probability"]) for r in row["rivals"])
    row["fact"] = Fact(**row["fact"]) if row["fact"] else None
    return Restoration(**row)
