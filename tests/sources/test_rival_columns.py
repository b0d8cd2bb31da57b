"""Several columns with amounts: what is left after a fee moved the account, and what nothing tells apart is asked."""

from __future__ import annotations

from pathlib import Path

from crossbook.book.mapping import Preview, preview
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.source import Reading


def seen(folder: Path, text: str) -> Preview:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path)


def test_what_is_left_after_the_fee_is_the_amount(tmp_path: Path) -> None:
    rows = "2026-01-05,Sale,100.00,3.00,97.00,USD\n2026-01-06,Refund,-20.00,0.60,-20.60,USD\n"
    found = seen(tmp_path, "Date,Description,Amount,Fee,Net,Currency\n" + rows)
    assert [(r["amount"], r["fee"]) for r in found.rows["bank"]] == [(9_700, 300), (-2_060, 60)]
    assert found.proofs == ["2 of 2 rows: gross - fee = net"]
    # a fee does not prove which way money went, nor two rows which column is the fee
    assert [d.answer for d in found.doubts] == ["in", "net"]


def test_a_fee_with_a_minus_is_a_fee(tmp_path: Path) -> None:
    rows = "2026-01-05,Sale,100.00,-3.00,97.00,USD\n2026-01-06,Sale,50.00,-1.50,48.50,USD\n"
    found = seen(tmp_path, "Date,Description,Gross,Fee,Net amount,Currency\n" + rows)
    assert [(r["amount"], r["fee"]) for r in found.rows["bank"]] == [(9_700, 300), (4_850, 150)]
    assert found.proofs == ["2 of 2 rows: gross + fee = net"]


def test_a_row_that_does_not_come_to_its_net_amount_is_refused_later(tmp_path: Path) -> None:
    head = "Date,Description,Amount,Fee,Net,Currency\n"
    text = seen(tmp_path, head + "2026-01-05,Sale,100.00,3.00,97.00,USD\n").text
    path = tmp_path / "later.csv"
    path.write_text(head + "2026-02-05,Sale,100.00,3.00,96.00,USD\n", encoding="utf-8")
    again = preview(path, text=text)
    assert "line 2: gross amount and fee do not make the net amount" in [d.text for d in again.doubts]


def test_the_balance_tells_which_column_has_the_amounts(tmp_path: Path) -> None:
    rows = (
        "2026-01-05,100.00,90.00,1090.00,USD\n2026-01-06,-50.00,-40.00,1050.00,USD\n2026-01-07,9.00,8.00,1058.00,USD\n"
    )
    found = seen(tmp_path, "Date,Amount,Settled amount,Balance,Currency\n" + rows)
    assert [r["amount"] for r in found.rows["bank"]] == [9_000, -4_000, 800] and not found.doubts


def test_two_columns_that_nothing_tells_apart_are_asked_about(tmp_path: Path) -> None:
    rows = "2026-01-05,100.00,90.00,USD\n2026-01-06,-50.00,-40.00,USD\n"
    found = seen(tmp_path, "Date,Amount,Settled amount,Currency\n" + rows)
    text = (
        "nothing proves which column has the amount: line 2 is read as 100.00 USD (amount), and may be 90.00 USD "
        "(settled amount)"
    )
    assert text in [d.text for d in found.doubts]


def test_a_sum_in_a_foreign_currency_is_in_that_currency_s_smallest_unit(tmp_path: Path) -> None:
    text = (
        "Buchungsdatum;Originalbetrag;Originalwährung;Buchungsbetrag;Buchungswährung\n"
        "20.02.2018;-500;JPY;-3,75;EUR\n21.02.2018;-12,00;USD;-9,72;EUR\n"
    )
    rows = seen(tmp_path, text).rows["bank"]
    assert [(r["amount"], r["currency"]) for r in rows] == [(-375, "EUR"), (-972, "EUR")]
    assert [(r["original_amount"], r["original_currency"]) for r in rows] == [(-500, "JPY"), (-1_200, "USD")]


def test_a_mapping_of_one_s_own_may_name_gross_and_fee(tmp_path: Path) -> None:
    text = seen(tmp_path, "Date,Gross,Fee,Net,Currency\n2026-01-05,100.00,3.00,97.00,USD\n").text
    mapped = mapping_from_text("own", text)
    path = tmp_path / "table.csv"
    rows = [r for _, t in mapped.read(Reading(path=path, name=path.name, encoding="utf-8")) for r in t.to_pylist()]
    assert [(r["amount"], r["fee"]) for r in rows] == [(9_700, 300)]
