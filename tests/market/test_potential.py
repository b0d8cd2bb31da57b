"""Export potential as the International Trade Centre defines it, on a world small enough to work out on paper.

Thousand dollars, 2022.  T-shirts: China to Germany 20, to the US 60; Vietnam to Germany 30, to the US 90, to China 100.
Shoes: China to Germany 45, to the US 90; Vietnam to Germany 15, to the US 30.

    supply share    80 of 300                          = 0.26667
    balance         exports 80, imports 100            = 0.8
    demand          20 + 30                            = 50
    ease            sold 20 + 45 = 65; expected 80/300 x 50 + 135/180 x 60 = 58.33333; 65 / 58.33333 = 1.11429
    potential       0.26667 x 0.8 x 50 x 1.11429       = 11.88571, in cents 1,188,571
    unrealised      11.88571 - 20                      = -8.11429, in cents -811,429
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crossbook import i18n
from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.engine.duck import connect
from crossbook.errors import CrossbookError
from crossbook.market import potential as module
from crossbook.market.potential import CORRECTIONS, Potential, potential

CN, DE, US, VN = 156, 276, 842, 704
SHIRTS = [(CN, DE, 20), (CN, US, 60), (VN, DE, 30), (VN, US, 90), (VN, CN, 100)]
SHOES = [(CN, DE, 45), (CN, US, 90), (VN, DE, 15), (VN, US, 30)]


def baci(*flows: tuple[list[tuple[int, int, int]], str], year: int = 2022) -> tuple[str, str]:
    rows = [f"{year},{i},{j},{k},{v},1" for goods, k in flows for i, j, v in goods]
    return f"BACI_HS17_Y{year}_V202401.csv", "t,i,j,k,v,q\n" + "\n".join(rows) + "\n"


@pytest.fixture
def told(book: Book, add_text: Callable[..., Added]) -> Callable[..., Potential]:
    """The potential of T-shirts in Germany that these files tell."""

    def tell(*files: tuple[str, str], product: str = "6109.10", **given: float) -> Potential:
        for name, text in files:
            add_text(name, text)
        return potential(connect(book), product, "DE", given=given)

    return tell


def test_the_example_on_paper(told: Callable[..., Potential]) -> None:
    found = told(baci((SHIRTS, "610910"), (SHOES, "640411")))
    assert found.supply_share == pytest.approx(0.26667, abs=1e-5) and found.trade_balance == pytest.approx(0.8)
    assert found.demand == 5_000_000 and found.ease == pytest.approx(1.11429, abs=1e-5)
    assert (found.potential, found.actual, found.unrealised) == (1_188_571, 2_000_000, -811_429)
    assert (found.dataset, found.revision, found.years) == ("baci", "HS2017", (2022,))
    assert found.unknown == CORRECTIONS and found.corrections["distance"] is None
    assert found.notes == (module.PRESENT.format(missing=", ".join(CORRECTIONS)), module.FEW.format(n=2))


def test_what_is_given_counts(told: Callable[..., Potential]) -> None:
    found = told(baci((SHIRTS, "610910"), (SHOES, "640411")), demand_growth=1.2, demand_tariff=1.05)
    assert found.potential == 1_497_600  # 1,188,571.43 x 1.26
    assert found.unknown == ("supply_growth", "supply_tariff", "distance")
    with pytest.raises(CrossbookError, match="no correction luck"):
        told(luck=2.0)
    with pytest.raises(CrossbookError, match="no correction distance = 0"):
        told(distance=0.0)


def test_trade_is_the_mean_of_the_years(told: Callable[..., Potential]) -> None:
    double = [(i, j, 3 * v) for i, j, v in SHIRTS], [(i, j, 3 * v) for i, j, v in SHOES]
    found = told(
        baci((SHIRTS, "610910"), (SHOES, "640411"), year=2021),
        baci((double[0], "610910"), (double[1], "640411")),
        baci(([(CN, DE, 999)], "610910"), year=2017),  # six years back
    )
    assert found.years == (2021, 2022) and found.demand == 10_000_000 and found.actual == 4_000_000
    assert found.potential == 2_377_143  # all shares as before, twice the trade


def test_with_one_product_ease_is_not_known(told: Callable[..., Potential]) -> None:
    found = told(baci((SHIRTS, "610910")))
    assert found.ease is None and found.potential is None and found.unrealised is None
    assert {"ease", "potential", "unrealised"} <= set(found.unknown) and found.actual == 2_000_000


def test_what_is_not_sold_yet_is_not_taken_for_nought(told: Callable[..., Potential]) -> None:
    found = told(baci((SHIRTS[1:], "610910"), (SHOES, "640411")))
    # share 60/280, balance 0.6, demand 30, ease 45 / (60/280 x 30 + 45) = 0.875; 60/280 x 0.6 x 30 x 0.875 = 3.375
    assert found.potential == 337_500 and found.actual is None and "actual" in found.unknown


def test_a_table_of_some_countries_says_so(told: Callable[..., Potential]) -> None:
    head = "refYear,reporterCode,flowCode,partnerCode,classificationCode,cmdCode,primaryValue\n"
    rows = [
        f"2022,{j},M,{i},H6,{k},{v * 1000}" for goods, k in ((SHIRTS, "610910"), (SHOES, "640411")) for i, j, v in goods
    ]
    found = told(("comtrade.csv", head + "\n".join(rows) + "\n2022,276,M,0,H6,610910,99000\n"))
    assert found.potential == 1_188_571 and found.dataset == "comtrade"  # the row of the world is no exporter
    assert module.PART.format(n=3) in found.notes


def test_nothing_told_is_all_unknown(told: Callable[..., Potential]) -> None:
    found = told(baci((SHOES, "640411")), product="940542")
    assert found.potential is None and found.dataset is None
    assert {"supply_share", "demand", "ease", "potential", "actual", "unrealised"} <= set(found.unknown)


def test_every_text_has_a_chinese_one() -> None:
    words = {module.PRESENT, module.PART, module.FEW, *CORRECTIONS}
    words |= {"supply_share", "trade_balance", "demand", "ease", "potential", "actual", "unrealised"}
    assert not sorted(word for word in words if word not in i18n._catalogue())
