"""The lists of a pack: orders, refunds and disputes, fees by what they are for, other lines."""

from __future__ import annotations

from crossbook import money
from crossbook.filing.pack.declared import mode_words
from crossbook.filing.pack.listing import Cash, Cell, Column, Listing, Words
from crossbook.filing.pack.origins import Apart, Origin
from crossbook.filing.pack.transactions import Contents, Item, Transaction
from crossbook.filing.pack.words import TYPES, VERDICTS, both, country_words, kind_words, odds_words, type_in_chinese
from crossbook.settle.bank.matching import implied_rate
from crossbook.settle.desk import Payout
from crossbook.settle.restoration.explanation import SURE

_ITEMS: dict[str, Words] = {
    "carried from before": ("上期结余", "carried from before"),
    "left in the balance": ("留存余额", "left in the balance"),
    "by the settlement rule": ("按结算规则计算的平台费用", "platform fees by the settlement rule"),
}
# The fields of a transaction in electronic form that a bank asks for are order, time, goods, quantity, sum, currency,
# parcel and the two sides (docs/pack.md has what each rests on); the others let it be checked.
TRANSACTION = (
    Column("no", "序号", "no", "count", width="8mm", wide=6),
    Column("order", "订单号", "order", width="34mm", wide=24),
    Column("type", "类型", "type", under="order", wide=18),
    Column("ordered", "下单日期", "ordered", width="23mm", mark="下单", wide=12),
    Column("shipped", "发货日期", "shipped", under="ordered", mark="发货", wide=12),
    Column("settled", "结算日期", "settled", under="ordered", mark="结算", wide=12),
    Column("goods", "商品", "goods", width="1fr", wide=32),
    Column("hs", "商品编码", "HS code", under="goods", mark="HS", wide=14),
    Column("quantity", "数量", "quantity", "count", width="8mm", wide=8),
    Column("amount", "金额", "amount", "cash", width="20mm"),
    Column("fees", "费用", "fees", "cash", width="17mm"),
    Column("net", "净额", "net", "cash", width="20mm"),
    Column("currency", "币种", "currency", wide=8),
    Column("original amount", "原币金额", "original amount", under="order", mark="原币"),
    Column("original currency", "原币币种", "original currency", under="order", mark=":", wide=8),
    Column("rate", "汇率", "rate", under="order", mark="汇率", wide=10),
    Column("buyer country", "买方国家", "buyer country", width="15mm"),
    Column("tracking", "运单号", "tracking", width="31mm", wide=24),
    Column("carrier", "承运商", "carrier", under="tracking", wide=16),
    Column("customs entry", "报关单号", "customs entry", width="31mm", wide=22),
    Column("customs mode", "监管方式", "customs mode", under="customs entry", wide=28),
    Column("verification", "真实性核验", "verification", wide=22),
    Column("probability", "概率", "probability", under="order", mark="概率", wide=14),
    Column("evidence file", "依据文件", "evidence file", width="38mm", wide=28),
    Column("evidence line", "行号", "evidence line", "count", under="evidence file", mark=":", wide=8),
    Column("evidence sha256", "依据哈希", "evidence sha256", wide=66),
)
# Beside what was paid back or held stands what was sold: when it was settled, for how much, in which payout.
TAKEN_BACK = (
    *TRANSACTION,
    Column("sold", "原销售结算日", "sale settled", under="ordered", mark="原销售", wide=12),
    Column("sold amount", "原销售金额", "sale amount", under="amount", mark="原销售"),
    Column("sold currency", "原销售币种", "sale currency", wide=8),
    Column("sold in", "原销售所在结算单", "sale in payout", under="order", mark="原销售所在", wide=24),
    Column("sold evidence", "原销售依据", "sale evidence", under="evidence file", mark="原销售", wide=48),
)
ITEM = (
    Column("no", "序号", "no", "count", width="8mm", wide=6),
    Column("item", "项目", "item", width="1fr", wide=44),
    Column("report", "报告原文", "in the report's words", width="70mm", wide=60),
    Column("lines", "行数", "lines", "count", width="14mm", wide=8),
    Column("amount", "金额", "amount", "cash", width="30mm"),
    Column("currency", "币种", "currency", width="14mm", wide=8),
    Column("evidence", "依据", "evidence", width="70mm", wide=48),
)

