"""A bank's table that says of each row whether its money moved: what failed or waits is no money; amounts by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.sources.line_types import tells_status

CHINESE = (
    "交易时间,收入,支出,币种,交易状态,摘要\n2026-01-05,100.00,,人民币,成功,a\n2026-01-06,500.00,,人民币,失败,b\n"
    "2026-01-07,,20.00,人民币,已撤销,c\n2026-01-08,,30.00,人民币,交易成功,d\n2026-01-09,8.00,,人民币,交易关闭,e\n"
)
ENGLISH = (
    "Date,Money In,Money Out,Currency,Status,Description\n2026-01-05,100.00,,USD,Completed,a\n"
    "2026-01-06,500.00,,USD,Failed,b\n2026-01-07,,20.00,USD,Pending,c\n2026-01-08,,30.00,USD,Completed,d\n"
    "2026-01-09,8.00,,USD,Declined,e\n"
)
FRENCH = (
    "Date;Crédit;Débit;Solde;Devise;Statut;Libellé\n05/01/2026;100,00;;1.100,00;EUR;Effectué;a\n"
    "13/01/2026;500,00;;1.100,00;EUR;Échoué;b\n14/01/2026;;20,00;1.100,00;EUR;Annulé;c\n"
    "15/01/2026;;30,00;1.070,00;EUR;Effectué;d\n16/01/2026;8,00;;1.070,00;EUR;En attente;e\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "statement.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, FRENCH], ids=["zh", "en", "fr"])
def test_rows_that_are_not_done_are_no_money(tmp_path: Path, text: str) -> None:
    seen = preview(written(tmp_path, text))
    assert [row["amount"] for row in seen.rows["bank"]] == [10_000, -3_000]
    assert [(line, role) for line, role, _ in seen.left_out] == [(n, "not done") for n in (3, 4, 6)]
    assert not seen.bad


def test_a_status_that_nobody_knows_is_asked_about(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, ENGLISH.replace("Declined", "Zurück")))
    assert [(bad.line, bad.value) for bad in seen.bad] == [(6, "zurück")]


def test_adding_says_how_many_rows_are_not_done(tmp_path: Path, book: Book) -> None:
    path = written(tmp_path, CHINESE)
    seen = preview(path)
    keep_mapping(book, seen.name, seen.kept)
    added = add(book, inputs([path])[0])
    assert added.facts == {"bank": 2} and added.note.split("\n") == [
        f"rows left out, as 交易状态 says {word!r}: 1, no money moved, the first is line {line}"
        for word, line in (("交易关闭", 6), ("失败", 3), ("已撤销", 4))
    ]


@pytest.mark.parametrize(
    ("header", "words", "told"),
    [
        ("交易状态", {"冲正"}, True),
        ("state", {"completed", "reverted"}, True),
        ("state", {"NY", "CA"}, False),
        ("对账状态", {"已完成", "失败"}, False),
        ("statement", {"completed"}, False),
        ("status", {""}, False),
    ],
)
def test_which_columns_say_that_money_moved(header: str, words: set[str], told: bool) -> None:
    assert tells_status(header, words) is told
