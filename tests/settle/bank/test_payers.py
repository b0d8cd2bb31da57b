"""A credit of the right amount that a stranger paid is in doubt; those who pay out go by many names and are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossbook import i18n
from crossbook.book import Book, open_book
from crossbook.decisions import AskedError
from crossbook.settle import settle
from crossbook.settle.bank.matching import Credit
from crossbook.settle.bank.payers import stranger
from crossbook.settle.position import in_doubt
from crossbook.views.why import why
from tests.decisions.making import decided
from tests.settle.making import amazon

BANK = (
    'kind = "bank"\naccount = "BANK1"\ncurrency = "USD"\n[columns]\nbooked_on = "Day"\namount = "Sum"\n'
    'counterparty = "Who"\ndescription = "What"\n'
)


@pytest.mark.parametrize(
    "payer",
    [
        "AMAZON PAYMENTS EUROPE S.C.A.",
        "PayPal (Europe) S.à r.l. et Cie, S.C.A.",
        "LIANLIAN PAY ELECTRONIC PAYMENT HK LTD",
        "连连银通电子支付有限公司",
        "PAYONEER EUROPE LIMITED",
        "WORLDFIRST UK LTD",
        "CITIBANK N.A. ON BEHALF OF MARKETPLACE",
        "Ebay Commerce UK Ltd",
        "Wise Europe SA",
        "AIRWALLEX (HONG KONG) LIMITED",
        "海汇支付有限公司客户备付金",
        "Stripe Technology Company Ltd",
        "",
        "DE89370400440532013000"[2:],
    ],
)
def test_who_pays_out_is_no_stranger(payer: str) -> None:
    assert not stranger(Credit("c", "BANK1", "USD", 100, date(2026, 3, 18), text=payer, payer=payer))


@pytest.mark.parametrize(
    "payer", ["NORDIC CAMP AB", "BLUE RIDGE OUTFITTERS LLC", "Hans Müller", "王小明", "Pavlov Ltd"]
)
def test_a_named_person_or_firm_is_one(payer: str) -> None:
    text = f"PAYMENT FOR TENTS {payer}"
    assert stranger(Credit("c", "BANK1", "USD", 100, date(2026, 3, 18), text=text, payer=payer))
    assert not stranger(
        Credit("c", "BANK1", "USD", 100, date(2026, 3, 18), text=text, payer=payer),
        frozenset({payer.casefold().replace(" ", "")}),
    )


@pytest.fixture
def put(book: Book, add_text: Callable[..., object]) -> Callable[..., None]:
    """Payouts of 17 March 2026 of an account "shop", and the bank's (day, sum, payer) lines."""
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / "bank.toml").write_text(BANK)

    def added(totals: list[str], lines: list[tuple[str, str, str]]) -> None:
        for i, total in enumerate(totals):
            number = f"77000{i}"
            add_text(f"{i}.txt", amazon(number, total, [(f"O-{i}", "Principal", total)]), account="shop")
        rows = "".join(f"{day},{amount},{who},incoming\n" for day, amount, who in lines)
        add_text("bank.csv", "Day,Sum,Who,What\n" + rows)

    return added


def test_a_stranger_is_doubted_and_asked_about_until_a_person_confirms(book: Book, put: Callable[..., None]) -> None:
    put(["9308.73"], [("2026-03-19", "9308.73", "NORDIC CAMP AB")])
    desk = settle(book)
    p = desk.payout("770000")
    text = "paid by NORDIC CAMP AB, from whom no other payout of shop came: the amount may fit by chance"
    assert p.match and p.match.against == (text,)
    assert desk.arrival(p) == "differs" and desk.needs_attention(p)
    assert any(f"this speaks against it: {text}" in str(r.reasons) for r in why(desk, "770000").reasons)
    assert in_doubt(desk, date(2026, 3, 18)) == {} and in_doubt(desk, date(2026, 3, 19)) == {"USD": (1, 930_873)}
    i18n.choose("zh")
    try:
        assert i18n.translated(text) == "付款人为 NORDIC CAMP AB，shop 的其他结算从未由其支付：金额可能只是巧合"
    finally:
        i18n.choose("en")
    (credit,) = p.match.credits
    with pytest.raises(AskedError, match="paid by NORDIC CAMP AB"):
        decided(desk, "match", payout="770000", credit=credit, why="they collect for the platform", who="ann")
    decided(desk, "match", payout="770000", credit=credit, why="asked them", who="ann", yes=["NORDIC CAMP AB"])
    again = settle(open_book(book.path))
    assert again.arrival(again.payout("770000")) == "at_bank"
    assert in_doubt(again, date(2026, 3, 19)) == {}


def test_a_payer_whom_other_payouts_came_from_is_no_stranger(book: Book, put: Callable[..., None]) -> None:
    lines = [("2026-03-19", "9308.73", "KITE COLLECTIONS INC"), ("2026-03-20", "400.00", "Kite Collections, Inc.")]
    put(["9308.73", "400.00"], [(day, amount, f'"{who}"') for day, amount, who in lines])
    desk = settle(book)
    assert [desk.arrival(p) for p in desk.payouts] == ["at_bank", "at_bank"]


def test_the_business_itself_and_payers_of_the_settings_are_known(book: Book, put: Callable[..., None]) -> None:
    with (book.path / "book.toml").open("a") as file:
        file.write('\n[accounts.shop]\npayer = "Kite Collections Inc"\n')
    put(["9308.73"], [("2026-03-19", "9308.73", "KITE COLLECTIONS INC")])
    desk = settle(open_book(book.path))
    assert desk.arrival(desk.payouts[0]) == "at_bank"
