"""Columns of amounts that prove a settlement's net amount: of unknown kinds, without signs, beside money in and out.

Headers as in SHEIN's and Shopee's order reports and in Mercado Pago's (https://www.mercadopago.com.mx/ayuda/_2200).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview
from crossbook.sources.line_types import proposed


def seen(folder: Path, text: str) -> Preview:
    path = folder / "shop.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path, kind="settlement")


def lines(read: Preview) -> list[tuple[str, int]]:
    return [(row["kind"], row["amount"]) for row in read.rows["settlement"]]


@pytest.mark.parametrize(("coupon", "fees"), [("-5.00", ("-7.00", "-5.00")), ("5.00", ("7.00", "5.00"))])
def test_costs_with_or_without_a_minus_and_an_unknown_column(
    tmp_path: Path, coupon: str, fees: tuple[str, str]
) -> None:
    """100.00 - 5.00 - 7.00 = 88.00; 25.00 + 2.00 - 5.00 = 22.00."""
    head = "Settlement ID,Order ID,Date,Product price,Coupon,Zorp,Commission,Settlement amount,Currency\n"
    first = f"S1,G1,2026-03-01,100.00,{coupon},0.00,{fees[0]},88.00,USD\n"
    read = seen(tmp_path, head + first + f"S1,G2,2026-03-01,25.00,0.00,2.00,{fees[1]},22.00,USD\n")
    assert read.proofs == ["2 of 2 rows: the columns of amounts make the net amount"]
    sums = [("sale", 10_000), ("promotion", -500), ("fee", -700), ("sale", 2_500), ("other", 200)]
    assert lines(read) == sums  # the first five
    # what zorp is nobody says, and that these columns make the amounts two rows alone
    assert [d.answer for d in read.doubts] == ["product price", "coupon", "zorp", "commission"]


def test_the_net_amount_is_not_the_refund_and_not_a_column_of_nothing(tmp_path: Path) -> None:
    head = "Order ID,Created Date,Product price,Refund Amount to Buyer,Commission Fee,Total Released Amount ($)\n"
    read = seen(tmp_path, head + "A,2026-03-01,50.00,0.00,-1.50,48.50\nB,2026-03-02,20.00,0.00,-0.60,19.40\n")
    assert 'amount = "total released amount ($)"' in read.text
    assert lines(read) == [("sale", 5_000), ("fee", -150), ("sale", 2_000), ("fee", -60)]


def test_columns_make_money_in_less_money_out_and_a_row_s_word_names_its_sum(tmp_path: Path) -> None:
    """88.00 = 100.00 - 12.00; the payout of 68.00 stands in the column of gross amounts, and is no sale."""
    head = (
        "DATE,SOURCE_ID,DESCRIPTION,NET_CREDIT_AMOUNT,NET_DEBIT_AMOUNT,GROSS_AMOUNT,MP_FEE_AMOUNT,ORDER_ID,CURRENCY\n"
    )
    rows = "2026-03-01,1001,payment,88.00,0.00,100.00,-12.00,2000001,MXN\n"
    rows += "2026-03-03,1003,refund,0.00,20.00,-20.00,0.00,2000002,MXN\n"
    read = seen(tmp_path, head + rows + "2026-03-04,1004,payout,0.00,68.00,-68.00,0.00,,MXN\n")
    assert read.proofs[0] == "3 of 3 rows: the columns of amounts make the net amount"
    assert lines(read) == [("sale", 10_000), ("fee", -1_200), ("refund", -2_000), ("withdrawal", -6_800)]


@pytest.mark.parametrize(
    ("word", "kind"), [("Taxa do Mercado Pago", "fee?"), ("提现费用扣除", "fee?"), ("订单货款提现", "withdrawal?")]
)
def test_a_fee_for_a_payout_is_a_fee(word: str, kind: str) -> None:
    assert proposed(word) == kind
