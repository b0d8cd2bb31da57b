"""Markets of a product: the bill, statistics and access side by side; figures worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.engine.duck import connect
from crossbook.errors import CrossbookError
from crossbook.views.landing import Supposed
from crossbook.views.markets import ground, rank

ROWS = """sku,name,hts,origin,market,mode,cost,freight,selling,cost currency,price,currency,weight kg,day
LAMP,Lamp,8513.10.4000,CN,SG,courier,5.00,2.00,3.00,USD,20.00,USD,0.3,2026-06-20
"""
FLOWS = """refYear,reporterCode,flowCode,partnerCode,classificationCode,cmdCode,primaryValue
2023,702,M,0,H6,851310,4000
2023,408,M,0,H6,851310,9000
"""


def test_a_market_is_compared_by_what_the_book_has(book: Book, add_text: Callable[..., Added]) -> None:
    """Singapore: the parcel bears 9 % GST on 5.00 or 7.00 and no duty; returns are not known, so the margin is at most
    20 - 7 - 3 less the tax, and the market is open. North Korea is set apart."""
    add_text("products.csv", ROWS)
    add_text("comtrade.csv", FLOWS)
    database = connect(book)
    found = {
        p.market: p
        for p in rank(database, ground(database, date(2026, 6, 30), fx={"SGD": Decimal("0.75")}), "LAMP").places
    }
    one = found["SG"]
    assert one.placed.status == "open" and one.unknown == ("returns",)
    assert one.margin.low is None and one.margin.high is not None and 900 <= one.margin.high <= 1000
    assert one.demand.chosen is not None and one.demand.chosen.imports == 400_000
    assert found["KP"].placed.status == "barred" and found["KP"].placed.rank is None
    assert found["NG"].placed.status == "no data"


def test_no_other_duty_of_the_united_states_is_supposed(book: Book, add_text: Callable[..., Added]) -> None:
    add_text("products.csv", ROWS)
    database = connect(book)
    with pytest.raises(CrossbookError, match="worked out by law"):
        rank(database, ground(database, date(2026, 6, 30)), "LAMP", supposed=Supposed(duty={"US": "4%"}))
