"""Whose account a file's name says it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.source import Reading
from crossbook.sources.table import owner

TABLE = "交易日期,收入,支出,余额,币种\n2026-01-05,7200.00,,17200.00,CNY\n2026-01-07,,1200.50,15999.50,CNY\n"


@pytest.mark.parametrize(
    ("stem", "number"),
    [
        ("statement_6222021234567890_2026", "6222021234567890"),
        ("NL99INGB9999999999_25-11-2019_30-05-2020", "NL99INGB9999999999"),
        ("export_20260101123456", None),
        ("6222021234567890_6222021234567891", None),
        ("january", None),
    ],
)
def test_the_number_in_a_name(stem: str, number: str | None) -> None:
    assert owner.in_name(stem) == number


def test_a_file_goes_to_the_account_in_its_name_where_nothing_in_it_says_one(tmp_path: Path) -> None:
    first, other = tmp_path / "statement_6222021234567890_2026.csv", tmp_path / "statement_6222020000000001_2026.csv"
    first.write_text(TABLE, encoding="utf-8")
    other.write_text(TABLE, encoding="utf-8")
    seen = preview(first)
    assert 'account = "6222021234567890"      # from the name of the file' in seen.text
    mapped = mapping_from_text(seen.name, seen.text)
    accounts = {
        row["account"]
        for path in (first, other)
        for _, table in mapped.read(Reading(path=path, name=path.name, encoding="utf-8"))
        for row in table.to_pylist()
    }
    assert accounts == {"6222021234567890", "6222020000000001"}


def test_a_name_of_one_s_own_is_not_put_on_a_file_of_another_account(tmp_path: Path) -> None:
    first, other = tmp_path / "statement_6222021234567890_2026.csv", tmp_path / "statement_6222020000000001_2026.csv"
    first.write_text(TABLE, encoding="utf-8")
    other.write_text(TABLE, encoding="utf-8")
    text = preview(first).text.replace('account = "6222021234567890"', 'account = "CMB"')
    mapped = mapping_from_text("CMB", text)
    with pytest.raises(CrossbookError, match="the file's name is of the account 6222020000000001"):
        list(mapped.read(Reading(path=other, name=other.name, encoding="utf-8")))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("", "账号：6222000000005678\n", 'account = "6222000000005678"'),
        ("", "账号,6222 0000 0000 5678,,户名,示例贸易有限公司\n打印日期：2026-02-01\n", 'account = "6222000000005678"'),
        ("账号\n6222000000005678\n", "", 'account = "6222000000005678"'),
        ("Account No.\n4417-0000-1234\n", "", 'account = "441700001234"'),
        ("账号：6222000000005678\n", "账号：9999000000001111\n", 'account = "6222000000005678"'),
        ("", "对方账号：9999000000001111\n", 'account = "january"'),
        ("卡号：6222****5678\n", "", 'account = "january"      # a guess, for only the name of the file says it'),
    ],
)
def test_the_account_below_a_table_below_its_label_or_masked(
    tmp_path: Path, before: str, after: str, line: str
) -> None:
    path = tmp_path / "january.csv"
    path.write_text(before + TABLE + after, encoding="utf-8")
    assert line in preview(path).text


def test_a_later_file_whose_foot_names_another_account_is_not_put_on_the_first_one_s(tmp_path: Path) -> None:
    first, other = tmp_path / "january.csv", tmp_path / "february.csv"
    first.write_text(TABLE + "账号：6222000000005678\n", encoding="utf-8")
    other.write_text(TABLE + "账号：6222000000001111\n", encoding="utf-8")
    text = preview(first).text
    rows = [
        row["account"]
        for _, table in mapping_from_text("a", text).read(Reading(path=other, name=other.name, encoding="utf-8"))
        for row in table.to_pylist()
    ]
    assert rows == ["6222000000001111"] * 2
    named = mapping_from_text("a", text.replace('account = "6222000000005678"', 'account = "CMB"'))
    with pytest.raises(CrossbookError, match=r"february\.csv: the file is of the account 6222000000001111"):
        list(named.read(Reading(path=other, name=other.name, encoding="utf-8")))
