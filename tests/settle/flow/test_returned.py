"""A withdrawal that the bank sent back: not on its way, not at the bank, and its orders' money is in the balance again.

57.50 USD of two orders arrive in a wallet (see `test_wallet_statements`), leave on 20 March, come back on 24 March and
leave again on 26 March. By hand: o1 has 57.50 * 42.50 / 60 = 40.73 of them, all the way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import settle
from crossbook.settle.adding_up import added_up
from crossbook.settle.position import position
from crossbook.trade.last_day import last_day
from crossbook.views.why import why
from tests.settle.flow.test_wallet_statements import AIRWALLEX, DEPOSIT, WISE, found, sold
from tests.settle.making import camt

__all__ = ["sold"]
Put = Callable[..., Added]
WALLET = """
kind = "wallet"
account = "WISE"
date_order = "ymd"
zone = "UTC"
[columns]
posted_at = "交易时间"
type = "类型"
reference = "流水号"
amount = "金额"
currency = "币种"
balance = "余额"
[types]
"入账" = "deposit"
"提现" = "withdrawal"
"提现退回" = "withdrawal"
"""
ROW = (
    '{id},{day:%d-%m-%Y},"{day:%d-%m-%Y} 10:00:00.000",{amount},USD,"{text}",,{left},,,,,Yuanshan,6222,,,,,,0.00,,'
    "{way},TRANSFER\n"
)


def moved(id: str, day: int, amount: str, left: str) -> str:
    """A transfer of the wallet, out or back in."""
    back = not amount.startswith("-")
    text, way = ("Returned transfer from Yuanshan", "CREDIT") if back else ("Sent money to Yuanshan", "DEBIT")
    return ROW.format(id=id, day=date(2026, 3, day), amount=amount, left=left, text=text, way=way)


def statement(*rows: tuple[str, int, str, str, str]) -> str:
    """A wallet's statement of returns that name no withdrawal: number, day, word, amount, balance after it."""
    told = [f"2026-03-{day} 08:00:00,{id},{word},{amount},USD,{left}" for id, day, word, amount, left in rows]
    return "\n".join(["交易时间,流水号,类型,金额,币种,余额", "2026-03-19 08:00:00,D1,入账,57.50,USD,57.50", *told, ""])


@pytest.fixture
def wallet(sold: Book) -> Book:
    (sold.path / "mappings").mkdir(exist_ok=True)
    (sold.path / "mappings" / "wallet.toml").write_text(WALLET, encoding="utf-8")
    return sold


@pytest.mark.parametrize("named", [True, False])
def test_money_that_came_back_goes_on_from_there(wallet: Book, add_text: Put, named: bool) -> None:
    if named:  # Wise gives what is paid back the number of what was sent
        rows = [("TRANSFER-3", 26, "-57.50", "0.00"), ("TRANSFER-2", 24, "57.50", "57.50")]
        rows.append(("TRANSFER-2", 20, "-57.50", "0.00"))
        add_text("wise.csv", WISE + "".join(moved(*row) for row in rows) + DEPOSIT, account="WISE")
    else:
        first, back = ("TRANSFER-2", 20, "提现", "-57.50", "0.00"), ("R1", 24, "提现退回", "57.50", "57.50")
        add_text("wallet.csv", statement(first, back, ("TRANSFER-3", 26, "提现", "-57.50", "0.00")))
    add_text("bank.xml", camt([("2026-03-27", "57.50", "B1", "WISE TRANSFER-3")]))
    desk = settle(wallet)
    payouts = {p.payout_id: p for p in desk.payouts if p.account == "WISE"}
    assert [(n, p.amount, desk.arrival(p)) for n, p in payouts.items()] == [
        ("TRANSFER-2", 5_750, "returned"),
        ("TRANSFER-3", 5_750, "at_bank"),
    ]
    assert all(p.status == "closed" for p in payouts.values())
    assert [p.key for p in desk.side.open_payouts] == [] and desk.side.open_credits == []

    told = found(why(desk, "o1"), "paid in payout TRANSFER-2 on 2026-03-20; it came back to WISE on 2026-03-24")
    assert found(told, "withdrawn from WISE in payout TRANSFER-3 on 2026-03-26").amount == 4_073
    reason = found(why(desk, "TRANSFER-2"), "it came back on 2026-03-24")
    assert reason.text.endswith("the last withdrawal of this amount before") is not named

    for day, place in ((21, "on_its_way"), (25, "in_balance"), (26, "on_its_way"), (27, "at_bank")):
        stages = [s for s in position(desk, date(2026, 3, day)) if s.amount]
        assert [(s.place, s.orders, s.amount) for s in stages] == [(place, 2, 5_750)], day
        sums = [a for a in added_up(desk, date(2026, 3, day)) if a.account == "WISE"]
        assert [a.difference for a in sums] == [0], day


