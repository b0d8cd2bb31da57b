"""Settlements of platforms whose headers are other than usual: the net amount by the figures, numbers of orders and
payouts by their form, a payout stated above its lines. Values by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview
from crossbook.sources import header_words

JAPANESE = """\
決済日,注文番号,取引種別,売上金額,販売手数料,入金額,入金ID
2026/01/05,J1,販売,"5,000",-500,"4,500",N1
2026/01/06,J2,販売,"2,000",-200,"1,800",N1
2026/01/07,J2,返金,"-2,000",200,"-1,800",N1
"""
GERMAN = """\
Auszahlungsnummer: AZ9
Auszahlungsdatum: 20.01.2026
Auszahlungsbetrag: 81,00 EUR
Datum;Bestellnummer;Art;Betrag;Währung
15.01.2026;D1;Verkauf;100,00;EUR
15.01.2026;D1;Provision;-10,00;EUR
16.01.2026;D1;Erstattung;-9,00;EUR
"""


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> Preview:
    path = tmp_path / "lines.csv"
    path.write_bytes(text.encode(encoding))
    return preview(path, kind="settlement", account="shop")


def texts(seen: Preview) -> list[str]:
    return [doubt.text for doubt in seen.doubts]


def test_the_net_amount_is_what_gross_and_fee_make_in_every_row(tmp_path: Path) -> None:
    """5,000 - 500 = 4,500; 2,000 - 200 = 1,800; -2,000 + 200 = -1,800. No header says net."""
    seen = read(tmp_path, JAPANESE, "cp932")
    lines = [(r["order_id"], r["amount"], r["gross"], r["fee"]) for r in seen.rows["settlement"]]
    assert lines == [("J1", 4_500, 5_000, -500), ("J2", 1_800, 2_000, -200), ("J2", -1_800, -2_000, 200)]
    assert seen.rows["payout"][0]["amount"] == 4_500
    assert "3 of 3 rows: gross + fee = net" in seen.proofs


def test_a_table_in_japanese_is_never_taken_for_dollars(tmp_path: Path) -> None:
    assert texts(read(tmp_path, JAPANESE, "cp932")) == ["the file does not say its currency: JPY is a guess"]
    assert texts(read(tmp_path, JAPANESE)) == ["the file does not say its currency: JPY is a guess"]


def test_several_columns_of_money_that_nothing_decides_are_asked_about(tmp_path: Path) -> None:
    seen = read(tmp_path, JAPANESE.replace('"4,500"', '"4,400"'), "cp932")
    (asked,) = [text for text in texts(seen) if "which column" in text]
    assert "line 2 is read as 5,000 JPY (売上金額), and may be" in asked


@pytest.mark.parametrize(
    ("order", "payout"),
    [
        ("Order", "Payout ID"),
        ("Pedido", "Liquidación"),
        ("Nº do pedido", "ID do pagamento"),
        ("Bestellung", "Auszahlung"),
        ("Commande", "N° de virement"),
        ("Ordine", "ID pagamento"),
        ("注文", "振込番号"),
    ],
)
def test_headers_of_orders_and_payouts(tmp_path: Path, order: str, payout: str) -> None:
    head = f"Date,{order},Type,Amount,Currency,{payout}"
    seen = read(tmp_path, f"{head}\n2026-01-15,A1,Sale,100.00,USD,P1\n2026-01-16,A2,Sale,20.00,USD,P1\n")
    assert [(r["order_id"], r["payout_id"]) for r in seen.rows["settlement"]] == [("A1", "P1"), ("A2", "P1")]
    assert seen.doubts == []


def test_amounts_under_a_word_for_payouts_are_no_numbers_of_them(tmp_path: Path) -> None:
    text = "Datum;Bestellung;Typ;Netto;Währung;Auszahlung\n15.01.2026;A1;Verkauf;100,00;EUR;0,00\n"
    seen = read(tmp_path, text)
    assert "payout_id" not in seen.text and seen.rows["settlement"][0]["order_id"] == "A1"


def test_a_column_of_numbers_under_an_unknown_header_is_asked_about(tmp_path: Path) -> None:
    text = "Date,Zamowienko,Type,Amount,Currency,Payout ID\n2026-01-15,A1,Sale,100.00,USD,P1\n"
    (asked,) = read(tmp_path, text + "2026-01-16,A2,Sale,20.00,USD,P1\n").doubts
    assert asked.text == "zamowienko is not read, though its values look like numbers of orders or payouts: A1"
    assert asked.answer == "zamowienko"


@pytest.mark.parametrize("cells", [("2", "3"), ("new", "used"), ("1.50", "0.75"), ("2026-01-17", "2026-01-18")])
def test_quantities_words_and_days_are_no_numbers_of_orders(tmp_path: Path, cells: tuple[str, str]) -> None:
    head = "Date,Zamowienko,Type,Amount,Currency,Payout ID\n"
    rows = [f"2026-01-15,{cell},Sale,100.00,USD,P1\n" for cell in cells]
    assert read(tmp_path, head + "".join(rows)).doubts == []


def test_a_payout_above_its_lines_is_proposed_and_proved(tmp_path: Path) -> None:
    """100 - 10 - 9 = 81, as the heading says."""
    seen = read(tmp_path, GERMAN)
    (payout,) = seen.rows["payout"]
    assert (payout["payout_id"], payout["amount"], payout["basis"]) == ("AZ9", 8_100, "lines")
    assert str(payout["paid_on"]) == "2026-01-20"
    assert seen.proofs == ["1 of 1 payouts are the sum of their lines"]


def test_a_payout_above_its_lines_that_they_do_not_make_is_not_called_proved(tmp_path: Path) -> None:
    assert read(tmp_path, GERMAN.replace("81,00", "82,00")).proofs == ["0 of 1 payouts are the sum of their lines"]


def test_words_for_payments_are_proposed_as_withdrawals_and_asked_about(tmp_path: Path) -> None:
    """A payment may be the customer's or the payout."""
    head = "Date,Order,Type,Amount,Currency\n2026-01-15,A1,Sale,100.00,USD\n"
    for word in ("Pago", "Bonifico", "Transferência"):
        seen = read(tmp_path, f"{head}2026-01-16,,{word},-100.00,USD\n")
        assert f"that {word} is withdrawal is a guess" in texts(seen)


def test_a_known_settlement_is_proposed_without_its_kind() -> None:
    found = header_words.match("settlement", ["data", "nº do pedido", "tipo", "valor líquido", "moeda"])
    assert found is not None and found["order_id"] == "nº do pedido"
