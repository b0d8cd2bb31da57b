"""Rules across books, by hand: what two books hold counts once, what agrees by chance is not called."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from crossbook.fleet.across import gathered, limit_rows
from crossbook.fleet.carried import COLUMNS, PAPER, SENT, SPENT
from crossbook.fleet.rules import rule

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("numbers", "sum_"),
    [
        (("P1", "P2"), 6_000_000),  # twice 30,000 dollars: over the quota of 50,000
        (("P1", "P1"), None),  # one payment of 30,000 that both books hold
    ],
)
def test_a_payment_that_two_books_hold_is_spent_once(numbers: tuple[str, str], sum_: int | None) -> None:
    """SAFE's quota for individuals is 50,000 dollars a year."""
    connection = duckdb.connect()
    connection.register("limit_row", limit_rows())
    connection.execute(f"CREATE TABLE spent ({COLUMNS['spent']}, book string)")
    for n, (book, number) in enumerate(zip("ab", numbers, strict=True)):
        row = ("payment", "S", "S", "Milo", 3_000_000, "USD", DAY, number, f"O{n}", book * 4, n + 2, book)
        connection.execute(f"INSERT INTO spent VALUES ({', '.join('?' * len(row))})", row)
    for name in ("yearly_quota", "payment_split"):
        told = rule(name)
        rows = connection.sql(told.select).to_arrow_table().to_pylist()
        assert [c.amount for c in gathered(told, rows)] == ([sum_] if sum_ else []), name


@pytest.mark.parametrize(
    ("signs", "called"),
    [
        ({"a": ("wang@a.example", "王伟"), "b": ("wang@b.example", "王伟")}, False),  # two people
        ({"a": ("wang@a.example", "王伟"), "b": ("wang@a.example", "王伟")}, True),  # one customer of both
        ({"a": ("wang@a.example", "王伟"), "b": ("li@b.example", "李娜")}, True),  # beside an order of another
        ({"a": ("wang@a.example", "王伟")}, True),  # the other book does not know who that is
        ({}, True),
    ],
)
@pytest.mark.parametrize(
    ("invoice", "counter"),
    [("INV000036", True), ("25117000000012345678", False)],  # a counter, and a number that the tax office gives
)
def test_one_invoice_in_two_books(signs: dict[str, tuple[str, str]], called: bool, invoice: str, counter: bool) -> None:
    """Two sellers of two hundred count their invoices from one and sell the same lamp to a Wang Wei on one day."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE paper ({COLUMNS['paper']}, book string)")
    connection.execute(f"CREATE TABLE sign ({COLUMNS['sign']}, book string)")
    for book in "ab":
        number = f"{invoice}|王伟|12900|CNY|2026-03-01"
        row = ("invoice", number, invoice, f"O-{book}", 12_900, "CNY", DAY, book * 4, 2, book)
        connection.execute(f"INSERT INTO paper VALUES ({', '.join('?' * len(row))})", row)
    for book, (sign, name) in signs.items():
        row = ("email", sign, name, f"O-{book}", book * 5, 3, book)
        connection.execute(f"INSERT INTO sign VALUES ({', '.join('?' * len(row))})", row)
    told = rule("same_invoice")
    found = gathered(told, connection.sql(told.select).to_arrow_table().to_pylist())
    assert [(c.books, c.amount, len(c.because)) for c in found] == (
        [(("a", "b"), 12_900, 2)] if called or not counter else []
    )


@pytest.mark.parametrize(
    ("number", "amounts", "called"),
    [
        ("100001|SHOP PAY", (2_000, 7_700), False),  # counters of two shops
        ("100001|SHOP PAY", (2_000, 2_000), True),
        ("100001|SHOP PAY", (2_000, None), True),  # one book does not know
        ("2026030122001412345678901234", (2_000, 7_700), True),  # a number that Alipay gives
    ],
)
def test_one_payment_in_two_books(number: str, amounts: tuple[int, int | None], called: bool) -> None:
    rows = [
        {"subject": number, "shown": number, "book": book, "order_id": None, "name": None, "amount": amount}
        | {"currency": "USD", "day": DAY, "evidence": book * 4, "line": 2}
        for book, amount in zip("ab", amounts, strict=True)
    ]
    assert bool(gathered(rule("same_payment"), rows)) == called


@pytest.mark.parametrize(("names", "called"), [(5, True), (6, False)])
def test_a_shared_address_of_many_is_no_person(names: int, called: bool) -> None:
    """CNY 26 000 a year is what one person may import: of an agency's e-mail nothing is known."""
    connection = duckdb.connect()
    connection.register("limit_row", limit_rows())
    connection.execute(f"CREATE TABLE spent ({COLUMNS['spent']}, book string)")
    for n in range(names):
        row = (
            "import",
            "no-reply@x.com",
            "no-reply@x.com",
            f"Buyer {n}",
            600_000,
            "CNY",
            DAY,
            f"D{n}",
            f"O{n}",
            "e",
            n,
        )
        row = (*row, "ab"[n % 2])
        connection.execute(f"INSERT INTO spent VALUES ({', '.join('?' * len(row))})", row)
    told = rule("import_year")
    found = gathered(told, connection.sql(told.select).to_arrow_table().to_pylist())
    assert [c.amount for c in found] == ([3_000_000] if called else [])


def test_digits_of_full_width_are_digits_and_masks_are_nobody() -> None:
    """`ＰＡＹ－８８００５１` is `PAY-880051`; `138****5678`, `SELF-PICKUP` and `00000000` tell nothing."""
    connection = duckdb.connect()
    for name, columns in {
        "payments": "payment_id, institution, order_id, amount_whole, currency, paid_at, payer_account, payer, amount",
        "parcels": "tracking, order_id, shipped_at, address, consignee, phone",
        "invoices": "invoice_id, buyer, amount, currency, issued_on, order_id",
        "declarations": "declaration, order_id, amount, currency, declared_on, consignee, item, title, mode, "
        "destination",
        "bank_used": "reference, amount, currency, booked_on",
        "orders": "order_id, phone, email, consignee, buyer",
    }.items():
        kinds = {"amount": "BIGINT", "amount_whole": "BIGINT"}
        told = ", ".join(f"{c} {kinds.get(c, 'VARCHAR')}" for c in columns.split(", "))
        connection.execute(f"CREATE TABLE {name} ({told}, cancelled BOOLEAN, evidence VARCHAR, line BIGINT)")
    day = "2026-03-01"
    for number, account in (("ＰＡＹ－８８００５１", "6222****1111"), ("PAY-880051", "６２２２０２００１１１１")):
        values = (number, "Alipay", "O", 100, "CNY", day, account, "王伟", 100, False, "e", 1)
        connection.execute(f"INSERT INTO payments VALUES ({', '.join('?' * len(values))})", values)
    for number, phone in (("SELF-PICKUP", "138****5678"), ("00000000", "１３６１２３４５６７８")):
        values = (number, "O", day, "文三路９号楼", "王伟", phone, False, "e", 1)
        connection.execute(f"INSERT INTO parcels VALUES ({', '.join('?' * len(values))})", values)
    papers = connection.sql(f"SELECT DISTINCT kind, number FROM ({PAPER})").fetchall()
    assert papers == [("payment", "PAY880051|ALIPAY")]
    sent = connection.sql(f"SELECT DISTINCT kind, sign FROM ({SENT}) ORDER BY ALL").fetchall()
    assert sent == [("home", "文三路9号楼"), ("phone", "13612345678")]
    assert connection.sql(f"SELECT DISTINCT sign FROM ({SPENT})").fetchall() == [("622202001111",)]
