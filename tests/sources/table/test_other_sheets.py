"""A second statement in a workbook is never lost without a word."""

from __future__ import annotations

from pathlib import Path

from crossbook.book.mapping import preview
from crossbook.i18n import in_chinese
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.source import Reading

WORKBOOK = Path(__file__).parent / "two_sheets.xlsx"  # two statements, of two accounts, each with a balance


def test_the_sheet_that_is_not_read_is_asked_about_by_map_and_named_by_add() -> None:
    seen = preview(WORKBOOK, account="A1")
    asked = [d for d in seen.doubts if d.answer.startswith("sheet")]
    assert len(asked) == 1
    assert asked[0].answer == "sheet2"
    assert "which is not read: save it as a file of its own" in asked[0].text
    assert "第 2 张工作表" in in_chinese(asked[0].text)
    reading = Reading(path=WORKBOOK, name="two_sheets.xlsx", encoding="utf-8")
    list(mapping_from_text("A1", seen.kept).read(reading))
    assert asked[0].text in reading.notes
