"""Which encoding a file is in: texts of four scripts, each in the encoding of its country before Unicode."""

from __future__ import annotations

import pytest

from crossbook.sources.encoding import detect


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "交易日期,摘要,贷方,借方,余额\n货款"),
        ("gb18030", "Date,Amount\n2026-01-05,货款"),
        ("cp932", "日付,摘要,入金額,出金額,残高\nカード"),
        ("big5", "交易日期,摘要,存入,支出,結餘\n轉帳"),
        ("cp1252", "Buchungstag;Betrag;Währung\nMüller, Gebühr"),
        ("cp1252", "Date;Libellé;Débit;Crédit"),
        ("utf-8", "日付,Währung,余额"),
        ("utf-16", "交易日期,余额"),
    ],
)
def test_the_characters_tell_the_encoding(encoding: str, text: str) -> None:
    assert detect(text.encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("DATA MOV.;IMPORTÂNCIA;DESCRIÇÃO", "cp1252"),
        ("02.10.2025;1,04€", "cp1252"),
        ("A股,借贷", "gb18030"),
        ("交易日期,贷 Cr", "gb18030"),
    ],
)
def test_letters_with_marks_within_words_are_western(text: str, encoding: str) -> None:
    assert detect(text.encode(encoding)) == encoding
