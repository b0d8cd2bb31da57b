"""The landed margin of one piece; figures worked out by hand beside each case."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossbook.market.margin import Makeup, Span, Term, exactly, unknown

D = Decimal


def makeup(price: Term | int | None = 3000, **other: Term) -> Makeup:
    """10.00 to buy, 2.00 freight, 1.00 duty, 0.10 fees, 1.90 VAT; 15 % to the platform, 5 % paid back."""
    amounts = {"cost": 1000, "freight": 200, "duty": 100, "fees": 10, "vat": 190}
    terms = {name: exactly(name, amount, "stated", "row") for name, amount in amounts.items()}
    terms |= {
        "platform": exactly("platform", D("0.15"), "own", ""),
        "returns": exactly("returns", D("0.05"), "own", ""),
    }
    asked = exactly("price", price, "own", "") if isinstance(price, int) else price
    return Makeup(currency="USD", terms=terms | other, price=asked)


def span(low: str | None, point: str | None, high: str | None) -> Span:
    return Span(low=low and D(low), point=point and D(point), high=high and D(high))  # type: ignore[arg-type]


def test_a_price_less_all_that_it_costs() -> None:
    one = makeup()  # landed 15.00; a fifth of 30.00 goes to the platform and back: 30 - 15 - 6
    assert one.margin() == span("900", "900", "900")
    assert one.share().point == D("0.3")
    assert one.landed().point == 1500
    assert one.break_even().point == 1875  # 15.00 / 0.8
    assert one.doubts() == []


def test_what_one_sale_costs_is_taken_off_as_it_is_stated() -> None:
    one = makeup(selling=exactly("selling", 400, "stated", "row"), platform=exactly("platform", 0, "stated", ""))
    assert one.margin().point == 950  # 30 - 15 - 4 - 1.50
    assert one.break_even().point == 2000  # 19.00 / 0.95


def test_an_unknown_cost_is_not_nothing() -> None:
    one = makeup(freight=unknown("freight", "freight"))
    assert one.margin() == span(None, None, "1100")  # at most 30 - 13 - 6
    assert one.break_even() == span("1625", None, None)  # at least 13.00 / 0.8
    assert one.doubts() == ["freight"]


def test_without_a_price_there_is_a_break_even_and_no_margin() -> None:
    one = makeup(None)
    assert one.margin() == span(None, None, None) and one.share() == span(None, None, None)
    assert one.break_even().point == 1875


def test_duty_between_two_ends() -> None:
    duty = Term(name="duty", low=D(0), usual=D(100), high=D(400), known="worked out", asks=("exclusion",))
    assert makeup(duty=duty).margin() == span("600", "900", "1000")


def test_a_price_that_holds_the_vat_of_the_sale() -> None:
    """19 % VAT is 3.80 of 23.80. Outside: 23.80 - 15.00 - 4.76 = 4.04; inside, the import's 1.90 is set off:
    23.80 - 13.10 - 3.80 - 4.76 = 2.14."""
    terms = makeup().terms
    open_ = Makeup(currency="EUR", terms=terms, price=exactly("price", 2380, "own", ""), vat_share=D(19) / D(119))
    assert open_.margin() == span("214", "404", "404")
    assert open_.doubts() == ["price_vat"]
    inside = Makeup(currency="EUR", terms=terms, price=open_.price, vat_share=open_.vat_share, price_vat="inside")
    assert inside.margin() == span("214", "214", "214") and inside.doubts() == []
    # 13.10 / (1 - 0.2 - 19/119) = 20.4617
    assert inside.break_even().point == 2046


def test_a_price_between_two_of_other_markets() -> None:
    price = Term(name="price", low=D(2000), high=D(3000), known="assumed", asks=("price",))
    one = makeup(price)
    assert one.margin() == span("100", "500", "900")  # 20 - 15 - 4; 25 - 15 - 5
    assert one.share().low == D("0.05")


def test_with_one_doubt_alone_all_else_is_as_usual() -> None:
    duty = Term(name="duty", low=D(0), usual=D(100), high=D(400), known="worked out")
    fee = Term(name="platform", low=D("0.1"), usual=D("0.15"), high=D("0.25"), known="own")
    both = makeup(duty=duty, platform=fee)
    assert both.margin() == span("300", "900", "1150")
    assert both.only("duty").margin() == span("600", "900", "1000")
    assert both.only("platform").margin() == span("600", "900", "1050")
    assert both.only("").margin() == span("900", "900", "900")


@pytest.mark.parametrize("share", ["1", "0.96"])
def test_no_price_breaks_even_where_shares_take_it_all(share: str) -> None:
    assert makeup(platform=exactly("platform", D(share), "stated", "")).break_even().point is None
