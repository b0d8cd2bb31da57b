"""What statements have besides rows, and rows that look odd and are right; the amounts by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview

RED = (  # entries in red: a minus takes an entry back, and the balance shows it
    "日期,借方,贷方,余额,摘要,币种\n2026-01-05,,100.00,1100.00,货款,CNY\n2026-01-06,,-100.00,1000.00,红字冲销,CNY\n"
    "2026-01-07,50.00,,950.00,房租,CNY\n2026-01-08,-50.00,,1000.00,退回,CNY\n"
)
PAGES = (  # subtotals and a header on each page, a grand total, a count and remarks below
    "交易日期,收入,支出,余额,摘要,币种\n2026-01-05,100.00,,1100.00,货款,CNY\n2026-01-06,,40.00,1060.00,房租,CNY\n"
    "本页小计,100.00,40.00,,,\n交易日期,收入,支出,余额,摘要,币种\n2026-01-07,7.00,,1067.00,利息,CNY\n"
    "本页小计,7.00,,,,\n"
    "总计,107.00,40.00,,,\n共3笔,,,,,\n打印时间：2026-02-01 10:00:00,,,,,\n本单据仅供参考,,,,,\n"
)
TWO_LINES = (
    "日期,发生额,,余额,摘要,币种\n,借方,贷方,,,\n2026-01-05,,100.00,1100.00,货款,CNY\n"
    "2026-01-06,40.00,,1060.00,房租,CNY\n2026-01-07,,7.00,1067.00,利息,CNY\n"
)
SUMME = (
    "Buchungstag;Soll;Haben;Saldo;Verwendungszweck;Währung\n05.01.2026;;100,00;1.100,00;Miete;EUR\n"
    "06.01.2026;40,00;;1.060,00;Strom;EUR\nSumme;40,00;100,00;;;\n"
)
BELOW = (  # labels above their values
    "#Waluta\nPLN\n#Numer rachunku\n12 3456 7890 1234 5678 9012 3456\n#Saldo początkowe;100,00 PLN\n"
    "#Data operacji;#Opis operacji;#Kwota;#Saldo po operacji\n2026-01-05;A;50,00;150,00\n2026-01-06;B;-20,00;130,00\n"
    ";;#Saldo końcowe;130,00 PLN\n"
)
EQUAL = (
    "Date,Description,Money In,Money Out,Balance,Currency\n2026-01-05,Sale,10.00,,10.00,GBP\n"
    "2026-01-05,Sale,10.00,,20.00,GBP\n2026-01-05,Refund,,10.00,10.00,GBP\n"
)
SWISS = (
    "Datum;Gutschrift;Lastschrift;Saldo;Text;Währung\n05.01.2026;1'234.50;;2'234.50;x;CHF\n"
    "06.01.2026;;234.50;2'000.00;y;CHF\n"
)
GAP = (  # a row without a balance
    "交易日期,收入,支出,余额,摘要,币种\n2026-01-05,100.00,,1100.00,货款,CNY\n2026-01-06,,40.00,,房租,CNY\n"
    "2026-01-07,7.00,,1067.00,利息,CNY\n"
)


def seen(folder: Path, text: str) -> Preview:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        (RED, [10_000, -10_000, -5_000, 5_000]),
        (PAGES, [10_000, -4_000, 700]),
        (TWO_LINES, [10_000, -4_000, 700]),
        (SUMME, [10_000, -4_000]),
        (BELOW, [5_000, -2_000]),
        (EQUAL, [1_000, 1_000, -1_000]),
        (SWISS, [123_450, -23_450]),
        (GAP, [10_000, -4_000, 700]),
    ],
)
def test_it_is_read_right_unasked(tmp_path: Path, text: str, amounts: list[int]) -> None:
    found = seen(tmp_path, text)
    assert [row["amount"] for row in found.rows["bank"]] == amounts
    assert not found.doubts and not found.bad


def test_totals_and_counts_of_pages_prove_the_reading(tmp_path: Path) -> None:
    proofs = ["2 of 2 balances agree", "5 of 5 totals agree", "1 of 1 counts agree"]
    assert seen(tmp_path, PAGES).proofs == proofs


def test_a_value_below_its_label_is_the_account_s(tmp_path: Path) -> None:
    (row, _) = seen(tmp_path, BELOW).rows["bank"]
    assert (row["account"], row["currency"]) == ("12345678901234567890123456", "PLN")


def test_a_total_that_is_not_the_sum_is_asked_about(tmp_path: Path) -> None:
    text = (
        "交易日期,收入,支出,摘要,币种\n2026-01-05,100.00,,货款,CNY\n2026-01-06,,40.00,房租,CNY\n合计,100.00,41.00,,\n"
    )
    assert "total of line 4 is not the sum of the rows: 41.00" in [d.text for d in seen(tmp_path, text).doubts]


def test_what_one_page_carries_to_the_next_is_no_row_and_no_opening(tmp_path: Path) -> None:
    """2,000.00 is what the first page ends with; 1,950.00 what is left behind 50.00 out."""
    path = tmp_path / "pages.csv"
    for below, above in (("承前页", "过次页"), ("前頁繰越", "次頁繰越"), ("Brought forward from previous page",) * 2):
        path.write_text(
            "账号：6222000000000001\n币种：人民币\n交易日期,收入,支出,余额,摘要\n2026-01-05,1000.00,,2000.00,货款\n"
            f"{below},,,2000.00,\n第1页 共2页\n交易日期,收入,支出,余额,摘要\n2026-01-06,,50.00,1950.00,手续费\n"
            f"{above},1000.00,50.00,1950.00,\n"
        )
        seen = preview(path)
        assert [r["amount"] for r in seen.rows["bank"]] == [100_000, -5_000]
        assert [role for _, role, _ in seen.left_out] == ["page", "note", "page"]
        assert seen.bad == []


def test_a_page_that_the_file_begins_with_has_its_opening_balance(tmp_path: Path) -> None:
    path = tmp_path / "pages.csv"
    path.write_text("交易日期,收入,支出,余额,摘要\n承前页,,,1000.00,\n2026-01-05,1000.00,,2000.00,货款\n")
    seen = preview(path)
    assert [role for _, role, _ in seen.left_out] == ["opening"]
    assert [r["amount"] for r in seen.rows["bank"]] == [100_000]


@pytest.mark.parametrize("word", ["本月合计", "本日小计", "累计", "Monatssumme", "Monthly total"])
def test_the_total_of_a_period_with_a_day_is_held_against_the_rows(tmp_path: Path, word: str) -> None:
    rows = "交易日期,收入,支出,余额,摘要\n2026-01-05,1000.00,,2000.00,货款\n2026-01-06,,50.00,1950.00,手续费\n"
    path = tmp_path / "month.csv"
    for total, agrees in (("1000.00", True), ("999.00", False)):
        path.write_text(rows + f"2026-01-31,{total},50.00,1950.00,{word}\n")
        seen = preview(path)
        assert [r["amount"] for r in seen.rows["bank"]] == [100_000, -5_000]
        assert [role for _, role, _ in seen.left_out] == ["total"]
        assert ("3 of 3 totals agree" in seen.proofs) is agrees
