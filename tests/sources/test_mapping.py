"""Mapped tables: statements of Chinese banks as they are downloaded, proposed and read without a word by hand."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import mutate

from crossbook import money
from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.encoding import read_head
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.source import Reading

CMB = """# 招商银行账户交易记录
# 账号: [755900001210606]  币种: 人民币
# 起始日期: [20250101]  终止日期: [20250131]
交易日,交易时间,起息日,交易类型,借方金额,贷方金额,余额,摘要,流水号,收(付)方名称,收(付)方账号
20250103,10:21:33,20250103,汇入汇款,,"6,341.55","438,884.92",跨境电商收款,G3381500012345C,海桥科技,7559123400001
20250106,09:00:02,20250106,企业网银,"18,600.00",,"420,284.92",深圳市宏达纸箱 货款,G3381500012399C,宏达包装,40000210092
20250131,23:59:59,20250131,收费,25.00,,"420,259.92",账户管理费,G3381500099001C,,
"""
ICBC = """明细查询文件下载
卡号: 6222****1234,起始日期: 2025-01-01
交易日期,摘要,交易详情,交易场所,交易国家或地区简称,钞/汇,交易金额(收入),交易金额(支出),交易币种,\
记账金额(收入),记账金额(支出),记账币种,余额,对方户名
2025-01-08,工资,,网上银行,CHN,钞,"12,345.67",,人民币,"12,345.67",,人民币,"20,000.00",某公司
2025-01-09,消费,POS,超市,USA,钞,,20.00,美元,,146.12,人民币,"19,853.88",STORE 77
"""


def written(folder: Path, text: str, encoding: str = "gb18030", name: str = "流水.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_statement_is_proposed_and_read(tmp_path: Path, encoding: str) -> None:
    seen = preview(written(tmp_path, CMB, encoding), account="CMB")
    assert not seen.bad
    assert 'currency = "CNY"\n' in seen.text  # the preamble names it
    rows = seen.rows["bank"]
    assert [r["amount"] for r in rows] == [634155, -1860000, -2500]
    assert [str(r["booked_on"]) for r in rows] == ["2025-01-03", "2025-01-06", "2025-01-31"]
    assert [r["line"] for r in rows] == [5, 6, 7]
    assert rows[0]["counterparty"] == "海桥科技"
    assert rows[1]["reference"] == "G3381500012399C"


@pytest.mark.parametrize(
    ("line", "account"),
    [
        ("账号：6217 0000 0000 1234,户名：示例贸易有限公司", "6217000000001234"),
        ("# 账号: [755900001210606]  币种: 人民币", "755900001210606"),
        ("Account No.: 801-234567-838", "801234567838"),
        ("卡号: 6222****1234", "流水"),  # masked: the file's name, to be corrected
        ("账号：621700001234,对方账号：621700005678", "621700001234"),
        ("账号：621700001234,账号：621700005678", "流水"),  # which of them?
        ("明细", "流水"),
    ],
)
def test_the_account_is_the_one_that_the_lines_above_the_header_state(tmp_path: Path, line: str, account: str) -> None:
    table = "交易日期,借方发生额,贷方发生额,余额,币种,对方户名,摘要\n20260705,,100.00,100.00,人民币,平台,JS1\n"
    seen = preview(written(tmp_path, f"活期账户交易明细\n{line}\n{table}"))
    assert [r["account"] for r in seen.rows["bank"]] == [account]
    named = preview(written(tmp_path, f"活期账户交易明细\n{line}\n{table}"), account="CCB")
    assert [r["account"] for r in named.rows["bank"]] == ["CCB"]


def test_the_booked_amount_counts_where_a_card_was_used_abroad(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, ICBC))
    assert not seen.bad
    assert [(r["amount"], r["currency"]) for r in seen.rows["bank"]] == [(1234567, "CNY"), (-14612, "CNY")]


def test_a_workbook_is_proposed_and_read(tmp_path: Path) -> None:
    path = tmp_path / "流水.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([["账户明细"], ["交易日期", "收入", "支出", "币种", "摘要"]]):
            sheet.write_row(i, 0, row)
        sheet.write_row(2, 0, ["2025-03-01", 100.1, "", "美元", "货款"])
        sheet.write_row(3, 0, ["2025-03-02", "", 0.3, "美元", "手续费"])
    seen = preview(path)
    assert [(r["amount"], r["currency"], r["line"]) for r in seen.rows["bank"]] == [(10010, "USD", 3), (-30, "USD", 4)]


def test_a_guessed_currency_says_so(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, "交易日期,收入,支出,摘要\n2025-01-01,5.00,,x\n"))
    assert 'currency = "CNY"      # a guess' in seen.text
    seen = preview(written(tmp_path, "交易日期,收入,支出,摘要\n2025-01-01,5.00,,x\n"), currency="HKD")
    assert 'currency = "HKD"\n' in seen.text


def test_entries_products_and_duties_are_proposed_and_read(tmp_path: Path) -> None:
    """Tables of a customs broker, a product manager and a foreign tariff, under Chinese headers."""
    seen = preview(
        written(
            tmp_path,
            "报关单号,行号,序号,进口日期,原产地,税号,申报价值,已缴税额,清算日期\n"
            "A-1,1,1,2025-04-21,CN,9903.88.15,0,1500.00,2026-03-06\n",
        )
    )
    assert 'kind = "entry_line"' in seen.text
    (row,) = seen.rows["entry_line"]
    assert (row["hts"], row["duty"], row["entry_line"], row["currency"]) == ("99038815", 150_000, 1, "USD")
    seen = preview(
        written(
            tmp_path,
            "货号,品名,税号,原产地,市场,采购成本,售价,竞品售价,币种\nA1,数据线,8544.42.9090,CN,JP,110,1200,1500,JPY\n",
        )
    )
    (row,) = seen.rows["product"]
    assert (row["cost"], row["price"], row["rival_price"], row["cost_currency"]) == (110, 1_200, 1_500, "JPY")
    seen = preview(written(tmp_path, "市场,税号,税率,生效日期\nKR,6109.10,13%,2025-01-01\n"))
    (row,) = seen.rows["tariff"]
    assert (row["market"], row["code"], row["general"]) == ("KR", "610910", "13%")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind = 3", "kind must be one of"),
        ("kind = [", "not valid TOML"),
        ('kind = "bank"\n[columns]\nbooked_on = "d"\namount = "a"', "names no currency"),
        ('kind = "bank"\ncurrency = "XXQ"\n[columns]\nbooked_on = "d"\namount = "a"', "unknown currency"),
        ('kind = "bank"\ncurrency = "USD"\n[columns]\nbooked_on = "d"', "needs the column 'amount'"),
        ('kind = "bank"\ncurrency = "USD"\n[columns]\nbooked_on = "d"\ncredit = "a"', "needs the column 'amount'"),
        ('kind = "bank"\ncurrency = "USD"\n[columns]\nbooked_on = "d"\namount = 3', "header's text"),
        ('kind = "bank"\ncurrency = "USD"\n[columns]\nbooked = "d"', "has no column 'booked'"),
        ('kind = "bank"\ncurrency = "USD"\ncolumns = 3', "columns"),
        ('kind = "bank"\ncurrency = 3', "currency must be text"),
        ('kind = "bank"\ndate_order = "yy"', "date_order must be text and one of ymd, dmy, mdy"),
        ('kind = "bank"\nzone = "Mars"', "no time zone 'Mars'"),
        ('kind = "bank"\nzones = "UTC"', "no setting 'zones'"),
    ],
)
def test_a_wrong_mapping_is_refused(text: str, says: str) -> None:
    with pytest.raises(CrossbookError, match=says):
        mapping_from_text("mine", text)


def test_a_table_of_nothing_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="no header was found"):
        preview(written(tmp_path, "a,b,c\n1,2,3\n"))


def test_text_in_an_amount_names_line_and_column(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, CMB.replace("18,600.00", "一万八")))
    (bad,) = seen.bad
    assert (bad.line, bad.column, bad.value) == (6, "借方金额", "一万八")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=30))
def test_amounts_are_read_back(tmp_path: Path, amounts: list[int]) -> None:
    lines = ["交易日期,收入,支出,币种,摘要"]
    for a in amounts:
        text = f"{abs(a) / 100:,.2f}"
        lines.append(f'2025-05-05,"{text if a >= 0 else ""}","{text if a < 0 else ""}",CNY,=货款')
    assert read(mapping(tmp_path, lines), tmp_path / "流水.csv") == amounts


def mapping(folder: Path, lines: list[str]) -> Any:
    seen = preview(written(folder, "\n".join(lines) + "\n"))
    return mapping_from_text(seen.name, seen.text)


def read(source: Any, path: Path) -> list[int]:
    reading = Reading(path, path.name, "gb18030")
    found = [row["amount"] for _, table in source.read(reading) for row in table.to_pylist()]
    assert not reading.bad
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_spoiled_tables_end_in_a_clean_error_or_facts(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "spoiled.csv"
    path.write_bytes(mutate(random.Random(seed), CMB.encode("gb18030")))
    try:
        seen = preview(path)
    except CrossbookError:
        return
    for row in seen.rows.get("bank", []):
        assert money.currency(row["currency"]) == row["currency"]
        assert read_head(path, path.name).lines


def test_a_header_that_is_a_formula_is_no_constant(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, CMB.replace("余额", "=1+1余额")))
    assert "=1+1" not in seen.text
    with pytest.raises(CrossbookError, match="cannot be a constant"):
        mapping_from_text("m", 'kind = "bank"\ncurrency = "CNY"\n[columns]\nbooked_on = "日"\namount = "=12"\n')


def mapped(folder: Path, kind: str, columns: dict[str, str], row: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The facts that a mapping of `columns` reads from a table of one row; column names are its headers."""
    headers = [h for h in columns.values() if not h.startswith("=")]
    path = written(folder, ",".join(headers) + "\n" + ",".join(row[h] for h in headers) + "\n", "utf-8", "t.csv")
    lines = "".join(f'{column} = "{header}"\n' for column, header in columns.items())
    source = mapping_from_text("t", f'kind = "{kind}"\ncurrency = "USD"\nzone = "UTC"\n[columns]\n{lines}')
    reading = Reading(path, path.name, "utf-8")
    found: dict[str, list[dict[str, Any]]] = {}
    for name, table in source.read(reading):
        found.setdefault(name, []).extend(table.to_pylist())
    assert not reading.bad, reading.bad
    return found


