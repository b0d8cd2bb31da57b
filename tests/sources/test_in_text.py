"""Statements whose orders and payouts stand in a text alone, as Etsy's monthly statement has them, in other languages.

By hand: 45.00 sold, fees 2.93 and 0.56, paid back 10.00 less 0.65 of a fee: 45.00 - 2.93 - 0.56 - 9.35 = 32.16.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview

GERMAN = """\
Datum,Typ,Titel,Info,Währung,Betrag,Gebühren und Steuern,Netto
"5. Januar 2026",Verkauf,Zahlung für Bestellung #3100000001,,EUR,"45,00 €",--,"45,00 €"
"5. Januar 2026",Gebühr,Transaktionsgebühr: Kissen,Bestellung #3100000001,EUR,--,"-2,93 €","-2,93 €"
"6. Januar 2026",Gebühr,Bearbeitungsgebühr,Bestellung #3100000001,EUR,--,"-0,56 €","-0,56 €"
"7. Januar 2026",Rückerstattung,Rückerstattung für Bestellung #3100000001,,EUR,"-10,00 €","0,65 €","-9,35 €"
"12. Januar 2026",Einzahlung,"32,16 € an dein Bankkonto überwiesen",,EUR,--,--,--
"""
FRENCH = """\
Date,Type,Titre,Info,Devise,Montant,Frais et taxes,Net
5 janvier 2026,Vente,Paiement pour la commande n° 3100000001,,EUR,"45,00 €",--,"45,00 €"
5 janvier 2026,Frais,Frais de transaction,Commande n° 3100000001,EUR,--,"-2,93 €","-2,93 €"
6 janvier 2026,Frais,Frais de traitement,Commande n° 3100000001,EUR,--,"-0,56 €","-0,56 €"
7 janvier 2026,Remboursement,Commande n° 3100000001,,EUR,"-10,00 €","0,65 €","-9,35 €"
12 janvier 2026,Dépôt,"32,16 € envoyés sur votre compte bancaire",,EUR,--,--,--
"""


def read(tmp_path: Path, text: str) -> Preview:
    path = tmp_path / "statement.csv"
    path.write_text(text, encoding="utf-8")
    return preview(path, kind="settlement")


@pytest.mark.parametrize("text", [GERMAN, FRENCH])
def test_orders_and_payouts_are_found_in_the_text(tmp_path: Path, text: str) -> None:
    seen = read(tmp_path, text)
    assert not seen.bad
    lines = [(row["kind"], row["order_id"], row["amount"]) for row in seen.rows["settlement"]]
    assert lines[0] == ("sale", "3100000001", 4_500) and lines[4] == ("withdrawal", None, -3_216)
    assert [(order, amount) for _, order, amount in lines[1:4]] == [
        ("3100000001", -293),
        ("3100000001", -56),
        ("3100000001", -935),
    ]
    (payout,) = seen.rows["payout"]
    assert (payout["amount"], payout["currency"], str(payout["paid_on"])) == (3_216, "EUR", "2026-01-12")


def test_that_such_a_row_is_a_payout_is_asked(tmp_path: Path) -> None:
    assert "that Einzahlung is withdrawal is a guess" in [d.text for d in read(tmp_path, GERMAN).doubts]


def test_words_of_a_payout_that_another_row_has_are_none(tmp_path: Path) -> None:
    """A text with the same words beside an amount of its own: which of both sums was paid is not decided."""
    text = GERMAN.replace("Transaktionsgebühr: Kissen", '"2,93 € an dein Bankkonto überwiesen"')
    seen = read(tmp_path, text)
    assert "payout" not in seen.rows and [bad.line for bad in seen.bad] == [6]
