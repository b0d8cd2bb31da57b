"""The first lines of a file as cells: split alike for every source, and told apart by what they lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.sources.encoding import read_head
from crossbook.sources.heading import Heading, split
from crossbook.sources.table.layout import find


@pytest.mark.parametrize(
    ("line", "delimiter", "cells"),
    [
        ("a, b  c ,", ",", ("a", "b c", "")),
        ('"a, b",c', ",", ("a, b", "c")),
        ("\ufeffDatum;Betrag", ";", ("Datum", "Betrag")),
        ("no delimiter", ";", ("no delimiter",)),
        ("", ",", ()),
        ("a\rb,c", ",", ()),
        ('="交易日期",="余额"', ",", ("交易日期", "余额")),
        ('"=""交易日期""","=""1,000.00"""', ",", ("交易日期", "1,000.00")),
    ],
)
def test_a_line_is_split(line: str, delimiter: str, cells: tuple[str, ...]) -> None:
    assert split(line, delimiter) == cells


def test_the_first_line_that_has_one_of_each_is_the_header() -> None:
    heading = Heading(["Net;Date", "Bank;of;X", "DATE;Amount;Net", "date;amount;net"])
    assert heading.where([("date", "day"), ("amount",)], ",;") == (3, ";", ("date", "amount", "net"))
    assert heading.where([("date",), ("gross",)], ",;") is None
    assert heading.where([("date",), ("amount",)], ",") is None


def test_a_header_on_two_lines_is_found_where_its_texts_stand_one_above_the_other() -> None:
    heading = Heading(["日期,金额,,余额", ",收入,支出,", "2026-01-01,1.00,,1.00"])
    found = find(heading, ["日期", "金额/收入", "金额/支出"], 0)
    assert found is not None and (found.line, found.first[0]) == (2, "日期")
    assert find(heading, ["日期", "收入/金额"], 0) is None


def test_a_head_is_read_again_when_its_file_changed(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert read_head(path, path.name) is read_head(path, path.name)
    path.write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    assert read_head(path, path.name).lines[0] == "a,b,c"
