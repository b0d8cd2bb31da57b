"""Records of transfers with headers of their own: proposed as transfers, read by the mapping, with the doubts of their
days and decimals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
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
    assert allowed("transfer") == {*SOURCE.columns, "time"}


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


BESIDE = "流水号,交易日期,交易时间,付款方账号,收款方账号,交易金额,币种"


def moments(folder: Path, head: str, *cells: tuple[str, str], **said: Any) -> list[datetime | date]:
    """What rows of a day and a time are read as: a moment, or a day where it is one alone."""
    if "时间,日期" in head:
        cells = tuple((time, day) for day, time in cells)
    lines = [f"T{n},{day},{time},A{n},B{n},5.00,CNY" for n, (day, time) in enumerate(cells, 1)]
    rows = read(written(folder, head, *lines), **said)
    assert all((row["dated_by"] == "day") == (row["moment"] is None) for row in rows)
    return [row["moment"] or row["day"] for row in rows]


@pytest.mark.parametrize(
    "head", [BESIDE, "Ref,Date,Time,From account,To account,Amount,Ccy", BESIDE.replace("交易", "")]
)
def test_a_time_of_day_beside_its_day_is_read_with_it(tmp_path: Path, head: str) -> None:
    told = ("2026-03-01", "09:30:15"), ("2026-03-01", "9:30:16"), ("2026-03-01", ""), ("2026-03-02", "00:00")
    assert moments(tmp_path, head, *told) == [
        datetime(2026, 3, 1, 1, 30, 15, tzinfo=UTC),  # Beijing is eight hours before
        datetime(2026, 3, 1, 1, 30, 16, tzinfo=UTC),
        date(2026, 3, 1),  # a day without a time is that day, and no midnight
        datetime(2026, 3, 1, 16, 0, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("time", "hour", "minute", "second"),
    [
        ("093015", 9, 30, 15),
        ("93015", 9, 30, 15),
        ("15", 0, 0, 15),  # 000015 without its zeros
        ("0", 0, 0, 0),
        ("24:00", 24, 0, 0),
        ("240000", 24, 0, 0),
        ("9时30分15秒", 9, 30, 15),
        ("下午2:05", 14, 5, 0),
        ("2:05 PM", 14, 5, 0),
        ("12:05 am", 0, 5, 0),
        ("午後0時5分", 12, 5, 0),
        ("09.30.15", 9, 30, 15),
        ("1899-12-31 09:30:15", 9, 30, 15),  # as a workbook has a time of its day 0
        ("09:30:15+08:00", 9, 30, 15),
    ],
)
def test_times_are_read_as_tables_write_them(tmp_path: Path, time: str, hour: int, minute: int, second: int) -> None:
    sure = ("20260302", "235959")  # six figures, which tell what fewer of them are
    found = moments(tmp_path, BESIDE, ("20260301", time), sure)
    local = timedelta(hours=hour - 8, minutes=minute, seconds=second)
    assert found == [datetime(2026, 3, 1, tzinfo=UTC) + local, datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)]


def test_a_time_that_is_none_is_a_bad_row(tmp_path: Path) -> None:
    good = "T,2026-03-01,{},A,B,5.00,CNY"
    spec = preview(written(tmp_path, BESIDE, good.format("09:30:15"))).text
    for time, why in (
        ("25:00:00", "no such time"),
        ("24:00:01", "no such time"),
        ("09:60", "no such time"),
        ("13:05 PM", "no such time"),
        ("noon", "not a time of day"),
        ("1900-01-01", "not a time of day"),  # as a workbook has 24:00, and a database midnight
        ("1900-01-01 00:00:00", "not a time of day"),
        ("2026-03-01 09:30:15", "not a time of day"),  # a whole moment is not joined to a day
        ("930", "hours and minutes, or minutes and seconds"),
    ):
        seen = preview(written(tmp_path, BESIDE, good.format(time)), text=spec)
        ((line, column, reason),) = [(b.line, b.column, b.reason) for b in seen.bad]
        assert (line, column) == (2, "交易时间") and why in reason, time


def test_one_time_that_is_none_leaves_the_column_read(tmp_path: Path) -> None:
    rows = [f"T{n},2026-03-01,{time},A,B,5.00,CNY" for n, time in enumerate(("9:30:15", "noon", "9:30:17"))]
    seen = preview(written(tmp_path, BESIDE, *rows))
    assert [(b.line, b.value) for b in seen.bad] == [(3, "noon")] and len(seen.rows["transfer"]) == 2


def test_times_in_few_figures_are_asked_and_a_leading_zero_tells(tmp_path: Path) -> None:
    def clock(*times: str) -> tuple[str, bool]:
        lines = [f"T{n},2026-03-01,{time},A,B,5.00,CNY" for n, time in enumerate(times)]
        seen = preview(written(tmp_path, BESIDE, *lines))
        assert not seen.bad
        return mapping_from_text("x", seen.text).spec["clock"], any("hours and minutes" in d.text for d in seen.doubts)

    assert clock("1015", "1130") == ("hhmmss", True)
    assert clock("0915", "1130") == ("hhmm", False)
    assert clock("1015", "93015") == ("hhmmss", False)


def test_a_time_that_contradicts_that_of_its_day_is_a_bad_row(tmp_path: Path) -> None:
    midnight = "2026-03-01 00:00:00"  # as a workbook writes a day
    assert moments(tmp_path, BESIDE, (midnight, "09:30:15"), (midnight, "")) == [
        datetime(2026, 3, 1, 1, 30, 15, tzinfo=UTC),
        date(2026, 3, 1),
    ]
    spec = preview(written(tmp_path, BESIDE, "T,2026-03-01,09:30:15,A,B,5.00,CNY")).text
    for day, bad in (("2026-03-01 09:30:15", 0), ("2026-03-01 10:30:15", 1)):
        seen = preview(written(tmp_path, BESIDE, f"T,{day},09:30:15,A,B,5.00,CNY"), text=spec)
        assert seen.bad_count == bad


def test_whole_moments_beside_a_booking_day_are_not_joined_to_it(tmp_path: Path) -> None:
    for head in (BESIDE, "Ref,Date,Time,From account,To account,Amount,Ccy"):
        (found,) = moments(tmp_path, head, ("2026-03-02", "2026-03-01 23:59:10"))
        assert found == datetime(2026, 3, 1, 15, 59, 10, tzinfo=UTC)
        spec = mapping_from_text("x", preview(tmp_path / "record.csv").text).spec
        assert "time" not in spec["columns"] and spec["columns"]["moment"] in ("交易时间", "time")


def test_the_order_of_day_and_month_is_asked_of_days_with_their_time_beside(tmp_path: Path) -> None:
    row = "T,02/03/2026,09:30:15,A,B,5.00,CNY"
    seen = preview(written(tmp_path, BESIDE, row))
    assert any("order of day and month" in d.text for d in seen.doubts)
    assert any(d.answer == "Asia/Shanghai" for d in seen.doubts)
    (found,) = read(written(tmp_path, BESIDE, row), date_order="mdy")
    assert found["moment"] == datetime(2026, 2, 3, 1, 30, 15, tzinfo=UTC)


def test_a_time_beside_its_day_is_read_of_orders_payments_and_parcels_too(tmp_path: Path) -> None:
    for kind, head, row, column in (
        ("order", "订单号,下单日期,下单时间,订单金额,币种", "O1,2026-03-01,9:30:15,5.00,CNY", "placed_at"),
        ("payment", "支付单号,订单号,支付日期,支付时间,支付金额,币种", "P1,O1,2026-03-01,093015,5.00,CNY", "paid_at"),
        ("tracking", "tracking number,date,time,event", "LX1,2026-03-01,09:30:15,delivered", "happened_at"),
    ):
        seen = preview(written(tmp_path, head, row), kind=kind)
        assert not seen.bad, (kind, seen.bad)
        assert seen.rows[kind][0][column] == datetime(2026, 3, 1, 1, 30, 15, tzinfo=UTC), kind


def test_what_a_mapping_says_of_times_is_checked() -> None:
    head = 'kind = "transfer"\naccount = "x"\ncurrency = "CNY"\n{more}[columns]\nmoment = "a"\npayer_account = "b"\n'
    columns = 'payee_account = "c"\npaid = "d"\n'
    for more, further, said in (
        ('clock = "hhmm"\n', "", "none is named"),
        ('clock = "hh"\n', 'time = "t"\n', "one of hhmmss, hhmm"),
        ("", 'time = "=09:30"\n', "cannot be a constant"),
    ):
        with pytest.raises(CrossbookError, match=said):
            mapping_from_text("x", head.format(more=more) + columns + further).spec  # noqa: B018
