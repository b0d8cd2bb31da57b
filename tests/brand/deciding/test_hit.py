"""A hit on a mark that does not count: held against the screen, asked about where the owner sues, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossbook.book import Book, open_book
from crossbook.brand.desk import dismissed, open_brand
from crossbook.decisions import AskedError, Opened, RefusedError, kind_of, look, look_back
from crossbook.engine import connect
from crossbook.errors import CrossbookError, NotFoundError
from tests.decisions.making import decided, undone

MARKS = """注册机构,申请/注册号,商标名称,国际分类,商标状态,申请人名称,申请日期,专用权期限
US,97000001,VALKORE,第18类,注册,Valkore Outdoor Inc.,2018-04-02,2099-01-13
US,97000002,TREKLUND,第18类,注册,Treklund AS,2018-04-02,2099-01-13
"""
LISTINGS = """listing,sku,title,brand,classes
B01,BAG-20,Valkore style pack by Treklund,NoName,18
B02,BAG-30,Plain pack,NoName,18
"""
SUITS = """plaintiff,brand,court,docket,kind,goods,filed,until,reference
Valkore Outdoor Inc.,VALKORE,N.D. Ill.,1:26-cv-00417,suit,packs,2026-01-19,,https://example.org/417
Treklund AS,TREKLUND,USITC,337-TA-1,exclusion order,packs,2020-01-19,2021-01-19,https://example.org/1
"""
SUED = "Valkore Outdoor Inc. sues: suit, N.D. Ill., 1:26-cv-00417, 2026-01-19"


@pytest.fixture
def opened(book: Book, add_text: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> Opened:
    """One listing near two marks: the owner of one sues, an order on the other ended."""
    monkeypatch.setattr("crossbook.calendars.today", lambda: date(2026, 6, 30))
    for name, text in (("marks", MARKS), ("listings", LISTINGS), ("enforcements", SUITS)):
        add_text(f"{name}.csv", text, source=name)
    return kind_of("hit").opens(book)


def test_what_stays_open_is_shown_and_what_no_paper_shows(opened: Opened) -> None:
    found = look(opened, kind_of("hit"), {"listing": "B01", "mark": "treklund", "why": "authorised"})
    assert found.effects[0].startswith("the hit on TREKLUND does not count for B01 any more: it was ")
    assert found.effects[1].startswith("1 more of B01 count, the gravest on VALKORE: ")
    assert found.effects[2] == "no paper in the book shows where B01 comes from"
    assert not found.asks and not found.refused and found.links == {"B01": "/screen/B01"}


def test_a_reason_is_needed_and_a_second_yes_where_the_owner_sues(opened: Opened) -> None:
    with pytest.raises(RefusedError, match="a reason is needed"):
        decided(opened, "hit", listing="B01", mark="TREKLUND")
    with pytest.raises(AskedError, match=SUED) as asked:
        decided(opened, "hit", listing="B01", mark="valkore", why="ours")
    assert [q.answer for q in asked.value.look.asks] == ["VALKORE"]
    entry = decided(opened, "hit", listing="B01", mark="valkore", why="ours", yes=["VALKORE"])
    assert (entry.action, entry.subject, entry.body["mark"], entry.body["why"]) == (
        "dismiss hit",
        "B01",
        "valkore",
        "ours",
    )
    assert entry.body["yes"] == [SUED] and set(dismissed(opened.book)) == {("B01", "valkore")}


def test_what_is_no_hit_is_refused(opened: Opened) -> None:
    for listing, mark in (("B02", "VALKORE"), ("B09", "VALKORE"), ("B01", "LUMENARA")):
        with pytest.raises(NotFoundError, match=f"listing '{listing}' has no hit on '{mark}'"):
            decided(opened, "hit", listing=listing, mark=mark, why="x")
    with pytest.raises(RefusedError, match="the hit on 'Treklund' is not set aside"):
        undone(opened, "hit", listing="B01", mark="Treklund")
    assert not opened.book.journal()


def test_a_hit_is_dismissed_once_and_counts_again(opened: Opened) -> None:
    decided(opened, "hit", listing="B01", mark="TREKLUND", why="authorised")
    with pytest.raises(RefusedError, match="is set aside already"):
        decided(opened, "hit", listing="B01", mark="Trek-Lund", why="again")
    assert look_back(opened, kind_of("hit"), {"listing": "B01", "mark": "TREKLUND"}).effects == (
        "the hit on TREKLUND counts again for B01",
    )
    undone(opened, "hit", listing="B01", mark="TREKLUND")
    assert dismissed(opened.book) == {}
    decided(opened, "hit", listing="B01", mark="TREKLUND", why="authorised after all")


def test_what_an_approver_is_told(opened: Opened, add_text: Callable[..., object]) -> None:
    """Since it was decided the owner sued; then the listing was changed."""
    kind = kind_of("hit")
    entry = decided(opened, "hit", listing="B01", mark="TREKLUND", why="authorised")
    assert kind.holds and kind.holds(opened, entry) == ()
    add_text("more.csv", SUITS.replace("2021-01-19", "2031-01-19"), source="enforcements")
    told = kind.holds(kind.opens(opened.book), entry)
    assert [o.text for o in told] == ["Treklund AS sues: exclusion order, USITC, 337-TA-1, 2020-01-19"]
    add_text("new.csv", LISTINGS.replace(" by Treklund", ""), source="listings")
    (gone,) = kind.holds(kind.opens(opened.book), entry)
    assert gone.text == "B01 is not near treklund any more"


def test_an_older_journal_reads_as_it_did(opened: Opened) -> None:
    opened.book.decide("dismiss hit", "B01", {"mark": "valkore", "why": "ours"}, "ann")
    opened.book.decide("dismiss hit", "B01", {"mark": "treklund", "why": "x"}, "ann")
    opened.book.decide("reopen hit", "B01", {"mark": "treklund"}, "ann")
    (only,) = dismissed(opened.book).values()
    assert (only.listing, only.mark, only.who, only.why, only.seq) == ("B01", "valkore", "ann", "ours", 1)


def test_a_suit_weighs_on_the_days_on_which_it_runs(opened: Opened, add_text: Callable[..., object]) -> None:
    """The order on TREKLUND ran until 19 January 2021: the same facts, held against it on a day before and after."""
    add_text("more.csv", LISTINGS.split("\n")[0] + "\nB03,BAG-40,Treklont pack,NoName,18\n", source="listings")
    book, risks = opened.book, []
    for day in (date(2026, 6, 30), date(2020, 6, 30), date(2026, 6, 30)):
        database = connect(book)
        open_brand(database, book, day)
        (row,) = database.rows("SELECT risk FROM hit WHERE listing = 'B03' AND mark = 'TREKLUND'")
        risks.append(row["risk"])
    assert risks[0] < risks[1] and risks[0] == risks[2]


def test_it_is_taken_back_though_the_register_is_out_of_use(opened: Opened) -> None:
    decided(opened, "hit", listing="B01", mark="TREKLUND", why="authorised")
    decided(opened, "file", file="marks.csv")
    book, kind = open_book(opened.book.path), kind_of("hit")
    with pytest.raises(CrossbookError, match="no register of trademarks"):
        decided(kind.opens(book), "hit", listing="B01", mark="VALKORE", why="authorised")
    undone(kind.opens(book), "hit", listing="B01", mark="TREKLUND")
    assert dismissed(book) == {}
