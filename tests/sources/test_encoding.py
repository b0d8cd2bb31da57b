"""Which encoding a file is in: texts of four scripts, each in the encoding of its country before Unicode."""

from __future__ import annotations

from pathlib import Path

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
    ("encoding", "text"),
    [
        ("cp949", "거래일자,적요,입금,출금,잔액\n2026-01-05,이체,1000,,1000\n"),
        ("cp949", "거래일시,거래내용,출금액,입금액,거래 후 잔액\n2026-01-05,쿠팡 정산,,1000,1000\n"),
        ("euc_jp", "日付,摘要,入金額,出金額,残高\n2026-01-05,アマゾン,1000,,1000\n"),
        ("cp1251", "Дата операции;Описание;Сумма;Валюта\n05.01.2026;Перевод;1000;RUB\n"),
        ("koi8_r", "Дата операции;Описание;Сумма;Валюта\n05.01.2026;Перевод;1000;RUB\n"),
        ("cp1250", "Data księgowania;Opis;Kwota;Saldo\n05.01.2026;Wpłata własna;1000;1000\n"),
        ("cp1250", "Datum zaúčtování;Částka;Měna;Zůstatek\n05.01.2026;1000;CZK;1000\n"),
    ],
)
def test_the_words_tell_an_encoding_whose_bytes_are_another_s_too(encoding: str, text: str) -> None:
    assert detect(text.encode(encoding)) == encoding


@pytest.mark.parametrize("file", ["alipay_ledger.csv", "icbc_personal.csv", "ccb_personal.csv", "cmb_corporate.csv"])
def test_chinese_statements_stay_chinese(file: str) -> None:
    text = (Path(__file__).parent / "shipped" / file).read_bytes()
    try:
        plain = text.decode("utf-8")
    except UnicodeDecodeError:
        plain = text.decode("gb18030")
    assert detect(plain.encode("gb18030")) == "gb18030"


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
