"""What people spent, as limits count it: orders called off, money given back, and what books do not say enough about.

Goods of a retail import that are back within 45 days of their release (30 until 2020-03-27) are taken off the person's
yearly amount: GACC Announcements 2020 No. 45 and 2018 No. 194. Figures by hand.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from crossbook.fleet.across import gathered, limit_rows
from crossbook.fleet.carried import COLUMNS, SPENT
from crossbook.fleet.rules import rule
from tests.fleet.test_rules import a_book

DECLARED = date(2026, 3, 1)  # 45 days on: 2026-04-15
WANG = {"phone": "13800138000", "consignee": "王伟", "currency": "CNY"}


def back(amount: int | None, on: date | None = None, kind: str = "refund", currency: str = "CNY") -> dict[str, Any]:
    return {"amount": amount, "kind": kind, "currency": currency, "refunded_on": on}


# An import of 4,000.00 yuan, by an order of 4,800.00 with tax and carriage: the most and the least that counts of it.
IMPORTS: list[tuple[str, list[dict[str, Any]], tuple[int, int] | None]] = [
    ("shipped", [], (400_000, 400_000)),
    ("placed", [], (400_000, 400_000)),
    ("cancelled", [], None),
    ("voided", [], None),
    ("unknown", [], (400_000, 0)),  # a word that no table has
    ("refunded", [], None),
    ("refunded", [back(480_000, date(2026, 4, 15))], None),
    ("refunded", [back(480_000, date(2026, 4, 16))], (400_000, 0)),  # perhaps the goods were back in time, perhaps not
    ("completed", [back(480_000, date(2026, 3, 20))], None),  # the order's list does not tell it
    ("completed", [back(120_000, date(2026, 3, 20))], (300_000, 300_000)),  # a quarter
    ("part_refunded", [back(120_000)], (300_000, 300_000)),  # of no day
    ("part_refunded", [back(120_000, date(2026, 6, 1))], (400_000, 300_000)),
    ("part_refunded", [], (400_000, 0)),  # nobody says how much
    ("part_refunded", [back(None, date(2026, 3, 20))], (400_000, 0)),
    ("part_refunded", [back(10_000, date(2026, 3, 20), currency="USD")], (400_000, 0)),
    ("completed", [back(480_000, date(2026, 3, 20), kind="chargeback")], (400_000, 400_000)),  # the goods stayed
]


@pytest.mark.parametrize(("status", "refunds", "counts"), IMPORTS)
def test_what_counts_of_an_import(status: str, refunds: list[dict[str, Any]], counts: tuple[int, int] | None) -> None:
    connection = a_book(
        orders=[WANG | {"order_id": "A", "status": status, "total": 480_000}],
        declarations=[an_import("A", "530020261234567890", 400_000)],
        refunds=[told | {"order_id": "A"} for told in refunds],
    )
    assert connection.sql(f"SELECT amount, certain FROM ({SPENT})").fetchall() == ([counts] if counts else [])


def an_import(order: str, number: str, amount: int, on: date = DECLARED) -> dict[str, Any]:
    told = {"order_id": order, "declaration": number, "amount": amount, "currency": "CNY", "declared_on": on}
    return told | {"mode": "1210", "destination": "CN"}


def test_until_march_2020_goods_had_to_be_back_in_thirty_days() -> None:
    for declared, refunded, amount in (
        (date(2020, 3, 27), date(2020, 4, 26), None),
        (date(2020, 3, 27), date(2020, 4, 27), 400_000),
        (date(2020, 3, 28), date(2020, 5, 12), None),
        (date(2020, 3, 28), date(2020, 5, 13), 400_000),
    ):
        connection = a_book(
            orders=[WANG | {"order_id": "A", "status": "completed", "total": 400_000}],
            declarations=[an_import("A", "530020201234567890", 400_000, declared)],
            refunds=[back(400_000, refunded) | {"order_id": "A"}],
        )
        assert connection.sql(f"SELECT amount FROM ({SPENT})").fetchall() == ([(amount,)] if amount else [])


# A payment of 30,000.00 dollars for one order.
PAYMENTS: list[tuple[str | None, list[dict[str, Any]], tuple[int, int] | None]] = [
    (None, [], (3_000_000, 3_000_000)),  # the order is in no list
    ("completed", [], (3_000_000, 3_000_000)),
    ("cancelled", [], None),
    ("unknown", [], (3_000_000, 0)),
    ("refunded", [], None),
    ("completed", [back(1_000_000, currency="USD")], (2_000_000, 2_000_000)),
    ("completed", [back(1_000_000, kind="chargeback", currency="USD")], (2_000_000, 2_000_000)),  # his money is back
    ("completed", [back(1_000_000, currency="EUR")], (3_000_000, 0)),
    ("completed", [back(3_000_000, date(2027, 1, 5), currency="USD")], None),
    ("part_refunded", [], (3_000_000, 0)),
]


@pytest.mark.parametrize(("status", "refunds", "counts"), PAYMENTS)
def test_what_counts_of_a_payment(
    status: str | None, refunds: list[dict[str, Any]], counts: tuple[int, int] | None
) -> None:
    connection = a_book(
        orders=[{"order_id": "A", "status": status, "currency": "USD"}] if status else [],
        payments=[paid("A", "P", 3_000_000)],
        refunds=[told | {"order_id": "A"} for told in refunds],
    )
    assert connection.sql(f"SELECT amount, certain FROM ({SPENT})").fetchall() == ([counts] if counts else [])


def paid(order: str, number: str, amount: int | None, whole: int | None = None, line: int = 2) -> dict[str, Any]:
    told = {"order_id": order, "payment_id": number, "institution": "Alipay", "amount": amount, "currency": "USD"}
    told |= {"amount_whole": amount if whole is None else whole, "paid_at": "2026-03-01 12:00+08", "line": line}
    return told | {"payer_account": "6222020011112222"}


def test_two_payments_of_an_order_share_its_refund() -> None:
    """10,000 and 20,000 for one order, of which 6,000 came back: 8,000 and 16,000."""
    connection = a_book(
        payments=[paid("A", "P1", 1_000_000), paid("A", "P2", 2_000_000, line=3)],
        refunds=[back(600_000, currency="USD") | {"order_id": "A"}],
    )
    found = connection.sql(f"SELECT amount, certain FROM ({SPENT}) ORDER BY ALL").fetchall()
    assert found == [(800_000, 800_000), (1_600_000, 1_600_000)]


@pytest.mark.parametrize(
    ("statuses", "refunded", "counts"),
    [
        (("completed", "completed"), None, (3_000_000, 3_000_000)),
        (("completed", "completed"), 500_000, (2_500_000, 2_500_000)),
        (("completed", "cancelled"), None, (3_000_000, 0)),  # what its part was is not known
        (("cancelled", "refunded"), None, None),
    ],
)
def test_a_payment_for_several_orders_counts_once_and_whole(
    statuses: tuple[str, str], refunded: int | None, counts: tuple[int, int] | None
) -> None:
    connection = a_book(
        orders=[{"order_id": n, "status": s, "currency": "USD"} for n, s in zip("AB", statuses, strict=True)],
        payments=[paid(n, "PAY-880051", None, 3_000_000) for n in "AB"],
        refunds=[back(refunded, currency="USD") | {"order_id": "A"}] if refunded else [],
    )
    found = connection.sql(f"SELECT DISTINCT amount, certain, number FROM ({SPENT})").fetchall()
    assert found == ([(*counts, "PAY880051|ALIPAY")] if counts else [])


def test_a_buyer_with_two_phones_is_known_by_each() -> None:
    connection = a_book(
        orders=[WANG | {"order_id": "A", "status": "shipped", "phone": "13800138000/13900139000"}],
        declarations=[an_import("A", "530020261234567890", 400_000)],
    )
    found = connection.sql(f"SELECT sign, amount FROM ({SPENT}) ORDER BY ALL").fetchall()
    assert found == [("13800138000", 400_000), ("13900139000", 400_000)]


def test_a_sum_tells_what_surely_counts_and_which_orders_may_not() -> None:
    """14,000 and 9,000 yuan surely, 8,000 of an order in a state that no table has: over 26,000 with it alone."""
    connection = duckdb.connect()
    connection.register("limit_row", limit_rows())
    connection.execute(f"CREATE TABLE spent ({COLUMNS['spent']}, book string)")
    for n, (book, amount, certain) in enumerate(
        (("a", 1_400_000, 1_400_000), ("b", 900_000, 900_000), ("b", 800_000, 0))
    ):
        row = ("import", "S", "S", "王伟", amount, certain, "CNY", DECLARED, f"D{n}", f"O{n}", "e", n, book)
        connection.execute(f"INSERT INTO spent VALUES ({', '.join('?' * len(row))})", row)
    told = rule("import_year")
    (found,) = gathered(told, connection.sql(told.select).to_arrow_table().to_pylist())
    assert (found.amount, found.lowest, found.at_least, found.unsure) == (3_100_000, 2_300_000, True, ("O2",))
