"""The demo's wallet, as Chinese sellers have one to collect in: what TikTok Shop pays, changed to yuan, and drawn.

The wallet is made up, and so is its layout: a collection service's list of movements, two balances in one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from crossbook.demo import writing as w
from crossbook.demo.banks import rate_on
from crossbook.demo.business import END, BankEntry, arrival
from crossbook.demo.tiktok import Payment

ACCOUNT = "haihui"
FEE = 40  # ten-thousandths of what is drawn

MAPPINGS = {
    "haihui-wallet": """\
kind = "wallet"
account = "haihui"
date_order = "ymd"
zone = "Asia/Shanghai"

[columns]
posted_at = "交易时间"
type = "交易类型"
currency = "币种"
credit = "收入金额"
debit = "支出金额"
balance = "账户余额"
reference = "交易流水号"
related = "关联流水号"
counterparty = "对方名称"
description = "备注"

[types]
"店铺入账" = "deposit"
"换汇" = "conversion"
"提现" = "withdrawal"
"提现手续费" = "fee"
""",
}


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One line of the wallet's list; amounts in minor units."""

    at: str
    number: str
    related: str
    kind: str
    currency: str
    amount: int
    party: str
    note: str


def write(
    folder: Path, rng: np.random.Generator, payments: list[Payment], rates: dict[date, Decimal]
) -> list[BankEntry]:
    """Write the wallet's lists, one for each half-year; returns what is drawn to the bank, in yuan."""
    moved: list[Movement] = []
    drawn: list[BankEntry] = []
    waiting = 0
    for k, payment in enumerate(payments):
        day = arrival(rng, payment.paid_on, ("CN",), 0, 1)
        if day >= END:
            continue
        waiting += payment.amount
        moved.append(
            Movement(
                at=f"{day} 09:{k % 60:02d}:11",
                number=f"HH{day:%Y%m%d}{k:05d}1",
                related="",
                kind="店铺入账",
                currency="USD",
                amount=payment.amount,
                party="TikTok Inc.",
                note=f"TikTok Shop {payment.payment}",
            )
        )
        if k % 2 == 0 and k != len(payments) - 1:
            continue
        later = arrival(rng, day, ("CN",), 1, 2)
        if later >= END - timedelta(days=5):
            continue
        change = rate_on(rates, later) - Decimal("0.0150")
        yuan = int((Decimal(waiting) * change).quantize(Decimal(1), ROUND_HALF_UP))
        sides = (f"HH{later:%Y%m%d}{k:05d}2", f"HH{later:%Y%m%d}{k:05d}3")
        for number, other, currency, amount in ((*sides, "USD", -waiting), (*sides[::-1], "CNY", yuan)):
            moved.append(
                Movement(
                    at=f"{later} 10:{k % 60:02d}:30",
                    number=number,
                    related=other,
                    kind="换汇",
                    currency=currency,
                    amount=amount,
                    party="",
                    note=f"汇率 {change}",
                )
            )
        waiting = 0
        fee = (yuan * FEE + 5_000) // 10_000
        number = f"HH{later:%Y%m%d}{k:05d}4"
        for kind, amount, own, other in (
            ("提现手续费", -fee, f"HH{later:%Y%m%d}{k:05d}5", number),
            ("提现", fee - yuan, number, ""),
        ):
            moved.append(
                Movement(
                    at=f"{later} 15:{k % 60:02d}:02",
                    number=own,
                    related=other,
                    kind=kind,
                    currency="CNY",
                    amount=amount,
                    party="工商银行 尾号0086" if kind == "提现" else "",
                    note="",
                )
            )
        drawn.append(
            BankEntry(
                day=arrival(rng, later, ("CN",), 0, 1),
                amount=yuan - fee,
                text=f"海汇提现 {number}" if k % 3 else "海汇提现",
                party="海汇支付有限公司客户备付金",
                reference=f"HQP{later:%Y%m%d}{k:04d}",
            )
        )
    _write(folder, moved)
    return drawn


def _write(folder: Path, moved: list[Movement]) -> None:
    balances = {"USD": 0, "CNY": 0}
    halves: dict[str, list[tuple[Movement, int]]] = {}
    for m in moved:
        balances[m.currency] += m.amount
        halves.setdefault(f"{m.at[:4]}H{1 if m.at[5:7] < '07' else 2}", []).append((m, balances[m.currency]))
    for name, rows in halves.items():
        amounts = np.array([m.amount for m, _ in rows], np.int64)
        text = w.amounts(np.abs(amounts))
        columns = {
            "交易时间": pa.array([m.at for m, _ in rows]),
            "交易流水号": pa.array([m.number for m, _ in rows]),
            "关联流水号": pa.array([m.related for m, _ in rows]),
            "交易类型": pa.array([m.kind for m, _ in rows]),
            "币种": pa.array([m.currency for m, _ in rows]),
            "收入金额": pa.compute.if_else(pa.array(amounts > 0), text, ""),
            "支出金额": pa.compute.if_else(pa.array(amounts < 0), text, ""),
            "账户余额": w.amounts(np.array([b for _, b in rows], np.int64)),
            "对方名称": pa.array([m.party for m, _ in rows]),
            "备注": pa.array([m.note for m, _ in rows]),
        }
        (folder / f"海汇资金明细-{name}.csv").write_bytes(w.delimited(columns).decode().encode("gb18030"))
