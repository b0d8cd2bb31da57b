"""The verification board: how many trades have which verdict and what hangs on them, and the queue of those that need
somebody. A person's decisions count: a rule that was set aside for a trade is not held against it any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crossbook.engine import Database
from crossbook.errors import one_of
from crossbook.spreadsheets import write_table
from crossbook.verify.rule import VERDICTS
from crossbook.verify.rules import rules
from crossbook.verify.verdicts import UNKNOWN, breaks, broken

PAGE = 50
MOST = 500
SORTS = ("stake", "order_id", "day", "account", "verdict")


@dataclass(frozen=True)
class Count:
    """Trades of one account with one verdict, and what they are worth by currency (minor units).

    `unknown` counts those whose amount is not known; `stakes` leaves them out.
    """

    account: str | None
    verdict: str
    trades: int
    stakes: dict[str, int]
    unknown: int


@dataclass(frozen=True)
class Broken:
    """How many trades break one rule, and what hangs on them by currency; `unknown` as in `Count`."""

    rule: str
    verdict: str
    title: str
    trades: int
    stakes: dict[str, int]
    unknown: int


@dataclass(frozen=True)
class Board:
    """All trades by verdict, and by the rules that they break."""

    counts: tuple[Count, ...]
    broken: tuple[Broken, ...]
    trades: int

    def total(self, verdict: str) -> Count:
        """The trades of all accounts with one verdict."""
        mine = [c for c in self.counts if c.verdict == verdict]
        stakes: dict[str, int] = {}
        for c in mine:
            for currency, amount in c.stakes.items():
                stakes[currency] = stakes.get(currency, 0) + amount
        return Count(
            account=None,
            verdict=verdict,
            trades=sum(c.trades for c in mine),
            stakes=stakes,
            unknown=sum(c.unknown for c in mine),
        )

    def by_account(self) -> tuple[Count, ...]:
        """The counts by account, then by verdict, the gravest first; trades that no order file names come last."""
        return tuple(sorted(self.counts, key=lambda c: (c.account is None, c.account or "", VERDICTS.index(c.verdict))))


@dataclass(frozen=True)
class Row:
    """One trade in a list. `stake` is None where no paper says an amount; `witnesses` are those but the seller."""

    order_id: str
    account: str | None
    day: date | None
    verdict: str
    stake: int | None
    currency: str | None
    rules: tuple[str, ...]
    witnesses: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """One page of trades. `n` counts all that fit."""

    rows: tuple[Row, ...]
    n: int


@dataclass(frozen=True)
class Asked:
    """What of the list is wanted: exact filters, part of an order number, order and page (from 1)."""

    verdict: str = ""
    rule: str = ""
    account: str = ""
    search: str = ""
    sort: str = "stake"
    descending: bool = True
    page: int = 1
    per_page: int = PAGE


def board(database: Database) -> Board:
    """The whole board. Needs the publication `verdict`."""
    counts: dict[tuple[str | None, str], Count] = {}
    per_rule: dict[str, tuple[int, dict[str, int], int]] = {}
    for r in database.rows(
        "SELECT account, verdict, currency, broken, broken_2, count(*) AS n, sum(stake) AS stake, "
        f"{UNKNOWN} AS unknown FROM verdict GROUP BY ALL"
    ):
        key = (r["account"], r["verdict"])
        known = counts.get(key, Count(*key, 0, {}, 0))
        counts[key] = Count(*key, known.trades + r["n"], _plus(known.stakes, r), known.unknown + r["unknown"])
        for name in broken(r["broken"], r["broken_2"]):
            trades, stakes, unknown = per_rule.get(name, (0, {}, 0))
            per_rule[name] = (trades + r["n"], _plus(stakes, r), unknown + r["unknown"])
    order = sorted(counts.values(), key=lambda c: (VERDICTS.index(c.verdict), c.account or ""))
    found = [Broken(r.name, r.verdict, r.title, *per_rule[r.name]) for r in rules() if r.name in per_rule]
    return Board(tuple(order), tuple(found), sum(c.trades for c in order))


def _plus(stakes: dict[str, int], row: dict[str, Any]) -> dict[str, int]:
    if row["currency"] is None or row["stake"] is None:
        return stakes
    return stakes | {row["currency"]: stakes.get(row["currency"], 0) + int(row["stake"])}


def listed(database: Database, asked: Asked) -> Listed:
    """A page of the trades that fit. Raises CrossbookError for a filter that does not exist.
    Needs the publication `verdict`."""
    where, values = _where(database, asked)
    one_of("sort", asked.sort, SORTS)
    way = "DESC" if asked.descending else "ASC"
    per_page = max(1, min(asked.per_page, MOST))
    n = database.rows(f"SELECT count(*) AS n FROM verdict {where}", **values)[0]["n"]
    rows = database.rows(
        f"SELECT * FROM verdict {where} ORDER BY {asked.sort} {way} NULLS LAST, order_id LIMIT {per_page} "
        f"OFFSET {(max(1, asked.page) - 1) * per_page}",
        **values,
    )
    return Listed(tuple(row_of(r) for r in rows), n)


def export(database: Database, asked: Asked, path: Path) -> int:
    """Write every trade that fits as CSV, money in whole minor units. Returns how many."""
    where, values = _where(database, asked)
    names = [r.name for r in rules()]
    told = ", ".join(f"CASE WHEN {breaks(n)} THEN '{n}' END" for n in names)
    table = database.arrow(
        f"SELECT order_id, account, day, verdict, stake, currency, concat_ws(' ', {told}) AS rules "
        f"FROM verdict {where} ORDER BY stake DESC NULLS LAST, order_id",
        **values,
    )
    write_table(table, path)
    return int(table.num_rows)


def row_of(r: dict[str, Any]) -> Row:
    """A row of `verdict` as a trade in a list."""
    return Row(
        order_id=r["order_id"],
        account=r["account"],
        day=r["day"],
        verdict=r["verdict"],
        stake=r["stake"],
        currency=r["currency"],
        rules=broken(r["broken"], r["broken_2"]),
        witnesses=tuple((r["witnesses"] or "").split()),
    )


def accounts(database: Database) -> tuple[str, ...]:
    """The accounts whose trades were verified. Needs the publication `verdict`."""
    rows = database.rows("SELECT DISTINCT account FROM verdict WHERE account IS NOT NULL ORDER BY account")
    return tuple(r["account"] for r in rows)


def _where(database: Database, asked: Asked) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    if asked.verdict:
        one_of("verdict", asked.verdict, VERDICTS)
        parts.append("verdict = $verdict")
        values["verdict"] = asked.verdict
    if asked.rule:
        names = [r.name for r in rules()]
        one_of("rule", asked.rule, names)
        parts.append(breaks(asked.rule))
    if asked.account:
        one_of("account", asked.account, accounts(database))
        parts.append("account = $account")
        values["account"] = asked.account
    if asked.search:
        parts.append("contains(lower(order_id), lower($search))")
        values["search"] = asked.search
    return ("WHERE " + " AND ".join(parts) if parts else ""), values
