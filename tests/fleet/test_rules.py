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
        row = ("payment", "S", "S", "Milo", 3_000_000, 3_000_000, "USD", DAY, number, f"O{n}", book * 4, n + 2, book)
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
        number = f"{invoice}|12900|CNY|2026-03-01" if counter else invoice
        row = ("invoice", number, invoice, f"O-{book}", "王伟", 12_900, "CNY", DAY, book * 4, 2, book)
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


KINDS = {
    "payments": "payment_id, institution, order_id, amount_whole, currency, paid_at, payer_account, payer, amount",
    "refunds": "order_id, kind, amount, currency, refunded_on",
    "parcels": "tracking, order_id, shipped_at, address, consignee, phone",
    "invoices": "invoice_id, buyer, amount, currency, issued_on, order_id",
    "declarations": "declaration, order_id, amount, currency, declared_on, consignee, item, title, mode, destination, "
    "tracking",
    "bank_used": "reference, amount, currency, booked_on, counterparty",
    "orders": "order_id, phone, email, consignee, buyer, address, placed_on, status, currency, total",
}
TYPES = dict.fromkeys(("amount", "amount_whole", "total"), "BIGINT") | dict.fromkeys(
    ("paid_at", "shipped_at"), "TIMESTAMPTZ"
)
TYPES |= dict.fromkeys(("placed_on", "declared_on", "issued_on", "booked_on", "refunded_on"), "DATE")


