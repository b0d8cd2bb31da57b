"""The cover of a pack in both languages: who paid whom, under which codes, how much and when, and what was found.

Which lines it has follows what a payee tells the bank for a receipt from abroad (涉外收入申报单: payee and code,
account, currency and sum, rate, bank charges, payer and country, transaction code and remark; docs/pack.md says what
was read).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crossbook import money
from crossbook.filing.pack.declared import code_words, mode_words
from crossbook.filing.pack.listing import MISSING, Words
from crossbook.filing.pack.parties import Arrival, Parties
from crossbook.filing.pack.settings import Selling
from crossbook.filing.pack.transactions import Contents
from crossbook.filing.pack.words import VERDICTS, both, country_words, odds_words
from crossbook.i18n import in_chinese
from crossbook.settle.bank.matching import implied_rate
from crossbook.settle.desk import Payout

FINDINGS: dict[str, Words] = {
    "closed": ("交易明细合计与实付金额一致，精确到分。", "The lines add up to the amount paid, to the minor unit."),
    "not_closed": (
        "交易明细合计与实付金额不一致，差额见上。",
        "The lines do not add up to the amount paid; see the difference.",
    ),
    "implied": (
        "报告未载明实付金额，金额为明细合计。",
        "The report states no amount paid; the amount is the sum of its lines.",
    ),
    "unproved": (
        "报告未载明余额，无法核对结转。",
        "The reports state no balances, so what was carried cannot be proved.",
    ),
    "unique": (
        "仅有总额；按结算规则还原，在所述范围内没有其他组合。",
        "Known by its total; restored by the account's rule, and no other set of orders explains it within the bounds.",
    ),
    "likely": (
        "仅有总额；列出最可能的组合，不确定的交易标有概率。",
        "Known by its total; the most likely orders are listed, those in doubt with their odds.",
    ),
    "ambiguous": (
        "仅有总额；存在多种可能组合，此表仅供参考，不确定的交易标有概率。",
        "Known by its total; several sets of orders explain it. Orders in doubt have their odds beside them.",
    ),
    "accepted": (
        "仅有总额；在可能的组合中，由下述人员确认所列组合。",
        "Known by its total; a person chose the listed set among those that explain it.",
    ),
    "unexplained": ("仅有总额；未能还原。", "Known by its total; no set of orders explains it."),
    "no_rule": ("仅有总额；尚未设定结算规则。", "Known by its total; the account's settlement rule is not set."),
}

SHOWN = 8  # conversions on the cover, the rest is counted


@dataclass(frozen=True)
class Fact:
    """A line of the cover. `value` is None where it is not known."""

    zh: str
    en: str
    value: str | None


@dataclass(frozen=True)
class Section:
    """Lines of the cover under one title."""

    title: Words
    facts: tuple[Fact, ...]


def sections(
    payout: Payout, inside: Contents, told: Selling, sides: Parties, came: Arrival | None
) -> tuple[Section, ...]:
    """Everything that the cover says of a payout before its sums."""
    return (
        Section(("收付款双方", "Parties"), tuple(_parties(payout, sides, came))),
        Section(("申报信息", "Declaration"), tuple(_declaration(inside, told))),
        Section(("金额与日期", "Sums and dates"), tuple(_sums(payout, inside, came))),
        Section(("交易", "Transactions"), tuple(_transactions(payout, inside))),
    )


def finding(payout: Payout) -> Words:
    """What was found of a payout, in a sentence or two."""
    zh, en = FINDINGS[payout.status]
    if payout.status == "accepted" and payout.accepted:
        a = payout.accepted
        told_zh, told_en = odds_words(a.probability)
        zh += f"确认人 {a.who}，{a.at[:10]}：{a.why}（当时概率 {told_zh}）。"
        en += f" Accepted by {a.who} on {a.at[:10]}: {a.why} (its odds were {told_en})."
    elif payout.restoration and payout.restoration.rivals:
        told_zh, told_en = odds_words(payout.restoration.rivals[0].probability)
        zh, en = f"{zh}该组合概率 {told_zh}。", f"{en} Odds of this set: {told_en}."
    return zh, en


def _parties(payout: Payout, sides: Parties, came: Arrival | None) -> list[Fact]:
    told_by = " （按银行流水 as the bank's statement names it）" if sides.payer_told_by == "bank" else ""
    facts = [
        Fact("收款人", "Beneficiary", sides.beneficiary or None),
        Fact("统一社会信用代码", "Unified social credit code", sides.uscc or None),
    ]
    for name, bank in sides.accounts:
        facts += [
            Fact("收款账户户名", "Account holder", bank.holder or None),
            Fact("开户行", "Bank", bank.bank or None),
            Fact("收款账号", "Account number", bank.number or f"{name}（流水所载名称 as the statement names it）"),
        ]
    if came is None:
        facts.append(Fact("收款账户", "Receiving account", None))
    facts += [
        Fact("付款人", "Payer", f"{sides.payer}{told_by}" if sides.payer else None),
        Fact("付款人国家（地区）", "Payer's country", country_words(sides.payer_country)),
    ]
    facts += [Fact("付款银行", "Payer's bank", sides.payer_bank)] if sides.payer_bank else []
    facts += [Fact("付款账号", "Payer's account", sides.payer_number)] if sides.payer_number else []
    return [*facts, Fact("平台账户", "Selling account", payout.account)]


def _declaration(inside: Contents, told: Selling) -> list[Fact]:
    code = code_words(told.transaction_code) if told.transaction_code else None
    facts = [Fact("交易编码", "Transaction (BOP) code", code)]
    if told.transaction_remark:
        facts.append(Fact("交易附言", "Remark", told.transaction_remark))
    sales = inside.of("sale")
    if sales:
        facts.append(Fact("海关监管方式", "Customs mode", _modes(inside)))
    return facts


def _modes(inside: Contents) -> str | None:
    """Customs' modes of the sales with how many orders each; None where no order has one."""
    sales = inside.of("sale")
    counts = Counter(m for t in sales if t.mode for m in t.mode.split(", "))
    if not counts:
        return None
    said = [f"{mode_words(m)}：{n:,} 笔 orders" for m, n in sorted(counts.items())]
    lacking = sum(t.mode is None for t in inside.sent)
    return "；".join(said + ([f"{lacking:,} 笔 orders {MISSING}"] if lacking else []))


