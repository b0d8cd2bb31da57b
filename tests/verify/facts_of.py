"""A database of a few facts written by hand, verified."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.trade import publishing
from crossbook.verify.needs import Needs, Tolerance
from crossbook.verify.verdicts import broken, decide, match
from tests.trade.making import facts

__all__ = ["at", "day", "facts", "papers", "prepare", "verified"]


def at(text: str) -> datetime:
    """A moment in UTC: 2026-03-01 or 2026-03-01 12:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def prepare(
    database: Database,
    needs: Mapping[str, Needs] | None = None,
    own: str = "",
    aside: Collection[tuple[str, str]] = (),
    book: Book | None = None,
) -> Database:
    """Make the tables of trades and those of the verify desk. Gives the database as the desk has it, which may name no
    raw fact. `book` says the accounts' zones."""
    publishing.make_lines(database, book)
    publishing.make(database, book)
    desk = Database(database.connection, database.shared, reads=())
    match(desk, needs or {"": Needs()}, Tolerance(), own)
    decide(desk, aside)
    return desk


def verified(
    database: Database, *, own: str = "", needs: Mapping[str, Needs] | None = None
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Verdict and broken rules by order."""
    prepare(database, needs, own)
    return {
        r["order_id"]: (r["verdict"], broken(r["broken"], r["broken_2"]))
        for r in database.rows("SELECT * FROM verdict")
    }


def papers(order_id: str = "A1", **changed: Any) -> dict[str, list[dict[str, Any]]]:
    """All papers of one good trade: a lamp of 25.00 USD for Mary Smith. `changed` is kind__column=value."""
    rows: dict[str, dict[str, Any]] = {
        "order": {
            "account": "shop",
            "order_id": order_id,
            "placed_at": at("2026-03-01 10:00"),
            "status": "paid",
            "currency": "USD",
            "total": 2500,
            "country": "US",
            "buyer": "Mary Smith",
            "consignee": "Mary Smith",
        },
        "order_item": {
            "account": "shop",
            "order_id": order_id,
            "item": "LAMP",
            "title": "Lamp",
            "quantity": 1,
            "currency": "USD",
        },
        "payment": {
            "payment_id": f"P-{order_id}",
            "order_id": order_id,
            "institution": "PayCo",
            "payer": "Mary Smith",
            "payer_country": "US",
            "amount": 2500,
            "currency": "USD",
            "paid_at": at("2026-03-01 10:05"),
        },
        "shipment": {
            "order_id": order_id,
            "tracking": f"YT-{order_id}",
            "carrier": "Yun",
            "shipped_at": at("2026-03-02 08:00"),
            "delivered_at": at("2026-03-12 15:00"),
            "country": "US",
            "consignee": "Mary Smith",
            "weight_g": 400,
            "pieces": 1,
        },
        "customs": {
            "order_id": order_id,
            "declaration": f"L-{order_id}",
            "declared_on": day("2026-03-02"),
            "country": "CN",
            "amount": 2450,
            "currency": "USD",
            "mode": "9610",
            "tracking": f"YT-{order_id}",
            "weight_g": 400,
            "item": "LAMP",
            "quantity": 1,
        },
        "product": {"sku": "LAMP", "market": "US", "weight_kg": "0.300"},
    }
    for name, value in changed.items():
        kind, _, column = name.partition("__")
        rows.setdefault(kind, {"order_id": order_id})[column] = value
    return {kind: [row] for kind, row in rows.items()}
