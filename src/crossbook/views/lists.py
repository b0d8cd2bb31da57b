"""Long lists a page at a time: payouts and orders, filtered, sorted and searched by the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from crossbook import money
from crossbook.errors import ParameterError, one_of
from crossbook.settle.desk import ARRIVALS, ARRIVALS_TO_SEE, ATTENTION, STATUSES, Desk
from crossbook.settle.position import PLACES, orders_on
from crossbook.trade.accounts import known_account

PAGE = 50
MOST_PER_PAGE = 500
PAYOUT_SORTS = ("paid_on", "id", "account", "amount", "lines", "difference", "status", "arrival")
ORDER_SORTS = ("placed_on", "order_id", "account", "total", "brings", "place", "likely")
# Of `payout_listed`: what `Desk.needs_attention` says of a payout.
NEEDS_A_PERSON = f"(status IN {ATTENTION} OR arrival IN {ARRIVALS_TO_SEE})"

_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("account", pa.string()),
        ("currency", pa.string()),
        ("amount", pa.int64()),
        ("paid_on", pa.date32()),
        ("lines", pa.int64()),
        ("difference", pa.int64()),
        ("status", pa.string()),
        ("arrival", pa.string()),
        ("booked_on", pa.date32()),
        ("file", pa.string()),
        ("evidence", pa.string()),
        ("line", pa.int64()),
        ("short", pa.int64()),
    ]
)


@dataclass(frozen=True)
class PayoutRow:
    """A payout in a list. `arrival` is one of ARRIVALS; money in minor units: `difference` between the payout and its
    lines, `short` what is missing of it at the bank (None without a credit, or when not known)."""

    id: str
    account: str
    currency: str
    amount: int
    paid_on: date | None
    lines: int
    difference: int | None
    status: str
    arrival: str
    booked_on: date | None
    file: str
    evidence: str
    line: int
    short: int | None


@dataclass(frozen=True)
class OrderRow:
    """An order in a list: where its money is and when it may come; or a payout of which no order is known, what
    a platform holds in reserve, or `what` stands beside the orders of a place: of no order that stands there."""

    account: str
    currency: str
    place: str
    what: str | None
    order_id: str | None
    country: str | None
    total: int
    brings: int
    placed_on: date | None
    likely: date | None
    payout_id: str | None
    evidence: str
    line: int


@dataclass(frozen=True)
class Choice:
    """What the reader chose: exact filters, a text to search for, order and page (from 1)."""

    filters: dict[str, str]
    search: str = ""
    sort: str = ""
    descending: bool = True
    page: int = 1
    per_page: int = PAGE


@dataclass(frozen=True)
class Payouts:
    """One page of payouts, with what all of them that fit come to; `counts` has every status of the unfiltered list."""

    rows: tuple[PayoutRow, ...]
    total: int
    sums: dict[str, int]
    counts: dict[str, int]
    accounts: tuple[str, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class Orders:
    """One page of orders on a day, with what all rows that fit bring; `orders` of the `total` rows are of an order."""

    day: date
    rows: tuple[OrderRow, ...]
    total: int
    orders: int
    sums: dict[str, int]
    accounts: tuple[str, ...]
    page: int
    pages: int


def list_payouts(desk: Desk) -> None:
    """Make the table `payout_listed` that `payouts` reads; once for each desk."""
    at_bank = {"arrival": desk.arrival, "booked_on": desk.booked_on, "short": desk.short}
    columns: dict[str, list[Any]] = {
        name: [at_bank[name](p) if name in at_bank else getattr(p, name) for p in desk.payouts]
        for name in _SCHEMA.names
    }
    desk.database.keep("payout_listed", pa.table(columns, schema=_SCHEMA))


def payouts(desk: Desk, choice: Choice) -> Payouts:
    """A page of payouts; past the last page there are none. Filters: account, status (or "attention"), arrival,
    currency.

    Raises ParameterError for a filter or an order that there is not. Needs `list_payouts`.
    """
    _known(desk, choice, "payout_listed", {"status": (*STATUSES, "attention"), "arrival": ARRIVALS}, PAYOUT_SORTS)
    where, values = _where(choice, ("account", "status", "arrival", "currency"), "concat_ws(' ', id, account, file)")
    if choice.filters.get("status") == "attention":
        del values["status"]
        where = where.replace("status = $status", NEEDS_A_PERSON)
    sort = choice.sort or PAYOUT_SORTS[0]
    by = "greatest(abs(coalesce(difference, 0)), abs(coalesce(short, 0)))" if sort == "difference" else sort
    found = _page(
        desk=desk, table="payout_listed", where=where, values=values, choice=choice, sort=by, summed="amount", key="id"
    )
    counts = desk.database.rows(
        "SELECT status, count(*) AS n FROM payout_listed GROUP BY status ORDER BY n DESC, status"
    )
    accounts = desk.database.rows("SELECT DISTINCT account FROM payout_listed ORDER BY account")
    return Payouts(
        rows=tuple(PayoutRow(**row) for row in found.rows),
        total=found.total,
        sums=found.sums,
        counts={r["status"]: r["n"] for r in counts},
        accounts=tuple(r["account"] for r in accounts),
        page=found.page,
        pages=found.pages,
    )


def orders(desk: Desk, day: date, choice: Choice) -> Orders:
    """A page of the orders known on `day`; past the last page there are none. Filters: account, place (or "late"),
    currency. Raises ParameterError for a filter or an order that there is not.
    """
    table = orders_on(desk, day)
    _known(desk, choice, table, {"place": (*PLACES, "late")}, ORDER_SORTS)
    where, values = _where(choice, ("account", "place", "currency"), "order_id")
    if values.get("place") == "late":
        values["place"] = day
        where = where.replace("place = $place", "(latest <= $place AND place <> 'at_bank' AND order_id IS NOT NULL)")
    sort = choice.sort or ORDER_SORTS[0]
    found = _page(
        desk=desk, table=table, where=where, values=values, choice=choice, sort=sort, summed="brings", key="order_id"
    )
    accounts = desk.database.rows(f"SELECT DISTINCT account FROM {table} ORDER BY account")
    names = OrderRow.__dataclass_fields__
    rows = tuple(OrderRow(**{n: row[n] for n in names}) for row in found.rows)
    return Orders(
        day=day,
        rows=rows,
        total=found.total,
        orders=found.keys,
        sums=found.sums,
        accounts=tuple(r["account"] for r in accounts),
        page=found.page,
        pages=found.pages,
    )


def pages_of(total: int, per_page: int) -> int:
    """How many pages so many rows take; one at the least."""
    return max(1, -(-total // per_page))


@dataclass(frozen=True)
class _Found:
    rows: list[dict[str, Any]]
    total: int
    keys: int
    sums: dict[str, int]
    page: int
    pages: int


def _known(
    desk: Desk, choice: Choice, table: str, words: Mapping[str, tuple[str, ...]], sorts: tuple[str, ...]
) -> None:
    """Raise ParameterError for a filter or an order that there is not, naming those that there are."""
    one_of("sort", choice.sort, sorts)
    for name, known in words.items():
        one_of(name, choice.filters.get(name, ""), known)
    currency, account = choice.filters.get("currency", ""), choice.filters.get("account", "")
    if currency and currency not in money.EXPONENT:
        raise ParameterError("currency", currency, _distinct(desk, f"SELECT currency AS name FROM {table}"))
    if account and account not in _distinct(desk, f"SELECT account AS name FROM {table}"):
        known_account(desk.book, desk.database, account)


def _distinct(desk: Desk, sql: str) -> tuple[str, ...]:
    rows = desk.database.rows(f"SELECT DISTINCT name FROM ({sql}) WHERE name IS NOT NULL ORDER BY name")
    return tuple(r["name"] for r in rows)


def _where(choice: Choice, names: tuple[str, ...], searched: str) -> tuple[str, dict[str, Any]]:
    chosen = {n: choice.filters[n] for n in names if choice.filters.get(n)}
    parts = [f"{n} = ${n}" for n in chosen]
    values: dict[str, Any] = dict(chosen)
    if choice.search.strip():
        parts.append(f"contains(lower({searched}), lower($search))")
        values["search"] = choice.search.strip()
    return " AND ".join(parts) or "true", values


def _page(
    desk: Desk, table: str, where: str, values: dict[str, Any], choice: Choice, sort: str, summed: str, key: str
) -> _Found:
    database = desk.database
    sums = database.rows(
        f"SELECT currency, count(*) AS n, count({key}) AS keys, sum({summed}) AS amount FROM {table} "
        f"WHERE {where} GROUP BY currency ORDER BY currency",
        **values,
    )
    total = sum(r["n"] for r in sums)
    per_page = max(1, min(choice.per_page, MOST_PER_PAGE))
    pages = pages_of(total, per_page)
    page = max(1, choice.page)
    way = "DESC" if choice.descending else "ASC"
    rows = database.rows(
        f"SELECT * FROM {table} WHERE {where} ORDER BY {sort} {way} NULLS LAST, {key} {way} "
        f"LIMIT {per_page} OFFSET {(page - 1) * per_page}",
        **values,
    )
    return _Found(
        rows=rows,
        total=total,
        keys=sum(r["keys"] for r in sums),
        sums={r["currency"]: int(r["amount"]) for r in sums},
        page=page,
        pages=pages,
    )
