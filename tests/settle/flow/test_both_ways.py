"""Two orders in euros through PayPal, converted to dollars, sent to a wallet, converted to yuan and drawn to the bank.

By hand: EC1 is 97.00 EUR, EC2 48.00 of which 20.00 are refunded at once; 100.00 of the 125.00 EUR become 108.00 USD, so
97.00 of EC1 and 3.00 of EC2; a later refund of 10.00 for EC1 takes of EC2, of which 15.00 EUR stay. 108.00 USD become
766.80 CNY.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.filing.pack import write_pack
from crossbook.filing.pack.lists import lists
from crossbook.i18n import in_chinese
from crossbook.settle import settle
from crossbook.settle.desk import Desk
from crossbook.views.why import why
from crossbook.views.withdrawals import went
from tests.settle.flow.test_following import found, texts

Put = Callable[..., None]
PAYPAL = (
    '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address",'
    '"To Email Address","Transaction ID","Reference Txn ID","Balance","Balance Impact","Invoice Number"\n'
    '"01/14/2026","10:00:00","PST","A","Express Checkout Payment","Completed","EUR","100.00","-3.00","97.00","a","b",'
    '"T1","","97.00","Credit","EC1"\n'
    '"01/14/2026","11:00:00","PST","B","Express Checkout Payment","Completed","EUR","50.00","-2.00","48.00","a","b",'
    '"T2","","145.00","Credit","EC2"\n'
    '"01/15/2026","11:00:00","PST","B","Payment Refund","Completed","EUR","-20.00","0.00","-20.00","b","a","R2","T2",'
    '"125.00","Debit","EC2"\n'
    '"01/15/2026","12:00:00","PST","","General Currency Conversion","Completed","EUR","-100.00","0.00","-100.00","","",'
    '"CC1","","25.00","Debit",""\n'
    '"01/15/2026","12:00:00","PST","","General Currency Conversion","Completed","USD","108.00","0.00","108.00","","",'
    '"CC2","CC1","108.00","Credit",""\n'
    '"01/16/2026","10:00:00","PST","","General Withdrawal","Completed","USD","-108.00","0.00","-108.00","","","WD1","",'
    '"0.00","Debit",""\n'
    '"01/17/2026","10:00:00","PST","A","Payment Refund","Completed","EUR","-10.00","0.00","-10.00","b","a","R1","T1",'
    '"15.00","Debit","EC1"\n'
)
WALLET = (
    "交易时间,交易单号,交易类型,交易金额,币种,账户余额,对方名称\n"
    "2026-01-18 10:00:00,LL1,收款,108.00,USD,108.00,PayPal\n"
    "2026-01-19 10:00:00,LL2,结汇,-108.00,USD,0.00,\n"
    "2026-01-19 10:00:00,LL2,结汇,766.80,CNY,766.80,\n"
    "2026-01-20 10:00:00,LL3,提现,-766.80,CNY,0.00,招商银行\n"
)
BANK = (
    "交易日期,摘要,对方户名,收入,支出,余额,币种\n"
    "2026-01-21,跨境收款,连连,766.80,,1766.80,CNY\n2026-01-22,转账,本公司,,50.00,1716.80,CNY\n"
)
OTHER = "交易日期,摘要,对方户名,收入,支出,结余,币种\n2026-01-23,转账,本公司,50.00,,150.00,CNY\n"


@pytest.fixture
def chain(book: Book, add_text: Put, tmp_path: Path) -> Desk:
    from crossbook.book.mapping import keep_mapping, preview

    add_text("pp.csv", PAYPAL)
    for name, text, kind in (("LL", WALLET, "wallet"), ("CMB", BANK, "bank"), ("ICBC", OTHER, "bank")):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        seen = preview(path, kind=kind)
        keep_mapping(book, seen.name, seen.kept)
        add_text(f"{name}.csv", text)
    return settle(book)


def test_a_withdrawal_says_where_it_went_and_a_bank_line_where_it_came_from(chain: Desk) -> None:
    there = found(why(chain, "LL3"), "arrived as ")
    assert there.text.endswith(": in CMB, booked on 2026-01-21") and [line for _, line in there.because] == [2]
    left = found(why(chain, "CMB.csv:2"), "it left LL on 2026-01-20 as payout LL3")
    assert (left.amount, [line for _, line in left.because]) == (76_680, [5])
    assert why(chain, "LL.csv:5").text == why(chain, "LL3").text
    told = {(w.account, w.into): (w.payouts, w.paid, w.arrived) for w in went(chain, date(2026, 1, 31))}
    assert told == {("LL", "CMB"): (1, 76_680, 76_680), ("paypal", "LL"): (1, 10_800, 10_800)}
    assert [w.into for w in went(chain, date(2026, 1, 17))] == [None]  # of PayPal, on its way that day


def test_a_payout_into_a_wallet_is_followed_to_the_bank(chain: Desk) -> None:
    told = why(chain, "WD1")
    changed = found(told, "converted on 2026-01-19 at 7.1 CNY for 1 USD: 108.00 USD became")
    assert changed.amount == 76_680
    drawn = found(changed, "withdrawn from LL in payout LL3 on 2026-01-20")
    assert drawn.amount == 76_680
    there = found(drawn, "arrived as ")
    assert (there.amount, there.text.endswith(": in CMB, booked on 2026-01-21")) == (76_680, True)


def test_what_is_whose_is_not_guessed_where_payouts_share_a_lot(book: Book, add_text: Put, tmp_path: Path) -> None:
    """One order's 97.00 is drawn in two parts, which the wallet converts together: 60.00 of the 97.00 become 426.00 of
    688.70; which of the wallet's yuan are of the first part nobody can say."""
    from crossbook.book.mapping import keep_mapping, preview

    head, sale = PAYPAL.splitlines()[:2]
    lines = [head, sale.replace('"EUR"', '"USD"')]
    for day, sent, left, name in (("15", "60.00", "37.00", "W1"), ("16", "37.00", "0.00", "W2")):
        lines.append(
            f'"01/{day}/2026","10:00:00","PST","","General Withdrawal","Completed","USD","-{sent}","0.00","-{sent}","",'
            f'"","{name}","","{left}","Debit",""'
        )
    add_text("pp.csv", "\n".join(lines) + "\n")
    wallet = (
        "交易时间,交易单号,交易类型,交易金额,币种,账户余额,对方名称\n"
        "2026-01-17 10:00:00,LL1,收款,60.00,USD,60.00,PayPal\n"
        "2026-01-18 10:00:00,LL2,收款,37.00,USD,97.00,PayPal\n"
        "2026-01-19 10:00:00,LL3,结汇,-97.00,USD,0.00,\n"
        "2026-01-19 10:00:00,LL3,结汇,688.70,CNY,688.70,\n"
        "2026-01-20 10:00:00,LL4,提现,-688.70,CNY,0.00,招商银行\n"
    )
    path = tmp_path / "LL.csv"
    path.write_text(wallet, encoding="utf-8")
    seen = preview(path, kind="wallet")
    keep_mapping(book, seen.name, seen.kept)
    add_text("LL.csv", wallet)
    changed = found(why(settle(book), "W1"), "converted on 2026-01-19 at 7.1 CNY for 1 USD: 60.00 USD became")
    assert changed.amount == 42_600
    assert not [t for t in texts(changed) if t.startswith("withdrawn")]


