"""A file that names another currency than its amounts are read in is asked about, and refused when it is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.sources.table.owner import currency_in_name

PLAIN = "日期,摘要,收入,支出,余额\n2026-01-05,a,100.00,,200.00\n2026-01-06,b,,50.00,150.00\n"
LATER = "日期,摘要,收入,支出,余额\n2026-02-05,c,100.00,,250.00\n2026-02-06,d,,50.00,200.00\n"
ABOVE = (
    "Account: 12345678\nCurrency: EUR\nDate,Description,Amount,Currency,Balance\n"
    "2026-01-05,in,10.00,USD,10.00\n2026-01-06,out,-5.00,USD,5.00\n"
)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("stem", "code"),
    [
        ("招行美元户流水", "USD"),
        ("statement_usd_2026", "USD"),
        ("HKD-2026-01", "HKD"),
        ("rmb流水", "CNY"),
        ("fleur_2026", None),
        ("EURUSD", None),
        ("usdt wallet", None),
        ("美元兑人民币", None),
        ("all mad top try", None),
    ],
)
def test_the_currency_in_a_name(stem: str, code: str | None) -> None:
    assert currency_in_name(stem) == code


def test_a_currency_that_only_the_name_says_is_asked_about(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, "招行美元户流水.csv", PLAIN))
    assert [(d.text, d.answer) for d in seen.doubts] == [
        ("the file does not say its currency, only its name does: USD", "USD")
    ]


def test_a_later_file_of_another_currency_by_its_name_is_refused_until_agreed(tmp_path: Path, book: Book) -> None:
    seen = preview(written(tmp_path, "n1.csv", PLAIN), currency="CNY")
    assert not seen.doubts
    keep_mapping(book, seen.name, seen.kept)
    later = inputs([written(tmp_path, "招行美元户流水.csv", LATER)])[0]
    with pytest.raises(CrossbookError, match="the name of the file says USD, and nothing in it CNY"):
        add(book, later)
    assert add(book, later, yes=("CNY",)).facts == {"bank": 2}


def test_what_a_person_says_against_the_name_is_asked_once_and_kept(tmp_path: Path, book: Book) -> None:
    path = written(tmp_path, "招行美元户流水.csv", PLAIN)
    seen = preview(path, currency="CNY")
    assert [d.answer for d in seen.doubts] == ["CNY"]
    keep_mapping(book, seen.name, seen.kept)
    assert add(book, inputs([path])[0]).facts == {"bank": 2}


def test_a_name_says_nothing_against_the_file(tmp_path: Path) -> None:
    text = PLAIN.replace("余额", "余额(CNY)")
    seen = preview(written(tmp_path, "招行美元户流水.csv", text))
    assert not seen.doubts and {row["currency"] for row in seen.rows["bank"]} == {"CNY"}


def test_rows_in_another_currency_than_the_lines_above_them(tmp_path: Path, book: Book) -> None:
    path = written(tmp_path, "statement.csv", ABOVE)
    seen = preview(path)
    assert ("the lines above the table say EUR, its rows USD", "USD") in [(d.text, d.answer) for d in seen.doubts]
    keep_mapping(book, seen.name, seen.text)  # nobody agreed
    with pytest.raises(CrossbookError, match="the lines above the table say EUR, its rows USD"):
        add(book, inputs([path])[0])
    keep_mapping(book, seen.name, seen.kept)
    assert add(book, inputs([path])[0]).facts == {"bank": 2}


def test_a_heading_that_names_one_of_the_rows_currencies_is_no_contradiction(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, "s.csv", ABOVE.replace("out,-5.00,USD,5.00", "out,-5.00,EUR,5.00")))
    assert "the lines above" not in " ".join(d.text for d in seen.doubts)


def test_a_later_file_whose_rows_are_all_in_another_currency_is_refused_until_agreed(
    tmp_path: Path, book: Book
) -> None:
    table = "Date,Description,Amount,Currency,Balance\n"
    first = "13/01/2026,a,10.00,GBP,110.00\n14/01/2026,b,-5.00,GBP,105.00\n"
    seen = preview(written(tmp_path, "m1.csv", table + first), account="M")
    keep_mapping(book, seen.name, seen.kept)
    others = "02/03/2026,c,10.00,EUR,15.00\n15/03/2026,d,-5.00,EUR,10.00\n"
    later = inputs([written(tmp_path, "m3.csv", table + others)])[0]
    with pytest.raises(CrossbookError, match="the mapping is of an account in GBP, the rows are in EUR"):
        add(book, later)
    assert add(book, later, yes=("EUR",)).facts == {"bank": 2}
    mixed = "20/03/2026,e,1.00,EUR,11.00\n25/03/2026,f,2.00,GBP,107.00\n"  # a card's, in two currencies
    assert "the mapping is of" not in told(book, written(tmp_path, "m4.csv", table + mixed))
    of_its_own = "Currency: EUR\n" + table + "26/03/2026,g,1.00,EUR,12.00\n27/03/2026,h,1.00,EUR,13.00\n"
    assert told(book, written(tmp_path, "m5.csv", of_its_own)) == ""


def told(book: Book, path: Path) -> str:
    """What an add of a file is refused with, if it is."""
    try:
        add(book, inputs([path])[0])
    except CrossbookError as error:
        return str(error)
    return ""
