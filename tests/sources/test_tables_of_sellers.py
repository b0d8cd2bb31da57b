"""Statements as banks write them, and what a person reads in each: the rows are made, their signs worked out by hand.

The column of CR and DB without a name is that of BCA's export, which public programs read by the very line
Tanggal,Keterangan,Cabang,Jumlah,,Saldo, with the labels above it and the sums below.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crossbook.book.adding import add
from crossbook.book.book import Book
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.sources.doubting import doubts
from crossbook.sources.proposing import propose
from crossbook.sources.weighing import trial

SHOWN = """\
账号:,="6225880012345678"
币种:,="人民币"
="交易日期",="交易金额",="收支",="余额",="对方"
="20260302",="1,500.00",="收",="2,500.00",="甲,乙"
="20260303",="200.00",="支",="2,300.00",="丙"
="交易日期",="交易金额",="收支",="余额",="对方"
="20260304",="50.00",="支",="2,250.00",="丁"
"""
UNNAMED = """\
No. Rekening,=,'0202405914
Nama,=,TOKO LAMPU
Mata Uang,=,IDR

Tanggal,Keterangan,Cabang,Jumlah,,Saldo
'27/06/2026,TRSF SHOPEE,'0000,1500000.00,CR,2500000.00
'28/06/2026,BIAYA ADM,'0000,15000.00,DB,2485000.00
Saldo Awal,=,1000000.00
Mutasi Debet,=,15000.00,1
Mutasi Kredit,=,1500000.00,1
Saldo Akhir,=,2485000.00
"""
CODES = """\
账号：1000200,币种：CNY,,,
日期,方向,金额,余额,摘要
2026-03-02,1,500.00,1500.00,甲
2026-03-13,2,20.00,1480.00,乙
2026-03-14,1,30.00,1510.00,乙
"""
RUSSIAN = """\
Счёт;40702810000000000001
Валюта;RUB
Дата;Назначение платежа;Дебет;Кредит;Остаток
02.03.2026;Выплата;;15 000,00;25 000,00
03.03.2026;Комиссия банка;100,00;;24 900,00
"""
MOVED = """\
账号：27182,币种：人民币
交易日,时间,转入,转出,本次余额
26/03/02,093000,500.00,,1500.00
26/03/31,103000,,200.00,1300.00
"""


@pytest.mark.parametrize(
    ("text", "currency", "rows"),
    [
        (SHOWN, "CNY", [((2026, 3, 2), 150_000), ((2026, 3, 3), -20_000), ((2026, 3, 4), -5_000)]),
        (UNNAMED, "IDR", [((2026, 6, 27), 150_000_000), ((2026, 6, 28), -1_500_000)]),
        (CODES, "CNY", [((2026, 3, 2), 50_000), ((2026, 3, 13), -2_000), ((2026, 3, 14), 3_000)]),
        (RUSSIAN, "RUB", [((2026, 3, 2), 1_500_000), ((2026, 3, 3), -10_000)]),
        (MOVED, "CNY", [((2026, 3, 2), 50_000), ((2026, 3, 31), -20_000)]),
    ],
    ids=["shown texts", "unnamed column", "codes", "russian", "moved in and out"],
)
def test_it_is_read_unasked_and_entered_so(
    book: Book, tmp_path: Path, text: str, currency: str, rows: list[tuple[tuple[int, int, int], int]]
) -> None:
    path = tmp_path / "statement.csv"
    path.write_text(text, encoding="utf-8")
    seen = preview(path)
    assert (seen.doubts, seen.bad_count) == ([], 0)
    keep_mapping(book, seen.name, seen.text)
    add(book, inputs([path])[0])
    (facts,) = (book.facts_dir / "bank").glob("*.parquet")
    entries = sorted(pq.read_table(facts).to_pylist(), key=lambda r: r["line"])
    assert [(r["booked_on"], r["amount"], r["currency"]) for r in entries] == [
        (date(*day), amount, currency) for day, amount in rows
    ]


def test_a_mark_in_a_cell_of_its_own_is_no_account(tmp_path: Path) -> None:
    path = tmp_path / "statement.csv"
    path.write_text(UNNAMED, encoding="utf-8")
    assert preview(path).name == "0202405914"


def test_codes_that_no_balance_proves_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "statement.csv"
    path.write_text("账号：1,币种：CNY,\n日期,方向,金额\n2026-03-02,1,500.00\n2026-03-13,2,20.00\n", encoding="utf-8")
    read = trial(path, path.name, tomllib.loads(propose(path).text))
    said = " ".join(doubt.text for doubt in doubts(path, path.name, read))
    assert "direction" not in read.spec and "方向 is not read, and says 2 of line 4" in said


def test_an_iban_of_the_euro_area_makes_euros_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "statement.csv"
    rows = "Data contabile;Data valuta;Dare;Avere;Descrizione\n20/03/2026;20/03/2026;50,00;;COMMISSIONI\n"
    for iban, guess in (("IT60X0542811101000000123456", "EUR"), ("GB29NWBK60161331926819", "USD")):
        path.write_text(f"IBAN;{iban}\n{rows}", encoding="utf-8")
        assert f'currency = "{guess}"      # a guess, for the file does not say' in propose(path).text
