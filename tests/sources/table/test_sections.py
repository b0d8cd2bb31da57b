"""Two tables one below the other in one file are never read as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.i18n import in_chinese
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.source import Reading

HEADER = "交易日期,收入,支出,余额,摘要\n"
ABOVE = "账号：6222000000000001\n币种：人民币\n" + HEADER
FIRST = ABOVE + "2026-01-05,1000.00,,1000.00,货款\n2026-01-06,,50.00,950.00,手续费\n"
ROW = "2026-01-05,300.00,,300.00,货款\n"
OTHERS = {
    "of the account 6222000000000002": "\n账号：6222000000000002\n币种：美元\n" + HEADER + ROW,
    "in USD": "币种：美元\n" + HEADER + ROW,
    "of the account 77": "账号：77,,,,\n" + ROW,
    "under another header": "记账日,贷,借,结余,用途\n2026-01-05,300.00,,1250.00,货款\n",
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_second_table_is_refused_by_map_and_add(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(FIRST, encoding="utf-8")
    mapped = mapping_from_text("A1", preview(path, account="A1").text)
    path.write_text(FIRST + OTHERS[what], encoding="utf-8")
    line = 7 if OTHERS[what].startswith("\n") else 6
    for attempt in (
        lambda: preview(path, account="A1"),
        lambda: list(mapped.read(Reading(path=path, name=path.name, encoding="utf-8"))),
    ):
        with pytest.raises(CrossbookError, match=f"a second table begins here, {what}") as refused:
            attempt()
        assert refused.value.where == f"a.csv:{line}"
        assert "split it" in refused.value.todo
        assert in_chinese(str(refused.value.what)) != str(refused.value.what)


@pytest.mark.parametrize(
    "more",
    [
        "\n" + ABOVE + "2026-01-07,300.00,,1250.00,货款\n",  # a page
        "2026-01-07,300.00,,1250.00,货款\n对方账号：6222000000000009\n",  # no row is below it
        # what belongs to the row above
        "2026-01-07,300.00,,1250.00,货款\n,,,,账号：6222000000000009\n2026-01-08,10.00,,1260.00,利息\n",
    ],
)
def test_pages_and_notes_are_no_second_table(tmp_path: Path, more: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(FIRST + more, encoding="utf-8")
    assert {row["account"] for row in preview(path, account="A1").rows["bank"]} == {"A1"}


def test_a_table_above_the_header_that_is_read_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    first = "Account: 11112222\nDay,Sum,Note\n2026-01-05,5.00,x\n"
    other = "Account: 33334444\nDate,Details,Paid out,Paid in,Balance\n2026-01-15,A,,100.00,100.00\n"
    path.write_text(first + other, encoding="utf-8")
    with pytest.raises(CrossbookError, match="two tables, of the accounts 11112222, 33334444") as refused:
        preview(path, account="A1")
    assert refused.value.where == "a.csv:3"
