"""The bank's side of a book: which credit is which payout, and what is left on either side."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.calendars import add_business_days
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.settle.bank.by_hand import Standing, as_matches, standing
from crossbook.settle.bank.matching import RATE_AGE, Credit, Match, PaidOut, Rates, match
from crossbook.settle.bank.payers import in_doubt
from crossbook.settle.cache import cache_path, keep, load
from crossbook.settle.returned import Key, Returned

RESTS_ON = ("bank", "payout", "rate")  # the kinds of fact that matching is made from
ENTRIES = """
SELECT account, booked_on, valued_on, amount, currency, reference, description, counterparty, original_amount,
       original_currency, fee, evidence, line, file
FROM bank_used
""".rstrip()
# What may have come from outside: a wallet's own change from one currency to another is no receipt.
CREDITS = f"""{ENTRIES} b
WHERE amount > 0
  AND NOT EXISTS (SELECT 1 FROM line l WHERE l.kind = 'conversion' AND l.evidence = b.evidence AND l.line = b.line)
ORDER BY booked_on, account, line"""


@dataclass(frozen=True)
class BankSide:
    """Matches, and by key what remains: `credits` all credits, `payouts` all payouts that were looked for, `late` those
    that should have arrived. `state` is that of the facts, `decided` the decisions, that it was made from."""

    matches: tuple[Match, ...]
    credits: dict[str, dict[str, Any]]
    payouts: dict[str, PaidOut]
    late: frozenset[str] = frozenset()
    state: str = ""
    decided: Standing = field(default_factory=standing)
    statements: bool = True  # whether the book has an entry of a bank account at all
    undated: int = 0  # payouts that state no day, and so are not looked for

    def of_payout(self, key: str) -> Match | None:
        """The match that a payout is in."""
        return next((m for m in self.matches if key in m.payouts), None)

    @cached_property
    def newest(self) -> list[tuple[Match, str]]:
        """Matches by the day of their last credit, newest first, each with the words by which it may be found."""
        found = sorted(self.matches, key=lambda m: max(self.credits[c]["booked_on"] for c in m.credits), reverse=True)
        return [(m, self._words(m)) for m in found]

    def _words(self, m: Match) -> str:
        texts = [
            str(self.credits[c][n])
            for c in m.credits
            for n in ("counterparty", "description", "reference")
            if self.credits[c][n]
        ]
        return " ".join([*m.payouts, *m.credits, *texts]).lower()

    def of_credit(self, key: str) -> Match | None:
        """The match that a credit is in."""
        return next((m for m in self.matches if key in m.credits), None)

    @cached_property
    def looked_for(self) -> int:
        """How many payouts should arrive at a bank at all."""
        return sum(p.amount > 0 for p in self.payouts.values())

    @property
    def nothing(self) -> str:
        """What to say of payouts when none is left open: that all arrived, or that the book cannot tell."""
        if self.differing:
            return "Every other payout has arrived."
        if self.looked_for:
            return "Every payout has arrived."
        if self.payouts or self.undated:
            return "No payout to look for at the bank."
        return "No payout yet." if self.statements else "No payout and no bank statement yet."

    @property
    def no_credit(self) -> str:
        """What to say of credits when none is left open: that all have a payout, or that there are none."""
        if self.credits:
            return "Every credit has its payout."
        return "No credit in the bank statements." if self.statements else "No bank statement yet."

    @cached_property
    def differing(self) -> list[Match]:
        """Matches that something speaks against: the amount or more of one by hand, the payer of another."""
        return [m for m in self.matches if m.against]

    @cached_property
    def open_payouts(self) -> list[PaidOut]:
        """Payouts without a credit."""
        used = {key for m in self.matches for key in m.payouts}
        return [p for key, p in self.payouts.items() if key not in used and p.amount > 0]

    @cached_property
    def open_credits(self) -> list[dict[str, Any]]:
        """Credits without a payout."""
        used = {key for m in self.matches for key in m.credits}
        return [c for key, c in self.credits.items() if key not in used]

    def overdue(self, payout: PaidOut) -> bool:
        """Whether the statements reach past the last day on which the payout, not here yet, could arrive."""
        return payout.key in self.late


def credit_key(row: dict[str, Any]) -> str:
    """How a credit is named: the first digits of its file's SHA-256 and the line."""
    return f"{row['evidence'][:12]}:{row['line']}"


def bank_side(
    book: Book, database: Database, payouts: list[dict[str, Any]], back: Mapping[Key, Returned] = MappingProxyType({})
) -> BankSide:
    """Match the book's bank credits with `payouts` (rows of payout_used with an `id`), minding decisions made.

    Payouts that came `back` are not looked for, and what brought them back is no credit of another."""
    lines = {(r.evidence, r.line) for r in back.values()}
    rows = [r for r in database.rows(CREDITS) if (r["evidence"], r["line"]) not in lines]
    payouts = [p for p in payouts if (p["account"], p["payout_id"], p["currency"]) not in back]
    credits = {}
    for row in rows:
        key = credit_key(row)
        while key in credits:  # several transactions of one batch entry stand on one line
            key += "'"
        credits[key] = {**row, "key": key}
    wanted = {p["id"]: _paid_out(book, p) for p in payouts if p["paid_on"] is not None}
    given = {key: as_credit(key, row) for key, row in credits.items()}
    known = standing(book.journal())
    if known.last:
        known = known.renamed(_counted_as(database))
    decided = as_matches(known, wanted, given, rate_table(database)) if known.decided else []
    last = max((row["booked_on"] for row in rows), default=None)
    state = book.facts_state(RESTS_ON)
    kept = cache_path(book, "matches", f"{state} {decided} {sorted(known.barred)} {sorted(back)}")
    found = _from_cache(load(kept))
    if found is None:
        matches = tuple(match(wanted.values(), given.values(), rate_table(database), decided, known.barred))
        used = {key for m in matches for key in m.payouts}
        late = [key for key, p in wanted.items() if key not in used and p.amount > 0 and _late(p, last)]
        keep(kept, {"matches": matches, "late": late})
        found = matches, frozenset(late)
    return BankSide(
        matches=tuple(in_doubt(found[0], wanted, given, _known_names(book, rows))),
        credits=credits,
        payouts=wanted,
        late=found[1],
        state=state,
        decided=known,
        statements=bool(rows) or _any(database),
        undated=sum(p["paid_on"] is None and p["amount"] > 0 for p in payouts),
    )


