"""From a platform's settlement to the seller's bank through a wallet whose statements are of a shipped layout.

Two orders of 42.50 and 17.50 USD, less 2.50 of a fee of no order: 57.50 arrive at the wallet. What goes on, by hand:
o1 has 57.50 * 42.50 / 60 = 40.73 of it, o2 the rest.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.filing import write_pack
from crossbook.settle import settle
from crossbook.settle.desk import Desk
from crossbook.settle.position import position
from crossbook.views.reason import Reason
from crossbook.views.why import why
from tests.settle.making import amazon, camt, paypal

Put = Callable[..., Added]
ORDERS = "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tquantity\tcurrency\titem-price\n"
WISE = (
    '"TransferWise ID",Date,"Date Time",Amount,Currency,Description,"Payment Reference","Running Balance",'
    '"Exchange From","Exchange To","Exchange Rate","Payer Name","Payee Name","Payee Account Number",Merchant,'
    '"Card Last Four Digits","Card Holder Full Name",Attachment,Note,"Total fees","Exchange To Amount",'
    '"Transaction Type","Transaction Details Type"\n'
)
AIRWALLEX = (
    "Time,Type,Financial Transaction Type,Transaction Id,Description,Wallet Currency,Target Currency,Target Amount,"
    "Conversion Rate,Mature Date,Amount,Fee,Debit Net Amount,Credit Net Amount,Account Balance,Available Balance,"
    "Created At,Request Id,Reference,Note to Self\n"
)
DEPOSIT = (
    'TRANSFER-1,19-03-2026,"19-03-2026 08:00:00.000",57.50,USD,"Received money from AMAZON PAYMENTS",SZ1,57.50,,,,'
    '"AMAZON PAYMENTS",,,,,,,,0.00,,CREDIT,DEPOSIT\n'
)


def all_of(reason: Reason) -> list[Reason]:
    return [reason, *(r for child in reason.reasons for r in all_of(child))]


def found(reason: Reason, start: str) -> Reason:
    (one,) = [r for r in all_of(reason) if r.text.startswith(start)]
    return one


def euros(text: str) -> str:
    return text.replace("USD", "EUR")


def packed(desk: Desk, payout: str, folder: Path) -> dict[str, tuple[str, str, str]]:
    """The orders that a pack lists: net sum, sum and currency before."""
    pack = write_pack(desk, payout, folder)
    rows = csv.DictReader((pack.folder / "transactions.csv").read_text(encoding="utf-8-sig").splitlines())
    return {
        r["order 订单号"]: (r["net 净额"], r["original amount 原币金额"], r["original currency 原币币种"]) for r in rows
    }


@pytest.fixture
def sold(book: Book, add_text: Put) -> Book:
    lines = [("o1", "Principal", "42.50"), ("o2", "Principal", "17.50"), ("", "Subscription Fee", "-2.50")]
    add_text("s.txt", amazon("S1001", "57.50", lines))
    row = "{o}\t2026-03-01T00:00:00+00:00\tShipped\tLamp\tSKU\t1\tUSD\t{x}\n"
    add_text("o.txt", ORDERS + row.format(o="o1", x="42.50") + row.format(o="o2", x="17.50"))
    return book


@pytest.fixture
def wise(sold: Book, add_text: Put) -> Book:
    """57.00 of the 57.50 USD, after a fee of 0.50, become 51.30 EUR at 0.9, of which 51.00 go to the bank; each balance
    has a statement, and an account, of its own."""
    change = '20-03-2026,"20-03-2026 09:00:00.123",{amount},"Converted 57.50 USD to 51.30 EUR",,{left},USD,EUR,0.90000'
    add_text(
        "statement_111_USD_2026-03-01_2026-03-31.csv",
        f"{WISE}BALANCE-5,{change.format(amount='-57.50,USD', left='0.00')},,,,,,,,,0.50,51.30,DEBIT,CONVERSION\n"
        + DEPOSIT,
    )
    add_text(
        "statement_222_EUR_2026-03-01_2026-03-31.csv",
        f'{WISE}TRANSFER-9,21-03-2026,"21-03-2026 10:00:00.000",-51.30,EUR,"Sent money to Yuanshan",WD1,0.00,,,,,'
        "Yuanshan,DE44,,,,,,0.30,,DEBIT,TRANSFER\n"
        f"BALANCE-5,{change.format(amount='51.30,EUR', left='51.30')},,,,,,,,,0.00,51.30,CREDIT,CONVERSION\n",
    )
    add_text("bank.xml", euros(camt([("2026-03-23", "51.00", "B1", "WISE WD1")])))
    return sold


def test_wise_from_the_order_to_the_bank(wise: Book) -> None:
    """40.73 at 0.9 are 36.66 EUR, which bear 0.30 * 36.66 / 51.30 = 0.21 of the fee."""
    desk = settle(wise)
    told = found(why(desk, "o1"), "paid in payout S1001 on 2026-03-17; in 111 on 2026-03-19")
    changed = found(told, "converted on 2026-03-20 at 0.9 EUR for 1 USD: 40.73 USD became")
    assert (changed.amount, changed.currency) == (3_666, "EUR")
    drawn = found(changed, "withdrawn from 222 in payout TRANSFER-9 on 2026-03-21")
    assert (drawn.amount, found(drawn, "arrived as ").amount) == (3_645, 5_100)


def test_wise_from_the_credit_to_the_orders(wise: Book) -> None:
    desk = settle(wise)
    (match,) = [m for m in desk.side.matches if m.payouts == ("TRANSFER-9",)]
    assert match.short == 0 and not match.against
    back = found(why(desk, match.credits[0]), "from a conversion on 2026-03-20 of 57.00 USD at 0.9 EUR")
    assert [(found(back, f"order {o}").amount) for o in ("o1", "o2")] == [3_666, 1_464]


def test_wise_statements_add_up(wise: Book) -> None:
    """Newest first, with a fee and a withdrawal in one row."""
    told = settle(wise).database.rows("SELECT account, opening, closing, difference FROM statement ORDER BY account")
    assert [tuple(r.values()) for r in told if r["account"] in ("111", "222")] == [("111", 0, 0, 0), ("222", 0, 0, 0)]


def test_wise_in_money_and_in_the_pack(wise: Book, tmp_path: Path) -> None:
    desk = settle(wise)
    places = {(s.account, s.place): (s.orders, s.amount, s.currency) for s in position(desk, date(2026, 3, 31))}
    assert places == {("amazon", "at_bank"): (2, 5_100, "EUR")}
    assert packed(desk, "TRANSFER-9", tmp_path / "pack") == {
        "o1": ("36.45", "40.73", "USD"),
        "o2": ("14.55", "16.27", "USD"),
    }


def test_wise_converts_a_transfer_on_its_way(sold: Book, add_text: Put, tmp_path: Path) -> None:
    """57.00 of the 57.50 USD, after a fee of 0.50, arrive as 410.40 CNY at 7.2: no balance in yuan has a statement.
    The fee takes what came first, 0.50 of o1."""
    sent = (
        'TRANSFER-2,20-03-2026,"20-03-2026 10:00:00.000",-57.50,USD,"Sent money to Yuanshan",WD2,0.00,USD,CNY,7.20000,'
        ",Yuanshan,6222,,,,,,0.50,410.40,DEBIT,TRANSFER\n"
    )
    add_text("wise.csv", WISE + sent + DEPOSIT, account="WISE")
    add_text("bank.xml", camt([("2026-03-23", "410.40", "B1", "WISE WD2")]).replace("USD", "CNY"))
    desk = settle(sold)
    changed = found(why(desk, "o1"), "converted on 2026-03-20 at 7.2 CNY for 1 USD: 40.23 USD became")
    assert found(changed, "withdrawn from WISE in payout TRANSFER-2").amount == 28_966
    assert [(p.payout_id, p.amount, p.currency, p.status) for p in desk.payouts if p.account == "WISE"] == [
        ("TRANSFER-2", 41_040, "CNY", "unproved")  # no balance in yuan is stated
    ]
    assert {o: before for o, (_, *before) in packed(desk, "TRANSFER-2", tmp_path / "pack").items()} == {
        "o1": ["40.23", "USD"],
        "o2": ["16.77", "USD"],
    }


def test_wise_with_fees_in_rows_of_their_own(sold: Book, add_text: Put) -> None:
    """An accounting statement: 0.50 in a row of its own, and 57.00 all sent, though their row repeats it."""
    day = '20-03-2026,"20-03-2026 10:00:00.000"'
    fee = f'FEE-TRANSFER-2,{day},-0.50,USD,"Wise Charges for: TRANSFER-2",,0.00,,,,,,,,,,,,0,,DEBIT,TRANSFER\n'
    sent = (
        f'TRANSFER-2,{day},-57.00,USD,"Sent money to Yuanshan",WD2,0.50,,,,,Yuanshan,6222,,,,,,0.50,,DEBIT,TRANSFER\n'
    )
    add_text("wise.csv", WISE + fee + sent + DEPOSIT, account="WISE")
    add_text("bank.xml", camt([("2026-03-23", "57.00", "B1", "WISE WD2")]))
    desk = settle(sold)
    assert {(m.payouts, m.short) for m in desk.side.matches} == {(("S1001",), 0), (("TRANSFER-2",), 0)}


@pytest.fixture
def airwallex(sold: Book, add_text: Put) -> Book:
    """All 57.50 USD become 51.75 EUR; a fee of 0.75 in a row of its own, and 51.00 go to the bank."""
    rows = (
        "2026-03-19T08:00:00+0800,DEPOSIT,DEPOSIT,d1,AMAZON PAYMENTS,USD,,,,,57.50,,,57.50,57.50,57.50,,,SZ1,\n"
        "2026-03-20T09:00:00+0800,CONVERSION,CONVERSION_SELL,c1,Sell USD,USD,EUR,51.75,0.9,,57.50,,57.50,,0,0,,r1,,\n"
        "2026-03-20T09:00:00+0800,CONVERSION,CONVERSION_BUY,c2,Buy,EUR,USD,57.50,0.9,,51.75,,,51.75,51.75,51.75,,r1,,\n"
        "2026-03-20T10:00:00+0800,PAYOUT,FEE,f1,Fee of p1,EUR,,,,,0.75,,0.75,,51.00,51.00,,r2,,\n"
        "2026-03-20T10:00:00+0800,PAYOUT,PAYOUT,p1,Pay EUR 51.00,EUR,EUR,51.00,1,,51.00,,51.00,,0,0,,r2,WD1,\n"
    )
    add_text("airwallex.csv", AIRWALLEX + rows, account="AWX")
    add_text("bank.xml", euros(camt([("2026-03-23", "51.00", "B1", "AIRWALLEX WD1")])))
    return sold


def test_airwallex_both_ways(airwallex: Book) -> None:
    """40.73 at 0.9 are 36.66 EUR; of the fee 0.75 they bear 0.53."""
    desk = settle(airwallex)
    told = found(why(desk, "o1"), "paid in payout S1001 on 2026-03-17; in AWX on 2026-03-19")
    changed = found(told, "converted on 2026-03-20 at 0.9 EUR for 1 USD: 40.73 USD became")
    assert (changed.amount, changed.currency) == (3_666, "EUR")
    found(found(changed, "withdrawn from AWX in payout p1 on 2026-03-20"), "arrived as ")
    (match,) = [m for m in desk.side.matches if m.payouts == ("p1",)]
    back = found(why(desk, match.credits[0]), "from a conversion on 2026-03-20 of 57.50 USD at 0.9 EUR")
    assert sum(found(back, f"order {o}").amount or 0 for o in ("o1", "o2")) == 5_175


def test_airwallex_in_money_and_in_the_pack(airwallex: Book, tmp_path: Path) -> None:
    desk = settle(airwallex)
    places = {(s.account, s.place): (s.orders, s.amount, s.currency) for s in position(desk, date(2026, 3, 31))}
    assert places == {("amazon", "at_bank"): (2, 5_100, "EUR")}
    listed = packed(desk, "p1", tmp_path / "pack")
    assert {o: before for o, (_, *before) in listed.items()} == {"o1": ["40.73", "USD"], "o2": ["16.77", "USD"]}
    assert sum(round(float(net) * 100) for net, *_ in listed.values()) == 5_100


def test_paypal_to_wise_to_the_bank(book: Book, add_text: Put, tmp_path: Path) -> None:
    """Two sales at PayPal, of 30.00 and 20.00, are drawn as 50.00 to Wise, and from there to the bank."""
    text, _ = paypal(
        "2026-03-16",
        0,
        [("A1", "T0006", "08:00:00", 3_000), ("A2", "T0006", "09:00:00", 2_000), ("W1", "T0403", "20:00:00", -5_000)],
    )
    add_text("stl.csv", text)
    add_text(
        "wise.csv",
        f'{WISE}TRANSFER-4,20-03-2026,"20-03-2026 10:00:00.000",-50.00,USD,"Sent money",WD4,0.00,,,,,Yuanshan,'
        "6222,,,,,,0.00,,DEBIT,TRANSFER\n"
        'TRANSFER-3,18-03-2026,"18-03-2026 08:00:00.000",50.00,USD,"Received money",W1,50.00,,,,"PAYPAL",,,,'
        ",,,,0.00,,CREDIT,DEPOSIT\n",
        account="WISE",
    )
    add_text("bank.xml", camt([("2026-03-23", "50.00", "B1", "WISE WD4")]))
    desk = settle(book)
    there, then = [r for r in all_of(why(desk, "W1")) if r.text.startswith("arrived as ")]
    assert (there.amount, then.amount) == (5_000, 5_000) and then in all_of(there)
    back = found(why(desk, "TRANSFER-4"), "from payout W1 of paypal, received on 2026-03-18")
    assert [found(back, f"order {o}").amount for o in ("SO-A1", "SO-A2")] == [3_000, 2_000]
    assert set(packed(desk, "TRANSFER-4", tmp_path / "pack")) == {"SO-A1", "SO-A2"}


def test_alipay_to_the_bank(book: Book, add_text: Put, tmp_path: Path) -> None:
    """A sale of 1,000.00 yuan at Alipay, 6.00 of it a fee, and 994.00 drawn to the bank."""
    rows = (
        "#支付宝账务明细查询\n#账号：[20880000000000000156]\n"
        "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,"
        "收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注\n"
        "L1,B1,A1001,灯,2026-03-16 10:00:00,李某,1000.00,0.00,1000.00,支付宝,在线支付,\n"
        "L2,B1,A1001,灯,2026-03-16 10:00:01,支付宝,0.00,-6.00,994.00,支付宝,收费,\n"
        "L3,W9,,,2026-03-17 10:00:00,招商银行,0.00,-994.00,0.00,支付宝,提现,\n"
    )
    add_text("alipay.csv", rows.encode("gb18030"))
    add_text("bank.xml", camt([("2026-03-18", "994.00", "B1", "支付宝提现 L3")]).replace("USD", "CNY"))
    desk = settle(book)
    assert found(why(desk, "A1001"), "arrived as ").amount == 99_400
    (match,) = desk.side.matches
    assert found(why(desk, match.credits[0]), "order A1001").amount is not None
    assert set(packed(desk, "L3", tmp_path / "pack")) == {"A1001"}


@pytest.mark.parametrize(
    ("holder", "payee", "paid"),
    [
        ("Yuanshan Outdoor Ltd", "Hangzhou Fabric Mill Co", []),  # a supplier
        ("Yuanshan Outdoor Ltd", "Yuanshan Outdoor Limited", ["TRANSFER-9"]),
        ("Yuanshan Outdoor Ltd", "", ["TRANSFER-9"]),  # nobody is named
        ("Yuanshan Outdoor Ltd", "海汇支付有限公司客户备付金", ["TRANSFER-9"]),  # a payment institution's account
        ("Yuanshan Outdoor Ltd", "Bank of China (Hong Kong)", ["TRANSFER-9"]),
        ("Yuanshan Outdoor Ltd", "Checking 0086", ["TRANSFER-9"]),  # no name
        (
            "深圳市远山户外用品有限公司",
            "Shenzhen Yuanshan Outdoor Co",
            ["TRANSFER-9"],
        ),  # may be one's own in other letters
        ("深圳市远山户外用品有限公司", "杭州锦绣面料有限公司", []),
        (None, "Hangzhou Fabric Mill Co", ["TRANSFER-9"]),  # nothing says whose accounts the book's are
    ],
)
def test_what_a_wallet_sends_to_others_is_no_way_to_the_bank(
    sold: Book, add_text: Put, holder: str | None, payee: str, paid: list[str]
) -> None:
    """All 57.50 USD leave the wallet, and are on the way to the bank only where they go there."""
    sent = (
        'TRANSFER-9,21-03-2026,"21-03-2026 10:00:00.000",-57.50,USD,"Sent money",WD1,0.00,,,,,'
        f'"{payee}",DE44,,,,,,0.00,,DEBIT,TRANSFER\n'
    )
    add_text("wise.csv", WISE + sent + DEPOSIT, account="WISE")
    book = sold
    if holder:
        config = sold.path / "book.toml"
        text = config.read_text(encoding="utf-8") if config.exists() else ""
        config.write_text(f'{text}\n[accounts.BANK]\nholder = "{holder}"\n', encoding="utf-8")
        book = Book(sold.path)
    desk = settle(book)
    assert [p.payout_id for p in desk.payouts if p.account == "WISE"] == paid
    places = {s.place for s in position(desk, date(2026, 3, 31)) if s.amount}
    assert places == ({"on_its_way"} if paid else set())


def test_what_arrived_at_the_bank_was_sent_to_nobody_else(sold: Book, add_text: Put) -> None:
    """The payee is a stranger by the name, but the sum is at the business's bank two days later."""
    sent = (
        'TRANSFER-9,21-03-2026,"21-03-2026 10:00:00.000",-57.50,USD,"Sent money",WD1,0.00,,,,,'
        '"Li Lei",DE44,,,,,,0.00,,DEBIT,TRANSFER\n'
    )
    add_text("wise.csv", WISE + sent + DEPOSIT, account="WISE")
    add_text("bank.xml", camt([("2026-03-23", "57.50", "B1", "WISE WD1")]))
    (sold.path / "book.toml").open("a").write('\n[accounts.BANK]\nholder = "Yuanshan Outdoor Ltd"\n')
    desk = settle(Book(sold.path))
    assert {p.payout_id: desk.arrival(p) for p in desk.payouts if p.account == "WISE"} == {"TRANSFER-9": "at_bank"}


