"""What a pack should say and the book does not know: named, with what to add for the business, and for the bank's clerk
with who has to show what."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook import money
from crossbook.filing.pack.declared import candidates
from crossbook.filing.pack.listing import Words
from crossbook.filing.pack.parties import Arrival, Parties
from crossbook.filing.pack.settings import Selling
from crossbook.filing.pack.transactions import Contents, Transaction
from crossbook.settle.desk import Payout
from crossbook.settle.flow.inside import UNKNOWN

_ORDERS: Words = ("由企业提供平台订单明细", "the business is to show the platform's list of orders")
_SHOWN: dict[str, Words] = {
    "ordered_on": _ORDERS,
    "goods": _ORDERS,
    "quantity": _ORDERS,
    "country": _ORDERS,
    "hs": ("由企业按报关资料提供商品编码", "the business is to state the code as declared at customs"),
    "declaration": ("由企业提供报关单或申报清单", "the business is to show its export declarations"),
    "sold": (
        "由企业提供原销售所在月份的平台结算单",
        "the business is to hand in the platform's reports of those sales",
    ),
    "parcel": ("由企业提供物流单据或发货清单", "the business is to show the waybills or the list of shipments"),
}
WITHOUT = ("conversion", UNKNOWN)  # kinds of line that bring money of orders that no file names


@dataclass(frozen=True)
class Wanting:
    """A thing that is not known, and how to make it known; `orders` how many orders lack it. `shown` is what the papers
    say of it, which know nothing of settings and commands."""

    what: Words
    todo: Words
    shown: Words
    orders: int | None = None


def wanting(payout: Payout, inside: Contents, told: Selling, sides: Parties, came: Arrival | None) -> list[Wanting]:
    """Everything that is not known of a payout's receipt, then of its orders."""
    return [*_of_receipt(payout, inside, told, sides, came), *_of_origin(payout, inside), *_of_orders(inside)]


def _of_origin(payout: Payout, inside: Contents) -> list[Wanting]:
    """How much of a payout came by lines behind which no order is known."""
    without = min(sum(i.amount for i in inside.items if i.kind in WITHOUT and i.amount > 0), payout.amount)
    if without <= 0:
        return []
    part, whole = (money.show(x, payout.currency) for x in (without, payout.amount))
    said = Wanting(
        what=(f"付款 {whole} 中的 {part} 没有对应订单", f"the orders behind {part} of {whole}"),
        todo=(
            f"添加该资金来源账户的报表（兑换前、转入前的账户）；依据见 crossbook why {payout.payout_id}",
            f"add the reports of what it was before it was converted or sent on; see crossbook why {payout.payout_id}",
        ),
        shown=(
            "由企业补交该资金来源账户（兑换或转入前）的报表",
            "the business is to hand in the reports of the account that it came from",
        ),
    )
    return [said]


def _of_receipt(payout: Payout, inside: Contents, told: Selling, sides: Parties, came: Arrival | None) -> list[Wanting]:
    account = f'[accounts."{payout.account}"]'
    found = []
    if not sides.beneficiary:
        shown = ("由企业按营业执照填写名称", "the business is to state its name as on its licence")
        found.append(_wanting("收款人名称", "the beneficiary's name", '[business] name = "…"', shown))
    if not sides.uscc:
        todo = '[[tax.identities]] country = "CN", kind = "uscc", number = "…", from = 2024-01-01'
        shown = ("由企业按营业执照填写 18 位代码", "the business is to state the 18 characters on its licence")
        found.append(_wanting("统一社会信用代码", "unified social credit code", todo, shown))
    if came is None:
        said = Wanting(
            what=("银行入账与收款账户", "the bank credit and the account that received it"),
            todo=(
                "添加银行流水，或确认匹配：crossbook decide match",
                "add the bank statement, or crossbook decide match",
            ),
            shown=(
                "由企业提供该笔收款的银行流水或入账回单",
                "the business is to show the bank statement or the credit advice of this receipt",
            ),
        )
        found.append(said)
    for name, bank in sides.accounts:
        lacks = [k for k, v in (("holder", bank.holder), ("bank", bank.bank), ("number", bank.number)) if not v]
        if lacks:
            zh = "、".join({"holder": "户名", "bank": "开户行", "number": "账号"}[k] for k in lacks)
            todo = f'[accounts."{name}"] ' + ", ".join(f'{k} = "…"' for k in lacks)
            en = f"{', '.join(lacks)} of receiving account {name}"
            shown = ("由企业按开户资料填写", "the business is to state it as in the papers of the account")
            found.append(_wanting(f"收款账户 {name} 的{zh}", en, todo, shown))
    if not sides.payer:
        shown = (
            "由企业按平台协议或汇款电文填写",
            "the business is to state it as in the platform's contract or the wire",
        )
        found.append(_wanting("付款人名称", "the payer's name", f'{account} payer = "…"', shown))
    if not sides.payer_country:
        zh, en = "付款人常驻国家（地区）", "the payer's country"
        shown = ("由企业按平台签约主体填写", "the business is to state where the platform's contracting company is")
        found.append(_wanting(zh, en, f'{account} payer_country = "…"', shown))
    if not told.transaction_code:
        found.append(_transaction_code(inside, account))
    return found