def _conversions(payout: Payout, inside: Contents) -> list[Fact]:
    """What the money was before it was converted, at which rate and when, conversion by conversion."""
    facts = []
    for c in inside.conversions[:SHOWN]:
        before, after = money.show(c.began, c.currency), money.show(c.became, payout.currency)
        rate = f"1 {c.currency} = {implied_rate(c.gave, c.currency, c.got, payout.currency):.6f} {payout.currency}"
        facts.append(Fact("兑换前原币金额", "Before conversion", f"{before} → {after}；{rate}；{c.day}"))
    if rest := inside.conversions[SHOWN:]:
        after = money.show(sum(c.became for c in rest), payout.currency)
        facts.append(
            Fact("其余兑换", "Further conversions", f"{len(rest):,} 笔，共 {after}，见订单表 see the list of orders")
        )
    for w in inside.further:
        before, after = money.show(w.began, w.currency), money.show(w.became, payout.currency)
        rate = f"1 {w.currency} = {implied_rate(w.began, w.currency, w.became, payout.currency):.6f} {payout.currency}"
        shown = f"{before} → {after}；{rate}（两金额间 between the two sums）"
        facts.append(Fact("多次兑换前原币金额", "Before conversions", shown))
    return facts


def _sums(payout: Payout, inside: Contents, came: Arrival | None) -> list[Fact]:
    facts = [
        Fact("结算单号", "Payout", payout.payout_id),
        Fact("平台付款金额", "Amount paid out", money.show(payout.amount, payout.currency)),
        Fact("付款日期", "Paid on", str(payout.paid_on) if payout.paid_on else None),
        *_conversions(payout, inside),
    ]
    if came is None:
        return [*facts, Fact("银行入账", "Bank credit", None)]
    if len(came.payouts) > 1:
        facts.append(
            Fact("合并入账的结算单", "Payouts in the credit", f"{', '.join(came.payouts)}: {_cash(came.paid)}")
        )
    facts.append(Fact("入账金额", "Amount credited", _cash(came.credited)))
    facts.append(Fact("入账日期", "Booked on", ", ".join(dict.fromkeys(str(c.booked_on) for c in came.credits))))
    if came.rate is not None:
        (sent,), (other,) = came.paid, came.credited
        table = f"；汇率表 rate table {came.table_rate:.6f}" if came.table_rate is not None else ""
        facts.append(Fact("两金额间汇率", "Rate between the sums", f"1 {sent} = {came.rate:.6f} {other}{table}"))
    elif set(came.paid) != set(came.credited):
        facts.append(Fact("两金额间汇率", "Rate between the sums", None))
    fees = [f"{money.show(c.fee, c.currency)}" for c in came.credits if c.fee]
    if fees:
        facts.append(Fact("银行扣费", "Bank charges", ", ".join(fees)))
    if came.against or came.short != 0:
        unknown = "未知（无汇率表可核对） unknown: no rate table to hold it against" if came.rate is not None else None
        short = unknown if came.short is None else money.show(came.short, payout.currency)
        facts.append(Fact("银行入账差额", "Missing at the bank", short))
    return facts


def _cash(sums: dict[str, int]) -> str:
    return " + ".join(money.show(amount, currency) for currency, amount in sorted(sums.items()))


def _transactions(payout: Payout, inside: Contents) -> list[Fact]:
    days = sorted(t.ordered_on for t in inside.transactions if t.ordered_on)
    span = f"{days[0]} – {days[-1]}" if days else None
    return [
        Fact("交易笔数", "Transactions", f"{len(inside.transactions):,}"),
        Fact("下单日期", "Ordered", span),
        Fact("真实性核验", "Trades verified", _verified(inside)),
        Fact("来源文件", "Source", f"{payout.file}, 行 line {payout.line}"),
    ]


def _verified(inside: Contents) -> str:
    """How many of the trades have papers that agree, and how many have not, by verdict."""
    counts = Counter({t.order_id: t.verdict for t in inside.transactions}.values())
    rest = [f"{both(VERDICTS[v])} {counts[v]:,}" for v in ("suspicious", "contradicted", "incomplete") if counts[v]]
    return f"{counts['verified']:,} / {sum(counts.values()):,}" + (f"（{'，'.join(rest)}）" if rest else "")


def credits_said(came: Arrival | None) -> list[str]:
    """The bank's entries, and what speaks against them in both languages."""
    if came is None:
        return []
    told = [
        f"{c.booked_on} · {c.account} · {money.show(c.amount, c.currency)} · {c.text} · {c.file}:{c.line}"
        for c in came.credits
    ]
    return told + [f"{in_chinese(text)} · {text}" for text in came.against]
