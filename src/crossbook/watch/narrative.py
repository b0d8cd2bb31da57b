"""The story of a case in plain sentences, in English and Chinese, each resting on lines that are cited.

It is a draft from the facts; a person edits it, and what they wrote is kept as a decision (`deciding/narrative.py`) and
takes its place.
"""

from __future__ import annotations

from typing import Any

from crossbook import money
from crossbook.watch.casefile import CaseFile
from crossbook.watch.rules import rule

LANGUAGES = ("en", "zh")
MOST = 30  # transfers that are told one by one
_WORDS = {
    "en": {
        "who": "This report is on {who}, {first} to {last}: {transfers}, {alerts}.",
        "sum": "The largest sum of one alert is {amount}.",
        "sum_unknown": "What it comes to is not known: a rate is missing.",
        "unmeasured": "No rate makes {currency} of the amounts of {transfers}.",
        "rule": "It was called by: {title} ({figures}; {alerts}, {first} to {last}{sure}). {why}",
        "began": "The money began with {payer} on {day}: {amount} to {payee} ({cite}).",
        "passed": "On {day} {payer} paid {amount} to {payee}, of which {taken} came of what it had received ({cite}).",
        "paid": "On {day} {payer} paid {amount} to {payee} ({cite}).",
        "more": "In the table of the report: {transfers} more.",
        "orders": "It rests on {orders}, {sums} in all, for which the book has no payment.",
        "orders_too": "It rests on {orders}, too, {sums} in all.",
        "order": "Order {number} of {day}: {amount} ({cite}).",
        "more_orders": "{more} in the case.",
        "amount_unknown": "an amount that is not told",
        "noted": "Noted by {who} on {day}: {text}",
        "decided": "Decided by {who} on {day}: {outcome}. {why}",
        "unknown": "Not known to the book: who gave the orders, what they were for, and what the customers say.",
        "dismissed": "dismissed",
        "escalated": "escalated",
        "to_report": "to be reported",
        "reported": "reported",
    },
    "zh": {
        "who": "本报告涉及 {who}，期间 {first} 至 {last}：{transfers}，{alerts}。",
        "sum": "单条预警的最大金额为 {amount}。",
        "sum_unknown": "金额未知：缺少汇率。",
        "unmeasured": "其中 {transfers} 的金额因缺少汇率无法折算为 {currency}。",
        "rule": "触发规则：{title}（{figures}；{alerts}，{first} 至 {last}{sure}）。{why}",
        "began": "资金始于 {day} {payer} 向 {payee} 支付 {amount}（{cite}）。",
        "passed": "{day} {payer} 向 {payee} 支付 {amount}，其中 {taken} 来自此前的收款（{cite}）。",
        "paid": "{day} {payer} 向 {payee} 支付 {amount}（{cite}）。",
        "more": "另有 {transfers} 见报告附表。",
        "orders": "本案依据 {orders}，合计 {sums}，账簿中没有其付款记录。",
        "orders_too": "本案另依据 {orders}，合计 {sums}。",
        "order": "{day} 订单 {number}：{amount}（{cite}）。",
        "more_orders": "案件中另有 {more}。",
        "amount_unknown": "金额未载明",
        "noted": "{who} 于 {day} 备注：{text}",
        "decided": "{who} 于 {day} 决定：{outcome}。{why}",
        "unknown": "账簿未载明：由谁下达指令、交易用途，以及客户的说明。",
        "dismissed": "排除",
        "escalated": "上报主管",
        "to_report": "应予报告",
        "reported": "已报告",
    },
}


_COUNTED = {"transfers": "笔交易", "alerts": "条预警", "orders": "笔订单", "more orders": "笔订单"}


def _counted(n: int, what: str, language: str) -> str:
    """A number with what it counts, in Chinese or in English, of which one has no plural."""
    if language == "zh":
        return f"{n} {_COUNTED[what]}"
    return f"{n} {what.removesuffix('s') if n == 1 else what}"


def narrative(told: CaseFile, language: str) -> str:
    """The text that stands: what a person wrote in this language, else the draft."""
    edited = told.case.told.narratives.get(language)
    return str(edited.body["text"]) if edited else draft(told, language)