def a_book(**rows: list[dict[str, object]]) -> duckdb.DuckDBPyConnection:
    """Tables of one book, as `trade` publishes them, with these rows."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name, columns in KINDS.items():
        told = ", ".join(f"{c} {TYPES.get(c, 'VARCHAR')}" for c in columns.split(", "))
        connection.execute(f"CREATE TABLE {name} ({told}, cancelled BOOLEAN, evidence VARCHAR, line BIGINT)")
        for line, row in enumerate(rows.get(name, []), 2):
            values = {"evidence": name, "line": line, "cancelled": False} | row
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {name} ({', '.join(values)}) VALUES ({marks})", list(values.values()))
    return connection


def test_digits_of_full_width_are_digits_and_masks_are_nobody() -> None:
    """`ＰＡＹ－８８００５１` is `PAY-880051`; `138****5678`, `SELF-PICKUP` and `00000000` tell nothing."""
    paid = {"institution": "Alipay", "order_id": "O", "amount": 100, "amount_whole": 100, "currency": "CNY"}
    paid |= {"paid_at": "2026-03-01 12:00+08", "payer": "王伟"}
    sent = {"order_id": "O", "shipped_at": "2026-03-01 12:00+08", "address": "文三路９号楼", "consignee": "王伟"}
    connection = a_book(
        payments=[
            paid | {"payment_id": "ＰＡＹ－８８００５１", "payer_account": "6222****1111"},
            paid | {"payment_id": "PAY-880051", "payer_account": "６２２２０２００１１１１"},
        ],
        parcels=[
            sent | {"tracking": "SELF-PICKUP", "phone": "138****5678"},
            sent | {"tracking": "00000000", "phone": "１３６１２３４５６７８"},
        ],
    )
    papers = connection.sql(f"SELECT DISTINCT kind, number FROM ({PAPER})").fetchall()
    assert papers == [("payment", "PAY880051|ALIPAY")]
    told = connection.sql(f"SELECT DISTINCT kind, sign FROM ({SENT}) ORDER BY ALL").fetchall()
    assert told == [("home", "文三路9号楼"), ("phone", "13612345678")]
    assert connection.sql(f"SELECT DISTINCT sign FROM ({SPENT})").fetchall() == [("622202001111",)]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("UPS 1Z999AA10123456784", ["1Z999AA10123456784"]),
        ("usps: 9400 1000 0000 0000 0000 12", ["9400100000000000000012"]),
        ("SF1234567890123", ["SF1234567890123"]),  # a part of the number
        ("顺丰：SF1234567890123", ["SF1234567890123"]),
        ("LX 123 456 789 CN", ["LX123456789CN"]),  # of the Universal Postal Union, S10
        ("SF1234567890123；SF1234567890124", ["SF1234567890123", "SF1234567890124"]),
        ("SF1234567890123,\nSF1234567890124", ["SF1234567890123", "SF1234567890124"]),
    ],
)
def test_a_tracking_number_behind_its_carrier_or_beside_another(cell: str, numbers: list[str]) -> None:
    for rows in (
        {"parcels": [{"tracking": cell, "order_id": "O", "shipped_at": "2026-03-01 12:00+08"}]},
        {"declarations": [{"tracking": cell, "order_id": "O", "declared_on": DAY}]},
    ):
        told = a_book(**rows).sql(f"SELECT number FROM ({PAPER}) WHERE kind = 'parcel' ORDER BY ALL").fetchall()
        assert [number for (number,) in told] == numbers


def test_a_day_without_an_hour_is_that_day() -> None:
    """A Chinese list says 2026-03-01; midnight there is 16:00 of the day before in UTC."""
    day = {"paid_at": "2026-03-01 00:00+08", "payer_account": "6222020011112222", "amount": 1, "amount_whole": 1}
    connection = a_book(
        payments=[day | {"payment_id": "PAY-880051", "institution": "Alipay", "currency": "CNY"}],
        parcels=[{"tracking": "SF1234567890123", "phone": "13612345678", "shipped_at": "2026-03-01 00:00+08"}],
    )
    for select in (PAPER, SPENT, SENT):
        assert set(connection.sql(f"SELECT day FROM ({select})").fetchall()) == {(DAY,)}


def test_an_order_says_where_it_went_where_no_parcel_does() -> None:
    there = {"address": "9 Harbor Road, Unit 7", "phone": "+1 909 555 0142", "placed_on": DAY, "buyer": "Kim Hart"}
    connection = a_book(
        orders=[
            there | {"order_id": "A", "status": "shipped"},
            there | {"order_id": "B", "status": "cancelled"},
            there | {"order_id": "C", "status": "shipped"},
        ],
        parcels=[{"order_id": "C", "tracking": "T", "address": "elsewhere 1", "shipped_at": "2026-03-02 12:00+08"}],
    )
    told = connection.sql(f"SELECT kind, sign, consignee, order_id FROM ({SENT}) ORDER BY ALL").fetchall()
    assert told == [
        ("home", "9harborroadunit7", "Kim Hart", "A"),
        ("home", "elsewhere1", None, "C"),
        ("phone", "9095550142", "Kim Hart", "A"),
    ]


def papers(*rows: tuple[str, str, str | None, int | None]) -> list[dict[str, object]]:
    """Rows as a SELECT of papers gives them: number, book, name, amount."""
    return [
        {"subject": number, "shown": number, "book": book, "order_id": None, "name": name, "amount": amount}
        | {"currency": "USD", "day": DAY, "evidence": f"{book}{n}", "line": 2, "sign": None, "called": None}
        for n, (number, book, name, amount) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (("王伟", "Wang Wei"), True),
        (("José Núñez", "Jose Nunez"), True),
        (("Anna Schmidt", "SCHMIDT, ANNA"), True),
        (("王伟", "李娜"), False),
    ],
)
def test_the_buyer_of_an_invoice_is_who_he_is_however_written(names: tuple[str, str], called: bool) -> None:
    rows = papers(("INV000036|100", "a", names[0], 100), ("INV000036|100", "b", names[1], 100))
    assert bool(gathered(rule("same_invoice"), rows)) == called


def test_of_several_sales_of_one_number_each_is_its_own() -> None:
    number = "INV000036|100"
    rows = papers((number, "a", "王伟", 100), (number, "b", "Anna Schmidt", 100), (number, "c", "Schmidt, Anna", 100))
    assert [c.books for c in gathered(rule("same_invoice"), rows)] == [("b", "c")]


@pytest.mark.parametrize(
    ("name", "number", "told", "called"),
    [
        ("same_declaration", "20260301000123", (("王伟", 100), ("李娜", 200)), False),  # a day and a counter
        ("same_declaration", "20260301000123", (("王伟", 100), ("李娜", 100)), True),
        ("same_declaration", "530020261234567890", (("王伟", 100), ("李娜", 200)), True),  # customs' eighteen digits
        ("same_parcel", "20260301000123", (("王伟", None), ("李娜", None)), False),
        ("same_parcel", "20260301000123", (("王伟", None), ("Wang Wei", None)), True),
        ("same_parcel", "SF1234567890123", (("王伟", None), ("李娜", None)), True),
        ("same_payment", "20260301000123|SHOP PAY", (("王伟", 100), ("李娜", 200)), False),
    ],
)
def test_a_day_and_a_counter_is_no_proof(
    name: str, number: str, told: tuple[tuple[str, int | None], ...], called: bool
) -> None:
    rows = papers(*((number, book, who, amount) for book, (who, amount) in zip("ab", told, strict=True)))
    assert bool(gathered(rule(name), rows)) == called


@pytest.mark.parametrize(
    ("days", "names", "called"),
    [
        ((DAY, date(2026, 4, 10)), ("Una Rex", "Abe Cox"), False),  # two shops come to 100001, each at their price
        ((DAY, date(2026, 4, 10)), (None, None), False),
        ((DAY, date(2026, 4, 10)), ("王伟", "Wang Wei"), True),
        ((DAY, date(2026, 3, 2)), ("Una Rex", "Abe Cox"), True),  # one moment, in the zones of two lists
        ((DAY, None), ("Una Rex", "Abe Cox"), True),
    ],
)
def test_a_counter_and_a_price_are_no_proof(
    days: tuple[date | None, date | None], names: tuple[str | None, str | None], called: bool
) -> None:
    number = "100001|SHOPPAY"
    rows = papers((number, "a", names[0], 2_000), (number, "b", names[1], 2_000))
    for row, day in zip(rows, days, strict=True):
        row["day"] = day
    assert bool(gathered(rule("same_payment"), rows)) == called


@pytest.mark.parametrize(
    ("reference", "amount", "counts"),
    [
        ("TRF0099887766", 50_000, True),
        ("PAYOUT 2026-04", 50_000, False),
        ("PAYOUT 2026-04", 63_412, True),  # with cents
        ("000001", 100_000, False),
        ("JS20250121", 88_843, True),
        ("SAL20260430", 88_800, False),
        ("20260430004417", 50_000, True),  # a day and a number of four digits
    ],
)
def test_a_month_or_a_counter_is_no_reference(reference: str, amount: int, counts: bool) -> None:
    credit = {"reference": reference, "amount": amount, "currency": "USD", "booked_on": DAY}
    found = a_book(bank_used=[credit]).sql(f"SELECT number FROM ({PAPER})").fetchall()
    assert bool(found) == counts


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (["Milo Park"] * 8, True),
        (["Nordic Camp AB"] * 8, False),  # a firm has no quota of a person
        (["深圳北风户外有限公司"] * 8, False),
        (["Nordic Camp AB", "Milo Park"] * 4, True),
        ([f"Buyer {n}" for n in "ABCDEFGH"], False),  # an agent's account
        ([], True),  # of nobody named
    ],
)
def test_a_yearly_quota_is_a_persons(names: list[str], called: bool) -> None:
    """SAFE's quota for individuals is 50,000 dollars a year; 80,000 from one account."""
    connection = duckdb.connect()
    connection.register("limit_row", limit_rows())
    connection.execute(f"CREATE TABLE spent ({COLUMNS['spent']}, book string)")
    for n, name in enumerate(names or [None] * 8):
        row = ("payment", "S", "S", name, 1_000_000, 1_000_000, "USD", DAY, f"P{n}", f"O{n}", "e", n, "ab"[n % 2])
        connection.execute(f"INSERT INTO spent VALUES ({', '.join('?' * len(row))})", row)
    told = rule("yearly_quota")
    found = gathered(told, connection.sql(told.select).to_arrow_table().to_pylist())
    assert [c.amount for c in found] == ([8_000_000] if called else [])


