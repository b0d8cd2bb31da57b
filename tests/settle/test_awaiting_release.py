"""Money that a platform has not released yet: where it is, and when it comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.filing.pack.transactions import contents
from crossbook.settle import settle
from crossbook.settle.closure import breakdown
from crossbook.settle.position import position
from crossbook.views.arrivals import arrivals
from crossbook.views.passport import passport
from crossbook.views.why import why
from tests.settle.making import amazon, camt
from tests.sources.reading import NATIVE

Put = Callable[..., Added]
DEFERRED = (NATIVE / "amazon_date_range_deferred.csv").read_bytes()


def places(book: Book, day: date) -> list[tuple[str, int, int, date | None, date | None, date | None]]:
    """(place, orders, amount, earliest, likely, latest) on a day."""
    return [(s.place, s.orders, s.amount, s.earliest, s.likely, s.latest) for s in position(settle(book), day)]


def test_deferred_orders_await_release_on_an_unknown_day(book: Book, add_text: Put) -> None:
    added = add_text("jan.csv", DEFERRED)
    assert added.note == "2 deferred, 126.00 USD: in no payout yet, they await release"
    (payout,) = settle(book).payouts
    assert (payout.amount, payout.status, payout.difference) == (7_500, "closed", 0)
    assert places(book, date(2026, 1, 20)) == [
        ("awaiting_release", 2, 12_600, None, None, None),
        ("on_its_way", 0, 7_500, None, None, None),
    ]


def test_released_money_is_awaited_until_its_day(book: Book, add_text: Put) -> None:
    add_text("jan.csv", DEFERRED)
    # two orders have a day, two have none: the earliest is known, the last is not
    assert places(book, date(2026, 1, 10)) == [("awaiting_release", 4, 20_100, date(2026, 1, 12), None, None)]
    assert places(book, date(2026, 1, 5)) == [
        ("awaiting_release", 2, 7_500, date(2026, 1, 12), date(2026, 1, 12), date(2026, 1, 13))
    ]


def test_a_deferred_line_comes_on_the_day_that_is_given(book: Book, add_text: Put) -> None:
    add_text("jan.csv", DEFERRED.replace(b'"Deferred",""', b'"Deferred","Jan 25, 2026 1:00:00 AM PST"'))
    day = date(2026, 1, 25)
    assert places(book, date(2026, 1, 20))[0] == ("awaiting_release", 2, 12_600, day, day, day)


def test_what_a_later_report_releases_is_deferred_no_more(book: Book, add_text: Put) -> None:
    later = DEFERRED.replace(b'"Deferred",""', b'"Released","Jan 25, 2026 1:00:00 AM PST"').replace(
        b'"","Order"', b'"556","Order"'
    )
    for name, text in (("feb.csv", later), ("jan.csv", DEFERRED)):  # the older report comes second
        add_text(name, text)
    assert [(p, n, a) for p, n, a, *_ in places(book, date(2026, 1, 20))] == [
        ("awaiting_release", 2, 12_600),
        ("on_its_way", 0, 7_500),
    ]
    assert [p for p, *_ in places(book, date(2026, 1, 26))] == ["on_its_way"]


def test_a_settlement_that_pays_a_deferred_order_ends_the_waiting(book: Book, add_text: Put) -> None:
    add_text("jan.csv", DEFERRED)
    paid = amazon(
        "9",
        "63.00",
        [("111-1111111-1111113", "Principal", "80.00"), ("111-1111111-1111113", "Commission", "-17.00")],
        day="2026-01-19",
    )
    add_text("v2.txt", paid)
    waiting = [s for s in places(book, date(2026, 1, 20)) if s[0] == "awaiting_release"]
    assert [(orders, amount) for _, orders, amount, *_ in waiting] == [(1, 6_300)]


def test_a_deferred_order_of_the_book_stands_once(book: Book, add_text: Put) -> None:
    orders = (
        "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tsales-channel\tsku\tquantity\tcurrency\t"
        "item-price\tship-country\n"
        "111-1111111-1111113\t2026-01-08T10:00:00+00:00\t2026-01-09T10:00:00+00:00\tShipped\tAmazon.com\tS1\t1\tUSD\t"
        "80.00\tUS\n"
    )
    add_text("jan.csv", DEFERRED)
    add_text("orders.txt", orders)
    waiting = [s for s in places(book, date(2026, 1, 20)) if s[0] == "awaiting_release"]
    assert [(orders, amount) for _, orders, amount, *_ in waiting] == [(2, 12_600)]


def test_a_shipment_to_amazon_is_among_the_other_items(book: Book, add_text: Put) -> None:
    add_text("v2.txt", (NATIVE / "amazon_v2_reserve_fbafees.txt").read_bytes())
    desk = settle(book)
    (payout,) = desk.payouts
    inside = contents(desk, payout)
    assert (payout.status, payout.amount) == ("closed", 6_050)
    assert [(t.order_id, t.net) for t in inside.transactions] == [("114-1", 17_000)]
    assert sorted(i.amount for i in inside.items) == [-15_000, -1_200, 250, 5_000]


def test_a_balance_that_was_charged_to_a_card_closes_in_both_reports(book: Book, add_text: Put) -> None:
    add_text("v2.txt", (NATIVE / "amazon_v2_negative.txt").read_bytes())
    charged = amazon(
        "4445",
        "75.00",
        [("", "Successful charge", "25.00"), ("", "Payable to Amazon", "-25.00"), ("114-10", "Principal", "75.00")],
        day="2026-01-20",
    )
    add_text("next.txt", charged)
    desk = settle(book)
    assert [(p.payout_id, p.amount, p.status) for p in desk.payouts] == [
        ("4444", -2_500, "closed"),
        ("4445", 7_500, "closed"),
    ]
    kinds = {r["kind"]: r["amount"] for r in breakdown(desk.database, "amazon", "4445", "USD", "lines")}
    assert kinds == {"deposit": 2_500, "carried": -2_500, "sale": 7_500}


def test_the_passport_of_a_deferred_order_says_so(book: Book, add_text: Put) -> None:
    add_text("jan.csv", DEFERRED)
    told = passport(settle(book), "111-1111111-1111113")
    step = next(s for s in told.steps if s.name == "settlement")
    assert step.note == "deferred by the platform, which names no day of release"
    assert ([p.amount for p in step.proofs], step.amount, told.currency) == ([6_300], None, "USD")
    released = passport(settle(book), "111-1111111-1111111")
    assert next(s for s in released.steps if s.name == "settlement").note == ""


def test_why_tells_each_deferred_order_with_its_line(book: Book, add_text: Put) -> None:
    """Two orders of one sum are two, and each leads to the line that it rests on, though no payout has either."""
    add_text("jan.csv", DEFERRED)
    desk = settle(book)
    for order, line in (("111-1111111-1111113", 7), ("111-1111111-1111114", 8)):
        (reason,) = why(desk, order).reasons
        assert reason.text == "deferred on 2026-01-09: sale (Order), nothing says until when"
        assert (reason.amount, reason.currency, [n for _, n in reason.because]) == (6_300, "USD", [line])
    add_text("later.csv", DEFERRED.replace(b'"Deferred",""', b'"Deferred","Jan 25, 2026 1:00:00 AM PST"'))
    texts = [r.text for r in why(settle(book), "111-1111111-1111113").reasons]
    assert "deferred on 2026-01-09: sale (Order), to be released on 2026-01-25" in texts


GIVEN = DEFERRED.replace(b'"Deferred",""', b'"Deferred","Jan 25, 2026 1:00:00 AM PST"')


def test_what_is_past_its_day_of_release_is_told_with_what_is_lacking(book: Book, add_text: Put) -> None:
    """63.00 and 63.00 were to come on 25 January; the files speak of 10 February, and no payout has them."""
    add_text("jan.csv", GIVEN)
    assert settle(book).problems == []  # no file speaks of a day after the 25th yet
    add_text("bank.xml", camt([("2026-02-10", "75.00", "B1", "AMAZON")]))
    desk = settle(book)
    assert desk.problems == [
        "amazon: 126.00 USD of 2 deferred orders was to be released by 2026-01-25, and no payout that the book has "
        "holds it: add the later reports of this account"
    ]
    waiting = [s for s in places(book, date(2026, 2, 10)) if s[0] == "awaiting_release"]
    assert waiting == [("awaiting_release", 2, 12_600, None, None, None)]  # not tomorrow
    (late,) = arrivals(desk, date(2026, 2, 10))
    assert (late.late, late.late_orders, [w for w in late.weeks if w.likely]) == (12_600, 2, [])
    (reason,) = why(desk, "111-1111111-1111113").reasons
    assert reason.text == (
        "deferred on 2026-01-09: sale (Order), to be released by 2026-01-25, which is past, and in no payout that the "
        "book has"
    )
    step = next(s for s in passport(desk, "111-1111111-1111113").steps if s.name == "settlement")
    assert step.note == "deferred by the platform: released by 2026-01-25, in no payout that the book has"


def test_what_a_settlement_pays_after_its_day_is_not_past_it(book: Book, add_text: Put) -> None:
    add_text("jan.csv", GIVEN)
    lines = [
        (f"111-1111111-111111{n}", what, amount)
        for n in (3, 4)
        for what, amount in (("Principal", "80.00"), ("Commission", "-17.00"))
    ]
    add_text("v2.txt", amazon("9", "126.00", lines, day="2026-02-02"))
    desk = settle(book)
    assert desk.problems == []
    assert "awaiting_release" not in [p for p, *_ in places(book, date(2026, 2, 10))]
