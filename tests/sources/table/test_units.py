"""Amounts in thousands or cents are never taken as whole units of a currency; the amounts by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.table.amounts import scaled


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("收入（万元）", "万元"),
        ("收入(单位：千元)", "千元"),
        ("金额（分）", "分"),
        ("金額(百万円)", "百万円"),
        ("Amount (cents)", "cents"),
        ("amount_cents", "cents"),
        ("Amount (in thousands)", "thousands"),
        ("Betrag (TEUR)", "TEUR"),
        ("Amount ($000)", "$000"),
        ("收入金额（+元）", None),
        ("贷方发生额/元(收入)", None),
        ("金额(人民币元)", None),
        ("单笔金额(5万元以上)", None),
        ("Recent amount", None),
        ("Amount (EUR)", None),
        ("Percentage fee", None),
        ("Net amount accented", None),
    ],
)
def test_the_unit_in_a_header(header: str, unit: str | None) -> None:
    assert scaled(header) == unit


def test_a_company_above_a_table_is_no_unit() -> None:
    assert scaled("单位：万科物业 2026年", above=True) is None
    assert scaled("in the Millions Club", above=True) is None
    assert scaled("单位：万元", above=True) and scaled("amounts in USD thousands", above=True)


@pytest.mark.parametrize(
    "text",
    [
        "交易日期,收入（万元）,支出（万元）,余额（万元）,币种\n"
        "2026-01-05,1.5,,11.5,人民币\n2026-01-06,,0.5,11.0,人民币\n",
        "Date,Amount (cents),Currency,Text\n2026-01-05,12345,USD,a\n2026-01-06,-2345,USD,b\n",
        "单位：千元,,,\n交易日期,收入,支出,币种\n2026-01-05,1.5,,人民币\n2026-01-06,,0.5,人民币\n",
    ],
)
def test_a_table_in_another_unit_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CrossbookError, match=r"amounts in \S+ are not read"):
        preview(written(tmp_path, text))


def test_whole_units_stay(tmp_path: Path) -> None:
    text = "单位：元,,,\n交易日期,收入（元）,支出（元）,币种\n2026-01-05,1.5,,人民币\n2026-01-06,,0.5,人民币\n"
    assert [row["amount"] for row in preview(written(tmp_path, text)).rows["bank"]] == [150, -50]