@pytest.mark.parametrize("word", ["供应商付款", "Supplier payment", "Pago a proveedores"])
def test_a_wallet_that_says_it_paid_a_supplier(sold: Book, add_text: Put, word: str) -> None:
    """57.50 come in, 20.00 of them go to a supplier by its type word, 37.50 to the bank."""
    rows = (
        "交易时间,交易流水号,交易类型,币种,收入金额,支出金额,账户余额,对方名称,备注\n"
        "2026-03-19 08:00:00,LL1,店铺入账,USD,57.50,,57.50,AMAZON PAYMENTS,SZ1\n"
        f"2026-03-20 08:00:00,LL2,{word},USD,,20.00,37.50,杭州锦绣面料有限公司,\n"
        "2026-03-21 08:00:00,LL3,提现,USD,,37.50,0.00,,\n"
    )
    mapping = (
        'kind = "wallet"\naccount = "LL"\n[columns]\nposted_at = "交易时间"\nreference = "交易流水号"\n'
        'type = "交易类型"\ncurrency = "币种"\ncredit = "收入金额"\ndebit = "支出金额"\nbalance = "账户余额"\n'
        'counterparty = "对方名称"\n[types]\n"店铺入账" = "deposit"\n'
    )
    (sold.path / "mappings").mkdir(exist_ok=True)
    (sold.path / "mappings" / "ll.toml").write_text(mapping, encoding="utf-8")
    add_text("ll.csv", rows)
    desk = settle(sold)
    assert [(p.payout_id, p.amount) for p in desk.payouts if p.account == "LL"] == [("LL3", 3_750)]
