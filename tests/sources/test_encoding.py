"""Which encoding a file is in: texts of four scripts, each in the encoding of its country before Unicode."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
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
        ("cp852", "Data księgowania;Opis;Kwota;Saldo\n05.01.2026;Wpłata własna;1000;1000\n"),
        ("mac_latin2", "Data księgowania;Opis;Kwota;Saldo\n05.01.2026;Wpłata własna;1000;1000\n"),
        ("cp850", "Date;Libellé;Débit;Crédit;Solde\n05.01.2026;VIR REÇU;;10,00;20,00\n"),
        ("mac_roman", "Date;Libellé;Débit;Crédit;Solde\n05.01.2026;VIR REÇU;;10,00;20,00\n"),
        ("mac_roman", "Buchungstag;Empfänger;Währung;Betrag\n05.01.2026;Müller;EUR;10,00\n"),
        ("cp949", "Date,Payer,Deposit,Currency\n2026-01-05,홍길동,1000,KRW\n2026-01-06,이순신,1000,KRW\n"),
        ("cp949", "Date,Description,Deposit,Fee\n2026-01-05,쿠팡,1000,0\n2026-01-06,수수료,0,10\n"),
        ("gb18030", "Date,Description,Deposit,Currency\n2026-01-05,货款,1000,KRW\n"),
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


# Sentences of bank texts; the bytes are those that the same words have in the encoding.
_LETTERS = [
    ("cp1250", "Date;Description;Amount\n2026-01-05;Zażółć gęślą jaźń, wpłata własna;10.00\n"),
    ("iso8859_2", "Date;Description;Amount\n2026-01-05;Zażółć gęślą jaźń, wpłata własna;10.00\n"),
    ("cp1250", "Date;Description;Amount\n2026-01-05;Wpłata;10.00\n"),
    (
        "cp1250",
        "Date;Text;Amount\n2026-01-05;Częstochowa, płatność kartą zakupy spożywcze, Müller, Święty Gdańsk, Łódź;1.00\n",
    ),
    ("cp1250", "Date;Text;Amount\n2026-01-05;Převod příjem účet Dvořák;10.00\n"),
    ("cp1250", "Date;Text;Amount\n2026-01-05;Összeg jóváírás Győr betű;10.00\n"),
    ("cp1251", "Date;Text;Amount\n2026-01-05;Перевод от Иванова за товар;10.00\n"),
    ("koi8_r", "Date;Text;Amount\n2026-01-05;Перевод от Иванова за товар;10.00\n"),
    ("cp866", "Date;Text;Amount\n2026-01-05;Перевод от Иванова за товар;10.00\n"),
    ("iso8859_5", "Date;Text;Amount\n2026-01-05;Перевод от Иванова за товар;10.00\n"),
    ("cp1254", "Date;Text;Amount\n2026-01-05;Alışveriş ödemesi Çağrı Güneş;10.00\n"),
    ("cp1254", "Tarih;Açıklama;Tutar;Bakiye\n2026-01-05;Alış;10,00;10,00\n"),
    ("cp1253", "Date;Text;Amount\n2026-01-05;Μεταφορά χρημάτων Αθήνα;10.00\n"),
    ("cp1257", "Date;Text;Amount\n2026-01-05;Mokėjimas už prekes Žemaitis;10.00\n"),
    ("cp874", "วันที่,รายการ,ถอนเงิน,ฝากเงิน,คงเหลือ\n2026-01-05,โอนเงิน,,10.00,10.00\n"),
    ("cp949", "Date,Text,Amount\n2026-01-05,쿠팡 정산 입금 네이버 스마트스토어 판매대금 배송비 환불,10\n"),
    ("euc_jp", "Date,Text,Amount\n2026-01-05,アマゾンジャパン売上のお支払い,10\n"),
    ("cp1252", "Date;Text;Amount\n2026-01-05;Gebühr Müller Straße;10.00\n"),
    ("cp1252", "Date;Text;Amount\n2026-01-05;Société Générale, crédit à payer, frère;10.00\n"),
    ("cp1252", "Date;Crédit;Débit;Libellé\n" + "10/03/2024;0,00;-1,00;Libellé\n" * 20),
    ("cp1252", "Buchungstag;Betrag;Währung\n" + "05.01.2026;10,00;Käufer Bäcker\n" * 20),
    ("cp1252", "Fecha;Descripción;Débito\n" + "05/01/2026;Transacción número;10,00\n" * 20),
    ("cp1252", "Date;Text;Amount\n2026-01-05;Jón Þórðarson greiðsla;10.00\n"),
    ("gb18030", "日期,說明,金額\n2026-01-05,轉帳 貨款 發票,10.00\n"),
]


@pytest.mark.parametrize(("encoding", "text"), _LETTERS)
def test_letters_of_one_language_tell_the_encoding_where_no_header_does(encoding: str, text: str) -> None:
    raw = text.encode(encoding)
    assert raw.decode(detect(raw)) == text


@pytest.mark.parametrize(
    ("encoding", "text", "said"),
    [
        # ı, ş and ğ of Turkish have the bytes of ý, þ and ð of Icelandic.
        ("cp1254", "Date;Text;Amount\n2026-01-05;Alışveriş;10.00\n", r"cp1252 \(Icelandic\), cp1254 \(Turkish\)"),
        # A page of the Macintosh's Central European letters, which is not tried.
        (
            "mac_latin2",
            "Date;Text;Amount\n2026-01-05;Zażółć gęślą jaźń, źrebię;10.00\n",
            "tried were UTF-8, UTF-16, GB18030",
        ),
    ],
)
def test_what_letters_leave_open_is_refused_with_what_was_tried(
    tmp_path: Path, encoding: str, text: str, said: str
) -> None:
    path = tmp_path / "statement.csv"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(CrossbookError, match=said):
        preview(path)
