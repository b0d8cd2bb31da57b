"""Values of facts as pages show them: money with its own currency, counts and weights as they are."""

from __future__ import annotations

import pytest

from crossbook.i18n import choose
from crossbook.web.rendering import fact, money_columns


@pytest.mark.parametrize(
    ("kind", "column", "row", "shown"),
    [
        ("order_item", "amount", {"currency": "USD", "amount": 1234}, "12.34\u00a0USD"),
        ("order_item", "amount", {"currency": "JPY", "amount": 1234}, "1,234\u00a0JPY"),
        ("order_item", "quantity", {"currency": "USD", "quantity": 3}, "3"),
        ("customs", "weight_g", {"currency": "USD", "weight_g": 2175}, "2,175"),
        ("entry_line", "entry_line", {"currency": "USD", "entry_line": 1}, "1"),
        ("shipment", "pieces", {"pieces": 4}, "4"),
        ("product", "cost", {"currency": "EUR", "cost_currency": "CNY", "cost": 4550}, "45.50\u00a0CNY"),
        ("product", "price", {"currency": "EUR", "cost_currency": "CNY", "price": 4550}, "45.50\u00a0EUR"),
        (
            "bank",
            "original_amount",
            {"currency": "CNY", "original_currency": "USD", "original_amount": 100},
            "1.00\u00a0USD",
        ),
        ("mark", "goods", {"goods": "tents; lamps"}, "tents; lamps"),
        ("order", "total", {"currency": "USD", "total": None}, ""),
        ("order", "total", {"currency": None, "total": 1234}, "1,234"),
    ],
)
def test_values(kind: str, column: str, row: dict[str, object], shown: str) -> None:
    choose("en")
    assert fact(row, column, kind) == shown


def test_weights_and_counts_are_no_money() -> None:
    assert "weight_g" not in money_columns("customs") and "entry_line" not in money_columns("entry_line")
    assert "duty" in money_columns("entry_line") and "goods" in money_columns("order")
    assert "goods" not in money_columns("mark")
