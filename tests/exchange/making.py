"""Transfers of two countries with chains that cross, as one book would have them and as each side has its own."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.exchange import agreement, keys

COUNTRIES = ("CN", "US")
_HEADER = "transfer id,executed at,payer account,payee account,paid,currency,payer country,payee country,kind"
_BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Paid:
    """One transfer: its reference, moment, accounts and amount in cents."""

    reference: str
    moment: datetime
    payer: str
    payee: str
    amount: int


def country(account: str) -> str:
    return "CN" if account.startswith("62") else "US"


def transfers(seed: int, count: int, chains: int) -> list[Paid]:
    """Random transfers, nine in ten within a country, and chains of eight hops that cross."""
    rng = random.Random(seed)
    held = {"CN": [f"62{n:010d}" for n in range(count // 3)], "US": [f"US{n:08d}" for n in range(count // 3)]}
    out: list[tuple[datetime, str, str, int]] = []
    for _ in range(count):
        home = rng.choice(COUNTRIES)
        away = home if rng.random() < 0.9 else COUNTRIES[home == "CN"]
        payer, payee = rng.choice(held[home]), rng.choice(held[away])
        if payer != payee:
            moment = _BEGIN + timedelta(seconds=rng.randrange(20 * 86400))
            out.append((moment, payer, payee, rng.randrange(10_000, 900_000)))
    for n in range(chains):
        moment, amount = _BEGIN + timedelta(days=1 + n % 10), rng.randrange(2_000_000, 9_000_000)
        hands = [rng.choice(held["CN" if k % 3 else "US"]) for k in range(9)]
        for payer, payee in pairwise(hands):
            if payer != payee:
                out.append((moment, payer, payee, amount))
            moment, amount = moment + timedelta(minutes=rng.randrange(60, 1200)), amount * 97 // 100
    return [
        Paid(reference=f"REF{n:06d}X", moment=m, payer=p, payee=q, amount=a)
        for n, (m, p, q, a) in enumerate(sorted(out))
    ]


def book_of(folder: Path, side: str, paid: list[Paid], lost: float = 0.0, late: timedelta = timedelta()) -> Book:
    """A country's book of those transfers that it sees. Of a share of those that cross it has no reference; it dates
    them later by up to `late`."""
    rng = random.Random(side)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{side}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(_HEADER.split(","))
        for row in paid:
            ends = country(row.payer), country(row.payee)
            if side in ends:
                crosses = ends[0] != ends[1]
                reference = "" if crosses and rng.random() < lost else row.reference
                moment = row.moment + (late * rng.random() if crosses else timedelta())
                amount = f"{row.amount / 100:.2f}"
                out.writerow([reference, moment.isoformat(), row.payer, row.payee, amount, "USD", *ends, "transfer"])
    init_book(folder / side, side, "USD")
    book = open_book(folder / side)
    for item in inputs([path]):
        add(book, item)
    return book


_AGREEMENT = """
[agreement]
name = "Pilot"
purpose = "long chains of payments"
case_type = "money laundering"
valid_from = 2026-01-01
valid_to = 2036-12-31
{match}
[most]
{most}
"""
_PARTY = """
[[party]]
name = "{side} authority"
country = "{side}"
sign = "{sign}"
receive = "{receive}"
contact = "desk@{side}.example"

[[basis]]
party = "{side} authority"
law = "a law"
source = "its page"
"""


def text_of(party: dict[str, keys.Keys], most: str = "", match: str = "") -> str:
    """An agreement of the two countries. `most` are lines of its limits, `match` one of how transfers meet."""
    parts = [_PARTY.format(side=side, sign=its.sign, receive=its.receive) for side, its in party.items()]
    return _AGREEMENT.format(match=match, most=most or "per_mille = 200\nsmallest = 5") + "".join(parts)


def agreed(folder: Path, **more: str) -> tuple[dict[str, keys.Keys], Path]:
    """Keys of both and an agreement, written to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    party = {side: keys.make(folder / f"{side}.key") for side in COUNTRIES}
    path = folder / "agreement.toml"
    path.write_text(text_of(party, **more), encoding="utf-8")
    return party, path


def signatures(party: dict[str, keys.Keys], path: Path) -> list[str]:
    found = agreement.read(path)
    return [agreement.sign(found, its) for its in party.values()]
