"""Our own names for columns are the first words by which a header is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.i18n import choose, translated
from crossbook.sources import header_words
from crossbook.sources.mapping_spec import NEEDED, allowed


def test_orders_under_our_own_names(tmp_path: Path) -> None:
    path = tmp_path / "ord.csv"
    path.write_text("order_id,ordered_at,status,currency,amount\nA1,2026-01-05 10:00:00,paid,USD,100.00\n")
    (row,) = preview(path).rows["order"]
    assert (row["order_id"], row["total"], row["currency"]) == ("A1", 10_000, "USD")
    assert row["placed_at"].isoformat() == "2026-01-05T02:00:00+00:00"  # 10:00 in Shanghai


def test_a_statement_under_our_own_names(tmp_path: Path) -> None:
    path = tmp_path / "money.csv"
    path.write_text(
        "booked_on,amount,balance,currency,counterparty,reference\n"
        "2026-01-05,100.00,1100.00,USD,ACME,R1\n2026-01-06,-50.00,1050.00,USD,ACME,R2\n"
    )
    seen = preview(path)
    assert [(r["booked_on"], r["amount"]) for r in seen.rows["bank"]] == [
        (date(2026, 1, 5), 10_000),
        (date(2026, 1, 6), -5_000),
    ]
    assert seen.proofs == ["1 of 1 balances agree"]


def test_a_plain_word_keeps_its_common_meaning_where_others_are_not_ours() -> None:
    """`amount` is our name for the sum of a row of goods; beside "order date" it is what an order came to."""
    assert header_words.match("order", ["order id", "order date", "amount"]) == {
        "order_id": "order id",
        "placed_at": "order date",
        "total": "amount",
    }
    assert header_words.match("order", ["order_id", "placed_at", "total", "amount"]) == {
        "order_id": "order_id",
        "placed_at": "placed_at",
        "total": "total",
        "amount": "amount",
    }


def test_words_as_programs_write_them() -> None:
    found = header_words.match("payout", ["settlement_id", "payout_date", "net_amount", "currency"])
    assert found == {
        "payout_id": "settlement_id",
        "paid_on": "payout_date",
        "amount": "net_amount",
        "currency": "currency",
    }


@pytest.mark.parametrize("kind", NEEDED)
def test_every_kind_is_known_by_our_own_names(kind: str) -> None:
    header = sorted(allowed(kind) - {"credit", "debit", "payer", "payee"})
    found = header_words.match(kind, header)
    assert found is not None and set(NEEDED[kind]) <= set(found)
    assert all(name == header for name, header in found.items() if name in header)


def test_a_header_with_its_unit_in_brackets_is_read(tmp_path: Path) -> None:
    path = tmp_path / "extrato.csv"
    path.write_text(
        "Data;Histórico;Valor (R$);C/D;Saldo (R$)\n05/01/2026;PIX RECEBIDO;1.500,00;C;1.600,00\n"
        "20/01/2026;TED;100,00;D;1.500,00\n"
    )
    rows = preview(path).rows["bank"]
    assert [(r["amount"], r["currency"]) for r in rows] == [(150_000, "BRL"), (-10_000, "BRL")]


@pytest.mark.parametrize(
    "header",
    ["거래일시,적요,찾으신금액,맡기신금액,거래후잔액", "Ngày giao dịch,Mô tả,Ghi nợ,Ghi có,Số dư"],
)
def test_statements_in_korean_and_vietnamese(tmp_path: Path, header: str) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(f"{header}\n2026-01-05,a,0,1500000,2500000\n2026-01-16,b,1000,0,2499000\n")
    seen = preview(path, currency="KRW")
    assert [r["amount"] for r in seen.rows["bank"]] == [1_500_000, -1_000]


def test_a_named_kind_that_no_header_fits_says_which_column_is_lacking(tmp_path: Path) -> None:
    path = tmp_path / "strange.csv"
    path.write_text("Grob,Nik,Balance\nx,y,z\n")
    with pytest.raises(CrossbookError) as refused:
        preview(path, kind="bank")
    assert "no header names booked_on, amount, which bank needs; the headers found are grob, nik, balance" in str(
        refused.value
    )
    choose("zh")
    try:
        assert translated(str(refused.value.todo)).startswith("请手写一份映射")
    finally:
        choose("en")


# Swedish, Norwegian, Danish, Hong Kong and United States statements, by hand.
@pytest.mark.parametrize(
    ("header", "sides", "balance"),
    [
        ("bokföringsdag;belopp;avsändare;mottagare;namn;rubrik;saldo;valuta", {"amount": "belopp"}, "saldo"),
        ("dato;forklaring;ut fra konto;inn på konto", {"credit": "inn på konto", "debit": "ut fra konto"}, None),
        ("dato;tekst;beløb;saldo", {"amount": "beløb"}, "saldo"),
        ("交易日期;交易詳情;提取;存入;結餘 (hkd)", {"credit": "存入", "debit": "提取"}, "結餘 (hkd)"),
        ("date;description;amount;running bal.", {"amount": "amount"}, "running bal."),
    ],
)
def test_a_bank_is_known_in_its_language(header: str, sides: dict[str, str], balance: str | None) -> None:
    found = header_words.match("bank", header.split(";"))
    assert found is not None
    assert {n: h for n, h in found.items() if n in ("credit", "debit", "amount")} == sides
    assert found.get("balance") == balance