def draft(told: CaseFile, language: str) -> str:
    """The story from the facts alone, a sentence a line."""
    words, case = _WORDS[language], told.case
    named = f"{case.name} ({case.subject})" if case.name and case.name != case.subject else case.subject
    lines = [
        words["who"].format(
            who=named,
            first=case.first_on,
            last=case.last_on,
            transfers=_counted(len(told.transfers), "transfers", language),
            alerts=_counted(len(told.alerts), "alerts", language),
        )
    ]
    if case.amount is None or not case.currency:
        lines += [words["sum_unknown"]] if told.transfers else []
    else:
        lines.append(words["sum"].format(amount=money.show(case.amount, case.currency)))
    missing = sum(t["unit"] is None and t["paid_currency"] != case.currency for t in told.transfers)
    if missing:
        counted = _counted(missing, "transfers", language)
        lines.append(words["unmeasured"].format(transfers=counted, currency=case.currency))
    lines += [_called(told, part.part.about, language) for part in told.reasons if part.part.part == "rule"]
    lines += [*_paid(told, language), *_ordered(told, language)]
    for entry in case.told.remarks:
        lines.append(words["noted"].format(who=entry.who, day=entry.at[:10], text=entry.body["text"]))
    for entry in case.told.outcomes:
        outcome = words[entry.body["outcome"]]
        why = entry.body.get("why", "")
        lines.append(words["decided"].format(who=entry.who, day=entry.at[:10], outcome=outcome, why=why).strip())
    return "\n".join([*lines, words["unknown"]])


def _called(told: CaseFile, name: str, language: str) -> str:
    from crossbook.i18n import in_chinese

    words, called = _WORDS[language], rule(name)
    unsure = f"；{in_chinese(called.unsure)}" if language == "zh" else f"; {called.unsure}"
    mine = [a for a in told.alerts if a["rule"] == name]
    figures = next(r.figures for r in told.reasons if r.part.part == "rule" and r.part.about == name)
    return words["rule"].format(
        title=in_chinese(called.title) if language == "zh" else called.title,
        figures=figures or "—",
        alerts=_counted(len(mine), "alerts", language),
        first=min(a["first_on"] for a in mine),
        last=max(a["last_on"] for a in mine),
        sure="" if all(a["certain"] for a in mine) else unsure,
        why=in_chinese(called.why) if language == "zh" else called.why,
    )


def _paid(told: CaseFile, language: str) -> list[str]:
    words = _WORDS[language]
    taken: dict[int, int] = {}
    for link in told.links:
        taken[link["payment"]] = taken.get(link["payment"], 0) + link["amount"]
    lots = {link["lot"] for link in told.links}
    tied = [t for t in told.transfers if t["id"] in taken or t["id"] in lots] or told.transfers
    lines = []
    for row in tied[:MOST]:
        kind = "passed" if row["id"] in taken else "began" if row["id"] in lots else "paid"
        lines.append(
            words[kind].format(
                day=row["day"],
                payer=end(row, "payer"),
                payee=end(row, "payee"),
                amount=money.show(row["paid"], row["paid_currency"]),
                taken=money.show(taken[row["id"]], row["followed_in"]) if row["id"] in taken else "",
                cite=f"{row['file']}:{row['line']}",
            )
        )
    left = len(told.transfers) - len(lines)
    return [*lines, *([words["more"].format(transfers=_counted(left, "transfers", language))] if left else [])]


def _ordered(told: CaseFile, language: str) -> list[str]:
    """The orders that the case rests on, their sums by currency first."""
    words, trades = _WORDS[language], told.trades
    if not trades:
        return []
    sums: dict[str, int] = {}
    for row in trades:
        if row["total"] is not None and row["currency"]:
            sums[row["currency"]] = sums.get(row["currency"], 0) + row["total"]
    shown = " + ".join(money.show(minor, currency) for currency, minor in sorted(sums.items()))
    said = words["orders_too" if told.transfers else "orders"]
    lines = [said.format(orders=_counted(len(trades), "orders", language), sums=shown or words["amount_unknown"])]
    for row in trades[:MOST]:
        known = row["total"] is not None and row["currency"]
        amount = money.show(row["total"], row["currency"]) if known else words["amount_unknown"]
        cite = f"{row['file']}:{row['line']}"
        lines.append(words["order"].format(number=row["number"], day=row["placed_on"], amount=amount, cite=cite))
    left = len(trades) - MOST
    return [*lines, *([words["more_orders"].format(more=_counted(left, "more orders", language))] if left > 0 else [])]


def end(row: dict[str, Any], side: str) -> str:
    """Who stands on one side of a transfer: name and account, as far as they are told; the counter where neither is."""
    account, name = row[f"{side}_account"], row[side]
    if account and account.startswith("name:"):
        return str(name or account)
    return f"{name} ({account})" if name and account else str(name or account or row[f"{side}_institution"] or "—")
