"""The pack of a payout that was added up by hand, read back as a clerk reads it: PDF, sheets, CSV."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
import python_calamine

from crossbook.book import open_book
from crossbook.errors import CrossbookError
from crossbook.facts.settlement import LINE_KINDS
from crossbook.filing import Pack, write_pack
from crossbook.filing.pack.closing import closing
from crossbook.filing.pack.declared import candidates, code_words, mode_words
from crossbook.filing.pack.listing import Cash, Column, Listing
from crossbook.filing.pack.lists import item_words, lists
from crossbook.filing.pack.transactions import Item
from crossbook.filing.pack.words import country_words, kind_words, type_in_chinese
from crossbook.settle import Desk
from crossbook.sources import amazon_settlement, ebay_transactions, shopify_payouts, stripe_payouts
from tests.filing.pack.small import PAYOUT, SETTINGS, USCC, small
from tests.sharing import copied

MADE = datetime(2026, 7, 2, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def pack(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return write_pack(desk, PAYOUT, tmp_path_factory.mktemp("pack"), made=MADE)


def sheets(made: Pack) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_path(str(made.folder / "pack.xlsx"))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def text(made: Pack) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(made.folder / "pack.pdf").pages)


def test_each_list_ends_with_its_total(pack: Pack) -> None:
    book = sheets(pack)
    assert list(book) == [
        "封面 Cover",
        "订单 Orders",
        "退款与纠纷 Refunds and disputes",
        "费用 Fees",
        "其他项目 Other lines",
        "待补 Wanting",
    ]
    for name, rows, sums in (
        ("订单 Orders", 4, [200.0, -30.0, 170.0]),
        ("退款与纠纷 Refunds and disputes", 1, [-40.0, 6.0, -34.0]),
    ):
        head, *body, last = book[name]
        places = [head.index(h) for h in ("金额\namount", "费用\nfees", "净额\nnet")]
        assert (len(body), last[1], [last[p] for p in places]) == (rows, "合计 Total", sums), name
    assert [(r[1], r[3], r[4]) for r in book["费用 Fees"][1:]] == [
        ("费用：销售佣金 fee", 4, -30.0),
        ("退款费用：销售佣金 refund fee", 1, 6.0),
        ("合计 Total", "", -24.0),
    ]
    assert [(r[1], r[4]) for r in book["其他项目 Other lines"][1:]] == [
        ("仓储：仓储费 storage", -2.5),
        ("费用：店铺订阅费 fee", -1.0),
        ("合计 Total", -3.5),
    ]


def test_the_cover_says_who_paid_whom_and_under_which_codes(pack: Pack) -> None:
    cover = {str(r[0]): r[1] for r in sheets(pack)["封面 Cover"]}
    assert cover["收款人 Beneficiary"] == "样本公司"
    assert cover["统一社会信用代码 Unified social credit code"] == USCC
    assert cover["收款账户户名 Account holder"] == "样本公司"
    assert cover["开户行 Bank"] == "招商银行深圳分行"
    assert cover["收款账号 Account number"] == "755900000010001"
    assert cover["付款人 Payer"] == "Amazon Payments, Inc."
    assert cover["付款人国家（地区） Payer's country"] == "US 美国"
    assert str(cover["交易编码 Transaction (BOP) code"]).startswith("122030 未纳入海关统计的网络购物")
    assert cover["海关监管方式 Customs mode"] == "9610 跨境贸易电子商务：1 笔 orders；1 笔 orders 缺 missing"
    assert cover["平台付款金额 Amount paid out"] == "132.50 USD"
    assert cover["付款日期 Paid on"] == "2026-03-17"
    assert cover["入账金额 Amount credited"] == "927.50 CNY"
    assert cover["入账日期 Booked on"] == "2026-03-19"
    assert cover["两金额间汇率 Rate between the sums"] == "1 USD = 7.000000 CNY"


def test_orders_have_days_goods_country_and_parcel_or_why_they_need_none(pack: Pack) -> None:
    head, *body, _ = sheets(pack)["订单 Orders"]
    names = [str(h).split("\n")[1] for h in head]
    rows = {str(r[1]): dict(zip(names, r, strict=True)) for r in body}
    one = rows["A1"]
    assert [one[n] for n in ("ordered", "shipped", "settled")] == ["2026-03-01", "2026-03-02", "2026-03-04"]
    assert [one[n] for n in ("goods", "quantity", "HS code")] == ["双人帐篷", 2, "6306220000"]
    assert [one[n] for n in ("buyer country", "tracking", "carrier")] == ["US 美国", "YT0000000001CN", "云途物流"]
    assert [one[n] for n in ("customs entry", "customs mode")] == ["531620260000000001", "9610 跨境贸易电子商务"]
    ebook = "无需物流单号（数字商品或服务） needs no tracking number (digital goods or services)"
    gone = "无需物流单号（已取消，无发货记录） needs no tracking number (cancelled, no dispatch on record)"
    assert [rows[n]["tracking"] for n in ("A2", "A3", "A4")] == [ebook, gone, "缺 missing"]
    assert [rows[n]["customs entry"] for n in ("A2", "A4")] == ["无需 not needed", "缺 missing"]
    assert (pack.without_parcel, pack.needs_no_parcel, pack.without_customs) == (1, 2, 1)
    (refund,) = pack.contents.of("refund")
    assert refund.tracking == "YT0000000001CN" and refund.no_parcel is None


def test_what_is_wanting_is_named_with_what_to_add(pack: Pack, tmp_path: Path) -> None:
    assert [(w.what[1], w.orders) for w in pack.wanting] == [
        ("the HS code", 1),
        ("the customs entry", 1),
        ("the tracking number", 1),
    ]
    bare = write_pack(small(tmp_path, settings="", without=("bank", "orders")), PAYOUT, tmp_path / "p", made=MADE)
    assert [(w.what[1], w.orders) for w in bare.wanting] == [
        ("unified social credit code", None),
        ("the bank credit and the account that received it", None),
        ("the payer's name", None),
        ("the payer's country", None),
        ("the transaction (BOP) code", None),
        ("the day of the order", 4),
        ("what was sold", 4),
        ("how many were sold", 4),
        ("the HS code", 3),
        ("the buyer's country", 4),
        ("the customs entry", 3),
        ("the tracking number", 3),
    ]
    code = next(w for w in bare.wanting if "BOP" in w.what[1])
    assert "122030" in code.todo[0] and "121990" in code.todo[0] and "请向银行确认" in code.todo[0]
    assert not any(w in "".join(x.shown) for x in bare.wanting for w in ("book.toml", "crossbook", "["))  # for a clerk
    said = text(bare)
    assert "由企业按营业执照填写 18 位代码" in said and "book.toml" not in said
    assert "统一社会信用代码" in said and "缺 missing" in said and "账簿中尚无对应入账" in said
    days = {t.order_id: (t.ordered_on, str(t.settled_on)) for t in bare.contents.transactions}
    assert days["A4"] == (None, "2026-03-04")  # the day of settlement is not taken for the day of the order


def test_a_country_is_told_by_its_code_whatever_the_report_calls_it() -> None:
    told = ("US", "United States", "美国", "Nowhere")
    assert [country_words(t) for t in told] == ["US 美国", "US 美国", "US 美国", "Nowhere"]


def test_the_pdf_says_it_in_chinese_with_totals_and_pages(pack: Pack) -> None:
    pages = [p.extract_text() for p in pypdf.PdfReader(pack.folder / "pack.pdf").pages]
    for n, page in enumerate(pages, start=1):
        assert f"第 {n} 页，共 {len(pages)} 页" in page
    said = "".join(pages)
    for words in (
        "各清单合计与实付金额一致",
        "合计 Total USD",
        "无需物流单号",
        "表 1",
        "表 4",
        "1 USD = 7.000000 CNY",
        USCC,
    ):
        assert words in said, words


def test_lists_that_do_not_make_the_payout_say_so(tmp_path: Path) -> None:
    made = write_pack(small(tmp_path, total="140.00"), PAYOUT, tmp_path / "pack", made=MADE)
    assert (made.closing.sum, made.closing.paid, made.closing.difference) == (13250, 14000, 750)
    assert not made.closing.agrees
    said = text(made)
    assert "各清单合计与实付金额不一致，差额 7.50 USD" in said and "各清单合计与实付金额一致" not in said
    cover = {str(r[0]): r[4] for r in sheets(made)["封面 Cover"] if len(r) > 4}
    assert (cover["合计 Sum"], cover["差额 Difference"]) == (132.5, 7.5)


def test_fees_that_the_lists_tell_apart_are_held_against_each_other(pack: Pack) -> None:
    told = replace(pack.contents, fees=pack.contents.fees[:1])
    found = closing(lists(pack.payout, told), pack.payout.amount, "USD")
    assert (found.difference, found.fees_differ, found.agrees) == (0, -600, False)


def test_sums_of_several_currencies_stay_apart() -> None:
    columns = (Column("no", "序号", "no", "count"), Column("amount", "金额", "amount", "cash"))
    rows = ((1, Cash(100, "USD")), (2, Cash(5, "JPY")), (3, Cash(-30, "USD")))
    other = Listing("other", ("其他项目", "Other lines"), columns, rows)
    assert other.totals() == {"JPY": {"amount": 5}, "USD": {"amount": 70}}
    found = closing([other], 70, "USD")
    assert (found.difference, found.others, found.agrees) == (0, ("JPY",), False)


def test_no_cell_of_the_sheets_or_the_csv_is_a_formula(pack: Pack) -> None:
    with zipfile.ZipFile(pack.folder / "pack.xlsx") as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/")]
    assert parts and not any("<f>" in part for part in parts)
    told = (pack.folder / "transactions.csv").read_text(encoding="utf-8-sig")
    cells = [c for row in csv.reader(io.StringIO(told, newline="")) for c in row]
    assert '\'=HYPERLINK("http://example.com")' in cells and not any(c.startswith(("=", "@")) for c in cells)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('[accounts.amazon]\ntransaction_code = "1220"', "'1220' is no transaction code"),
        ('[accounts.amazon]\npayer_country = "USA"', "'USA' is no country"),
        ("[accounts.amazon]\npayer = 7", "payer must be a text"),
        ('[pack]\nno_parcel = "EBOOK"', "no_parcel must be a list of SKUs"),
        (SETTINGS.replace(USCC, "91110000600037341X"), "has a wrong check digit"),
    ],
)
def test_settings_that_cannot_be(desk: Desk, settings: str, said: str, tmp_path: Path) -> None:
    copied(desk.book.path, tmp_path / "book")
    config = tmp_path / "book" / "book.toml"
    config.write_text(config.read_text(encoding="utf-8").replace(SETTINGS, settings), encoding="utf-8")
    with pytest.raises(CrossbookError, match=said):
        write_pack(replace(desk, book=open_book(tmp_path / "book")), PAYOUT, tmp_path / "pack", made=MADE)


def test_every_kind_and_every_type_of_the_reports_has_chinese_words() -> None:
    for kind in LINE_KINDS:
        assert not kind_words(kind)[0].isascii(), kind
    tables = (amazon_settlement._KINDS, ebay_transactions._KINDS, shopify_payouts._KINDS, stripe_payouts.KINDS)
    for type_, kind in (pair for table in tables for pair in table.items()):
        assert not item_words(Item(kind, type_, 1, file="report.txt"))[0].isascii(), type_
    told = [bool(type_in_chinese(type_)) for table in tables for type_ in table]
    assert sum(told) / len(told) > 0.9  # the others are told by their kind, beside the report's word
    assert type_in_chinese("Order / ItemFees / Commission") == "销售佣金"
    assert (type_in_chinese("T1107"), type_in_chinese("T2199"), type_in_chinese("no such")) == (
        "付款退款",
        "预留与释放",
        "",
    )


def test_codes() -> None:
    assert [c.code for c in candidates({"0110"}, undeclared=False)] == ["121010", "121990"]
    assert [c.code for c in candidates((), undeclared=True)] == ["122030"]
    assert code_words("999999") == "999999" and code_words("121010") == "121010 一般贸易 general trade"
    assert mode_words("9810") == "9810 跨境电商出口海外仓" and mode_words("0000") == "0000"


def test_orders_keep_every_state_that_a_list_gives(desk: Desk) -> None:
    """A list of orders is no statement: a state leaves no line out."""
    told = desk.database.rows("SELECT order_id, status FROM orders ORDER BY order_id")
    assert [tuple(r.values()) for r in told] == [
        ("A1", "shipped"),
        ("A2", "shipped"),
        ("A3", "cancelled"),
        ("A4", "shipped"),
    ]
