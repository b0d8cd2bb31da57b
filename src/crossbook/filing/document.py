"""The pack's PDF, in Chinese and English: a cover with the closure sum and a signature block, then the transactions."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.filing.tables import TYPES, VERDICTS
from crossbook.filing.transactions import Contents, Transaction
from crossbook.i18n import in_chinese
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.restoration.explanation import SURE
from crossbook.version import __version__

MOST_ROWS = 20_000  # of transactions in print; the tables beside it hold them all
_ITEMS = {
    "carried from before": "上期结余",
    "left in the balance": "留存余额",
    "not explained": "未解释差额",
}
_FINDINGS = {
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


def as_pdf(path: Path, desk: Desk, payout: Payout, contents: Contents, made: datetime) -> None:
    """Write the PDF. Raises CrossbookError when it cannot be set."""
    import typst

    data = _data(desk, payout, contents, made)
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        template = files("crossbook") / "data" / "pack.typ"
        source = Path(folder) / "pack.typ"
        source.write_bytes(template.read_bytes())
        (Path(folder) / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            typst.compile(str(source), output=str(path), timestamp=int(made.timestamp()))
        except typst.TypstError as error:
            raise CrossbookError(f"the PDF cannot be set: {error}", where=payout.id) from None


def _data(desk: Desk, payout: Payout, contents: Contents, made: datetime) -> dict[str, Any]:
    currency = payout.currency
    total = sum(t.net for t in contents.transactions) + sum(
        i.amount for i in contents.items if i.what != "not explained"
    )
    zh, en = _FINDINGS[payout.status]
    if payout.status == "accepted" and payout.accepted:
        a = payout.accepted
        zh += f"确认人 {a.who}，{a.at[:10]}：{a.why}（当时概率 {a.probability:.2%}）。"
        en += f" Accepted by {a.who} on {a.at[:10]}: {a.why} (its odds were {a.probability:.2%})."
    elif payout.restoration and payout.restoration.rivals:
        odds = payout.restoration.rivals[0].probability
        zh, en = f"{zh}该组合概率 {odds:.2%}。", f"{en} Odds of this set {odds:.2%}."
    shown = contents.transactions[:MOST_ROWS]
    cut = len(contents.transactions) - len(shown)
    return {
        "title": f"{payout.id} {money.show(payout.amount, currency)}",
        "business": business_name(desk),
        "payout": payout.id,
        "account": payout.account,
        "facts": facts(desk, payout, contents),
        "closure": _closure(payout, contents),
        "sum": money.show(total, currency),
        "amount": money.show(payout.amount, currency),
        "difference": money.show(payout.amount - total, currency),
        "closes": payout.amount == total,
        "finding_zh": zh,
        "finding_en": en,
        "bank": _bank(desk, payout),
        "made": f"crossbook {__version__} · {made:%Y-%m-%d %H:%M} UTC · 依据 evidence {payout.evidence}:{payout.line}",
        "note": f"币种 currency {currency}" + (f" · 另有 {cut} 笔见表格 and {cut} more in the tables" if cut else ""),
        "rows": [_row(i, t, currency) for i, t in enumerate(shown, start=1)],
        "items": [
            {
                "what": f"{_ITEMS[i.what]} {i.what}" if i.what in _ITEMS else i.what,
                "amount": money.show(i.amount, currency),
                "evidence": f"{i.file}:{i.line}" if i.file else "",
            }
            for i in contents.items
        ],
    }


def business_name(desk: Desk) -> str:
    """The business as book.toml names it."""
    return str(desk.book.config.get("business", {}).get("name") or "(no name in book.toml)")


def facts(desk: Desk, payout: Payout, contents: Contents) -> list[dict[str, str]]:
    """The cover's facts in both languages."""
    rows = [
        ("收款人", "Beneficiary", business_name(desk)),
        ("平台账户", "Account", payout.account),
        ("结算单号", "Payout", payout.payout_id),
        ("付款日期", "Paid on", str(payout.paid_on)),
        ("金额", "Amount", money.show(payout.amount, payout.currency)),
        *([("银行入账差额", "Missing at the bank", _missing(payout))] if payout.match and payout.match.against else []),
        ("交易笔数", "Transactions", f"{len(contents.transactions):,}"),
        ("真实性核验", "Trades verified", _verified(contents)),
        ("来源文件", "Source", f"{payout.file}, 行 line {payout.line}"),
    ]
    return [{"zh": zh, "en": en, "value": value} for zh, en, value in rows]


def _missing(payout: Payout) -> str:
    short = payout.match.short if payout.match else None
    return "未知 unknown" if short is None else money.show(short, payout.currency)


def _bank(desk: Desk, payout: Payout) -> list[str]:
    """The credits of a payout, and what speaks against them in both languages."""
    if payout.match is None:
        return []
    told = [_credit(desk.side.credits[c]) for c in payout.match.credits]
    return told + [f"{in_chinese(text)} · {text}" for text in payout.match.against]


def _verified(contents: Contents) -> str:
    """How many of the trades have papers that agree, and how many have not, by verdict."""
    counts = Counter({t.order_id: t.verdict for t in contents.transactions}.values())
    rest = [f"{VERDICTS[v]} {counts[v]:,}" for v in ("suspicious", "contradicted", "incomplete") if counts[v]]
    return f"{counts['verified']:,} / {sum(counts.values()):,}" + (f"（{'，'.join(rest)}）" if rest else "")


def _closure(payout: Payout, contents: Contents) -> list[dict[str, str]]:
    sums: dict[str, list[int]] = {}
    for t in contents.transactions:
        sums.setdefault(t.type, []).append(t.amount)
    fees = sum(t.fees for t in contents.transactions)
    words = {
        "sale": ("销售", "sales"),
        "refund": ("退款", "refunds"),
        "dispute_hold": ("纠纷冻结", "held in disputes"),
        "dispute_release": ("纠纷解冻", "released from disputes"),
    }
    rows = []
    for kind, (zh, en) in words.items():
        if kind in sums:
            rows.append((f"{zh}（{len(sums[kind])} 笔）", f"{en} ({len(sums[kind])})", sum(sums[kind])))
    if fees:
        rows.append(("平台费用", "platform fees", fees))
    for item in contents.items:
        if item.what != "not explained":
            rows.append((_ITEMS.get(item.what, "其他"), item.what, item.amount))
    return [{"zh": zh, "en": en, "amount": money.show(amount, payout.currency)} for zh, en, amount in rows]


def _credit(credit: dict[str, Any]) -> str:
    text = " ".join(str(credit[n]) for n in ("counterparty", "description", "reference") if credit[n])
    return f"{credit['booked_on']} · {credit['account']} · {money.show(credit['amount'], credit['currency'])} · {text}"


def _row(number: int, t: Transaction, currency: str) -> dict[str, str | None]:
    return {
        "no": str(number),
        "order": t.order_id,
        "type": "" if t.type == "sale" else TYPES.get(t.type, t.type),
        "date": str(t.day) if t.day else None,
        "goods": t.goods,
        "quantity": None if t.quantity is None else str(t.quantity),
        "amount": _plain(t.amount, currency),
        "fees": _plain(t.fees, currency),
        "net": _plain(t.net, currency),
        "country": t.country,
        "tracking": t.tracking,
        "customs": t.declaration,
        "evidence": f"{t.file}:{t.line}",
        "odds": f"概率 odds {t.probability:.1%}" if t.probability is not None and t.probability < SURE else "",
    }


def _plain(minor: int, currency: str) -> str:
    return money.show(minor, currency).removesuffix(f" {currency}")
