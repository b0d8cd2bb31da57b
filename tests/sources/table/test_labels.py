"""What the lines above a table say of account and currency, in the languages of tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.source import Reading
from crossbook.sources.table import owner

SHORT = """Account: {account}
Currency: USD
Date,Details,Paid out,Paid in,Balance
2026-01-15,A,,100.00,100.00
2026-01-16,A,,100.00,200.00
"""


@pytest.mark.parametrize(
    ("lines", "account", "currency"),
    [
        ([["帳號：012345678901", "幣別：TWD"]], "012345678901", "TWD"),
        ([["帳號：012345678901，幣別：TWD"]], "012345678901", "TWD"),
        ([["帐号:6222000000000001；币种:美元"]], "6222000000000001", "USD"),
        ([["戶口號碼", "012-345678-901"], ["貨幣", "HKD"]], "012-345678-901", "HKD"),
        ([["戶號：0123"]], "0123", None),
        ([["口座番号：1234567", "通貨：JPY"]], "1234567", "JPY"),
        ([["계좌번호: 110-123-456789"], ["통화: KRW"]], "110-123-456789", "KRW"),
        ([["IBAN", "DE89370400440532013000"], ["Währung", "EUR"]], "DE89370400440532013000", "EUR"),
        ([["Konto: 77; Währung: EUR"]], "77", "EUR"),
        ([["Cuenta: 12", "Moneda: EUR"]], "12", "EUR"),
        ([["Número de conta: 99-1"], ["Moeda: BRL"]], "99-1", "BRL"),
        ([["Conto: IT60X0542811101000000123456", "Divisa: EUR"]], "IT60X0542811101000000123456", "EUR"),
        ([["Compte n° : 5"], ["Devise : EUR"]], "5", "EUR"),
        ([["Rekening: 8"], ["Valuta: EUR"]], "8", "EUR"),
        ([["Счёт: 40817810099910004312"], ["Валюта: RUB"]], "40817810099910004312", "RUB"),
        ([["Account: 77"], ["Currency: USD"]], "77", "USD"),
        ([["Kontonummer: 0532013000", "IBAN: DE89370400440532013000"]], "0532013000", None),
        ([["Account: 12345678   Currency: GBP"]], "12345678", "GBP"),
        ([["Account No: 00123456 Sort Code: 20-00-00"]], "00123456", None),
        ([["Kontonummer 1234567890 EUR"]], "1234567890", None),
        ([["IBAN: DE89 3704 0044 0532 0130 00 BIC: COBADEFF370"]], "DE89 3704 0044 0532 0130 00", None),
        (
            [["IBAN: MT84 MALT 0110 0001 2345 MTLC AST0 01S Currency: EUR"]],
            "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
            "EUR",
        ),
        ([["卡号：6222 **** 1111 户名：张三"]], "6222 **** 1111", None),
        ([["对方账号：6225880000001111", "账号：6222020000002222"], ["币种：人民币"]], "6222020000002222", "CNY"),
        ([["对方账号", "6225880000001111", "账号", "6222020000002222"]], "6222020000002222", None),
        ([["对方户名：甲 对方账号：6225880000001111 本方账号：6222020000002222"]], "6222020000002222", None),
        ([["Counterparty account: 6225880000001111; Account: 6222020000002222"]], "6222020000002222", None),
        ([["对方账号 6225880000001111"]], None, None),  # the other side's is never its own
        ([["收款人账号：6225880000001111", "付款人账号：6222020000002222"]], None, None),
        ([["Beneficiary IBAN: DE89370400440532013000", "Payer's account: 12345678"]], None, None),
        ([["交易对手币种：美元"]], None, None),
    ],
)
def test_labels_are_read(lines: list[list[str]], account: str, currency: str | None) -> None:
    told = owner.stated(lines)
    assert (told.account, told.currency) == (account, currency)


def test_a_name_is_kept_apart_from_a_number() -> None:
    told = owner.stated([["Account: Main business"]])
    assert (told.account, told.called) == (None, "Main business")


@pytest.mark.parametrize(("a", "b"), [("A-100", "B-100"), ("6222000000000001", "6223000000000001")])
def test_two_of_one_length_are_of_two_accounts(a: str, b: str) -> None:
    assert owner.same(a, b) is False


def _read(path: Path, text: str, name: str) -> set[str]:
    mapped = mapping_from_text(name, text)
    found = mapped.read(Reading(path=path, name=path.name, encoding="utf-8"))
    return {row["account"] for _, table in found for row in table.to_pylist()}


@pytest.mark.parametrize(("first", "other"), [("77", "88"), ("Main", "Savings"), ("Main", "88"), ("77", "Main 88")])
def test_a_file_of_another_short_account_is_refused(tmp_path: Path, first: str, other: str) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(SHORT.format(account=first), encoding="utf-8")
    two.write_text(SHORT.format(account=other), encoding="utf-8")
    seen = preview(one, account="A1")
    assert f'stated = "{first}"' in seen.text
    assert _read(one, seen.text, seen.name) == {"A1"}
    with pytest.raises(CrossbookError, match=f"the file is of the account {other}, the mapping of {first}") as refused:
        _read(two, seen.text, seen.name)
    assert refused.value.where == "two.csv:1"


@pytest.mark.parametrize(
    "above",
    ["Conto: IT60X0542811101000000123456;Divisa: EUR\n", "IBAN;IT60X0542811101000000123456\nDivisa;EUR\n"],
)
def test_lines_with_the_delimiter_of_the_table_are_no_header(tmp_path: Path, above: str) -> None:
    path = tmp_path / "it.csv"
    table = (
        "Data contabile;Data valuta;Dare;Avere;Causale;Saldo\n"
        "15/01/2026;15/01/2026;;1.000,00;Bonifico;3.000,00\n"
        "16/01/2026;16/01/2026;250,10;;Pagamento;2.749,90\n"
    )
    path.write_text(above + table, encoding="utf-8")
    seen = preview(path, account="A1")
    assert 'stated = "IT60X0542811101000000123456"' in seen.text
    assert 'credit = "avere"' in seen.text
    assert [row["currency"] for row in seen.rows["bank"]] == ["EUR", "EUR"]


@pytest.mark.parametrize("name", ["march", "statement_6222020000009999"])
def test_where_only_the_other_side_is_named_the_file_s_name_is_a_guess(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.csv"
    text = SHORT.format(account="6225880000001111").replace("Account", "Beneficiary account")
    path.write_text(text, encoding="utf-8")
    seen = preview(path)
    told = name.removeprefix("statement_")
    assert f'account = "{told}"      # a guess' in seen.text
    assert [d.answer for d in seen.doubts] == [told]


def test_a_wallet_goes_to_the_account_above_it_and_to_no_other(tmp_path: Path) -> None:
    head = "账号：{n}\n币种：美元\n交易时间,交易单号,交易类型,交易金额,余额\n"
    text = head + "2026-03-01,T1,收款,10.00,10.00\n2026-03-04,U1,提现,-9.00,1.00\n"
    first, other = tmp_path / "wallet.csv", tmp_path / "later.csv"
    first.write_text(text.format(n="62220200001111"), encoding="utf-8")
    other.write_text(text.format(n="62220200002222"), encoding="utf-8")
    seen = preview(first, kind="wallet", account="W")
    assert 'stated = "62220200001111"' in seen.text
    assert 'account = "62220200001111"' in preview(first, kind="wallet").text
    with pytest.raises(CrossbookError, match="of the account 62220200002222"):
        list(mapping_from_text("W", seen.text).read(Reading(path=other, name=other.name, encoding="utf-8")))