def test_a_return_with_its_fee(sold: Book, add_text: Put) -> None:
    """57.50 left, 1.10 of them a fee; all of it is paid back under the same number."""
    back = moved("TRANSFER-2", 24, "57.50", "57.50")
    sent = moved("TRANSFER-2", 20, "-57.50", "0.00").replace(",0.00,,DEBIT", ",1.10,,DEBIT")
    add_text("wise.csv", WISE + back + sent + DEPOSIT, account="WISE")
    desk = settle(sold)
    (one,) = desk.returns
    assert (one.amount, one.beyond, one.whole, one.named) == (5_640, 110, True, True)
    assert [(s.place, s.amount) for s in position(desk, date(2026, 3, 25)) if s.amount] == [("in_balance", 5_750)]
    assert [a.difference for a in added_up(desk, date(2026, 3, 25))] == [0, 0]


def test_a_return_of_which_banks_kept_something(sold: Book, add_text: Put) -> None:
    """It has a number of its own and repeats what the bank was told; 2.50 of 57.50 stay with the banks."""
    head = "2026-03-{day}T10:00:00+0800,PAYOUT,{type},{id},,USD,USD,57.50,,,{amount},0.00,{out},{in_},{left},{left},"
    rows = [
        ("19", "DEPOSIT", "d1", "57.50", "0", "57.50", "57.50", "SZ1"),
        ("20", "PAYOUT", "p1", "-57.50", "57.50", "0", "0.00", "PO1"),
        ("24", "PAYOUT_REVERSAL", "r1", "55.00", "0", "55.00", "55.00", "PO1"),
    ]
    names = ("day", "type", "id", "amount", "out", "in_", "left")
    told = "".join(
        head.format(**dict(zip(names, r[:7], strict=True))) + f"2026-03-{r[0]}T10:00:00+0800,,{r[7]},\n" for r in rows
    )
    add_text("airwallex.csv", AIRWALLEX + told, account="AWX")
    desk = settle(sold)
    (one,) = desk.returns
    assert (one.payout_id, one.amount, one.whole, one.named) == ("p1", 5_500, True, True)
    assert [(s.place, s.amount) for s in position(desk, date(2026, 3, 25)) if s.amount] == [("in_balance", 5_500)]


def test_a_part_that_came_back_is_said(sold: Book, add_text: Put) -> None:
    rows = [moved("TRANSFER-2", 24, "20.00", "20.00"), moved("TRANSFER-2", 20, "-57.50", "0.00")]
    add_text("wise.csv", WISE + "".join(rows) + DEPOSIT, account="WISE")
    desk = settle(sold)
    assert desk.returned == {}
    assert desk.problems == ["WISE: 20.00 USD of payout TRANSFER-2 came back on 2026-03-24: whose is not known"]
    (wise,) = [a for a in added_up(desk, date(2026, 3, 25)) if a.account == "WISE"]
    assert (wise.paid, wise.held) == (3_750, 2_000)


def test_two_withdrawals_of_one_amount(wallet: Book, add_text: Put) -> None:
    """A return that names no withdrawal is of the last one before it; a second return of the one before that."""
    out = [("W1", 20, "提现", "-20.00", "37.50"), ("W2", 23, "提现", "-20.00", "17.50")]
    back = [("R1", 26, "提现退回", "20.00", "37.50"), ("R2", 27, "提现退回", "20.00", "57.50")]
    add_text("wallet.csv", statement(*out, *back))
    assert {k[1]: r.day.day for k, r in settle(wallet).returned.items()} == {"W2": 26, "W1": 27}


def test_what_is_no_return(wallet: Book, add_text: Put) -> None:
    """Money that comes in before anything of its amount left, or of another amount, returns nothing."""
    early, out = ("R1", 20, "提现退回", "20.00", "77.50"), ("W1", 23, "提现", "-20.00", "57.50")
    add_text("wallet.csv", statement(early, out, ("R2", 24, "提现退回", "19.00", "76.50")))
    desk = settle(wallet)
    assert desk.returned == {}
    (payout,) = [p for p in desk.payouts if p.payout_id == "W1"]
    assert desk.arrival(payout) == "on_its_way"


def test_figures_are_of_the_last_line(wallet: Book, add_text: Put) -> None:
    """A line after the last payout and the last bank entry is of a day that the files speak of."""
    add_text("wallet.csv", statement(("D2", 28, "入账", "20.00", "77.50")))
    assert last_day(settle(wallet).database) == date(2026, 3, 28)