def test_of_unlike_amounts_the_least_is_told_as_well() -> None:
    number = "2026030122001412345678901234"
    (found,) = gathered(rule("same_payment"), papers((number, "a", "A", 2_000), (number, "b", "B", 7_700)))
    assert (found.lowest, found.amount) == (2_000, 7_700)


def test_a_book_and_its_copy_are_one_finding() -> None:
    """Three files in two books, one of them in a third as well; each paper in them stands in two books on one line."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE paper ({COLUMNS['paper']}, book string)")
    connection.execute(f"CREATE TABLE source_file ({COLUMNS['source_file']}, book string)")
    for file, books in {"orders": "ab", "payments": "ab", "bank": "abc"}.items():
        for book in books:
            connection.execute("INSERT INTO source_file VALUES ($1, $2, $3)", [file, f"{file}.csv", book])
            for line in (2, 3):
                row = ("parcel", f"SF{line}", f"SF{line}", "O", None, None, None, DAY, file, line, book)
                connection.execute(f"INSERT INTO paper VALUES ({', '.join('?' * len(row))})", row)
    told = rule("same_file")
    files = {("a", "orders"): "orders.csv"}
    found = gathered(told, connection.sql(told.select).to_arrow_table().to_pylist(), files)
    assert {(c.books, len(c.because)) for c in found} == {(("a", "b"), 4), (("a", "b", "c"), 3)}
    assert {c.file for one in found for c in one.because} == {"orders.csv", None}
    connection.execute("DELETE FROM paper WHERE evidence <> 'orders'")
    parcels = rule("same_parcel")
    assert connection.sql(parcels.select).fetchall() == []
