"""The demo's bank accounts: USD as camt.053 every month, CNY as the workbooks two Chinese banks give; rates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa

from crossbook.demo import writing as w
from crossbook.demo.business import END, START, BankEntry, month_name

USD_ACCOUNT, CNY_ACCOUNT, ICBC_ACCOUNT = "HK-USD-4417", "CMB-6225-0001", "4000021009200120086"
OTHERS = {  # CNY for one, when the business starts
    "EUR": 7.62,
    "GBP": 9.12,
    "AUD": 4.52,
    "JPY": 0.0472,
    "CAD": 5.05,
    "CHF": 8.02,
    "SGD": 5.36,
    "KRW": 0.00497,
    "AED": 1.955,
    "SAR": 1.912,
    "MYR": 1.628,
    "THB": 0.2131,
    "ZAR": 0.3862,
}
SETTINGS = """\

[accounts."HK-USD-4417"]
holder = "深圳市远山户外用品有限公司"
bank = "示例银行（香港）有限公司"
number = "012-875-0-004417-8"

[accounts."CMB-6225-0001"]
holder = "深圳市远山户外用品有限公司"
bank = "招商银行深圳科技园支行"
number = "755900000010001"

[accounts."4000021009200120086"]
holder = "深圳市远山户外用品有限公司"
bank = "中国工商银行深圳高新园支行"
number = "4000021009200120086"
"""
MAPPINGS = {
    "cmb-statement": """\
kind = "bank"
account = "CMB-6225-0001"
currency = "CNY"
date_order = "ymd"
zone = "Asia/Shanghai"

[columns]
booked_on = "交易日期"
debit = "借方发生额"
credit = "贷方发生额"
balance = "余额"
counterparty = "对方户名"
description = "摘要"
reference = "流水号"
""",
    "icbc-statement": """\
kind = "bank"
account = "4000021009200120086"
stated = "4000021009200120086"
currency = "CNY"
date_order = "ymd"
zone = "Asia/Shanghai"

[columns]
booked_on = "交易日期"
amount = "交易金额"
balance = "余额"
counterparty = "对方户名"
description = "摘要"
reference = "凭证号"

[direction]
column = "借贷标志"
in = ["贷"]
out = ["借"]
""",
    "safe-rates": """\
kind = "rate"

[columns]
day = "日期"
base = "货币"
quote = "计价"
rate = "中间价"
""",
}


def rates(rng: np.random.Generator) -> dict[date, Decimal]:
    """CNY for one USD on every weekday: a slow random walk."""
    found, rate, day = {}, 7.19, START - timedelta(days=10)
    while day < END:
        rate += float(rng.normal(0, 0.006)) - 0.00035
        if day.weekday() < 5:
            found[day] = Decimal(f"{rate:.4f}")
        day += timedelta(days=1)
    return found


def rate_on(table: dict[date, Decimal], day: date) -> Decimal:
    """The rate of a day, or of the last weekday before."""
    while day not in table:
        day -= timedelta(days=1)
    return table[day]


def other_rates(rng: np.random.Generator, dollars: dict[date, Decimal]) -> dict[str, dict[date, Decimal]]:
    """CNY for one of the other currencies that products are priced in, on the same days."""
    found: dict[str, dict[date, Decimal]] = {}
    for currency, start in OTHERS.items():
        steps = np.cumsum(rng.normal(0, start * 0.0012, len(dollars)))
        found[currency] = {
            day: Decimal(f"{start + x:.{4 if start > 0.01 else 6}f}") for day, x in zip(dollars, steps, strict=True)
        }
    return found


def write_rates(folder: Path, dollars: dict[date, Decimal], others: dict[str, dict[date, Decimal]]) -> None:
    """A table of middle rates."""
    rows = [
        (day, currency, rate) for currency, table in {"USD": dollars, **others}.items() for day, rate in table.items()
    ]
    columns = {
        "日期": pa.array([str(day) for day, _, _ in rows]),
        "货币": pa.array([currency for _, currency, _ in rows]),
        "计价": w.constant("CNY", len(rows)),
        "中间价": pa.array([str(rate) for _, _, rate in rows]),
    }
    (folder / "人民币中间价.csv").write_bytes(w.delimited(columns))


def in_yuan(rng: np.random.Generator, entry: BankEntry, table: dict[date, Decimal]) -> BankEntry:
    """A dollar payment as the CNY bank books it: converted at the day's rate less a margin."""
    margin = Decimal(1) - Decimal(int(rng.integers(10, 60))) / Decimal(10_000)
    yuan = (Decimal(entry.amount) * rate_on(table, entry.day) * margin).quantize(Decimal(1), ROUND_HALF_UP)
    return BankEntry(day=entry.day, amount=int(yuan), text=entry.text, party=entry.party, reference=entry.reference)