def test_any_line_of_a_bank_or_a_wallet_is_told(chain: Desk) -> None:
    """The transfer between two banks has no proof: the other side is shown as what it may be."""
    for line, other in (("CMB.csv:3", "reached ICBC on 2026-01-23"), ("ICBC.csv:2", "left CMB on 2026-01-22")):
        assert any(t.startswith(f"the same sum {other}: ") and "may be" in t for t in texts(why(chain, line)))
    changed = why(chain, "LL.csv:3")
    assert found(changed, "converted on 2026-01-19 at 7.1 CNY for 1 USD: 108.00 USD became").amount == 76_680
    assert found(changed, "order EC1: 97.00 EUR there").amount == 10_476
    assert {found(why(chain, "LL.csv:4"), f"order {o}").amount for o in ("EC1", "EC2")} == {74_380, 2_300}


def test_what_is_told_of_it_is_told_in_chinese_too(chain: Desk) -> None:
    for name in ("WD1", "LL3", "CMB.csv:2", "CMB.csv:3"):
        plain = [t for t in texts(why(chain, name)) if not t.startswith("order ")]
        assert all(in_chinese(t) != t for t in plain), [t for t in plain if in_chinese(t) == t]


def test_the_pack_says_what_a_chain_of_conversions_made_and_what_was_taken_before(chain: Desk, tmp_path: Path) -> None:
    pack = write_pack(chain, "LL3", tmp_path / "pack")
    (w,) = pack.contents.further
    assert (w.currency, w.began, w.became) == ("EUR", 10_000, 76_680)
    listing = lists(pack.payout, pack.contents)[-1]
    place = [c.key for c in listing.columns].index("of the difference")
    one, two = (str(row[place]) for row in listing.rows)
    assert "10.00" in one and "本单退款由他单款项支付" in one and "pp.csv:8" in one
    assert "-15.00 留存余额" in two and "-10.00 退款（订单 EC1） taken by refund，pp.csv:8" in two
