"""What was taken off the goods and what off shipping in an order of Shopify, told by its lines and its total."""

from __future__ import annotations

import pytest

from tests.sources.test_properties import read

HEAD = (
    "Name,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem discount\n"
)


@pytest.mark.parametrize(
    ("stated", "line", "goods", "discount", "shipping", "included"),
    [
        # stated: Subtotal, Shipping, Taxes, Total, Discount Amount; line: price, discount
        # the whole discount on shipping, which is written before it: 50 + 5 - 5 = 50
        ("50.00,5.00,0.00,50.00,5.00", "50.00,0.00", 5000, 0, 0, None),
        # the same with shipping written after it: 50 + 0 = 50
        ("50.00,0.00,0.00,50.00,5.00", "50.00,0.00", 5000, 0, 0, None),
        # 5 off shipping of 8: 50 + 8 - 5 = 53
        ("50.00,8.00,0.00,53.00,5.00", "50.00,0.00", 5000, 0, 300, None),
        # 10 off goods of 50, 5 off shipping of 5, written before: 40 + 5 - 5 = 40
        ("40.00,5.00,0.00,40.00,15.00", "50.00,0.00", 5000, 1000, 0, None),
        # 10 off goods of 50, 2 off shipping of 7, written after: 40 + 5 = 45
        ("40.00,5.00,0.00,45.00,12.00", "50.00,0.00", 5000, 1000, 500, None),
        # 10 off goods, 2 off shipping of 5, tax of 7.60 on top: 40 + 5 - 2 + 7.60 = 50.60
        ("40.00,5.00,7.60,50.60,12.00", "50.00,0.00", 5000, 1000, 300, "no"),
        # the same with the tax in the prices: 40 + 5 - 2 = 43
        ("40.00,5.00,6.87,43.00,12.00", "50.00,0.00", 5000, 1000, 300, "yes"),
        # 10 off the line beside a discount of 5 on shipping: 40 + 5 - 5 = 40
        ("40.00,5.00,0.00,40.00,5.00", "50.00,10.00", 5000, 1000, 0, None),
        # 10 off the line, which the order's discount of 15 counts; 5 off shipping: 40 + 5 - 5 = 40
        ("40.00,5.00,0.00,40.00,15.00", "50.00,10.00", 5000, 1000, 0, None),
        # the whole discount on the goods
        ("45.00,5.00,0.00,50.00,5.00", "50.00,0.00", 5000, 500, 500, None),
        # Subtotal before the discount, which is more than shipping: 50 - 5 + 3 = 48
        ("50.00,3.00,0.00,48.00,5.00", "50.00,0.00", 5000, 500, 300, None),
        # 45 + 5 makes 50 with the tax in it, 45 + 0 + 5 does with the tax on top: what shipping was is not known
        ("45.00,5.00,5.00,50.00,10.00", "50.00,0.00", 5000, 500, None, None),
    ],
)
def test_what_the_discount_was_taken_off(
    stated: str, line: str, goods: int, discount: int, shipping: int | None, included: str | None
) -> None:
    (order,) = read("o.csv", f"{HEAD}#S4,paid,USD,{stated},2026-06-02,1,Tent,{line}\n")["order"]
    assert (order["goods"], order["discount"], order["shipping"], order["tax_included"]) == (
        goods,
        discount,
        shipping,
        included,
    )
    if shipping is not None:
        on_top = order["tax"] if included == "no" else 0
        assert goods - discount + shipping + on_top == order["total"]