ORIGIN = (
    Column("no", "序号", "no", "count", width="8mm", wide=6),
    Column("order", "订单号", "order", width="38mm", wide=24),
    Column("sales", "销售额", "sales", "cash", width="26mm"),
    Column("platform fees", "平台费用", "platform fees", "cash", width="26mm"),
    Column("refunds", "退款", "refunds", "cash", width="24mm"),
    Column("net", "平台净额", "net at the platform", "cash", width="28mm"),
    Column("difference", "差额", "difference", "cash", width="24mm"),
    Column("of the difference", "差额构成", "of the difference", width="1fr", wide=48),
    Column("used", "计入本笔", "in this payout", "cash", width="28mm"),
    Column("currency", "原币币种", "currency", width="16mm", wide=8),
    Column("evidence", "依据", "evidence", width="30mm", wide=48),
)
_APART = 4  # parts of a difference that are named, the rest as one sum


def lists(payout: Payout, inside: Contents) -> list[Listing]:
    """The lists of `payout`, in the order in which the cover numbers them."""
    currency = payout.currency
    back = inside.of("refund", "dispute_hold", "dispute_release")
    before = [_origins(inside)] if inside.origins else []
    return [
        Listing("orders", ("订单", "Orders"), TRANSACTION, transaction_rows(inside.of("sale"), currency)),
        Listing("refunds", ("退款与纠纷", "Refunds and disputes"), TAKEN_BACK, taken_back_rows(back, currency)),
        Listing(
            key="fees",
            title=("费用", "Fees"),
            columns=ITEM,
            rows=_items(inside.fees, currency, fee=True),
            note=("已含于前两表，按费用种类列示", "contained in the two lists before, here by what they are for"),
        ),
        Listing("other", ("其他项目", "Other lines"), ITEM, _items(inside.items, currency)),
        *before,
    ]


