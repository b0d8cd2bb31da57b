"""A book with one payout, small enough to add up by hand, in files as platform, bank, carrier and customs write them.

Orders: 100.00 + 20.00 + 30.00 + 50.00 = 200.00, commission 15.00 + 3.00 + 4.50 + 7.50 = 30.00, net 170.00. A refund of
40.00 with 6.00 of commission given back, net -34.00. Storage 2.50 and subscription 1.00. Paid: 170.00 - 34.00 - 3.50
= 132.50 USD, which the bank turned into 927.50 CNY: 7 for 1.
"""

from __future__ import annotations

from pathlib import Path

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.settle import Desk, settle

PAYOUT, USCC = "90010001", "91110000600037341L"
HEAD = (
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type "
    "order-id amount-type amount-description amount posted-date posted-date-time sku quantity-purchased"
).split()
LINES = (
    ("Order", "A1", "ItemPrice", "Principal", "100.00"),
    ("Order", "A1", "ItemFees", "Commission", "-15.00"),
    ("Order", "A2", "ItemPrice", "Principal", "20.00"),
    ("Order", "A2", "ItemFees", "Commission", "-3.00"),
    ("Order", "A3", "ItemPrice", "Principal", "30.00"),
    ("Order", "A3", "ItemFees", "Commission", "-4.50"),
    ("Order", "A4", "ItemPrice", "Principal", "50.00"),
    ("Order", "A4", "ItemFees", "Commission", "-7.50"),
    ("Refund", "A1", "ItemPrice", "Principal", "-40.00"),
    ("Refund", "A1", "ItemFees", "Commission", "6.00"),
    ("other-transaction", "", "other-transaction", "Storage Fee", "-2.50"),
    ("other-transaction", "", "other-transaction", "Subscription Fee", "-1.00"),
)
FILES = {
    "orders": """\
订单编号,下单时间,订单状态,商品编码,商品名称,数量,订单金额,币种,收货国家
A1,2026-03-01 09:00:00,Shipped,TENT,双人帐篷,2,100.00,USD,US
A2,2026-03-02 09:00:00,Shipped,EBOOK,露营手册（电子书）,1,20.00,USD,GB
A3,2026-03-02 10:00:00,Cancelled,LAMP,露营灯,1,30.00,USD,US
A4,2026-03-02 11:00:00,Shipped,TOOL,"=HYPERLINK(""http://example.com"")",1,50.00,USD,US
""",
    "parcels": """\
订单编号,运单号,物流公司,发货时间
A1,YT0000000001CN,云途物流,2026-03-02 12:00:00
""",
    "customs": """\
订单编号,清单编号,申报日期,监管方式,商品货号,商品编码HS,数量,申报金额,币种,申报国
A1,531620260000000001,2026-03-02,9610,TENT,6306220000,2,100.00,USD,CN
""",
    "bank": """\
交易日期,贷方发生额,对方户名,摘要,流水号
2026-03-19,927.50,AMAZON PAYMENTS INC,跨境电商收款,90010001
""",
}
MAPPINGS = {
    "orders": """\
kind = "order"
account = "amazon"
date_order = "ymd"

[columns]
order_id = "订单编号"
placed_at = "下单时间"
status = "订单状态"
item = "商品编码"
title = "商品名称"
quantity = "数量"
total = "订单金额"
currency = "币种"
country = "收货国家"
""",
    "parcels": """\
kind = "shipment"
zone = "UTC"

[columns]
order_id = "订单编号"
tracking = "运单号"
carrier = "物流公司"
shipped_at = "发货时间"
""",
    "customs": """\
kind = "customs"

[columns]
order_id = "订单编号"
declaration = "清单编号"
declared_on = "申报日期"
mode = "监管方式"
item = "商品货号"
hs = "商品编码HS"
quantity = "数量"
amount = "申报金额"
currency = "币种"
country = "申报国"
""",
    "bank": """\
kind = "bank"
account = "CMB-1"
currency = "CNY"
date_order = "ymd"

[columns]
booked_on = "交易日期"
amount = "贷方发生额"
counterparty = "对方户名"
description = "摘要"
reference = "流水号"
""",
}
SETTINGS = f"""
[[tax.identities]]
country = "CN"
kind = "uscc"
number = "{USCC}"
from = 2024-01-01

[accounts.amazon]
payer = "Amazon Payments, Inc."
payer_country = "US"
transaction_code = "122030"

[accounts."CMB-1"]
holder = "样本公司"
bank = "招商银行深圳分行"
number = "755900000010001"

[pack]
no_parcel = ["EBOOK"]
"""


def report(total: str) -> str:
    """The platform's report of the payout, as if it had paid `total`."""
    first = [PAYOUT, "2026-03-01 08:00:00 UTC", "2026-03-15 08:00:00 UTC", "2026-03-17 08:00:00 UTC", total, "USD"]
    rows = ["\t".join(HEAD), "\t".join([*first, *[""] * 9])]
    for n, line in enumerate(LINES):
        moment = f"2026-03-04 05:00:{n:02d} UTC"
        rows.append("\t".join([PAYOUT, *[""] * 5, *line, "2026-03-04", moment, "SKU", "1"]))
    return "\n".join(rows) + "\n"


def small(folder: Path, *, settings: str = SETTINGS, total: str = "132.50", without: tuple[str, ...] = ()) -> Desk:
    """The book in `folder`, settled; `without` leaves out some of FILES."""
    book, inbox = folder / "book", folder / "inbox"
    init_book(book, "样本公司", "CNY")
    with (book / "book.toml").open("a", encoding="utf-8") as config:
        config.write(settings)
    (book / "mappings").mkdir(exist_ok=True)
    inbox.mkdir()
    for name, text in FILES.items():
        (book / "mappings" / f"{name}.toml").write_text(MAPPINGS[name], encoding="utf-8")
        if name not in without:
            (inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    (inbox / "report.txt").write_text(report(total), encoding="utf-8")
    opened = open_book(book)
    for item in inputs([inbox]):
        add(opened, item)
    return settle(opened)
