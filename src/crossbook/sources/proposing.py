"""Proposing a mapping for an unknown table, by the words in its header."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.sources.encoding import read_head
from crossbook.sources.mapping import DELIMITERS, NEEDED
from crossbook.sources.report import HEADER_WITHIN, split_header

# Words by which a column is known, most telling first; matched as a part of the header, lower case. A word that begins
# with = is the whole header.
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "bank": {
        "booked_on": (
            "交易日期",
            "记账日期",
            "入账日期",
            "交易日",
            "交易时间",
            "日期",
            "booking date",
            "transaction date",
            "posted",
            "date",
        ),
        "credit": (
            "记账金额(收入)",
            "贷方发生额",
            "贷方金额",
            "收入金额",
            "收入",
            "存入",
            "credit",
            "paid in",
            "money in",
        ),
        "debit": (
            "记账金额(支出)",
            "借方发生额",
            "借方金额",
            "支出金额",
            "支出",
            "支取",
            "debit",
            "paid out",
            "money out",
        ),
        "amount": ("交易金额", "发生额", "金额", "amount"),
        "currency": ("记账币种", "币种", "货币", "currency", "ccy"),
        "balance": ("账户余额", "余额", "balance"),
        "counterparty": (
            "对方户名",
            "对方名称",
            "对方账户名称",
            "收(付)方名称",
            "counterparty",
            "payee",
            "beneficiary",
            "name",
        ),
        "reference": ("交易流水号", "流水号", "凭证号", "reference", "ref", "transaction id"),
        "description": ("摘要", "用途", "附言", "备注", "description", "narrative", "details", "memo"),
    },
    "payout": {
        "payout_id": (
            "结算单号",
            "打款单号",
            "提现单号",
            "payout id",
            "remittance",
            "settlement no",
            "settlement id",
        ),
        "paid_on": ("打款日期", "结算日期", "payout date", "paid on", "remitted on", "payment date"),
        "amount": ("打款金额", "结算金额", "payout amount", "net amount", "amount"),
        "currency": ("币种", "currency"),
        "count": ("订单数", "order count", "orders", "transactions"),
        "fee_total": ("手续费合计", "服务费", "total fees", "fees"),
        "reference": ("银行流水号", "bank reference", "reference"),
    },
    "order": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no"),
        "placed_at": (
            "下单时间",
            "付款时间",
            "订单创建时间",
            "order date",
            "created",
            "placed",
            "purchase date",
        ),
        "total": ("订单金额", "实付金额", "订单总额", "order total", "total", "amount"),
        "currency": ("币种", "currency"),
        "status": ("订单状态", "status"),
        "origin": ("原产国", "原产地", "country of origin", "origin country", "=origin"),
        "country": ("收货国家", "国家", "ship country", "country"),
        "region": ("收货州省", "州/省", "ship state", "state", "province"),
        "title": ("商品名称", "商品标题", "product name", "title", "item name"),
        "item": ("sku", "商品货号", "货号", "商品编码"),
        "quantity": ("数量", "quantity", "qty"),
        "buyer": ("买家姓名", "买家", "buyer name", "buyer", "customer"),
        "consignee": ("收件人姓名", "收件人", "收货人", "consignee", "recipient", "ship to name"),
        "address": ("收货地址", "收件地址", "ship address", "shipping address", "address"),
        "goods": ("商品金额", "商品总价", "货款", "goods amount", "goods total", "subtotal", "=goods"),
        "discount": ("优惠金额", "折扣金额", "=优惠", "=折扣", "discount amount", "total discount", "=discount"),
        "shipping": (
            "运费",
            "邮费",
            "shipping fee",
            "shipping cost",
            "shipping price",
            "shipping amount",
            "freight",
            "postage",
            "=shipping",
        ),
        "gift_wrap": ("礼品包装", "包装费", "gift wrap"),
        "tax": ("税费", "税额", "税金", "=税", "tax amount", "vat amount", "total tax", "=taxes", "=tax", "=vat"),
        "tax_included": ("是否含税", "价格含税", "tax included", "tax inclusive"),
        "refunded": ("退款金额", "已退金额", "refunded amount", "refund amount", "=refunded"),
        "cancelled_at": ("取消时间", "cancelled at", "canceled at", "cancellation date"),
        "paid_at": ("付款时间", "支付时间", "paid at", "payment time", "payment date"),
        "refunded_at": ("退款时间", "refunded at", "refund date"),
        "email": ("邮箱", "email", "e-mail"),
        "phone": ("电话", "手机", "phone", "mobile"),
        "postcode": ("邮编", "邮政编码", "postcode", "postal code", "zip"),
        "city": ("城市", "ship city", "shipping city", "=city"),
        "price": ("单价", "unit price", "item price", "=price"),
        "amount": ("商品小计", "=小计", "line amount", "line total", "item total"),
        "line_discount": ("单品优惠", "行折扣", "line discount", "item discount", "lineitem discount"),
        "line_tax": ("行税额", "line tax", "item tax"),
        "line_shipping": ("行运费", "line shipping", "item shipping"),
        "net_weight_kg": ("净重(kg)", "净重(千克)", "净重", "net weight"),
        "hs": ("税号", "海关编码", "hs编码", "商品编码", "hs code", "=hs"),
    },
    "payment": {
        "payment_id": ("支付单号", "支付流水号", "交易流水号", "payment id", "payment no", "payment reference"),
        "order_id": ("订单编号", "订单号", "商户订单号", "order number", "order id", "order no"),
        "amount": ("支付金额", "收款金额", "到账金额", "amount paid", "payment amount", "amount"),
        "currency": ("支付币种", "币种", "currency"),
        "paid_at": ("支付时间", "付款时间", "到账时间", "payment time", "payment date", "paid at"),
        "institution": ("支付机构", "收款机构", "institution", "provider", "channel"),
        "payer": ("付款人姓名", "付款人", "支付人", "payer"),
        "payer_country": ("付款国家", "付款国", "付款人国家", "payer country"),
        "payer_account": ("付款账号", "付款账户", "付款卡号", "payer account", "card number"),
        "payer_address": ("付款人地址", "付款地址", "payer address"),
        "payer_phone": ("付款人电话", "付款人手机", "付款电话", "payer phone"),
        "payer_email": ("付款人邮箱", "付款邮箱", "payer email"),
        "payee": ("收款人", "收款方", "payee", "beneficiary"),
        "original": ("原支付单号", "原交易流水号", "原交易号", "original payment", "original transaction"),
    },
    "tracking": {
        "tracking": ("运单号", "快递单号", "物流单号", "跟踪号", "tracking"),
        "happened_at": ("轨迹时间", "事件时间", "event time", "event date", "time"),
        "event": ("轨迹状态", "事件代码", "事件", "event", "status"),
        "carrier": ("物流公司", "承运商", "carrier", "courier"),
        "place": ("地点", "place", "location", "office"),
        "country": ("国家", "country"),
        "text": ("轨迹描述", "描述", "description"),
    },
    "receipt": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no"),
        "received_at": ("确认收货时间", "收货时间", "签收时间", "received at", "confirmed at", "received"),
        "tracking": ("运单号", "快递单号", "物流单号", "tracking"),
        "signed_by": ("签收人", "signed by", "signatory"),
        "country": ("国家", "country"),
    },
    "invoice": {
        "invoice_id": ("发票编号", "发票号", "invoice number", "invoice no", "invoice id"),
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no"),
        "issued_on": ("开票日期", "发票日期", "invoice date", "issued"),
        "amount": ("发票金额", "价税合计", "invoice total", "invoice amount", "total", "amount"),
        "currency": ("币种", "currency"),
        "buyer": ("购买方", "买方", "buyer", "bill to"),
        "country": ("国家", "country"),
        "tax": ("税额", "税金", "tax amount", "vat amount", "=tax", "=vat"),
        "corrects": ("原发票", "红冲发票", "corrects", "original invoice", "credited invoice"),
        "address": ("购买方地址", "买方地址", "地址", "billing address", "buyer address", "=address"),
    },
    "shipment": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no", "reference"),
        "tracking": ("运单号", "快递单号", "物流单号", "跟踪号", "tracking"),
        "carrier": ("物流公司", "承运商", "carrier", "courier"),
        "shipped_at": ("发货时间", "揽收时间", "shipped", "ship date", "dispatched", "picked up"),
        "delivered_at": ("签收时间", "妥投时间", "delivered", "delivery date"),
        "origin": ("始发国", "发件国", "起运国", "ship from country", "origin country", "=origin"),
        "country": ("目的国", "国家", "destination", "country"),
        "consignee": ("收件人姓名", "收件人", "收货人", "consignee", "recipient"),
        "weight_kg": ("重量(kg)", "实重(kg)", "计费重(kg)", "weight (kg)", "weight kg", "weight"),
        "pieces": ("件数", "pieces", "packages"),
        "address": ("收件地址", "收货地址", "delivery address", "address"),
        "phone": ("收件人电话", "收件人手机", "电话", "手机", "phone", "mobile"),
    },
    "customs": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no"),
        "declaration": ("报关单号", "清单编号", "申报清单编号", "declaration", "entry number"),
        "declared_on": ("申报日期", "放行日期", "declared", "declaration date", "date"),
        "amount": ("申报金额", "总价", "declared value", "value", "amount"),
        "currency": ("币种", "currency"),
        "destination": ("目的国", "运抵国", "抵运国", "destination"),
        "country": ("申报国", "country"),
        "mode": ("监管方式", "supervision mode", "mode"),
        "tracking": ("运单号", "物流运单编号", "waybill", "tracking"),
        "weight_kg": ("毛重(千克)", "毛重(kg)", "毛重", "gross weight (kg)", "gross weight"),
        "item": ("商品货号", "商品编码", "sku"),
        "title": ("商品名称", "品名", "goods", "description"),
        "hs": ("税号", "海关编码", "hs编码", "商品编码", "hs code", "hs"),
        "quantity": ("数量", "quantity", "qty"),
        "flag": ("统计标志", "statistics flag", "statisticsflag"),
        "consignee": ("收件人", "收货人", "consignee", "recipient"),
        "net_weight_kg": ("净重(千克)", "净重(kg)", "净重", "net weight"),
    },
    "dispute": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no"),
        "opened_on": ("纠纷开始", "开始日期", "opened", "created"),
        "closed_on": ("纠纷结束", "结束日期", "closed", "resolved"),
        "state": ("纠纷状态", "结果", "状态", "outcome", "state", "status"),
        "amount": ("退款金额", "冻结金额", "金额", "amount"),
        "currency": ("币种", "currency"),
    },
    "entry_line": {
        "entry": ("报关单号", "entry summary number", "entry number", "entry no"),
        "entry_line": ("行号", "line number", "line no"),
        "ordinal": ("序号", "ordinal"),
        "entered_on": ("进口日期", "entry date", "entered"),
        "origin": ("原产地", "原产国", "country of origin", "origin"),
        "hts": ("税号", "hts", "tariff number"),
        "amount": ("申报价值", "完税价格", "entered value", "value"),
        "duty": ("已缴税额", "税额", "关税", "duty"),
        "quantity": ("数量", "quantity"),
        "unit": ("单位", "unit"),
        "liquidation": ("清算状态", "liquidation status"),
        "liquidated_on": ("清算日期", "liquidation date"),
    },
    "product": {
        "sku": ("货号", "sku"),
        "name": ("品名", "商品名称", "product name", "name"),
        "hts": ("税号", "hs code", "hts"),
        "origin": ("原产地", "原产国", "origin"),
        "market": ("市场", "销售国", "market", "country"),
        "mode": ("运输方式", "mode"),
        "cost": ("采购成本", "采购价", "成本", "cost"),
        "freight": ("运费", "freight"),
        "selling": ("销售费用", "selling"),
        "rival_price": ("竞品售价", "rival price", "competitor price"),
        "price": ("售价", "price"),
        "rival": ("竞品", "rival", "competitor"),
        "currency": ("币种", "currency"),
        "weight_kg": ("重量", "weight"),
        "day": ("日期", "date"),
    },
    "tariff": {
        "market": ("市场", "国家", "market", "country"),
        "code": ("税号", "hs code", "code"),
        "general": ("税率", "duty", "rate"),
        "origins": ("原产地", "origin"),
        "measure": ("案号", "措施", "measure", "case"),
        "valid_from": ("生效日期", "起始日期", "from"),
        "valid_to": ("失效日期", "截止日期", "to"),
        "description": ("商品名称", "描述", "description"),
    },
    "rate": {
        "day": ("日期", "date", "day"),
        "base": ("base", "from", "货币对"),
        "quote": ("quote", "to currency", "计价货币"),
        "rate": ("中间价", "汇率", "rate"),
    },
}
_CURRENCY_WORDS = {
    "CNY": ("人民币", "CNY", "RMB"),
    "USD": ("美元", "USD"),
    "EUR": ("欧元", "EUR"),
    "HKD": ("港币", "港元", "HKD"),
    "JPY": ("日元", "JPY"),
    "GBP": ("英镑", "GBP"),
}
_TELLING = {
    "payment": "payer",
    "tracking": "event",
    "receipt": "received_at",
    "invoice": "invoice_id",
    "shipment": "tracking",
    "customs": "declaration",
    "dispute": "opened_on",
    "payout": "payout_id",
    "rate": "rate",
    "entry_line": "duty",
    "product": "cost",
    "tariff": "general",
}


@dataclass(frozen=True)
class Proposal:
    """A proposed mapping: its TOML, and the headers that it leaves unused."""

    name: str
    text: str
    unused: list[str]


def propose(
    path: Path, *, kind: str | None = None, account: str | None = None, currency: str | None = None
) -> Proposal:
    """A mapping for the table in `path`, judged by the words in its header.

    Raises CrossbookError when no header line is found or no kind of fact fits.
    """
    if kind is not None:
        columns_of(kind)
    head = read_head(path, path.name)
    best: tuple[int, str, dict[str, str], list[str]] | None = None
    header_at = 0
    for i, line in enumerate(head.lines[:HEADER_WITHIN]):
        for delimiter in DELIMITERS:
            header = [h for h in split_header(line, delimiter) if h]
            for candidate in [kind] if kind else _WORDS:
                columns = _match(candidate, header)
                if columns is None:
                    continue
                score = 2 * len(columns) + 3 * (_TELLING.get(candidate, "") in columns)
                if best is None or score > best[0]:
                    header_at = i
                    best = (score, candidate, columns, [h for h in header if h not in columns.values()])
    if best is None:
        raise CrossbookError(
            "no header was found that names a kind of fact" + (f" {kind!r}" if kind else ""),
            where=path.name,
            todo="name the kind with --kind, or write the mapping by hand (docs/mapping.md)",
        )
    _, chosen, columns, unused = best
    name = account or path.stem
    stated, remark = currency, ""
    if "currency" not in columns and "currency" in KINDS[chosen].columns and not stated:
        stated = _stated_currency(head.lines[:header_at])
        if not stated:
            stated = "CNY" if chosen == "bank" and not "".join(columns.values()).isascii() else "USD"
            remark = "      # a guess, for the file does not say: correct it if wrong"
    given = None if "currency" in columns or "currency" not in KINDS[chosen].columns else stated
    return Proposal(mapping_name(name), as_toml(chosen, name, columns, given, remark=remark), unused)


def likely_header(path: Path) -> list[str]:
    """The cells of the line that looks most like a header: the widest without figures; empty when none does."""
    best: list[str] = []
    for line in read_head(path, path.name).lines[:HEADER_WITHIN]:
        for delimiter in DELIMITERS:
            cells = [h for h in split_header(line, delimiter) if h]
            figures = any(c.replace(".", "").replace("-", "").replace("/", "").isdigit() for c in cells)
            if len(cells) > max(1, len(best)) and not figures:
                best = cells
    return best


def mapping_name(account: str) -> str:
    """What a mapping is called: the account's name in letters, digits, - and _."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in account)


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns that a mapping of this kind may name. Raises CrossbookError for an unknown kind."""
    if kind not in _WORDS:
        raise CrossbookError(f"no kind {kind!r}", todo=f"use one of {', '.join(_WORDS)}")
    return tuple(_WORDS[kind])


def as_toml(
    kind: str,
    account: str,
    columns: dict[str, str],
    currency: str | None,
    *,
    date_order: str = "ymd",
    zone: str = "Asia/Shanghai",
    remark: str = "",
) -> str:
    """A mapping's text."""
    lines = [f'kind = "{_quoted(kind)}"', f'account = "{_quoted(account)}"']
    if currency:
        lines.append(f'currency = "{_quoted(currency)}"{remark}')
    lines += [f'date_order = "{_quoted(date_order)}"      # ymd, mdy or dmy', f'zone = "{_quoted(zone)}"', ""]
    lines += ["[columns]", *(f'{_key(column)} = "{_quoted(header)}"' for column, header in columns.items())]
    return "\n".join(lines) + "\n"


def _key(column: str) -> str:
    return column if column.isidentifier() and column.isascii() else f'"{_quoted(column)}"'


def _stated_currency(preamble: list[str]) -> str | None:
    """The one currency that the lines above a header name."""
    text = " ".join(preamble).upper()
    named = {code for code, words in _CURRENCY_WORDS.items() if any(w in text for w in words)}
    return named.pop() if len(named) == 1 else None


def _quoted(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable.replace("\\", "\\\\").replace('"', '\\"')


def _match(kind: str, header: list[str]) -> dict[str, str] | None:
    columns: dict[str, str] = {}
    for column, words in _WORDS[kind].items():
        free = [h for h in header if h not in columns.values() and not h.startswith("=")]
        hit = next((h for w in words for h in free if h == w.removeprefix("=")), None) or next(
            (h for w in words for h in free if not w.startswith("=") and w in h), None
        )
        if hit:
            columns[column] = hit
    if ("credit" in columns) != ("debit" in columns):
        columns.pop("credit", None)
        columns.pop("debit", None)
    if "credit" in columns:
        columns.pop("amount", None)
    given = set(columns) | ({"amount"} if "credit" in columns else set())
    return columns if all(n in given for n in NEEDED[kind]) else None
