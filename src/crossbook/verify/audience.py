"""What a bank, a payment institution or customs would reject, by what each asks for: dated rows with their source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from crossbook import money
from crossbook.engine import Database
from crossbook.errors import ParameterError
from crossbook.trade.witnesses import SELLER, WITNESSES
from crossbook.verify.rules import rules
from crossbook.verify.verdicts import UNKNOWN, breaks

AUDIENCES = ("bank", "payment-institution", "customs")
# The papers whose contradictions each of them sees.
_SEES = {
    "bank": {"order", "payment", "shipment", "customs", "answer", "receipt", "tracking", "invoice"},
    "payment-institution": {"order", "payment", "shipment", "tracking", "receipt"},
    "customs": {"order", "payment", "shipment", "customs", "answer", "tracking"},
}
SHOWN = 20  # order numbers named for each reason


@dataclass(frozen=True)
class Requirement:
    """One thing that somebody asks for. `kind` is field (a column of the trade), limit (of one trade), yearly, or
    witness (somebody else than the seller says that it took place)."""

    audience: str
    kind: str
    name: str
    paper: str
    amount: int | None
    currency: str | None
    since: date
    until: date | None
    title: str
    title_zh: str
    source: str


@dataclass(frozen=True)
class Rejection:
    """Why some trades would be rejected: how many, what they are worth by currency, and the first of them.

    `unknown` counts those whose amount is not known; `stakes` leaves them out.
    """

    kind: str  # field, limit, yearly, witness, rule, rate
    name: str
    title: str
    title_zh: str
    source: str
    trades: int
    stakes: dict[str, int]
    unknown: int
    orders: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What one of them would say of all trades on a day. `witnessed` counts the accepted ones by who witnesses
    them, but the seller."""

    audience: str
    on: date
    trades: int
    accepted: int
    witnessed: dict[str, int]
    rejections: tuple[Rejection, ...]


@lru_cache(maxsize=1)
def requirements() -> tuple[Requirement, ...]:
    """Every row of `data/verify/requirements.csv`."""
    text = (files("crossbook") / "data" / "verify" / "requirements.csv").read_text(encoding="utf-8")
    return tuple(
        Requirement(
            audience=r["audience"],
            kind=r["kind"],
            name=r["name"],
            paper=r["papers"],
            amount=int(r["amount"]) if r["amount"] else None,
            currency=r["currency"] or None,
            since=date.fromisoformat(r["valid_from"]),
            until=date.fromisoformat(r["valid_to"]) if r["valid_to"] else None,
            title=r["title"],
            title_zh=r["title_zh"],
            source=r["source"],
        )
        for r in csv.DictReader(text.splitlines())
    )


# Each currency in US dollars by the newest rates, directly or through yuan.
_USD = """
WITH newest AS (SELECT base, quote, max_by(rate, (day, rate)) AS rate FROM rate WHERE day <= $on GROUP BY base, quote),
pairs AS (SELECT base, quote, CAST(rate AS DOUBLE) AS rate FROM newest
          UNION ALL SELECT quote, base, 1 / CAST(rate AS DOUBLE) FROM newest)
SELECT currency, max_by(rate, (way, rate)) AS rate FROM (
  SELECT 'USD' AS currency, 1.0 AS rate, 2 AS way
  UNION ALL SELECT base, rate, 1 FROM pairs WHERE quote = 'USD'
  UNION ALL SELECT a.base, a.rate * b.rate, 0 FROM pairs a JOIN pairs b ON a.quote = b.base
            WHERE b.quote = 'USD' AND a.base <> 'USD'
) GROUP BY currency
"""


# What was received, each payment once, and what platforms settled of orders that no receipt names.
_PAID = """
SELECT min(order_id) AS order_id, amount_whole AS amount, currency, paid_at FROM payments
GROUP BY evidence, line, amount_whole, currency, paid_at
UNION ALL SELECT order_id, amount, currency, paid_at FROM settled ANTI JOIN payments USING (order_id)
"""


