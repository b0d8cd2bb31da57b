"""What a person agreed to is kept of a mapping, and nothing else: of one file where it is of that file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.checking import rebuild
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.sources.table.refusing import agreed_lines, answers

HEADER = "日期,摘要,收入,支出,余额\n"
BROKEN = "2026-01-05,a,100.00,,200.00\n2026-01-06,b,,50.00,150.10\n2026-01-07,c,,50.00,100.10\n"  # 150.00
LATER = "2026-02-05,d,100.00,,180.00\n2026-02-06,e,,29.90,150.10\n2026-02-07,f,,50.00,100.00\n"  # 100.10


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_balance_agreed_to_is_so_in_its_own_file(tmp_path: Path, book: Book) -> None:
    """Line 3 of both files states 150.10; that of the later file is wrong by 0.20 (180.00 - 29.90 is right there, so
    its line 4 is what does not follow)."""
    first = written(tmp_path, "a.csv", HEADER + BROKEN)
    seen = preview(first, currency="CNY")
    assert [d.answer for d in seen.doubts] == ["3"]
    keep_mapping(book, seen.name, seen.kept)
    assert add(book, inputs([first])[0]).facts == {"bank": 3}
    other = written(tmp_path, "b.csv", HEADER + BROKEN.replace("2026-01", "2026-02"))
    with pytest.raises(CrossbookError, match=r"balance of line 3 does not follow: 150\.10 CNY"):
        add(book, inputs([other])[0])
    rebuild(book)
    assert len(book.evidence()) == 1


def test_each_contradiction_is_asked_about(tmp_path: Path) -> None:
    """By hand: 200.00 - 50.00 is 150.00 and not 150.10; 150.10 - 50.00 is 100.10 and not 90.00."""
    seen = preview(written(tmp_path, "a.csv", HEADER + BROKEN.replace("100.10", "90.00")), currency="CNY")
    assert [d.answer for d in seen.doubts] == ["3", "4"]
    assert seen.doubts[1].text.startswith("balance of line 4")


def test_each_contradiction_of_a_later_file_is_agreed_to_by_its_line(tmp_path: Path, book: Book) -> None:
    """The same two: agreeing to one of them is not agreeing to the other."""
    first = written(tmp_path, "a.csv", HEADER + BROKEN.replace("150.10", "150.00").replace("100.10", "100.00"))
    seen = preview(first, currency="CNY")
    assert not seen.doubts
    keep_mapping(book, seen.name, seen.kept)
    other = inputs(
        [written(tmp_path, "b.csv", HEADER + BROKEN.replace("100.10", "90.00").replace("2026-01", "2026-02"))]
    )[0]
    with pytest.raises(
        CrossbookError, match=r"2 figures do not agree:\nbalance of line 3 .*\nbalance of line 4 "
    ) as both:
        add(book, other)
    assert "--yes 3 --yes 4" in both.value.todo
    with pytest.raises(CrossbookError, match=r": balance of line 4 "):
        add(book, other, yes=["3"])
    assert add(book, other, yes=["3", "4"]).facts == {"bank": 3}


def test_many_contradictions_are_agreed_to_by_how_many_they_are() -> None:
    assert answers([3, 3, 5]) == "--yes 3 --yes 5"
    assert answers(range(1, 40)) == "--yes all-39"
    assert agreed_lines([3, 5, 9], ["5"]) == {5} and agreed_lines([3, 5, 9], ["all-2"]) == set()
    assert agreed_lines([3, 5, 9], ["all-3"]) == {3, 5, 9}


def test_a_title_agreed_to_says_nothing_of_another_contradiction(tmp_path: Path, book: Book) -> None:
    good = HEADER + "2026-01-05,a,100.00,,200.00\n2026-01-06,b,,50.00,150.00\n"
    first = written(tmp_path, "a.csv", "美元账户交易明细\n" + good)
    seen = preview(first, currency="CNY", account="K")
    assert "CNY" in [d.answer for d in seen.doubts]
    assert tomllib.loads(seen.kept)["agreed"] == ["CNY though USD above"]
    keep_mapping(book, seen.name, seen.kept)
    add(book, inputs([first])[0])
    later = HEADER + LATER.replace("100.00\n", "100.10\n")
    add(book, inputs([written(tmp_path, "b.csv", "美元账户交易明细\n" + later)])[0])  # the same, agreed to before
    with pytest.raises(CrossbookError, match="the lines above the table name EUR, and nothing in it CNY"):
        add(book, inputs([written(tmp_path, "c.csv", "欧元账户交易明细\n" + later)])[0])


FEES = "Date,Description,Amount,Fee,Balance\n"


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        ("2026-01-05,a,100.00,2.00,98.00\n2026-01-06,b,-10.00,0.00,88.00\n", True),  # of a row without a fee
        ("2026-01-05,a,100.00,0.00,100.00\n2026-01-06,b,-10.00,1.00,90.00\n", False),
    ],
)
def test_a_balance_proves_of_fees_what_it_tests(tmp_path: Path, rows: str, asked: bool) -> None:
    seen = preview(written(tmp_path, "f.csv", FEES + rows), currency="USD", account="F")
    assert any("fees of" in d.text for d in seen.doubts) is asked
