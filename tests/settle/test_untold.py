"""A withdrawal whose word no list has is no payout, and money is not shown as all in order without a word of it."""

from __future__ import annotations

from collections.abc import Callable

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.i18n import choose, translated
from crossbook.settle import settle

HEAD = '"Date","Heure","Fuseau horaire","Type","État","Devise","Avant commission","Commission","Net",'
HEAD += '"Numéro de transaction","Solde","Impact sur le solde"\n'
SALE = '"13/02/2026","12:00:00","Europe/Paris","Paiement Express Checkout","Terminé","EUR","1 100,00","-33,00",'
SALE += '"1 067,00","F1","1 067,00","Crédit"\n'
TAKEN = (
    '"14/02/2026","12:00:00","Europe/Paris","{}","Terminé","EUR","-1 067,00","0,00","-1 067,00","F2","0,00","Débit"\n'
)


def test_money_that_went_out_by_an_unknown_word_is_named(book: Book, add_text: Callable[..., Added]) -> None:
    add_text("paypal.csv", HEAD + SALE + TAKEN.format("Grobnik"))
    desk = settle(book)
    assert desk.payouts == []
    assert desk.problems == [
        "paypal: 1,067.00 EUR went out in 1 lines of no known kind (Grobnik): if one is a withdrawal, "
        "no payout is made of it"
    ]
    choose("zh")
    try:
        assert translated(desk.problems[0]).startswith("paypal：1 行类型未知的记录共转出 1,067.00 EUR（Grobnik）")
    finally:
        choose("en")


def test_a_known_word_of_a_withdrawal_makes_a_payout(book: Book, add_text: Callable[..., Added]) -> None:
    add_text("paypal.csv", HEAD + SALE + TAKEN.format("Virement standard"))
    desk = settle(book)
    assert [(p.amount, p.currency, p.status) for p in desk.payouts] == [(106_700, "EUR", "closed")]
    assert desk.problems == []
