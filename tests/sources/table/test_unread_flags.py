"""Columns of results and marks beside the money: rows that moved none, and columns of few words that nobody reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.mapping import Preview, keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.sources.line_types import says_status, tells_status

HEAD = "账号：,6222000000000009,币种：,人民币\n"
ROWS = "2026-01-05,7200.00,,{},收款\n2026-01-06,,1200.50,{},运费\n2026-01-06,,1200.50,{},运费\n"
SPARKASSE = (
    '"Auftragskonto";"Buchungstag";"Buchungstext";"Verwendungszweck";"Betrag";"Waehrung";"Info"\n'
    '"DE89370400440532013000";"15.01.2026";"GUTSCHRIFT";"x";"72,00";"EUR";"Umsatz gebucht"\n'
    '"DE89370400440532013000";"16.01.2026";"LASTSCHRIFT";"y";"-12,00";"EUR";"Umsatz vorgemerkt"\n'
)


def written(folder: Path, text: str, name: str = "statement.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def seen(folder: Path, text: str) -> Preview:
    return preview(written(folder, text))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("处理结果", ("处理成功", "已退回", "处理成功")),
        ("交易结果", ("Y", "N", "Y")),
        ("Umsatzstatus", ("gebucht", "vorgemerkt", "gebucht")),
        ("Info", ("Umsatz gebucht", "Umsatz vorgemerkt", "Umsatz gebucht")),
        ("备用", ("成功", "已退汇", "成功")),
    ],
)
def test_rows_that_moved_no_money_do_not_count(tmp_path: Path, header: str, words: tuple[str, ...]) -> None:
    found = seen(tmp_path, f"{HEAD}交易日期,收入金额,支出金额,{header},摘要\n{ROWS.format(*words)}")
    assert [r["amount"] for r in found.rows["bank"]] == [720_000, -120_050]
    assert [(line, role) for line, role, _ in found.left_out] == [(4, "not done")] and not found.doubts


def test_what_is_only_noted_comes_again_when_it_is_booked(tmp_path: Path) -> None:
    found = seen(tmp_path, SPARKASSE)
    assert [r["amount"] for r in found.rows["bank"]] == [7_200] and not found.doubts


def test_what_was_taken_back_is_asked_about(tmp_path: Path) -> None:
    words = ("正常", "已冲正", "正常")
    found = seen(tmp_path, f"{HEAD}交易日期,收入,支出,冲正标志,摘要\n{ROWS.format(*words)}")
    assert [d.answer for d in found.doubts] == ["冲正标志"]


def test_balances_prove_that_what_was_taken_back_counts(tmp_path: Path) -> None:
    """99.00 out and in again: 10,001.00 - 1.00 - 99.00 + 99.00 = 10,000.00."""
    text = (
        HEAD + "交易日期,收入,支出,余额,冲正标志,摘要\n2026-01-05,,1.00,10000.00,正常,费\n"
        "2026-01-06,,99.00,9901.00,已冲正,误\n2026-01-07,99.00,,10000.00,正常,冲\n"
    )
    found = seen(tmp_path, text)
    assert [r["amount"] for r in found.rows["bank"]] == [-100, -9_900, 9_900] and not found.doubts


def test_a_column_of_unknown_words_beside_the_money_is_asked_about(tmp_path: Path) -> None:
    rows = "交易日期,收支类型,金额,摘要\n2026-01-05,1,7200.00,收款\n2026-01-06,2,1200.50,运费\n"
    asked = {d.answer: d.text for d in seen(tmp_path, HEAD + rows).doubts}
    assert asked["收支类型"] == "收支类型 is not read, and says 2 of line 4: 1,200.50 CNY is read as money in"


def test_a_mapping_that_reads_no_status_takes_no_row_that_moved_no_money(tmp_path: Path, book: Book) -> None:
    head = HEAD + "交易日期,收入,支出,渠道,摘要\n"
    first = seen(tmp_path, head + "2026-01-05,7200.00,,网银,收款\n2026-01-06,,1.00,柜面,费\n")
    assert not first.doubts
    keep_mapping(book, first.name, first.kept)
    path = written(tmp_path, head + "2026-02-05,7200.00,,网银,收款\n2026-02-06,,1.00,已退汇,费\n", "later.csv")
    with pytest.raises(CrossbookError, match="渠道 is not read, and says 已退汇 of line 4"):
        add(book, inputs([path])[0])
    assert add(book, inputs([path])[0], yes=("渠道",)).facts == {"bank": 2}


@pytest.mark.parametrize(
    ("header", "words", "told"),
    [
        ("Info", {"Umsatz gebucht", "Umsatz vorgemerkt"}, True),
        ("Info", {"Umsatz gebucht"}, False),
        ("摘要", {"运费", "成功"}, False),
        ("对账结果", {"成功", "失败"}, False),
        ("交易结果", {"Y"}, True),
    ],
)
def test_words_of_a_status_tell_it_under_any_header(header: str, words: set[str], told: bool) -> None:
    assert (tells_status(header, words) or says_status(header, words)) is told
