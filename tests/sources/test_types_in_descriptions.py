"""A settlement whose words for its rows stand in a column of descriptions, as in Mercado Pago's reports.

Columns: https://www.mercadopago.com.mx/ayuda/_2200 (DESCRIPTION, NET_CREDIT_AMOUNT, NET_DEBIT_AMOUNT, GROSS_AMOUNT, and
RECORD_TYPE, which is `release` for each of them).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview
from crossbook.sources.line_types import proposed

PORTUGUESE = """DATA DE LIBERAÇÃO,DESCRIÇÃO,NÚMERO DO PEDIDO,VALOR LÍQUIDO,MOEDA
2026-03-01,Venda,2000001,"88,00",BRL
2026-03-02,Tarifa de envio,2000001,"-10,00",BRL
2026-03-03,Reembolso,2000002,"-20,00",BRL
2026-03-04,Saque,,"-58,00",BRL
"""
RELEASED = """DATE,SOURCE_ID,RECORD_TYPE,DESCRIPTION,NET_CREDIT_AMOUNT,NET_DEBIT_AMOUNT,GROSS_AMOUNT,ORDER_ID,CURRENCY
2026-03-01T10:00:00.000-04:00,1001,release,payment,88.00,0.00,100.00,2000001,MXN
2026-03-03T10:00:00.000-04:00,1003,release,refund,0.00,20.00,-20.00,2000002,MXN
2026-03-04T10:00:00.000-04:00,1004,release,payout,0.00,68.00,-68.00,,MXN
"""


def seen(folder: Path, text: str) -> Preview:
    path = folder / "shop.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path, kind="settlement")


def test_the_words_of_descriptions_say_what_rows_are(tmp_path: Path) -> None:
    read = seen(tmp_path, PORTUGUESE)
    lines = [(r["kind"], r["amount"]) for r in read.rows["settlement"]]
    assert lines == [("sale", 8_800), ("fee", -1_000), ("refund", -2_000), ("withdrawal", -5_800)]
    assert [d.answer for d in read.doubts] == ["Tarifa de envio"]  # not a word that stands alone


def test_a_type_that_says_nothing_yields_and_the_net_sides_are_read(tmp_path: Path) -> None:
    read = seen(tmp_path, RELEASED)
    lines = [(r["kind"], r["amount"]) for r in read.rows["settlement"]]
    assert lines == [("sale", 8_800), ("refund", -2_000), ("withdrawal", -6_800)]
    assert "payment" in [d.answer for d in read.doubts]


def test_descriptions_of_goods_are_no_types(tmp_path: Path) -> None:
    rows = "2026-03-01,Desk lamp,A1,8.00,USD\n2026-03-02,Tent,A2,9.00,USD\n"
    read = seen(tmp_path, "Date,Description,Order ID,Net amount,Currency\n" + rows)
    assert 'type = "=order"' in read.text and [d.answer for d in read.doubts] == ["order"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Orders-Lazada Fees", "fee?"),
        ("订单佣金扣除", "fee?"),
        ("Order refund (partial)", "refund?"),
        ("Orders-Sales", "sale?"),
    ],
)
def test_a_word_of_orders_is_a_sale_only_where_it_says_nothing_else(word: str, kind: str) -> None:
    assert proposed(word) == kind
