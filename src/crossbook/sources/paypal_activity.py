"""PayPal activity download (CSV), as the web site gives it, in English or Chinese.

One row a transaction with signed gross, fee and net, a date, a time and a zone column, and often the balance.
Columns: https://developer.paypal.com/docs/reports/reference/changed-download-fields/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources import paypal
from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, fact_table

# Types are free text and differ by account and language; the first pattern that is found decides.
_KINDS = [
    (r"dispute|纠纷|争议", "dispute_hold"),
    (r"hold|reserve|release|冻结|解冻|预留|保证金", "reserve_hold"),
    (r"chargeback fee|拒付费", "fee"),
    (r"chargeback|拒付|撤单", "chargeback"),
    (r"fee reversal|fee refund", "refund_fee"),
    (r"refund|退款", "refund"),
    (r"revers|cancel|撤销|取消", "reversal"),
    (r"conversion|币种兑换|货币兑换|兑换|换算", "conversion"),
    (r"withdraw|transfer to bank|提现", "withdrawal"),
    (r"deposit|add funds|充值|存款", "deposit"),
    (r"\bfee\b|手续费|费用", "fee"),
    (r"\btax\b|税", "tax"),
    (r"payment|checkout|付款|支付|收款", "sale"),
]
_COMPILED = [(re.compile(pattern), kind) for pattern, kind in _KINDS]
_NOT_DONE = (
    "pending",
    "denied",
    "failed",
    "expired",
    "voided",
    "on hold",
    "待处理",
    "处理中",
    "已拒绝",
    "失败",
    "已过期",
)
_NO_IMPACT = ("memo", "备忘", "memo only")


def _kind(text: str) -> str:
    return next((kind for pattern, kind in _COMPILED if pattern.search(text.lower())), "other")


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    for name, words in (("impact", _NO_IMPACT), ("status", _NOT_DONE)):
        text = pc.utf8_lower(pc.utf8_trim_whitespace(frame.raw(name).cast(pa.string())))
        frame = frame.where(pc.invert(pc.is_in(text, pa.array(words))))
    if not len(frame):
        return
    chinese = "交易号" in state["head"].lines[state["header_line"] - 1]
    currency = frame.currency("currency")
    amount = frame.money("net", currency, required=True)
    texts = pc.unique(frame.raw("type").cast(pa.string())).to_pylist()
    kind = frame.lookup("type", {t.strip().lower(): _kind(t) for t in texts}, "other")
    kind = paypal.told_apart(kind, amount)
    moment = frame.joined("moment", ("date", "time", "zone"))
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        posted_at=moment.instant("moment", chinese=chinese, required=True),
        day=frame.day("date", required=True),
        kind=kind,
        type=frame.text("type"),
        order_id=frame.text("invoice"),
        item=frame.text("item"),
        reference=frame.text("transaction_id", required=True),
        related=frame.text("related"),
        amount=amount,
        gross=frame.money("gross", currency),
        fee=frame.money("fee", currency),
        currency=currency,
        quantity=frame.units("quantity"),
        country=frame.text("country"),
        balance=frame.money("balance", currency),
    )
    out = pc.fill_null(pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.less(amount, 0)), False)
    yield from paypal.payouts(frame.where(out), state["account"], pc.negate(amount.filter(out)), "date")


SOURCE = TableReport(
    name="paypal_activity",
    title="PayPal activity download (CSV)",
    columns={
        "date": ("date", "日期"),
        "time": ("time", "时间"),
        "zone": ("timezone", "time zone", "时区"),
        "name": ("name", "名称", "姓名"),
        "type": ("type", "类型"),
        "status": ("status", "状态"),
        "currency": ("currency", "币种", "货币"),
        "gross": ("gross", "总额"),
        "fee": ("fee", "费用"),
        "net": ("net", "净额"),
        "transaction_id": ("transaction id", "交易号"),
        "item": ("item id", "物品号"),
        "related": ("reference txn id", "参考交易号"),
        "invoice": ("invoice number", "账单号"),
        "quantity": ("quantity", "数量"),
        "balance": ("balance", "余额"),
        "country": ("country code", "buyer country code", "国家/地区代码"),
        "impact": ("balance impact", "引起余额变动"),
    },
    required=("date", "time", "zone", "type", "currency", "gross", "fee", "net", "transaction_id"),
    build=_build,
    delimiters=",\t",
    wide=frozenset({"transaction_id"}),
    amounts=("gross", "fee", "net", "balance"),
    dates=("date",),
    account=paypal.ACCOUNT,
    authority=70,
    example='"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net",…,"Transaction ID",…\n'
    '"03/01/2026","09:12:44","PST","A. Buyer","Express Checkout Payment","Completed","USD","45.99","-2.08","43.91",…\n'
    '"日期","时间","时区","名称","类型","状态","币种","总额","费用","净额",…,"交易号",…',
)