def test_every_part_of_an_order_may_be_mapped(tmp_path: Path) -> None:
    values = {
        "order_id": "A1",
        "placed_at": "2026-06-02 10:00:00",
        "total": "105.50",
        "goods": "100.00",
        "discount": "-5.00",
        "shipping": "6.00",
        "gift_wrap": "1.50",
        "tax": "3.00",
        "tax_included": "否",
        "refunded": "10.00",
        "cancelled_at": "2026-06-05 10:00:00",
        "paid_at": "2026-06-02 10:01:00",
        "refunded_at": "2026-06-06 10:00:00",
        "email": "ann@example.com",
        "phone": "+1 401",
        "postcode": "02928",
        "city": "Springfield",
        "item": "TENT-2P",
        "quantity": "4",
        "price": "25.00",
        "line_discount": "5.00",
        "line_tax": "3.00",
        "line_shipping": "6.00",
        "net_weight_kg": "2.4",
        "hs": "6306.22",
        "origin": "CN",
    }
    found = mapped(tmp_path, "order", {n: n.upper() for n in values}, {n.upper(): v for n, v in values.items()})
    (order,), (item,) = found["order"], found["order_item"]
    assert [order[n] for n in ("goods", "discount", "shipping", "gift_wrap", "tax", "refunded", "total")] == [
        10_000,
        500,
        600,
        150,
        300,
        1_000,
        10_550,
    ]
    assert order["goods"] - order["discount"] + order["shipping"] + order["gift_wrap"] + order["tax"] == order["total"]
    assert (order["tax_included"], order["email"], order["postcode"]) == ("no", "ann@example.com", "02928")
    assert [str(order[n])[:10] for n in ("paid_at", "cancelled_at", "refunded_at")] == [
        "2026-06-02",
        "2026-06-05",
        "2026-06-06",
    ]
    assert (item["amount"], item["price"], item["discount"], item["tax"]) == (10_000, 2_500, 500, 300)
    assert (item["shipping"], item["net_weight_g"], item["hs"], item["origin"]) == (600, 2_400, "630622", "CN")