def _transaction_code(inside: Contents, account: str) -> Wanting:
    """The code is for the payee to declare: what the list of codes offers is named for asking the bank, not taken."""
    sales = inside.of("sale")
    modes = {m for t in sales if t.mode for m in t.mode.split(", ")} or ({""} if _declared(sales) else set())
    offered = candidates(modes, undeclared=any(not t.declaration for t in inside.sent))
    zh = "；".join(f"{c.code} {c.words[0]}" for c in offered)
    en = "; ".join(f"{c.code} {c.words[1]}" for c in offered)
    todo = f'book.toml: {account} transaction_code = "…"'
    asked = (f"，候选（请向银行确认）：{zh}", f" (to ask the bank about: {en})") if offered else ("", "")
    return Wanting(
        what=("涉外收支交易编码", "the transaction (BOP) code"),
        todo=(f"{todo}{asked[0]}", f"{todo}{asked[1]}"),
        shown=(
            f"由企业申报，请银行确认{'：' + zh if zh else ''}",
            f"for the business to declare and the bank to check{': ' + en if en else ''}",
        ),
    )


def _declared(sales: list[Transaction]) -> bool:
    return any(t.declaration for t in sales)


def _of_orders(inside: Contents) -> list[Wanting]:
    owed = inside.of("sale", "dispute_release")  # money that was taken for goods
    sales = inside.of("sale")
    lists = (
        (sales, "ordered_on", "下单日期", "the day of the order", "添加订单导出", "add the platform's order list"),
        (sales, "goods", "商品名称", "what was sold", "添加含商品的订单导出", "add an order list with goods"),
        (
            sales,
            "quantity",
            "商品数量",
            "how many were sold",
            "添加含数量的订单导出",
            "add an order list with quantities",
        ),
        (
            inside.sent,
            "hs",
            "商品编码",
            "the HS code",
            "添加报关数据，或 [customs.goods]",
            "add declarations, or [customs.goods]",
        ),
        (
            sales,
            "country",
            "买方国家",
            "the buyer's country",
            "添加含目的国的订单导出",
            "add an order list with countries",
        ),
        (
            inside.sent,
            "declaration",
            "报关单号",
            "the customs entry",
            "添加出口申报数据",
            "add the export declarations",
        ),
    )
    found = []
    for rows, name, zh, en, todo_zh, todo_en in lists:
        lacking = sum(getattr(t, name) is None for t in rows)
        if lacking:
            found.append(Wanting((zh, en), (todo_zh, todo_en), _SHOWN[name], lacking))
    untold = sum(not t.takes_back for t in inside.of("refund", "dispute_hold", "dispute_release"))
    if untold:
        todo = ("添加原销售所在月份的平台报表", "add the platform's reports of the months in which they were sold")
        found.append(Wanting(("退款对应的原销售", "the sale that a refund takes back"), todo, _SHOWN["sold"], untold))
    modes = sum(t.declaration is not None and t.mode is None for t in sales)
    if modes:
        said = '[accounts] customs_mode = "…"'
        todo = (f"补充含监管方式的申报数据，或 {said}", f"add declarations with it, or {said}")
        found.append(Wanting(("海关监管方式", "the customs mode"), todo, _SHOWN["declaration"], modes))
    parcels = sum(t.tracking is None and t.no_parcel is None for t in owed)
    if parcels:
        todo = ("添加承运商或平台的发货清单", "add the shipments that the carrier or the platform lists")
        found.append(Wanting(("运单号", "the tracking number"), todo, _SHOWN["parcel"], parcels))
    carriers = sum(t.tracking is not None and t.carrier is None for t in owed)
    if carriers:
        todo = ("添加含承运商的发货清单", "add a list of shipments with their carriers")
        found.append(Wanting(("承运商", "the carrier"), todo, _SHOWN["parcel"], carriers))
    return found


def _wanting(zh: str, en: str, todo: str, shown: Words) -> Wanting:
    return Wanting((zh, en), (f"book.toml: {todo}", f"book.toml: {todo}"), shown)
