"""The demand for a product, from files in the layouts of their publishers; figures worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.engine.duck import connect
from crossbook.errors import CrossbookError
from crossbook.market.flows import MIRROR, PARTIAL, REVISED, SUMMED, Demand, demand, demands

HEAD = "refYear,reporterCode,flowCode,partnerCode,classificationCode,cmdCode,primaryValue\n"
BACI = "t,i,j,k,v,q\n"
LIST = "Unit: US Dollar thousand\t\n"


@pytest.fixture
def told(book: Book, add_text: Callable[..., Added]) -> Callable[..., Demand]:
    """The demand for T-shirts in Germany that these files tell."""

    def tell(*files: tuple[str, str], market: str = "DE") -> Demand:
        for name, text in files:
            add_text(name, text, account="610910" if name.startswith("Trade_Map") else None)
        return demand(connect(book), "6109.10.0012", market)

    return tell


def test_the_row_of_the_world_is_the_total(told: Callable[..., Demand]) -> None:
    text = HEAD + "2022,276,M,0,H6,610910,4000\n2023,276,M,0,H6,610910,4410\n2023,276,M,156,H6,610910,1102.5\n"
    found = told(("c.csv", text + "2023,276,M,792,H6,610910,900\n"))
    assert found.chosen is not None
    assert (found.chosen.year, found.chosen.imports, found.chosen.from_origin) == (2023, 441_000, 110_250)
    assert found.chosen.share == 0.25 and found.chosen.partners is None
    assert found.growth == pytest.approx(0.1025) and found.growth_from == 2022
    assert found.unknown == () and found.notes == () and found.differing == ()


def test_growth_over_years_is_compound(told: Callable[..., Demand]) -> None:
    found = told(("c.csv", HEAD + "2021,276,M,0,H6,610910,100\n2023,276,M,0,H6,610910,121\n"))
    assert found.growth == pytest.approx(0.1) and found.growth_from == 2021  # 1.1 squared is 1.21
    assert found.unknown == ("from_origin", "share")


def test_without_the_world_partners_are_summed_and_that_is_said(told: Callable[..., Demand]) -> None:
    found = told(("BACI_HS17_Y2022_V202401.csv", BACI + "2022,156,276,610910,1,1\n2022,792,276,610910,3,1\n"))
    assert found.chosen is not None
    assert (found.chosen.imports, found.chosen.partners, found.chosen.share) == (400_000, 2, 0.25)
    assert found.notes == (SUMMED,) and found.unknown == ("growth",)


def test_a_sum_of_the_partners_that_were_downloaded_is_a_part(told: Callable[..., Demand]) -> None:
    """A file of China and Türkiye says nothing of the rest: 600.00 at least, no share, no growth; and a whole total of
    another set comes before it, though it is older."""
    part = HEAD + "2021,276,M,156,H6,610910,1\n2021,276,M,792,H6,610910,1\n"
    part += "2023,276,M,156,H6,610910,400\n2023,276,M,792,H6,610910,200\n"
    found = told(("c.csv", part))
    assert found.chosen is not None and not found.chosen.whole
    assert (found.chosen.imports, found.chosen.from_origin) == (60_000, 40_000)
    assert found.unknown == ("share", "growth") and PARTIAL in found.notes
    older = told(("BACI_HS17_Y2022_V202401.csv", BACI + "2022,156,276,610910,1,1\n2022,792,276,610910,3,1\n"))
    assert older.chosen is not None and (older.chosen.dataset, older.chosen.whole) == ("baci", True)


def test_an_earlier_revision_that_tells_otherwise_is_named(told: Callable[..., Demand]) -> None:
    found = told(("c.csv", HEAD + "2023,276,M,0,H5,610910,900\n2023,276,M,0,H6,610910,600\n"))
    assert found.chosen is not None and (found.chosen.revision, found.chosen.imports) == ("HS2022", 60_000)
    assert [(t.revision, t.imports) for t in found.differing] == [("HS2017", 90_000)]


def test_a_file_of_china_alone_tells_no_total(told: Callable[..., Demand]) -> None:
    found = told(("c.csv", HEAD + "2023,276,M,156,H6,610910,1102.5\n"))
    assert found.chosen is not None and found.chosen.imports is None and found.chosen.from_origin == 110_250
    assert found.unknown == ("imports", "share", "growth")


def test_what_partners_tell_is_a_mirror_and_no_total(told: Callable[..., Demand]) -> None:
    found = told(("c.csv", HEAD + "2023,156,X,276,H6,610910,1000\n2023,792,X,276,H6,610910,500\n"))
    assert found.chosen is not None and found.chosen.mirror and found.chosen.imports is None
    assert found.chosen.from_origin == 100_000 and found.notes == (MIRROR,)


def test_the_market_itself_comes_before_the_mirror(told: Callable[..., Demand]) -> None:
    found = told(
        ("c.csv", HEAD + "2023,276,M,0,H6,610910,4000\n2023,276,M,156,H6,610910,1000\n2023,156,X,276,H6,610910,800\n")
    )
    assert found.chosen is not None and not found.chosen.mirror and found.chosen.from_origin == 100_000
    assert [(t.mirror, t.from_origin) for t in found.differing] == [(True, 80_000)]


def test_two_sets_that_differ_are_both_named_and_one_is_chosen(told: Callable[..., Demand]) -> None:
    name = "Trade_Map_-_List_of_supplying_markets_for_a_product_imported_by_Germany.txt"
    found = told(
        ("c.csv", HEAD + "2023,276,M,0,H6,610910,4000000\n2023,276,M,156,H6,610910,1000000\n"),
        (name, LIST + "Exporters\tImported value in 2023\t\nWorld\t4400\t\nChina\t1000\t\n"),
    )
    assert found.chosen is not None and found.chosen.dataset == "comtrade" and found.chosen.imports == 400_000_000
    assert [(t.dataset, t.imports) for t in found.differing] == [("trademap", 440_000_000)]


def test_the_later_year_comes_first_and_close_figures_do_not_differ(told: Callable[..., Demand]) -> None:
    found = told(
        ("BACI_HS17_Y2022_V202401.csv", BACI + "2022,156,276,610910,1,1\n2022,792,276,610910,3,1\n"),
        ("c.csv", HEAD + "2022,276,M,0,H6,610910,4100\n2023,276,M,0,H6,610910,4200\n"),
    )
    assert found.chosen is not None and (found.chosen.dataset, found.chosen.year) == ("comtrade", 2023)
    assert [(t.dataset, t.year) for t in found.others] == [("baci", 2022)] and found.differing == ()


def test_the_newer_file_replaces_what_the_older_told(told: Callable[..., Demand]) -> None:
    row = "2023,276,M,0,H6,610910,{}\n"
    found = told(("a.csv", HEAD + row.format(4000)), ("b.csv", HEAD + row.format(4200)))
    assert found.chosen is not None and found.chosen.imports == 420_000


def test_groups_do_not_count_beside_their_members(told: Callable[..., Demand]) -> None:
    rows = "".join(f"2023,276,M,{partner},H6,610910,100\n" for partner in (156, 792, 97))  # 97 is the EU
    found = told(("c.csv", HEAD + rows))
    assert found.chosen is not None and (found.chosen.imports, found.chosen.partners) == (20_000, 2)


def test_years_of_two_revisions_are_said(told: Callable[..., Demand]) -> None:
    found = told(("c.csv", HEAD + "2021,276,M,0,H5,610910,100\n2023,276,M,0,H6,610910,121\n"))
    assert found.notes == (REVISED,)


def test_no_statistics_are_no_demand_of_nought(told: Callable[..., Demand]) -> None:
    found = told(("c.csv", HEAD + "2023,276,M,0,H6,610910,100\n"), market="JP")
    assert found.chosen is None and found.growth is None
    assert found.unknown == ("imports", "from_origin", "share", "growth")


def test_markets_come_by_size(book: Book, add_text: Callable[..., Added]) -> None:
    rows = "".join(f"2023,{who},M,0,H6,610910,{value}\n" for who, value in ((276, 5), (842, 9), (392, 7)))
    add_text("c.csv", HEAD + rows + "2023,156,X,699,H6,610910,90\n")
    assert [d.market for d in demands(connect(book), "610910")] == ["US", "JP", "DE", "IN"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # A German spreadsheet saves 567.123 thousand dollars as 567,123: never 567 million.
        (
            "wits.csv",
            "Nomenclature;ReporterISO3;ProductCode;PartnerISO3;Year;TradeFlowName;TradeValue in 1000 USD\n"
            "H5;DEU;610910;WLD;2022;Import;567,123\n",
        ),
        ("c.csv", HEAD.replace(",", ";") + "2023;276;M;0;H6;610910;567,123\n"),
        ("BACI_HS17_Y2022_V202401.csv", "t;i;j;k;v;q\n2022;156;276;610910;567,123;1\n"),
        ("Trade_Map_1.csv", "Importers;Imported value in 2022;Imported value in 2023\nGermany;567,123;12,5\n"),
        ("c.csv", HEAD + '2023,276,M,0,H6,610910,"567,1"\n'),
    ],
)
def test_a_comma_is_never_taken_for_thousands_where_it_may_part_decimals(
    name: str, text: str, told: Callable[..., Demand]
) -> None:
    with pytest.raises(CrossbookError, match=r"parts thousands or decimals|cannot be read"):
        told((name, text))


def test_files_saved_with_semicolons_are_read(told: Callable[..., Demand]) -> None:
    found = told(("c.csv", HEAD.replace(",", ";") + "2023;276;M;0;H6;610910;4410.5\n"))
    assert found.chosen is not None and found.chosen.imports == 441_050


def test_numbers_of_no_country_are_named(book: Book, add_text: Callable[..., Added]) -> None:
    """0 is the world; 899 areas nes, and 9999 is nobody's."""
    rows = "2023,276,M,0,H6,610910,9\n2023,276,M,899,H6,610910,1\n2023,9999,M,0,H6,610910,1\n"
    added = add_text("c.csv", HEAD + rows)
    assert "899, 9999" in added.note
    with pytest.raises(CrossbookError, match="not the number of a country"):
        add_text("d.csv", HEAD + "2023,DEU,M,0,H6,610910,9\n")