def _origins(inside: Contents) -> Listing:
    """The orders where their money began: what the platform kept and paid back is in no other list, for it never came
    as far as the conversion."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            number,
            o.order_id,
            *(Cash(x, o.currency) for x in (o.sales, o.fees, o.refunds, o.net, o.used - o.net)),
            _apart(o),
            Cash(o.used, o.currency),
            o.currency,
            f"{o.file}:{o.line}",
        )
        for number, o in enumerate(inside.origins, start=1)
    )
    zh = "平台扣费与退款发生在兑换或转入之前；差额为分摊的其他扣款，或其后的退款；“计入本笔”合计即订单表的原币金额"
    en = (
        "the platform's fees and refunds came before it was converted or sent on; the difference is a share of other"
        " deductions, or was paid back later; what is in this payout makes the original amounts of list 1"
    )
    return Listing("origins", ("兑换、转入前的订单金额", "Orders before conversion"), ORIGIN, rows, (zh, en))


def _apart(o: Origin) -> str:
    """What makes the difference between what an order came to and what the payout holds of it."""
    told = [(both(_why_apart(a)), a.amount) for a in o.apart[:_APART]]
    if rest := o.used - o.net - sum(amount for _, amount in told):
        told.append(("其他（含在别笔结算） other, with what is in other payouts", rest))
    return "；".join(f"{money.plain(amount, o.currency)} {words}" for words, amount in told)


def _why_apart(a: Apart) -> Words:
    if a.how == "left":
        return "留存余额", "left in the balance"
    zh, en = kind_words(a.kind or "other")
    at = f"，{a.file}:{a.line}" if a.file else ""
    if a.how == "of others":
        return f"本单{zh}由他单款项支付", f"its {en} was paid of other orders' money{at}"
    whose = f"（订单 {a.whose}）" if a.whose else ""
    return f"{zh}{whose}", f"taken by {en}{at}"


def transaction_rows(transactions: list[Transaction], currency: str) -> tuple[tuple[Cell, ...], ...]:
    """Transactions as rows of `TRANSACTION`."""
    return tuple(_row(i, t, currency) for i, t in enumerate(transactions, start=1))


def taken_back_rows(transactions: list[Transaction], currency: str) -> tuple[tuple[Cell, ...], ...]:
    """Transactions as rows of `TAKEN_BACK`; a sale takes nothing back."""
    rows = transaction_rows(transactions, currency)
    return tuple((*row, *_sold(t)) for row, t in zip(rows, transactions, strict=True))


def _sold(t: Transaction) -> tuple[Cell, ...]:
    """The sale that a transaction takes back; a sum is text, for it is no part of what was paid."""
    if t.type == "sale":
        return ("",) * 5
    if not t.takes_back:
        return (None,) * 5
    days = sorted(s.day for s in t.takes_back if s.day)
    payouts = ", ".join(dict.fromkeys(p for s in t.takes_back for p in s.payouts))
    return (
        str(days[0]) if days else None,
        " + ".join(money.plain(s.amount, s.currency) for s in t.takes_back),
        " + ".join(s.currency for s in t.takes_back),
        payouts or "尚未提现 not paid out yet",
        t.sold_at,
    )


def _row(number: int, t: Transaction, currency: str) -> tuple[Cell, ...]:
    unsent = t.type == "sale" and t.no_parcel is not None
    doubtful = t.probability is not None and t.probability < SURE
    return (
        number,
        t.order_id,
        both(TYPES[t.type]),
        str(t.ordered_on) if t.ordered_on else None,
        str(t.shipped_on) if t.shipped_on else _not_sent(t),
        str(t.settled_on) if t.settled_on else "" if t.probability is not None else None,
        t.goods,
        t.hs or ("" if unsent else None),
        t.quantity,
        Cash(t.amount, currency),
        Cash(t.fees, currency),
        Cash(t.net, currency),
        currency,
        *_before(t, currency),
        country_words(t.country),
        t.tracking or _not_needed(t),
        t.carrier or ("" if t.no_parcel else None),
        t.declaration or ("无需 not needed" if unsent else None),
        ", ".join(map(mode_words, t.mode.split(", "))) if t.mode else "" if unsent else None,
        both(VERDICTS[t.verdict]) if t.verdict in VERDICTS else None,
        "" if t.probability is None else both(odds_words(t.probability, 1 if doubtful else 2)),
        t.file,
        t.line,
        t.evidence,
    )


def _before(t: Transaction, currency: str) -> tuple[str, str, str]:
    """What the money was before it was converted or sent on, its currency, and the rate: that of the conversion itself
    where it came by one, else the rate between the two sums."""
    if t.began is None or t.began_currency is None or t.became is None:
        return "", "", ""
    known = t.began and t.began_currency != currency
    gave, got = (t.began, t.became) if t.gave is None or t.got is None else (t.gave, t.got)
    rate = f"{implied_rate(gave, t.began_currency, got, currency):.6f}" if known else ""
    return money.plain(t.began, t.began_currency), t.began_currency, rate


def _not_needed(t: Transaction) -> str | None:
    if t.no_parcel is None:
        return None
    return f"无需物流单号（{t.no_parcel[0]}） needs no tracking number ({t.no_parcel[1]})"


def _not_sent(t: Transaction) -> str | None:
    return "" if t.no_parcel else None


def _items(items: list[Item], currency: str, fee: bool = False) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            number,
            both(item_words(i, fee)),
            i.type if i.file else "",
            i.lines if i.lines is not None else "",
            Cash(i.amount, currency),
            currency,
            f"{i.file}:{i.line}" if i.file else "",
        )
        for number, i in enumerate(items, start=1)
    )


def item_words(item: Item, fee: bool = False) -> Words:
    """What an item is: its kind, and the report's own word in Chinese where it is known. A fee that a line of another
    kind states beside its amount is the fee on that line."""
    if item.type in _ITEMS and not item.file:
        return _ITEMS[item.type]
    zh, en = kind_words(item.kind)
    if fee and item.kind not in ("fee", "refund_fee"):
        zh, en = f"手续费（{zh}）", f"fee on {en}"
    own = type_in_chinese(item.type)
    return (f"{zh}：{own}" if own and own != zh else zh), en
