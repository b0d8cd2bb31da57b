"""A pack's transactions as CSV and as a workbook. Text that a spreadsheet would run as a formula is kept as text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from crossbook import money
from crossbook.filing.transactions import Contents, Transaction
from crossbook.settle.desk import Payout

COLUMNS = (
    ("no", "序号"),
    ("order", "订单号"),
    ("type", "类型"),
    ("date", "日期"),
    ("goods", "商品"),
    ("quantity", "数量"),
    ("amount", "金额"),
    ("fees", "费用"),
    ("net", "净额"),
    ("currency", "币种"),
    ("buyer country", "买方国家"),
    ("shipped", "发货日期"),
    ("carrier", "承运商"),
    ("tracking", "运单号"),
    ("customs entry", "报关单号"),
    ("verification", "真实性核验"),
    ("probability", "概率"),
    ("evidence file", "依据文件"),
    ("evidence line", "行号"),
    ("evidence sha256", "依据哈希"),
)
MISSING = "missing 缺"
VERDICTS = {
    "verified": "verified 已核实",
    "incomplete": "incomplete 资料不全",
    "contradicted": "contradicted 相互矛盾",
    "suspicious": "suspicious 可疑",
}
TYPES = {
    "sale": "sale 销售",
    "refund": "refund 退款",
    "dispute_hold": "held in dispute 纠纷冻结",
    "dispute_release": "released 纠纷解冻",
}


def row(number: int, t: Transaction, currency: str) -> list[str]:
    """One transaction as texts, what is not known said to be missing."""
    return [
        str(number),
        t.order_id,
        TYPES.get(t.type, t.type),
        str(t.day) if t.day else MISSING,
        t.goods or MISSING,
        str(t.quantity) if t.quantity is not None else MISSING,
        money.plain(t.amount, currency),
        money.plain(t.fees, currency),
        money.plain(t.net, currency),
        currency,
        t.country or MISSING,
        str(t.shipped_on) if t.shipped_on else MISSING,
        t.carrier or MISSING,
        t.tracking or MISSING,
        t.declaration or MISSING,
        VERDICTS.get(t.verdict or "", MISSING),
        "" if t.probability is None else f"{t.probability:.4f}",
        t.file,
        str(t.line),
        t.evidence,
    ]


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula; numbers stay as they are."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not text.lstrip("+-").replace(".", "", 1).isdigit():
        return "'" + text
    return text


def as_csv(payout: Payout, contents: Contents) -> bytes:
    """UTF-8 with a mark, so that spreadsheets show the Chinese; amounts with a decimal point."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([f"{english} {chinese}" for english, chinese in COLUMNS])
    for i, t in enumerate(contents.transactions, start=1):
        writer.writerow([safe(cell) for cell in row(i, t, payout.currency)])
    return ("\ufeff" + out.getvalue()).encode()


def as_workbook(path: Path, payout: Payout, contents: Contents, cover: list[tuple[str, str]]) -> None:
    """Three sheets: the cover's facts, the transactions, the other items. Amounts are numbers with their decimals."""
    import xlsxwriter

    digits = money.exponent(payout.currency)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#eef2f7", "border": 1})
        cash = book.add_format({"num_format": "#,##0" + ("." + "0" * digits if digits else "")})
        sheet = book.add_worksheet("封面 Cover")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 60)
        for i, (name, value) in enumerate(cover):
            sheet.write_string(i, 0, name, bold)
            sheet.write_string(i, 1, value)
        sheet = book.add_worksheet("交易 Transactions")
        sheet.freeze_panes(1, 2)
        for column, (english, chinese) in enumerate(COLUMNS):
            sheet.write_string(0, column, f"{chinese}\n{english}", bold)
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, 1, 24)
        sheet.set_column(4, 4, 32)
        sheet.set_column(13, 15, 22)
        sheet.set_column(17, 19, 28)
        for i, t in enumerate(contents.transactions, start=1):
            for column, text in enumerate(row(i, t, payout.currency)):
                sheet.write_string(i, column, text)
            for column, minor in ((6, t.amount), (7, t.fees), (8, t.net)):
                sheet.write_number(i, column, money.to_decimal(minor, payout.currency), cash)
        if contents.transactions:
            sheet.autofilter(0, 0, len(contents.transactions), len(COLUMNS) - 1)
        sheet = book.add_worksheet("其他 Other items")
        sheet.set_column(0, 0, 60)
        for column, name in enumerate(("项目 item", "金额 amount", "依据 evidence")):
            sheet.write_string(0, column, name, bold)
        for i, item in enumerate(contents.items, start=1):
            sheet.write_string(i, 0, item.what)
            sheet.write_number(i, 1, money.to_decimal(item.amount, payout.currency), cash)
            sheet.write_string(i, 2, f"{item.file}:{item.line}" if item.file else "")
