"""Who paid whom: the payer, the business and its 统一社会信用代码, the account that was credited, the rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crossbook.errors import CrossbookError
from crossbook.filing.pack.settings import Receiving, receiving, selling
from crossbook.identifiers import problem
from crossbook.settle.bank.matching import implied_rate
from crossbook.settle.desk import Desk, Payout
from crossbook.tax.settings import identity


@dataclass(frozen=True)
class Credit:
    """One credit of a bank statement."""

    key: str
    account: str
    booked_on: date
    amount: int
    currency: str
    fee: int | None  # that the bank's statement says it took
    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Arrival:
    """What a payout became at the bank. `paid` and `credited` are the two whole sums, by currency; `rate` says how much
    of the second currency one unit of the first became, None where the currencies are the same or several."""

    credits: tuple[Credit, ...]
    payouts: tuple[str, ...]
    paid: dict[str, int]
    credited: dict[str, int]
    rate: Decimal | None
    table_rate: Decimal | None
    short: int | None
    against: tuple[str, ...]


@dataclass(frozen=True)
class Parties:
    """Texts are empty where neither the settings nor the files say it."""

    beneficiary: str
    uscc: str
    accounts: tuple[tuple[str, Receiving], ...]  # the credited accounts by the name that statements give them
    payer: str
    payer_told_by: str  # settings, bank, or empty
    payer_country: str
    payer_bank: str
    payer_number: str


def business_name(desk: Desk) -> str:
    """The business as book.toml names it; empty where it does not."""
    return str(desk.book.config.get("business", {}).get("name") or "")


def uscc(desk: Desk, on: date) -> str:
    """The business's unified social credit code on a day: of [[tax.identities]], else the number of [business] where
    that is one. Raises CrossbookError for an identity whose check digit is wrong."""
    told = identity(desk.book, "uscc", on)
    if told:
        return told.number
    number = str(desk.book.config.get("business", {}).get("number") or "")
    return number if number and not problem("uscc", number) else ""


def arrival(desk: Desk, payout: Payout) -> Arrival | None:
    """What `payout` became at the bank; None without a credit."""
    match = payout.match
    if match is None:
        return None
    credits = tuple(_credit(desk, key) for key in match.credits)
    of = {p.id: p for p in desk.payouts}
    paid, credited = _sums([of[key] for key in match.payouts]), _sums(list(credits))
    rate = None
    if len(paid) == len(credited) == 1 and paid.keys() != credited.keys() and all(a > 0 for a in paid.values()):
        ((one, sent),), ((other, came),) = paid.items(), credited.items()
        rate = implied_rate(sent, one, came, other)
    return Arrival(
        credits=credits,
        payouts=match.payouts,
        paid=paid,
        credited=credited,
        rate=rate,
        table_rate=match.table_rate if rate is not None else None,
        short=match.short,
        against=match.against,
    )


def parties(desk: Desk, payout: Payout, came: Arrival | None, made: date) -> Parties:
    """Both sides of `payout`. Raises CrossbookError for settings that cannot be."""
    told = selling(desk.book, payout.account)
    accounts = dict.fromkeys(c.account for c in came.credits) if came else {}
    on = max((c.booked_on for c in came.credits), default=None) if came else payout.paid_on
    named = dict.fromkeys(n for c in came.credits if (n := _counterparty(desk, c.key))) if came else {}
    payer, by = (told.payer, "settings") if told.payer else (" / ".join(named), "bank" if named else "")
    return Parties(
        beneficiary=business_name(desk),
        uscc=uscc(desk, on or made),
        accounts=tuple((name, receiving(desk.book, name)) for name in accounts),
        payer=payer,
        payer_told_by=by,
        payer_country=told.payer_country,
        payer_bank=told.payer_bank,
        payer_number=told.payer_number,
    )


def _credit(desk: Desk, key: str) -> Credit:
    row = desk.side.credits.get(key)
    if row is None:
        raise CrossbookError(f"no credit is called {key!r}", todo="settle the book again")
    return Credit(
        key=key,
        account=row["account"],
        booked_on=row["booked_on"],
        amount=int(row["amount"]),
        currency=row["currency"],
        fee=None if row["fee"] is None else int(row["fee"]),
        text=" ".join(str(row[n]) for n in ("counterparty", "description", "reference") if row[n]),
        file=row["file"] or "",
        line=row["line"],
    )


def _counterparty(desk: Desk, key: str) -> str:
    return str(desk.side.credits[key]["counterparty"] or "").strip()


def _sums(told: list[Payout] | list[Credit]) -> dict[str, int]:
    found: dict[str, int] = {}
    for x in told:
        found[x.currency] = found.get(x.currency, 0) + x.amount
    return found