def test_what_a_table_of_orders_does_not_state_is_unknown(tmp_path: Path) -> None:
    row = {"id": "A1", "at": "2026-06-02", "sum": "130.00", "sku": "TENT-2P", "off": ""}
    columns = {"order_id": "id", "placed_at": "at", "total": "sum", "item": "sku", "discount": "off"}
    found = mapped(tmp_path, "order", columns, row)
    (order,), (item,) = found["order"], found["order_item"]
    assert {order[n] for n in ("goods", "discount", "shipping", "gift_wrap", "tax", "tax_included")} == {None}
    assert {item[n] for n in ("amount", "price", "discount", "quantity", "net_weight_g")} == {None}


@pytest.mark.parametrize(
    ("kind", "values", "right"),
    [
        (
            "payment",
            {
                "payment_id": "P2",
                "order_id": "A1",
                "amount": "-10.00",
                "paid_at": "2026-06-02",
                "payee": "甲公司",
                "original": "P1",
                "payer_account": "4111",
                "payer_address": "1 Main St",
                "payer_phone": "+1",
                "payer_email": "a@example.com",
            },
            {
                "amount": -1_000,
                "original": "P1",
                "payee": "甲公司",
                "payer_account": "4111",
                "payer_address": "1 Main St",
                "payer_phone": "+1",
                "payer_email": "a@example.com",
            },
        ),
        (
            "customs",
            {
                "order_id": "A1",
                "declaration": "D1",
                "flag": "=B",
                "consignee": "Ann",
                "destination": "US",
                "net_weight_g": "180",
            },
            {"flag": "B", "consignee": "Ann", "destination": "US", "net_weight_g": 180},
        ),
        (
            "invoice",
            {
                "invoice_id": "I2",
                "order_id": "A1",
                "issued_on": "2026-06-02",
                "amount": "-119.00",
                "tax": "-19.00",
                "corrects": "I1",
                "address": "1 Main St",
            },
            {"amount": -11_900, "tax": -1_900, "corrects": "I1", "address": "1 Main St"},
        ),
        (
            "shipment",
            {"order_id": "A1", "tracking": "T1", "address": "1 Main St", "phone": "+1", "origin": "CN"},
            {"address": "1 Main St", "phone": "+1", "origin": "CN"},
        ),
    ],
)
def test_who_is_named_on_a_paper_may_be_mapped(
    tmp_path: Path, kind: str, values: dict[str, str], right: dict[str, object]
) -> None:
    columns = {n: v if v.startswith("=") else n.upper() for n, v in values.items()}
    (row,) = mapped(tmp_path, kind, columns, {n.upper(): v for n, v in values.items()})[kind]
    assert {n: row[n] for n in right} == right


