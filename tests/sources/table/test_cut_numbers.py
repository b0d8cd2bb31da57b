"""Numbers of orders and accounts that a spreadsheet left in scientific notation (5.76E+17 of 18 figures): bad rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.frame import Frame
from crossbook.sources.source import Reading

SETTLEMENT = "结算时间,订单号,业务类型,结算金额,币种\n2026-03-01,{0},订单,100.00,USD\n2026-03-02,{0},订单,40.00,USD\n"
ORDERS = "订单号,下单时间,订单金额,币种\n{0},2026-03-01 10:00:00,100.00,USD\n{0},2026-03-02 10:00:00,40.00,USD\n"
ACCOUNTS = (
    "账号,交易日期,收入,支出,余额,币种,摘要\n{0},2026-03-01,100.00,,100.00,CNY,a\n{0},2026-03-02,40.00,,140.00,CNY,b\n"
)
REFERENCES = (
    "交易日期,收入,支出,余额,币种,流水号\n2026-03-01,100.00,,100.00,CNY,{0}\n2026-03-02,40.00,,140.00,CNY,{0}\n"
)


@pytest.mark.parametrize("cut", ["5.76E+17", "5,76E+17", "6E+18", "5.76123456789012e+17"])
@pytest.mark.parametrize(
    ("kind", "text"),
    [("settlement", SETTLEMENT), ("order", ORDERS), ("bank", ACCOUNTS), ("bank", REFERENCES)],
    ids=["settlement", "order", "account", "reference"],
)
def test_a_number_that_was_cut_short_is_no_number(tmp_path: Path, kind: str, text: str, cut: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text.format(f'"{cut}"'), encoding="utf-8")
    seen = preview(path, kind=kind)
    assert [(bad.line, bad.value) for bad in seen.bad] == [(2, cut), (3, cut)]
    assert all("cut short" in bad.reason for bad in seen.bad)


def test_an_account_above_a_table_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "账号：,6.22E+18,币种：,人民币\n交易日期,收入,支出,摘要\n2026-01-05,7200.00,,收款\n", encoding="utf-8"
    )
    with pytest.raises(CrossbookError, match="cut short"):
        preview(path)


@pytest.mark.parametrize(
    ("name", "bad"), [("amazon-order-id", 1), ("transaction_id", 1), ("sku", 1), ("description", 0)]
)
def test_reports_of_platforms_are_held_to_it_too(name: str, bad: int, tmp_path: Path) -> None:
    for column in (pa.array(["5.76E+17", "A-1"]), pa.array(["5.76E+17", "A-1"]).dictionary_encode()):
        reading = Reading(path=tmp_path / "report.csv", name="report.csv", encoding="utf-8")
        frame = Frame(pa.table({name: column, "line": pa.array([2, 3])}), reading, {}, ".")
        read = frame.text(name)
        assert len(reading.bad_lines) == bad and read[1].as_py() == "A-1"
