"""1.505 and 1,505: thousands or three decimals? Where nothing in the file decides, it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook import i18n
from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.mapping import Preview, keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.i18n import translated

HEAD = "Account No.: 123456789\nCurrency: {code}\nDate,Description,Paid in,Paid out{more}\n"


def table(folder: Path, code: str, rows: str, more: str = "") -> Path:
    path = folder / f"{code}.csv"
    path.write_text(HEAD.format(code=code, more=more) + rows, encoding="utf-8")
    return path


def seen(folder: Path, code: str, one: str, two: str) -> Preview:
    return preview(table(folder, code, f'2026-01-15,IN,"{one}",\n2026-01-16,OUT,,"{two}"\n'))


@pytest.mark.parametrize(
    ("code", "one", "minor"),
    [("USD", "1.505", 150_500), ("EUR", "1,505", 150_500), ("KWD", "1,505", 1_505), ("BHD", "1.505", 1_505)],
)
def test_it_is_asked(tmp_path: Path, code: str, one: str, minor: int) -> None:
    """Two decimals at most: thousands. Of a currency with three both are amounts: its decimals are the likelier."""
    read = seen(tmp_path, code, one, one.replace("1", "2").replace("505", "000"))
    assert [d.answer for d in read.doubts] == [one] and f"the mark in {one}" in read.doubts[0].text
    assert read.rows["bank"][0]["amount"] == minor
    i18n.choose("zh")
    try:
        assert f"文件无法说明 {one} 中的符号" in translated(read.doubts[0].text)
    finally:
        i18n.choose("en")


@pytest.mark.parametrize(
    ("code", "one", "two", "minor"),
    [
        ("USD", "1.505", "2.000,00", 150_500),  # a comma with two digits behind it
        ("USD", "1,505", "2.50", 150_500),
        ("KWD", "1.505", "0.500", 1_505),
        ("JPY", "1,505", "2,000", 1_505),  # it has no decimals
        ("USD", "1505", "2000", 150_500),
    ],
)
def test_it_is_not_asked_where_the_file_decides(tmp_path: Path, code: str, one: str, two: str, minor: int) -> None:
    read = seen(tmp_path, code, one, two)
    assert not read.doubts and read.rows["bank"][0]["amount"] == minor


def test_a_balance_with_plain_numbers_decides(tmp_path: Path) -> None:
    """1000 + 1.505 are 2.505 with thousands, and 1,001.505 with decimals."""
    rows = "2026-01-14,IN,1000,,1000\n2026-01-15,IN,1.505,,2.505\n2026-01-16,OUT,,2.005,500\n"
    read = preview(table(tmp_path, "USD", rows, ",Balance"))
    assert not read.doubts and [r["balance"] for r in read.rows["bank"]] == [100_000, 250_500, 50_000]


def test_what_was_confirmed_is_kept_and_not_asked_again(tmp_path: Path, book: Book) -> None:
    read = seen(tmp_path, "KWD", "1.505", "2.000")
    keep_mapping(book, read.name, read.kept)
    done = add(book, inputs([tmp_path / "KWD.csv"])[0])
    assert done.status == "added" and not done.note


def test_a_later_file_says_it_or_is_refused(tmp_path: Path, book: Book) -> None:
    """Of a mapping that does not say it: thousands are noted, where both are amounts the file is refused."""
    for code in ("USD", "KWD"):
        read = seen(tmp_path, code, "1.505", "2.000")
        text = "\n".join(line for line in read.kept.splitlines() if not line.startswith("decimal"))
        keep_mapping(book, read.name, text)
        if code == "USD":
            note = add(book, inputs([tmp_path / "USD.csv"])[0]).note
            assert "the mark in 1.505 is of thousands or of decimals: it is read as of thousands" in note
        else:
            with pytest.raises(CrossbookError, match=r"the mark in 1\.505"):
                add(book, inputs([tmp_path / "KWD.csv"])[0])