def running_costs(rng: np.random.Generator) -> tuple[list[BankEntry], list[BankEntry]]:
    """What else goes through the accounts: freight, suppliers, wages; and two customers who paid off the platform."""
    usd, cny = [], []
    for month in range(18):
        first = date(START.year + month // 12, month % 12 + 1, 1)
        usd.append(
            BankEntry(
                day=first + timedelta(days=9),
                amount=-int(rng.integers(900_000, 1_500_000)),
                text="OCEAN FREIGHT INV",
                party="PACIFIC FORWARDING LTD",
                reference=f"OUT{month:03d}A",
            )
        )
        usd.append(
            BankEntry(
                day=first + timedelta(days=20),
                amount=-2_500,
                text="ACCOUNT SERVICE FEE",
                party="",
                reference=f"FEE{month:03d}",
            )
        )
        cny.append(
            BankEntry(
                day=first + timedelta(days=4),
                amount=-int(rng.integers(20_000_000, 30_000_000)),
                text="货款",
                party="东莞市户外用品有限公司",
                reference=f"P{month:03d}1",
            )
        )
        cny.append(
            BankEntry(
                day=first + timedelta(days=14),
                amount=-int(rng.integers(6_000_000, 7_000_000)),
                text="工资",
                party="代发工资",
                reference=f"P{month:03d}2",
            )
        )
    usd.append(
        BankEntry(
            day=date(2025, 8, 14),
            amount=1_280_000,
            text="PAYMENT FOR TENTS PROFORMA 2025-031",
            party="NORDIC CAMP AB",
            reference="TT00731",
        )
    )
    usd.append(
        BankEntry(
            day=date(2026, 3, 5),
            amount=745_000,
            text="INV 2026-008",
            party="BLUE RIDGE OUTFITTERS LLC",
            reference="TT00982",
        )
    )
    return usd, cny


def write_usd(folder: Path, entries: list[BankEntry]) -> None:
    """camt.053.001.08, one file a month."""
    entries = sorted(entries, key=lambda e: (e.day, e.reference))
    balance = 2_500_000
    for month in range(18):
        name = month_name(month)
        mine = [e for e in entries if f"{e.day:%Y-%m}" == name]
        opening, balance = balance, balance + sum(e.amount for e in mine)
        first = date(START.year + month // 12, month % 12 + 1, 1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        body = "\n".join(_entry(e) for e in mine)
        text = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
<BkToCstmrStmt><GrpHdr><MsgId>{name}</MsgId><CreDtTm>{last}T22:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>{USD_ACCOUNT}-{name}</Id><CreDtTm>{last}T22:00:00Z</CreDtTm>
<Acct><Id><Othr><Id>{USD_ACCOUNT}</Id></Othr></Id><Ccy>USD</Ccy></Acct>
{_balance("OPBD", opening, first)}
{_balance("CLBD", balance, last)}
{body}
</Stmt></BkToCstmrStmt>
</Document>
"""
        (folder / f"bank-usd-{name}.xml").write_text(text, encoding="utf-8")


def _money(minor: int) -> str:
    return f'<Amt Ccy="USD">{abs(minor) // 100}.{abs(minor) % 100:02d}</Amt>'


def _side(minor: int) -> str:
    return f"<CdtDbtInd>{'CRDT' if minor >= 0 else 'DBIT'}</CdtDbtInd>"


def _balance(code: str, minor: int, day: date) -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{kind}{_money(minor)}{_side(minor)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def _entry(e: BankEntry) -> str:
    role = "Dbtr" if e.amount >= 0 else "Cdtr"
    charges = f"<Chrgs><Rcrd>{_money(e.fee)}<CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>" if e.fee else ""
    party = f"<RltdPties><{role}><Pty><Nm>{escape(e.party)}</Nm></Pty></{role}></RltdPties>" if e.party else ""
    return (
        f"<Ntry>{_money(e.amount)}{_side(e.amount)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{e.day}</Dt></BookgDt>"
        f"<ValDt><Dt>{e.day}</Dt></ValDt><AcctSvcrRef>{e.reference}</AcctSvcrRef>\n  <NtryDtls><TxDtls>{charges}{party}"
        f"<RmtInf><Ustrd>{escape(e.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def write_cny(folder: Path, entries: list[BankEntry]) -> None:
    """A workbook a quarter, with the bank's lines above the header."""
    entries = sorted(entries, key=lambda e: (e.day, e.reference))
    balance = 80_000_000
    quarters: dict[str, list[tuple[BankEntry, int]]] = {}
    for e in entries:
        balance += e.amount
        if e.day < END:
            quarters.setdefault(f"{e.day.year}Q{(e.day.month - 1) // 3 + 1}", []).append((e, balance))
    for name, rows in quarters.items():
        amounts = np.array([e.amount for e, _ in rows], np.int64)
        text = w.amounts(np.abs(amounts))
        columns = {
            "交易日期": pa.array([f"{e.day:%Y%m%d}" for e, _ in rows]),
            "借方发生额": pa.compute.if_else(pa.array(amounts < 0), text, ""),
            "贷方发生额": pa.compute.if_else(pa.array(amounts > 0), text, ""),
            "余额": w.amounts(np.array([b for _, b in rows], np.int64)),
            "对方户名": pa.array([e.party for e, _ in rows]),
            "摘要": pa.array([e.text for e, _ in rows]),
            "流水号": pa.array([e.reference for e, _ in rows]),
        }
        notes = [["招商银行 账户交易明细"], [f"账号 {CNY_ACCOUNT}", "", "币种 人民币"], []]
        w.workbook(columns, notes, folder / f"招行流水-{name}.xlsx")


def icbc_costs(rng: np.random.Generator) -> list[BankEntry]:
    """What else goes through the account to which the wallet pays: rent, and what the bank takes for it."""
    found = []
    for month in range(18):
        first = date(START.year + month // 12, month % 12 + 1, 1)
        rent = -int(rng.integers(1_200_000, 1_300_000))
        found.append(
            BankEntry(
                day=first + timedelta(days=7), amount=rent, text="房租", party="前海物业", reference=f"R{month:04d}"
            )
        )
        charge = BankEntry(day=first + timedelta(days=20), amount=-2_000, text="账户管理费", party="", reference="")
        found.append(charge)
    return found


def write_icbc(folder: Path, entries: list[BankEntry]) -> None:
    """A workbook a half-year: one column of amounts, another that says the way, totals and counts in words below."""
    entries = sorted((e for e in entries if e.day < END), key=lambda e: (e.day, e.reference))
    balance = 30_000_000
    halves: dict[str, list[tuple[BankEntry, int]]] = {}
    for e in entries:
        balance += e.amount
        halves.setdefault(f"{e.day.year}{'上' if e.day.month < 7 else '下'}半年", []).append((e, balance))
    for name, rows in halves.items():
        amounts = np.array([e.amount for e, _ in rows], np.int64)
        columns = {
            "交易日期": pa.array([f"{e.day:%Y%m%d}" for e, _ in rows]),
            "借贷标志": w.chosen(["借", "贷"], (amounts > 0).astype(np.int64)),
            "交易金额": pa.array([f"{abs(e.amount) / 100:,.2f}" for e, _ in rows]),
            "余额": pa.array([f"{b / 100:,.2f}" for _, b in rows]),
            "对方户名": pa.array([e.party for e, _ in rows]),
            "摘要": pa.array([e.text for e, _ in rows]),
            "凭证号": pa.array([e.reference for e, _ in rows]),
        }
        first, last = rows[0][0].day, rows[-1][0].day
        notes = [
            ["中国工商银行 账户明细查询"],
            ["账号：", ICBC_ACCOUNT, "户名：", "深圳市远山户外用品有限公司", "币种：", "人民币"],
            ["起始日期：", f"{first:%Y%m%d}", "截止日期：", f"{last:%Y%m%d}"],
        ]
        out, into = amounts[amounts < 0], amounts[amounts > 0]
        totals = [
            f"借方合计：{len(out)}笔 {-int(out.sum()) / 100:,.2f}",
            "",
            f"贷方合计：{len(into)}笔 {int(into.sum()) / 100:,.2f}",
        ]
        w.workbook(columns, notes, folder / f"工行明细-{name}.xlsx", below=[totals])
