"""A day is a day in a named place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crossbook.book import Book
from crossbook.errors import CrossbookError
from crossbook.trade import days, publishing
from tests.trade.making import at, facts


def test_a_quarter_in_beijing_begins_eight_hours_before_it_does_in_utc() -> None:
    begins, over = days.bounds("Asia/Shanghai", date(2026, 7, 1), date(2026, 9, 30))
    placed = datetime(2026, 6, 30, 21, tzinfo=UTC)  # 2026-07-01 05:00 in Beijing
    assert begins <= placed < over
    assert not begins <= datetime(2026, 6, 30, 15, 59, tzinfo=UTC)
    assert over == datetime(2026, 9, 30, 16, tzinfo=UTC)


def test_summer_time_moves_the_ends_of_a_month() -> None:
    # London is at UTC + 1 from 2026-03-29
    assert days.bounds("Europe/London", date(2026, 3, 1), date(2026, 3, 31)) == (
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 31, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("", "2026-06-30"), ('zone = "Asia/Shanghai"', "2026-07-01"), ('zone = "America/Los_Angeles"', "2026-06-30")],
)
def test_an_account_places_its_orders_on_its_own_days(book: Book, zone: str, expected: str) -> None:
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + f"\n[accounts.shop]\n{zone}\n", encoding="utf-8")
    order = {
        "account": "shop",
        "order_id": "D16",
        "placed_at": at("2026-06-30 21:00"),
        "refunded": 5,
        "refunded_at": at("2026-06-30 22:00"),
    }
    other = order | {"account": "other", "order_id": "E1"}
    database = facts(order=[order, other])
    publishing.make_lines(database, book)
    publishing.make(database, book)
    found = {r["order_id"]: r for r in database.rows("SELECT * FROM orders")}
    assert str(found["D16"]["placed_on"]) == expected and str(found["E1"]["placed_on"]) == "2026-06-30"
    back = {r["order_id"]: str(r["refunded_on"]) for r in database.rows("SELECT * FROM refunds")}
    assert back == {"D16": expected, "E1": "2026-06-30"}
    (sql,) = database.rows(f"SELECT {days.local_day('placed_at', 'Asia/Shanghai')} AS day FROM orders LIMIT 1")
    assert sql["day"] == date(2026, 7, 1)


def test_a_zone_that_does_not_exist_is_named(book: Book) -> None:
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + '\n[accounts.shop]\nzone = "Peking"\n', encoding="utf-8")
    with pytest.raises(CrossbookError, match="Peking"):
        days.account_zones(book)
    with pytest.raises(CrossbookError, match="drop"):
        days.local_day("placed_at", "x'; drop")


def test_every_zone_exists_and_names_its_source() -> None:
    for row in days.zones().values():
        assert days.local_day("m", row.zone) and row.source
    assert days.zone_of("US", "HI") == "Pacific/Honolulu" and days.zone_of("US", "??") == "America/New_York"
