"""Statements of banks in Indonesia, Brazil, Thailand and Arab countries, with values of our own: the layouts are of
BCA (Mutasi Rekening), Bradesco (Extrato), SCB and Al Rajhi, as programs that read them have their headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview

BCA = """Informasi Rekening - Mutasi Rekening
No. rekening : 1234567890
Kode Mata Uang : IDR

Tanggal Transaksi,Keterangan,Cabang,Jumlah,Saldo
05/09/2026,TRSF E-BANKING,0000,"1,500,000.00 DB","8,500,000.00"
16/09/2026,SETORAN TUNAI,0123,"2,000,000.00 CR","10,500,000.00"
"""
BCA_COLUMN = """Tanggal;Keterangan;Jumlah;CR/DB;Saldo
05/09/2026;TRSF;1.500.000,00;DB;8.500.000,00
16/09/2026;SETORAN;2.000.000,00;CR;10.500.000,00
"""
BRADESCO = """Extrato de: Ag: 2389 | Conta: 116715-4 | Entre 01/03/2026 e 31/03/2026
Data;Histórico;Docto.;Crédito (R$);Débito (R$);Saldo (R$);
27/02/26;SALDO ANTERIOR;;;;"1,00";
02/03/26; Resg/vencto Cdb;0582389;"5.259,87";;"5.260,87";
13/03/26; Transfe Pix;0620330;;"-4.022,58";"1.238,29";
"""
ITAU = """data;lançamento;ag./origem;valor (R$);saldos (R$)
01/04/2025;CONTA DE LUZ;;-996,92;3,08
17/04/2025;PIX TRANSF;;-1,00;2,08
"""
SCB = """วันที่,เวลา,รายการ,ช่องทาง,ถอนเงิน,ฝากเงิน,ยอดคงเหลือ
05/09/2569,09:10,โอนเงิน,ENET,"1,500.00",,"8,500.00"
16/09/2569,10:10,รับเงิน,ENET,,"2,000.00","10,500.00"
"""
RAJHI = """التاريخ,مدين,دائن,الرصيد,التفاصيل
2026/03/02,100.00,0.00,900.00,تحويل
2026/03/13,0.00,50.00,950.00,ايداع
"""
# Of no bank that was seen: Vietnamese and Turkish words for the two sides, the Turkish ones as letters.
VIETNAM = """Ngày giao dịch,Nội dung,Phát sinh nợ,Phát sinh có,Số dư
05/01/2026,Amazon,,"25.000.000","125.000.000"
26/01/2026,Phi,"55.000",,"124.945.000"
"""
TURKEY = """Tarih;Açıklama;Tutar;B/A;Bakiye
05.01.2026;Gelen EFT;1.250,00;A;2.250,00
06.01.2026;Kargo;250,50;B;1.999,50
"""


def seen(folder: Path, text: str) -> Preview:
    path = folder / "statement.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path)


@pytest.mark.parametrize(
    ("text", "rows", "asked"),
    [
        (BCA, [("2026-09-05", -150_000_000, "IDR"), ("2026-09-16", 200_000_000, "IDR")], []),
        (BCA_COLUMN, [("2026-09-05", -150_000_000, "IDR"), ("2026-09-16", 200_000_000, "IDR")], ["IDR"]),
        (BRADESCO, [("2026-03-02", 525_987, "BRL"), ("2026-03-13", -402_258, "BRL")], []),
        (ITAU, [("2025-04-01", -99_692, "BRL"), ("2025-04-17", -100, "BRL")], []),
        (SCB, [("2026-09-05", -150_000, "THB"), ("2026-09-16", 200_000, "THB")], ["THB"]),
        (VIETNAM, [("2026-01-05", 25_000_000, "VND"), ("2026-01-26", -55_000, "VND")], ["VND"]),
        (TURKEY, [("2026-01-05", 125_000, "TRY"), ("2026-01-06", -25_050, "TRY")], ["TRY"]),
        (RAJHI, [("2026-03-02", -10_000, "USD"), ("2026-03-13", 5_000, "USD")], ["USD"]),
    ],
)
def test_statements(tmp_path: Path, text: str, rows: list[tuple[str, int, str]], asked: list[str]) -> None:
    """What the file does not say of its currency is a guess, and asked about."""
    found = seen(tmp_path, text)
    assert [(str(r["booked_on"]), r["amount"], r["currency"]) for r in found.rows["bank"]] == rows
    assert [d.answer for d in found.doubts] == asked and not found.bad


def test_days_without_a_year_are_not_guessed(tmp_path: Path) -> None:
    """KlikBCA writes '05/09 and the year in the period above."""
    found = seen(tmp_path, BCA.replace("/2026,", ",").replace("\n05", "\n'05").replace("\n16", "\n'16"))
    assert not found.rows.get("bank") and found.bad_count == 2
    assert "a day without a year" in found.bad[0].reason


def klik(period: str, *days: str) -> str:
    """KlikBCA's layout with a period above, and a row of 1,000.00 in for each of these days."""
    rows = "".join(f'\'{day},SETORAN,\'0000,"1,000.00 CR","{i},000.00"\n' for i, day in enumerate(days, start=1))
    return BCA[: BCA.index("05/09")].replace("\n\n", f"\nPeriode : {period}\n\n") + rows


@pytest.mark.parametrize(
    ("period", "days", "read"),
    [
        ("01/12/2025 - 31/01/2026", ("30/12", "05/01"), ["2025-12-30", "2026-01-05"]),
        ("01/09/2026 - 30/09/2026", ("05/09", "06/09"), ["2026-09-05", "2026-09-06"]),
        ("2026-09-01 s/d 2026-09-30", ("05 Sep", "06-SEP"), ["2026-09-05", "2026-09-06"]),
        ("01.09.2026 - 30.09.2026", ("05.09.", "06.09."), ["2026-09-05", "2026-09-06"]),
        ("01/09/2026 - 30/09/2026", ("05/09", "06/10"), ["2026-09-05"]),  # the second is in no such period
        ("01/07/2025 - 30/06/2026", ("05/07", "06/07"), ["2025-07-05", "2025-07-06"]),  # written as the period is
        ("2025-07-01 - 2026-06-30", ("05/07", "06/07"), []),  # 5 July 2025, or 7 May 2026
    ],
)
def test_the_period_above_says_the_year(tmp_path: Path, period: str, days: tuple[str, ...], read: list[str]) -> None:
    found = seen(tmp_path, klik(period, *days))
    assert [str(r["booked_on"]) for r in found.rows.get("bank", [])] == read
    assert found.bad_count == len(days) - len(read) and (found.bad_count or not found.doubts)


def test_a_period_that_leaves_the_order_open_asks_it(tmp_path: Path) -> None:
    """5 January or 1 May, in a period from 1 January, or from 1 January, to 2 December or 12 February."""
    found = seen(tmp_path, klik("01/01/2026 - 02/12/2026", "05/01", "06/01"))
    assert [d.answer for d in found.doubts] == ["2026-01-05"] and not found.bad


@pytest.mark.parametrize(("name", "bad"), [("bca_2026-09.csv", 0), ("bca_202609.csv", 0), ("bca_2026-09-30.csv", 2)])
def test_the_month_in_the_name_of_the_file_says_the_year(tmp_path: Path, name: str, bad: int) -> None:
    """A whole day is mostly that of the export."""
    path = tmp_path / name
    path.write_text(klik("x", "05/09", "06/09"), encoding="utf-8")
    assert preview(path).bad_count == bad
