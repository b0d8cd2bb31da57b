"""Platforms' reports of money that are mapped without being told their kind: no bank's statement.

Headers: Lazada, https://github.com/harryfi/harryfi (MasterOnline/ViewModels/mdlTempBayarLazada.cs); Daraz, whose report
is Lazada's newer one, and Shopee's income and balance reports in English, Thai, Indonesian and Portuguese, as programs
that read them name them: https://github.com/rootimes/shopee-dashboard, https://github.com/ComaGear/shopeesalescoverter,
https://seller.shopee.tw/edu/article/11911. The rows are made; what they come to was added up by hand.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from crossbook.sources.doubting import doubts
from crossbook.sources.proposing import propose
from crossbook.sources.weighing import Trial, trial

LAZADA = """\
Transaction Date,Transaction Type,Fee Name,Transaction Number,Details,Seller SKU,Lazada SKU,Amount,VAT in Amount,\
WHT Amount,WHT included in Amount,Statement,Paid Status,Order No.,Order Item No.,Order Item Status
20-Sep-2026,Orders-Sales,Item Price Credit,1001,Cup,C,L1,100.00,0.00,0.00,No,20 Sep,paid,11185948,1118,Delivered
20-Sep-2026,Orders-Lazada Fees,Commission,1002,Cup,C,L1,-5.35,-0.35,0.00,No,20 Sep,paid,11185948,1118,Delivered
21-Sep-2026,Orders-Lazada Fees,Payment Fee,1003,Cup,C,L1,-3.21,-0.21,0.00,No,21 Sep,paid,11185948,1118,Delivered
22-Sep-2026,Refunds-Claims,Reversal Item Price,1004,Cup,C,L1,-100.00,0.00,0.00,No,22 Sep 2026,paid,11185948,1118,Back
23-Sep-2026,Orders-Sales,Item Price Credit,1005,Pot,P,L2,40.00,0.00,0.00,No,23 Sep 2026,Not paid,11185949,1119,Delivered
"""
DARAZ = """\
Statement of Account
""
Statement Period;Statement Number;Transaction Date;Fee Name;Amount(Include Tax);VAT Amount;Release Status;Release Date;\
Comment;Order Creation Date;Order Number;Order Line ID;Seller SKU;Lazada SKU;WHT Amount;WHT included in Amount
29 Jun;ST-1;05 Jul 2026;Product Price Paid by Buyer;1000.00;0;Released;06 Jul 2026;;01 Jul 2026;21;210;C;L;0;NO
29 Jun;ST-1;05 Jul 2026;Commission;-100.00;-13.79;Released;06 Jul 2026;;01 Jul 2026;21;210;C;L;0;NO
29 Jun;ST-1;05 Jul 2026;Payment Fee;-20.00;-2.76;Released;06 Jul 2026;;01 Jul 2026;21;210;C;L;0;NO
29 Jun;ST-2;05 Jul 2026;Payment Fee;-7.00;-2.76;Ready to Release;;;01 Jul 2026;22;220;C;L;0;NO
"""
# Each order has a row, and each of its goods another with the same money again.
SHOPEE = """\
Sequence No.,View By,Order ID,Product Name,Order Creation Date,Payout Completed Date,Release Channel,Order Type,\
Product Price,Refund Amount,Commission Fee (incl. SST),Service Fee (Incl. SST),Total Released Amount (RM)
1,Order,260615C5TTYEX3,-,2026-06-10,2026-06-16,Wallet,Normal,30.00,0.00,-1.50,-0.60,27.90
2,Sku,260615C5TTYEX3,Cup,2026-06-10,2026-06-16,Wallet,Normal,10.00,0.00,-0.50,-0.20,9.30
3,Sku,260615C5TTYEX3,Pot,2026-06-10,2026-06-16,Wallet,Normal,20.00,0.00,-1.00,-0.40,18.60
4,Order,260616D5TTYEX4,-,2026-06-11,2026-06-17,Wallet,Normal,50.00,0.00,-2.50,-1.00,46.50
5,Sku,260616D5TTYEX4,Cup,2026-06-11,2026-06-17,Wallet,Normal,50.00,0.00,-2.50,-1.00,46.50
6,Order,260617E5TTYEX5,-,2026-06-12,2026-06-18,Wallet,Normal,20.00,-20.00,0.00,0.00,0.00
7,Sku,260617E5TTYEX5,Cup,2026-06-12,2026-06-18,Wallet,Normal,20.00,-20.00,0.00,0.00,0.00
"""
BALANCE = """\
วันที่,ประเภทการทำธุรกรรม,คำอธิบาย,รหัสคำสั่งซื้อ,รูปแบบธุรกรรม,จำนวนเงิน,สถานะ,ยอดเงินหลังทำธุรกรรมเสร็จสิ้น
2026-09-20 01:45:10,การถอนเงิน,การถอนเงินอัตโนมัติ,-,เงินออก,-212,ทำรายการสำเร็จ,0
2026-09-19 12:00:00,รายรับจากคำสั่งซื้อ,x,260901U0P6TEQ5,เงินเข้า,74,ทำรายการสำเร็จ,212
2026-09-18 12:00:00,รายรับจากคำสั่งซื้อ,x,260901U5BDSGN4,เงินเข้า,138,ทำรายการสำเร็จ,138
"""
THAI = """\
หมายเลขคำสั่งซื้อ,สินค้าราคาปกติ,ส่วนลดสินค้าจากผู้ขาย,ค่าคอมมิชชั่น,ค่าบริการ,\
วันที่โอนชำระเงินสำเร็จ,จำนวนเงินทั้งหมดที่โอนแล้ว (฿)
260901U5BDSGN4,200,-10,-30,-15,2026-09-19,145
260901U0P6TEQ5,100,0,-15,-7,2026-09-19,78
260902U0P6TEQ6,50,-5,-7,-3,2026-09-20,35
"""
PORTUGUESE = """\
ID do pedido;Data de conclusão do pagamento;Preço do produto;Taxa de comissão líquida;Quantia total lançada (R$)
251234567AAA;15/02/2026 10:00;150,00;-20,00;130,00
251234568BBB;16/02/2026 10:00;50,00;-7,00;43,00
251234569CCC;17/02/2026 10:00;80,00;-11,00;69,00
"""
INDONESIAN = """\
Laporan Pendapatan - Rilis Dana,,,,
No. Pesanan,Jenis Transaksi,Deskripsi,Tanggal Dana Dilepaskan,Total Penghasilan
RC-A-01,Order,Kabel,2026-09-07,45000
RC-B-02,Order,Powerbank,2026-09-08,138003
"""

# The header as a dozen public programs name it, since 2022.
OZON = """\
Дата начисления;Тип начисления;Номер отправления или идентификатор услуги;SKU;Количество;\
За продажу или возврат до вычета комиссий и услуг;Вознаграждение Ozon;Логистика;Итого, руб.
02.03.2026;Доставка покупателю;12345678-0001-1;77;1;1500,00;-225,00;-60,00;1215,00
13.03.2026;Оплата эквайринга;12345678-0001-1;77;0;0;0;0;-22,50
14.03.2026;Доставка покупателю;12345679-0001-1;77;1;1000,00;-150,00;-60,00;790,00
15.03.2026;Получение возврата, отмены, невыкупа от покупателя;12345679-0001-1;77;1;-1000,00;150,00;-40,00;-890,00
"""
# A header in the way of noon's: no public file shows its own.
NOON = """\
statement_nr,order_nr,item_nr,transaction_type,transaction_date,currency_code,referral_fee,net_proceeds,total_payment
ST1,NAEH1,NAEH1-1,Sale,2026-03-02,AED,-15.00,100.00,85.00
ST1,NAEH2,NAEH2-1,Sale,2026-03-03,AED,-7.50,50.00,42.50
ST1,NAEH2,NAEH2-1,Return,2026-03-05,AED,7.50,-50.00,-42.50
"""


def read(folder: Path, text: str, kind: str | None = None) -> Trial:
    path = folder / "report.csv"
    path.write_text(text, encoding="utf-8")
    return trial(path, path.name, tomllib.loads(propose(path, kind=kind).text))


def asked(folder: Path, read: Trial) -> str:
    return " ".join(doubt.text for doubt in doubts(folder / "report.csv", "report.csv", read))


@pytest.mark.parametrize(
    ("text", "currency", "kinds"),
    [
        # 100.00 - 5.35 - 3.21 - 100.00 USD; the fifth row is not paid
        (LAZADA, None, {"sale": 10000, "fee": -856, "refund": -10000}),
        (DARAZ, None, {"sale": 100000, "fee": -12000}),
        # by the rows of orders: 30 + 50 + 20, a refund of 20, fees of 2.10 + 3.50
        (SHOPEE, "MYR", {"sale": 10000, "refund": -2000, "fee": -560}),
        (BALANCE, None, {"sale": 21200, "withdrawal": -21200}),
        (THAI, "THB", {"sale": 35000, "promotion": -1500, "fee": -7700}),
        (PORTUGUESE, "BRL", {"sale": 28000, "fee": -3800}),
        (INDONESIAN, None, {"sale": 18300300}),
    ],
    ids=["lazada", "daraz", "shopee", "shopee balance", "thai", "portuguese", "indonesian"],
)
def test_a_platform_s_report_is_a_settlement(
    tmp_path: Path, text: str, currency: str | None, kinds: dict[str, int]
) -> None:
    seen = read(tmp_path, text)
    sums = {kind: total for (kind, _), (_, total) in seen.followed.ledger.kinds.items() if total}
    assert seen.spec["kind"] == "settlement" and sums == kinds and not seen.bad
    if currency:
        assert {code for _, code in seen.followed.ledger.kinds} == {currency}
    else:
        assert "a guess, for the file does not say" in propose(tmp_path / "report.csv").text


def test_what_ozon_accrues_is_no_bank_s(tmp_path: Path) -> None:
    """1,500 - 225 - 60; 22.50 alone; 1,000 - 150 - 60; -1,000 + 150 - 40: by column, and the fee of its own type."""
    seen = read(tmp_path, OZON)
    assert seen.spec["kind"] == "settlement" and not seen.bad
    assert set(seen.spec["amounts"].values()) == {"sale", "fee"}
    assert sum(total for _, total in seen.followed.ledger.kinds.values()) == 121_500 - 2_250 + 79_000 - 89_000
    assert "RUB" in {code for _, code in seen.followed.ledger.kinds}


def test_a_statement_of_noon_is_a_settlement(tmp_path: Path) -> None:
    seen = read(tmp_path, NOON)
    assert (seen.spec["kind"], seen.spec["columns"]["payout_id"]) == ("settlement", "statement_nr")
    assert seen.spec["columns"]["amount"] == "total_payment" and not seen.bad


def test_numbers_of_payouts_are_no_bank_s(tmp_path: Path) -> None:
    """A label is a cost of the order that it names, and what no word tells is not taken for anything."""
    text = (
        "Date,Description,Amount,Payout ID\n2026-01-05,Order 10001 sale,100.00,P1\n"
        "2026-01-05,Order 10001 shipping label,-10.00,P1\n2026-01-06,Order 10002 sale,50.00,P1\n"
        "2026-01-06,Strange thing 77,-5.00,P1\n2026-01-06,Strange thing 78,-5.00,P1\n"
    )
    seen = read(tmp_path, text)
    words = {"Order * sale": "sale?", "Order 10001 shipping label": "fee?", "Strange thing *": "?"}
    assert seen.spec["kind"] == "settlement" and seen.spec["types"] == words and seen.bad == 2


def test_a_bank_s_statement_with_fees_stays_a_bank_s(tmp_path: Path) -> None:
    text = "Date,Description,Amount,Fee,Balance\n2026-01-05,Card payment,-10.00,0.00,90.00\n"
    assert read(tmp_path, text).spec["kind"] == "bank"


def test_descriptions_that_differ_in_numbers_alone_are_words_that_are_asked_about(tmp_path: Path) -> None:
    text = (
        "Date,Description,Amount,Balance\n2026-01-05,Order 123-456 sale,100.00,100.00\n"
        "2026-01-05,Order 123-456 commission,-10.00,90.00\n2026-01-06,Order 123-457 sale,50.00,140.00\n"
        "2026-01-06,Order 123-457 commission,-5.00,135.00\n2026-01-07,Payout 7001,-135.00,0.00\n"
    )
    seen = read(tmp_path, text, kind="settlement")
    sums = {kind: total for (kind, _), (_, total) in seen.followed.ledger.kinds.items()}
    assert sums == {"sale": 15000, "fee": -1500, "withdrawal": -13500} and not seen.bad
    assert seen.spec["find"]["order_id"] and seen.spec["types"]["Order * commission"] == "fee?"
    said = asked(tmp_path, seen)
    assert "Order * commission is fee is a guess" in said and "123-456 commission" not in said


def test_columns_that_one_row_makes_a_net_amount_of_are_a_guess(tmp_path: Path) -> None:
    text = (
        "Order ID,Settlement date,Item price,Commission fee,Settlement amount,Currency\n"
        "A1,2026-01-05,30.00,-5.00,25.00,USD\n"
    )
    assert set(read(tmp_path, text).spec["amounts"].values()) == {"sale?", "fee?"}
    more = text + "A2,2026-01-06,41.00,-6.00,35.00,USD\nA3,2026-01-07,9.00,-2.00,7.00,USD\n"
    assert set(read(tmp_path, more).spec["amounts"].values()) == {"sale", "fee"}


def test_a_bank_s_gross_fee_and_net_that_one_row_shows_are_asked_about(tmp_path: Path) -> None:
    text = "Date,Description,Gross amount,Fee,Net amount,Currency\n2026-01-05,Sale,30.00,-5.00,25.00,USD\n"
    assert "is a guess: too few rows show it (1)" in asked(tmp_path, read(tmp_path, text))
    more = text + "2026-01-06,Sale,41.00,-6.00,35.00,USD\n2026-01-07,Sale,9.00,-2.00,7.00,USD\n"
    assert "few rows" not in asked(tmp_path, read(tmp_path, more))
