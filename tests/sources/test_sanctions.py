"""Sanctions lists: whole ones are read, others say what is wrong and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError

SDN = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"
ENTRY = "<sdnEntry><uid>36</uid><lastName>AEROCARIBE</lastName><sdnType>Entity</sdnType></sdnEntry>"


def added(book: Book, folder: Path, name: str, content: str) -> int:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    (item,) = inputs([path])
    return add(book, item).facts["listed_party"]


@pytest.mark.parametrize(
    "root",
    [
        f'<Sanctions xmlns="{SDN}/ADVANCED_XML">',
        '<Sanctions xmlns:xsi="x" xmlns="http://www.un.org/sanctions/1.0">',
    ],
)
def test_the_advanced_form_is_named_with_its_cure(book: Book, tmp_path: Path, root: str) -> None:
    text = f"<?xml version='1.0' encoding='utf-8'?>{root}<DateOfIssue><Year>2026</Year></DateOfIssue></Sanctions>"
    with pytest.raises(CrossbookError, match="advanced form") as told:
        added(book, tmp_path, "sdn_advanced.xml", text)
    assert "download sdn.xml" in told.value.todo and not list(book.evidence())


def test_a_list_is_whole(book: Book, tmp_path: Path) -> None:
    head = f'<sdnList xmlns="{SDN}/XML"><publshInformation><Record_Count>{{n}}</Record_Count></publshInformation>'
    with pytest.raises(CrossbookError, match="says that it has 2 entries and has 1"):
        added(book, tmp_path, "a.xml", head.format(n=2) + ENTRY + "</sdnList>")
    with pytest.raises(CrossbookError, match="holds no entry"):
        added(book, tmp_path, "b.xml", head.format(n=0) + "</sdnList>")
    with pytest.raises(CrossbookError, match="holds no entry"):
        added(
            book, tmp_path, "c.xml", '<CONSOLIDATED_LIST dateGenerated="2026-10-03"><INDIVIDUALS/></CONSOLIDATED_LIST>'
        )
    assert added(book, tmp_path, "d.xml", head.format(n=1) + ENTRY + "</sdnList>") == 1