@pytest.mark.parametrize(("column", "value"), [("tax_included", "=perhaps"), ("net_weight_kg", "=2"), ("price", "=3")])
def test_a_constant_that_cannot_be_is_refused(column: str, value: str) -> None:
    text = 'kind = "order"\ncurrency = "USD"\n[columns]\norder_id = "a"\nplaced_at = "b"\ntotal = "c"\n'
    text += f'{column} = "{value}"'
    with pytest.raises(CrossbookError, match=f"columns.{column} cannot be"):
        mapping_from_text("m", text)


def test_a_word_that_does_not_say_whether_prices_include_tax_is_bad(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,c,d\nA1,2026-06-02,3.00,maybe\n")
    columns = '[columns]\norder_id = "a"\nplaced_at = "b"\ntotal = "c"\ntax_included = "d"\n'
    reading = Reading(path, path.name, "gb18030")
    list(mapping_from_text("m", f'kind = "order"\ncurrency = "USD"\n{columns}').read(reading))
    (bad,) = reading.bad
    assert (bad.line, bad.column, bad.value) == (2, "d", "maybe")


def test_parts_of_orders_are_proposed(tmp_path: Path) -> None:
    """Usual Chinese and English headers; what is no amount (a coupon's code, a way of shipping) is left alone."""
    seen = preview(
        written(
            tmp_path,
            "订单号,下单时间,付款时间,订单金额,商品金额,优惠金额,优惠券码,运费,税费,退款金额,"
            "sku,商品编码,单价,数量,净重(kg),原产国,邮箱,邮编,城市\n"
            "A1,2026-06-02 10:00:00,2026-06-02 10:01:00,150.00,135.00,6.00,SAVE,10.00,11.00,,"
            "TENT-2P,6306.22,135.00,1,2.4,CN,a@example.com,02928,Springfield\n",
        )
    )
    assert (not seen.bad, seen.unused) == (True, ["优惠券码"])
    (order,), (item,) = seen.rows["order"], seen.rows["order_item"]
    assert [order[n] for n in ("total", "goods", "discount", "shipping", "tax", "refunded")] == [
        15_000,
        13_500,
        600,
        1_000,
        1_100,
        None,
    ]
    assert (item["item"], item["hs"], item["price"], item["net_weight_g"]) == ("TENT-2P", "630622", 13_500, 2_400)
    assert (item["origin"], order["paid_at"].minute, order["postcode"]) == ("CN", 1, "02928")
    seen = preview(
        written(
            tmp_path,
            "order id,order date,order total,discount code,discount amount,shipping method,"
            "shipping,tax,sku,qty,unit price,country of origin,net weight,hs code\n"
            "A1,2026-06-02,150.00,SAVE,6.00,Std,10.00,11.00,T,1,135.00,CN,2.4,630622\n",
        )
    )
    assert (not seen.bad, seen.unused) == (True, ["discount code", "shipping method"])
    (order,), (item,) = seen.rows["order"], seen.rows["order_item"]
    assert [order[n] for n in ("discount", "shipping", "tax")] == [600, 1_000, 1_100]
    assert (item["price"], item["origin"], item["net_weight_g"], item["hs"]) == (13_500, "CN", 2_400, "630622")


def test_a_customs_table_says_where_goods_go_and_what_they_weigh(tmp_path: Path) -> None:
    seen = preview(
        written(
            tmp_path,
            "订单编号,清单编号,申报日期,商品货号,商品编码,数量,净重(千克),毛重(千克),运抵国,收件人,统计标志\n"
            "A1,L1,2026-06-03,TENT-2P,6306220000,1,2.4,2.5,US,Ann Lee,A\n",
        )
    )
    assert not seen.bad
    (row,) = seen.rows["customs"]
    assert (row["item"], row["hs"], row["net_weight_g"], row["weight_g"]) == ("TENT-2P", "6306220000", 2_400, 2_500)
    assert (row["destination"], row["consignee"], row["flag"], row["country"]) == ("US", "Ann Lee", "A", None)


def test_the_state_of_an_order_is_a_word_of_its_platform(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("No,When,State,Sum\n1,2026-01-05,Shipped,10.00\n2,2026-01-06,In Transit,20.00\n")
    mapping = mapping_from_text(
        "m",
        'kind = "order"\naccount = "a"\ncurrency = "USD"\n[columns]\n'
        'order_id = "No"\nplaced_at = "When"\nstatus = "State"\ntotal = "Sum"\n',
    )
    reading = Reading(path=path, name=path.name, encoding="utf-8", account=None)
    told = [row["status"] for kind, table in mapping.read(reading) if kind == "order" for row in table.to_pylist()]
    assert told == ["Shipped", "In Transit"] and not reading.bad


@pytest.mark.parametrize(
    ("balance", "asked"), [(("", "", ""), ["fee"]), ((",Balance", ",1000.00", ",900.00"), [])], ids=("no", "balance")
)
def test_fees_beside_the_amounts_are_asked_about(
    tmp_path: Path, balance: tuple[str, str, str], asked: list[str]
) -> None:
    path = tmp_path / "paid.csv"
    head, first, second = balance
    path.write_text(
        f"Date,Description,Paid in,Paid out,Fee,Currency{head}\n"
        f"2026-01-05,Payment,1000.00,,5.00,USD{first}\n2026-01-06,Withdrawal,,100.00,1.00,USD{second}\n"
    )
    assert [doubt.answer for doubt in preview(path, account="a").doubts] == asked
