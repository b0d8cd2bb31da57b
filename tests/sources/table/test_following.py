"""What a pass over a table makes of balances before and after it, of headings in workbooks, and of unknown words."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_the_line_of_a_balance_is_no_row_though_it_has_a_day_and_a_sum(tmp_path: Path) -> None:
    text = (
        "Data;Valuta;Addebiti;Accrediti;Descrizione operazioni\n31/12/2017;;;26.851,95;SALDO INIZIALE\n"
        "13/01/2018;13/01/2018;250,00;;RICARICA\n23/01/2018;23/01/2018;;1.250,00;BONIFICO\n"
        "31/01/2018;;;27.851,95;SALDO FINALE\n"
    )
    seen = preview(table(tmp_path, text), currency="EUR")
    assert [row["amount"] for row in seen.rows["bank"]] == [-25_000, 125_000]
    assert [role for _, role, _ in seen.left_out] == ["opening", "closing"]
    assert "1 of 1 closing balances agree" in seen.proofs and not seen.doubts


def test_a_closing_balance_that_the_rows_do_not_make_is_asked_about(tmp_path: Path) -> None:
    text = (
        "Saldo iniziale: 100,00;;;\nSaldo finale: 131,00;;;\nData;Uscite;Entrate;Descrizione\n"
        "13/01/2018;20,00;;RICARICA\n23/01/2018;;50,00;BONIFICO\n"
    )
    seen = preview(table(tmp_path, text), currency="EUR")
    assert seen.proofs == ["0 of 1 closing balances agree"]
    assert [d.text for d in seen.doubts] == [
        "closing balance of line 2 is not what the rows make: 131.00 EUR where the rows give 130.00 EUR"
    ]


def test_words_that_nobody_knows_are_asked_about_where_a_balance_does_not_reach(tmp_path: Path) -> None:
    """The balance proves the second row alone; the first one's word is another one."""
    text = "日期,方式,金额,余额,币种\n2026-01-05,甲,100.00,1100.00,CNY\n2026-01-07,乙,50.00,1050.00,CNY\n"
    assert [d.answer for d in preview(table(tmp_path, text)).doubts] == ["out"]


def test_a_label_alone_above_a_header_is_no_part_of_it(tmp_path: Path) -> None:
    text = "卡号: 6222021234567890,,,\n币种: CNY,,,\n交易日期,收入,支出,摘要\n2026-01-05,100.00,,货款\n"
    seen = preview(table(tmp_path, text, "gb18030"))
    assert 'booked_on = "交易日期"' in seen.text and not seen.doubts
    assert {(r["account"], r["currency"]) for r in seen.rows["bank"]} == {("6222021234567890", "CNY")}


@pytest.mark.parametrize("minuses", [2, 3])
def test_a_minus_on_all_sums_of_a_column_is_how_it_writes_them(tmp_path: Path, minuses: int) -> None:
    """A column whose every sum has a minus, three at least, takes nothing back; of fewer it is asked."""
    rows = "".join(f"2026-01-{day:02},,-{day}.00,房租\n" for day in range(1, minuses + 1))
    seen = preview(table(tmp_path, "交易日期,收入,支出,摘要\n2026-01-01,100.00,,货款\n" + rows), currency="CNY")
    assert [row["amount"] for row in seen.rows["bank"]][1] == -100
    assert bool(seen.doubts) == (minuses < 3)
