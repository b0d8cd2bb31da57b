"""Records of transfers with headers of their own: proposed as transfers, read by the mapping, with the doubts of their
days and decimals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.mapping_spec import allowed
from crossbook.sources.proposing import propose
from crossbook.sources.transfers import SOURCE


def written(folder: Path, *lines: str, name: str = "record.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path, **said: Any) -> list[dict[str, Any]]:
    seen = preview(path, **said)
    assert not seen.bad, seen.bad
    return seen.rows["transfer"]


@pytest.mark.parametrize(
    "head",
    [
        "Ref,Date,From account,To account,Amount,Ccy",
        "业务流水号,交易时间,付款方账号,收款方账号,交易金额,币种",
        "流水号,交易日期,转出账号,转入账号,转账金额,货币",
        "transaction_id,timestamp,sender_account,receiver_account,amount,currency",
        "ID,Datum,Auftraggeber IBAN,Empfänger IBAN,Betrag,Währung",
        "Ref,Fecha,Cuenta origen,Cuenta destino,Importe,Moneda",
        "ID,Дата,Счет отправителя,Счет получателя,Сумма,Валюта",
    ],
)
def test_headers_of_a_record_are_known_in_any_order(tmp_path: Path, head: str) -> None:
    cells = "T-1,2026-03-14 10:00:00,6222-01,6222-02,49800.50,CNY"
    for turn in (list, lambda row: list(reversed(row))):
        path = written(tmp_path, ",".join(turn(head.split(","))), ",".join(turn(cells.split(","))))
        (row,) = read(path)
        assert (row["transfer_id"], row["payer_account"], row["payee_account"]) == ("T-1", "6222-01", "6222-02")
        assert (row["paid"], row["paid_currency"], row["received"]) == (4980050, "CNY", 4980050)
        assert row["moment"] == datetime(2026, 3, 14, 2, 0, tzinfo=UTC)  # 10:00 in Beijing, as the mapping says


def test_days_that_may_be_read_two_ways_are_asked(tmp_path: Path) -> None:
    lines = ("Ref,Date,From account,To account,Amount,Ccy", "R1,02/03/2026,A1,B2,5.00,CNY")
    seen = preview(written(tmp_path, *lines))
    assert any("order of day and month" in d.text for d in seen.doubts)
    (row,) = read(written(tmp_path, *lines), date_order="mdy")
    assert row["day"] == date(2026, 2, 3)
    sure = preview(written(tmp_path, *lines, "R2,23/03/2026,A1,B2,5.00,CNY"))
    assert not any("order of day and month" in d.text for d in sure.doubts)


def test_a_zone_that_no_moment_says_is_asked(tmp_path: Path) -> None:
    head = "Ref,Date,From account,To account,Amount,Ccy"
    for moment, asked in (
        ("2026-03-14 09:15", True),
        ("2026-03-14T09:15:00+03:00", False),
        ("2026-03-14T09:15:00Z", False),
        ("2026-03-14", False),  # a day alone is that day, wherever
    ):
        seen = preview(written(tmp_path, head, f"R1,{moment},A1,B2,5.00,CNY"))
        assert any(d.answer == "Asia/Shanghai" for d in seen.doubts) is asked, moment


@pytest.mark.parametrize(
    ("amount", "code", "minor"),
    [("49.800,50", "EUR", 4980050), ("1500", "JPY", 1500), ("1.234", "KWD", 1234), ("1234.5678", "BHD", None)],
)
def test_amounts_have_the_decimals_of_their_currency(tmp_path: Path, amount: str, code: str, minor: int | None) -> None:
    lines = ("Ref;Date;From account;To account;Amount;Ccy", f"R1;2026-03-14;A1;B2;{amount};{code}")
    path = written(tmp_path, *lines, f"R2;2026-03-15;A1;B2;{'7,25' if ',' in amount else amount};{code}")
    seen = preview(path)
    assert (seen.rows.get("transfer") or [{"paid": None}])[0]["paid"] == minor or seen.bad


def test_a_statement_with_a_balance_stays_a_statement(tmp_path: Path) -> None:
    lines = (
        "date,from account,to account,amount,balance,currency",
        "2026-03-14,A1,B2,5.00,105.00,CNY",
        "2026-03-15,A1,B2,5.00,110.00,CNY",
    )
    assert mapping_from_text("x", propose(written(tmp_path, *lines)).text).spec["kind"] == "bank"


def test_a_mapping_has_the_columns_of_the_plain_table() -> None:
    assert allowed("transfer") == set(SOURCE.columns)


def test_a_mapping_of_transfers_says_which_columns_it_may_have() -> None:
    head = 'kind = "transfer"\naccount = "x"\n{more}[columns]\nmoment = "a"\npayer_account = "b"\n'
    for more, columns, said in (
        ('currency = "CNY"\n', "", "needs the column 'payee_account'"),
        ("", 'payee_account = "c"\npaid = "d"\n', "names no currency"),
        ('currency = "CNY"\n', 'payee_account = "c"\npaid = "d"\nbalance = "e"\n', "has no column 'balance'"),
        ('currency = "CNY"\n', 'payee_account = "c"\npaid = "d"\nkind = "=card"\n', "cannot be a constant"),
    ):
        with pytest.raises(CrossbookError, match=said):
            mapping_from_text("x", head.format(more=more) + columns).spec  # noqa: B018