def _known_names(book: Book, rows: list[dict[str, Any]]) -> set[str]:
    """Names that are no strangers': of the business, of the book's accounts, their holders and payers."""
    found = {str(row["account"]) for row in rows} | set(book.config.get("accounts", {}))
    for settings in (book.config.get("business", {}), *book.config.get("accounts", {}).values()):
        found |= {str(settings[n]) for n in ("name", "holder", "payer") if settings.get(n)}
    # a name in two scripts is two names: 深圳市远山户外用品有限公司 (Shenzhen Yuanshan Outdoor)
    return found | {part.strip() for name in found for part in re.split(r"[()（）/]", name)}


# Tellings of an entry that is counted from another file: how a decision may name it that was made before.
AGAIN = "SELECT evidence, line, used_evidence, used_line FROM bank_again ORDER BY ALL"


def _counted_as(database: Database) -> dict[str, str]:
    """By keys of credits that are counted from another file, the keys that they go by now."""
    return {
        credit_key(row): credit_key({"evidence": row["used_evidence"], "line": row["used_line"]})
        for row in database.rows(AGAIN)
    }


def _any(database: Database) -> bool:
    return bool(database.rows("SELECT 1 AS one FROM bank_used LIMIT 1"))


def _from_cache(told: Any) -> tuple[tuple[Match, ...], frozenset[str]] | None:
    try:
        return tuple(_match(m) for m in told["matches"]), frozenset(told["late"])
    except (TypeError, KeyError, ArithmeticError):
        return None


def _match(told: dict[str, Any]) -> Match:
    lists = {name: tuple(told[name]) for name in ("payouts", "credits", "reasons", "against")}
    rates = {name: Decimal(told[name]) if told[name] else None for name in ("rate", "table_rate")}
    return Match(**{**told, **lists, **rates})


def _late(payout: PaidOut, last: date | None) -> bool:
    if last is None:
        return False
    return add_business_days(payout.paid_on, payout.transit, payout.countries) < last


def _paid_out(book: Book, payout: dict[str, Any]) -> PaidOut:
    settings = book.account(payout["account"])
    where = f"{book.path / 'book.toml'}: accounts.{payout['account']}"
    try:
        transit = int(settings.get("transit_days", 5))
        most_fee = money.parse(str(settings.get("most_bank_fee", "50")), money.exponent(payout["currency"]))
    except ValueError as error:
        raise CrossbookError(str(error), where=where, todo="correct transit_days or most_bank_fee") from None
    countries = settings.get("country", "US")
    names = (payout["reference"] or "", payout["payout_id"])
    return PaidOut(
        key=payout["id"],
        account=payout["account"],
        currency=payout["currency"],
        amount=payout["amount"],
        paid_on=payout["paid_on"],
        names=names,
        transit=transit,
        most_fee=most_fee,
        countries=tuple(countries) if isinstance(countries, list) else (str(countries),),
    )


def as_credit(key: str, row: dict[str, Any]) -> Credit:
    """A row of `CREDITS` as matching takes it."""
    text = " ".join(str(row[n]) for n in ("description", "counterparty", "reference") if row[n])
    return Credit(
        key=key,
        account=row["account"],
        currency=row["currency"],
        amount=row["amount"],
        booked_on=row["booked_on"],
        text=text,
        payer=row["counterparty"] or "",
        fee=row["fee"] or 0,
        original_amount=row["original_amount"],
        original_currency=row["original_currency"],
    )


def rate_table(database: Database) -> Rates:
    """Rates of the book by pair and day: the latest that is at most a week old, either way round."""
    table: dict[tuple[str, str], tuple[list[date], list[Decimal]]] = {}
    for row in database.rows("SELECT base, quote, day, rate FROM rate ORDER BY base, quote, day"):
        days, values = table.setdefault((row["base"], row["quote"]), ([], []))
        days.append(row["day"])
        values.append(row["rate"])

    def find(base: str, quote: str, day: date) -> Decimal | None:
        days, values = table.get((base, quote), ([], []))
        place = bisect_right(days, day) - 1
        return values[place] if place >= 0 and day - days[place] <= timedelta(days=RATE_AGE) else None

    def rate(base: str, quote: str, day: date) -> Decimal | None:
        direct = find(base, quote, day)
        if direct is not None:
            return direct
        inverse = find(quote, base, day)
        return 1 / inverse if inverse else None

    return rate
