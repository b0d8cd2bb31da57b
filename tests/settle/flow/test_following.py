"""Money followed through a conversion and through a wallet: where it is, why, and what the bank gets to see."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.errors import CrossbookError
from crossbook.filing import write_pack
from crossbook.filing.pack.lists import lists
from crossbook.filing.pack.papers import gather
from crossbook.settle import settle
from crossbook.settle.flow.following import followed
from crossbook.settle.position import position
from crossbook.views.reason import Reason
from crossbook.views.why import why
from tests.settle.making import amazon, camt

Put = Callable[..., Added]
CONVERSION = Path(__file__).parent / "conversion.csv"
TWO = Path(__file__).parent / "two_conversions.csv"
ORDERS = "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tquantity\tcurrency\titem-price\n"
PAYONEER = (
    "Transaction Date,Transaction Time,Time Zone,Transaction ID,Description,Credit Amount,Debit Amount,"
    "Currency,Status,Running Balance,Additional Description,Store Name\n"
)


def texts(reason: Reason) -> list[str]:
    return [reason.text, *(text for child in reason.reasons for text in texts(child))]


def found(reason: Reason, start: str) -> Reason:
    """The one reason of a tree whose text begins so."""

    def all_of(node: Reason) -> list[Reason]:
        return [node, *(r for child in node.reasons for r in all_of(child))]

    (one,) = [r for r in all_of(reason) if r.text.startswith(start)]
    return one


@pytest.fixture
def converted(book: Book, add_text: Put) -> Book:
    add_text("conversion.csv", CONVERSION.read_bytes())
    bank = camt([("2026-01-19", "104.76", "B1", "PAYPAL TRANSFER WD1")])
    add_text("bank.xml", bank)
    return book


def test_why_walks_from_the_order_to_the_bank(converted: Book) -> None:
    """97.00 EUR at 104.76 / 97.00 = 1.08 are 104.76 USD, withdrawn as WD1 and booked four days later."""
    told = found(why(settle(converted), "EC1"), "converted on 2026-01-14 at 1.08 USD for 1 EUR: 97.00 EUR became")
    assert (told.amount, told.currency, [line for _, line in told.because]) == (10_476, "USD", [4, 5])
    drawn = found(told, "withdrawn from paypal in payout WD1 on 2026-01-15")
    assert (drawn.amount, [line for _, line in drawn.because]) == (10_476, [6])
    assert found(drawn, "arrived as ").amount == 10_476
    assert "taken first in, first out: no rule of paypal is known" in texts(told)


def test_why_walks_from_the_credit_back_to_the_order(converted: Book) -> None:
    desk = settle(converted)
    (credit,) = desk.side.credits
    for top in (why(desk, credit), why(desk, "WD1")):
        came = found(top, "from a conversion on 2026-01-14 of 97.00 EUR at 1.08 USD")
        order = found(came, "order EC1: 97.00 EUR there")
        assert (order.amount, order.currency, [line for _, line in order.because]) == (10_476, "USD", [3])


def test_the_pack_lists_the_order_behind_a_conversion(converted: Book, tmp_path: Path) -> None:
    pack = write_pack(settle(converted), "WD1", tmp_path / "pack")
    (row,) = csv.DictReader((pack.folder / "transactions.csv").read_text(encoding="utf-8-sig").splitlines())
    shown = {name.split(" ")[0] if "original" not in name else name: value for name, value in row.items()}
    assert [shown[n] for n in ("order", "net", "currency", "rate")] == ["EC1", "104.76", "USD", "1.080000"]
    assert (row["original amount 原币金额"], row["original currency 原币币种"]) == ("97.00", "EUR")
    assert pack.contents.items == []


def test_the_pack_says_what_the_platform_kept_before_a_conversion(converted: Book, tmp_path: Path) -> None:
    """100.00 EUR less a fee of 3.00 are the 97.00 that became 104.76 USD."""
    pack = write_pack(settle(converted), "WD1", tmp_path / "pack")
    (o,) = pack.contents.origins
    assert (o.order_id, o.currency, o.sales, o.fees, o.refunds, o.net, o.used) == (
        "EC1",
        "EUR",
        10_000,
        -300,
        0,
        9_700,
        9_700,
    )
    listing = lists(pack.payout, pack.contents)[-1]
    assert listing.totals() == {
        "EUR": {"sales": 10_000, "platform fees": -300, "refunds": 0, "net": 9_700, "difference": 0, "used": 9_700}
    }


def test_an_unknown_rule_is_refused(converted: Book) -> None:
    converted.config.setdefault("accounts", {})["paypal"] = {"lots": "newest"}
    with pytest.raises(CrossbookError, match="lots 'newest' is not known"):
        followed(settle(converted))


def test_money_goes_through_a_wallet(book: Book, add_text: Put) -> None:
    """60.00 of two orders (42.50 and 17.50, less 2.50 of a fee of no order) arrive at Payoneer, of which 40.00 go
    on to the bank: first all of the first order's share, 42.50 * 57.50 / 60.00, then the second's."""
    lines = [("o1", "Principal", "42.50"), ("o2", "Principal", "17.50"), ("", "Subscription Fee", "-2.50")]
    add_text("s.txt", amazon("1", "57.50", lines))
    row = "\t{o}\t2026-03-01T00:00:00+00:00\tShipped\tLamp\tSKU\t1\tUSD\t{x}\n"
    add_text("o.txt", ORDERS + row.format(o="o1", x="42.50")[1:] + row.format(o="o2", x="17.50")[1:])
    add_text(
        "payoneer.csv",
        PAYONEER
        + "03/19/2026,08:01:22,UTC,1001,Payment from Amazon,57.50,,USD,Completed,57.50,,Shop\n"
        + "03/20/2026,09:00:00,UTC,1002,Withdrawal to bank,,40.00,USD,Completed,17.50,,\n",
    )
    add_text("bank.xml", camt([("2026-03-23", "40.00", "B1", "PAYONEER 1002")]))
    desk = settle(book)

    def places(day: date) -> dict[tuple[str, str], tuple[int, int]]:
        return {(s.account, s.place): (s.orders, s.amount) for s in position(desk, day)}

    assert places(date(2026, 3, 18)) == {("amazon", "on_its_way"): (2, 5_750)}
    assert places(date(2026, 3, 19)) == {("payoneer", "in_balance"): (2, 5_750)}
    assert places(date(2026, 3, 21)) == {("payoneer", "on_its_way"): (1, 4_000), ("payoneer", "in_balance"): (2, 1_750)}
    assert places(date(2026, 3, 23)) == {("amazon", "at_bank"): (1, 4_000), ("payoneer", "in_balance"): (2, 1_750)}
    told = found(why(desk, "o1"), "paid in payout 1 on 2026-03-17; in payoneer on 2026-03-19")
    assert found(told, "withdrawn from payoneer in payout 1002 on 2026-03-20").amount == 4_000
    back = found(why(desk, "1002"), "from payout 1 of amazon, received on 2026-03-19")
    assert found(back, "order o1").amount == 4_000


def test_two_conversions_of_a_moment_are_paired_by_their_lines(book: Book, add_text: Put, tmp_path: Path) -> None:
    """EUR 100.00 became USD 108.00 and GBP 80.00 USD 101.60 in the same second; no line refers to another."""
    add_text("two.csv", TWO.read_bytes())
    desk = settle(book)
    told = found(why(desk, "EC2"), "converted on 2026-01-14 at 1.27 USD for 1 GBP: 80.00 GBP became")
    assert (told.amount, [line for _, line in told.because]) == (10_160, [6, 7])
    assert "paired by the order of their lines: several conversions of their account at that moment" in texts(told)
    pack = write_pack(desk, "WD1", tmp_path / "pack")
    assert {t.order_id: t.net for t in pack.contents.transactions} == {"EC1": 10_800, "EC2": 10_160}


def test_an_order_of_lines_that_does_not_decide_is_said(book: Book, add_text: Put, tmp_path: Path) -> None:
    """Out, out, in, in: either of the two sums may have become either."""
    lines = TWO.read_text().splitlines(keepends=True)
    lines[4], lines[5] = lines[5], lines[4]
    add_text("two.csv", "".join(lines))
    desk = settle(book)
    assert found(why(desk, "EC1"), "converted on 2026-01-14; which line is the other side is not decided: several")
    pack = write_pack(desk, "WD1", tmp_path / "pack")
    assert pack.contents.transactions == []
    assert "the orders behind 209.60 USD of 209.60 USD" in [w.what[1] for w in pack.wanting]


def test_a_fee_of_a_wallet_stands_apart_from_the_orders_that_bear_it(book: Book, add_text: Put, tmp_path: Path) -> None:
    """Of 209.60 USD of two orders (108.00 and 101.60) a fee of 2.00 is taken, 207.60 are withdrawn: the orders bear
    108.00 / 209.60 * 2.00 = 1.03 and 0.97."""
    *lines, drawn = TWO.read_text().splitlines(keepends=True)
    fee = drawn.replace("General Withdrawal", "Bank transfer fee").replace("-209.60", "-2.00").replace('"WD1"', '"FE1"')
    fee = fee.replace("10:00:00", "09:00:00").replace('"0.00","Debit"', '"207.60","Debit"')
    add_text("two.csv", "".join([*lines, fee, drawn.replace("-209.60", "-207.60")]))
    desk = settle(book)
    pack = write_pack(desk, "WD1", tmp_path / "pack")
    told = {t.order_id: (t.amount, t.fees, t.net) for t in pack.contents.transactions}
    assert told == {"EC1": (10_800, -103, 10_697), "EC2": (10_160, -97, 10_063)}
    assert {t.order_id: (t.gave, t.got) for t in pack.contents.transactions} == {
        "EC1": (10_000, 10_800),
        "EC2": (8_000, 10_160),
    }
    assert [(i.kind, i.lines, i.amount, i.line) for i in pack.contents.fees] == [("fee", 1, -200, 8)]
    assert (pack.contents.items, pack.closing.agrees) == ([], True)
    behind = found(why(desk, "WD1"), "its money by lots: 2 orders")
    assert behind.amount == 20_760
    assert found(behind, "from a conversion on 2026-01-14 of 100.00 EUR").amount == 10_800
    assert found(behind, "less a fee of no order").amount == -200


def test_the_pack_says_the_rate_of_the_conversion(book: Book, add_text: Put, tmp_path: Path) -> None:
    """1.00, 1.00 and 98.00 EUR became 108.35 USD in all, and 1.0835 is the rate of each: not 1.09 or 1.08, which their
    cents alone would give."""
    first, *rest = CONVERSION.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    sale = rest[1].replace('"-3.00"', '"0.00"').replace('"100.00"', '"{x}"', 1).replace('"97.00"', '"{x}"', 1)
    sale = sale.replace('"EC1"', '"EC{n}"').replace('"97.00"', '"{b}"')
    sales = [
        sale.replace("{x}", x).replace("{n}", n).replace("{b}", b)
        for n, x, b in (("1", "1.00", "1.00"), ("2", "1.00", "2.00"), ("3", "98.00", "100.00"))
    ]
    others = [line.replace('"EC1"', '""').replace("-97.00", "-100.00").replace("104.76", "108.35") for line in rest[2:]]
    add_text("conversion.csv", "".join([first, *sales, *others]))
    pack = write_pack(settle(book), "WD1", tmp_path / "pack")
    rows = list(csv.DictReader((pack.folder / "transactions.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["rate 汇率"] for row in rows] == ["1.083500"] * 3
    (one,) = pack.contents.conversions
    assert (str(one.day), one.currency, one.gave, one.got) == ("2026-01-14", "EUR", 10_000, 10_835)
    desk = settle(book)
    sections = gather(desk, desk.payout("WD1"), date(2026, 1, 20)).sections
    facts = [f for s in sections for f in s.facts if f.en == "Before conversion"]
    assert [f.value for f in facts] == ["100.00 EUR → 108.35 USD；1 EUR = 1.083500 USD；2026-01-14"]