def answer(database: Database, audience: str, on: date, *, listed: bool = False) -> Answer:
    """What `audience` would reject of the trades placed up to a day. `listed`: the business is in SAFE's directory.

    Raises CrossbookError for an unknown audience. Needs the publication `verdict`.
    """
    if audience not in AUDIENCES:
        raise ParameterError("for", audience, AUDIENCES)
    asked = [
        r for r in requirements() if r.audience == audience and r.since <= on and (r.until is None or on < r.until)
    ]
    database.scratch("in_usd", _USD, on=on)
    reasons = {f"field:{r.name}": _absent(r) for r in asked if r.kind == "field"}
    reasons |= {f"witness:{r.name}": "t.witnesses IS NULL" for r in asked if r.kind == "witness"}
    for r in asked:
        if r.kind == "limit" and r.amount is not None:
            reasons[f"limit:{r.name}"] = f"t.total * u.rate * {_shift('t.currency')} > {r.amount}"
            reasons["rate:USD"] = "u.rate IS NULL AND t.total IS NOT NULL"
    for x in rules():
        if x.verdict in ("suspicious", "contradicted") and set(x.papers) <= _SEES[audience]:
            reasons[f"rule:{x.name}"] = breaks(x.name, "j.")
    flags = ", ".join(f'coalesce({sql}, false) AS "{name}"' for name, sql in reasons.items())
    database.scratch(
        "rejected",
        f"SELECT j.order_id, j.currency, j.stake, j.witnesses, {flags} FROM verdict j "
        "JOIN trade t USING (order_id) LEFT JOIN in_usd u ON u.currency = t.currency "
        "JOIN needed n ON n.account = CASE WHEN t.account IN (SELECT account FROM needed) THEN t.account ELSE '' END "
        "WHERE t.placed_on IS NULL OR t.placed_on <= $on",
        on=on,
    )
    every = " OR ".join(f'"{name}"' for name in reasons)
    counts = database.rows(f"SELECT count(*) AS n, count(*) FILTER ({every}) AS rejected FROM rejected")[0]
    found = [told for name in reasons if (told := _rejection(database, name, asked))]
    if not listed:
        found += _yearly(database, asked, on)
    return Answer(
        audience=audience,
        on=on,
        trades=counts["n"],
        accepted=counts["n"] - counts["rejected"],
        witnessed=_witnessed(database, every),
        rejections=tuple(found),
    )


def _witnessed(database: Database, rejected: str) -> dict[str, int]:
    counts = ", ".join(f"count(*) FILTER (contains(witnesses, '{who}')) AS {who}" for who in WITNESSES if who != SELLER)
    row = database.rows(f"SELECT {counts} FROM rejected WHERE NOT ({rejected})")[0]
    return {who: n for who, n in row.items() if n}


def _absent(r: Requirement) -> str:
    """The condition that a trade lacks a field. Of what a platform settled the platform is the payer, and knows it."""
    settled = " AND t.paid_by IS DISTINCT FROM 'settlement'" if r.name.startswith("payer") else ""
    return f'n."{r.paper}" AND t."{r.name}" IS NULL{settled}'


def _shift(currency: str) -> str:
    """From minor units of a currency to cents."""
    odd = " ".join(
        f"WHEN '{code}' THEN {10 ** (2 - digits)}" for code, digits in sorted(money.EXPONENT.items()) if digits != 2
    )
    return f"(CASE {currency} {odd} ELSE 1 END)"


def _rejection(database: Database, name: str, asked: list[Requirement]) -> Rejection | None:
    rows = database.rows(
        f"SELECT currency, count(*) AS n, sum(stake) AS stake, {UNKNOWN} AS unknown FROM rejected "
        f'WHERE "{name}" GROUP BY ALL'
    )
    if not rows:
        return None
    orders = database.rows(
        f'SELECT order_id FROM rejected WHERE "{name}" ORDER BY stake DESC NULLS LAST, order_id LIMIT {SHOWN}'
    )
    kind, _, what = name.partition(":")
    stakes = {r["currency"]: int(r["stake"]) for r in rows if r["currency"] and r["stake"] is not None}
    title, title_zh, source = _words(kind, what, asked)
    return Rejection(
        kind=kind,
        name=what,
        title=title,
        title_zh=title_zh,
        source=source,
        trades=sum(r["n"] for r in rows),
        stakes=stakes,
        unknown=sum(r["unknown"] for r in rows),
        orders=tuple(r["order_id"] for r in orders),
    )


def _words(kind: str, what: str, asked: list[Requirement]) -> tuple[str, str, str]:
    if kind == "rule":
        told = next(r for r in rules() if r.name == what)
        return told.title, "", told.source
    if kind == "rate":
        return "no exchange rate to US dollars", "没有对美元的汇率", "add a table of rates"
    row = next(r for r in asked if (r.kind, r.name) == (kind, what))
    return row.title, row.title_zh, row.source


def _yearly(database: Database, asked: list[Requirement], on: date) -> list[Rejection]:
    """Receipts of the year to a day over a limit that holds for firms that are not registered."""
    found = []
    for r in asked:
        if r.kind != "yearly" or r.amount is None:
            continue
        row = database.rows(
            f"SELECT sum(p.amount * u.rate * {_shift('p.currency')}) AS got, count(DISTINCT p.order_id) AS n "
            f"FROM ({_PAID}) p JOIN in_usd u ON u.currency = p.currency "
            "WHERE year(p.paid_at) = $year AND CAST(p.paid_at AS DATE) <= $on",
            year=on.year,
            on=on,
        )[0]
        got = round(row["got"] or 0)
        if got > r.amount:
            found.append(
                Rejection(
                    kind=r.kind,
                    name=r.name,
                    title=r.title,
                    title_zh=r.title_zh,
                    source=r.source,
                    trades=row["n"],
                    stakes={r.currency or "USD": got},
                    unknown=0,
                    orders=(),
                )
            )
    return found
