"""Random bank tables written from known facts, in observed conventions (`conventions.csv`) with observed habits
(`habits.csv`), each with its address.

Nothing here is taken from the reader: no word, no pattern, no function.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.sources.table.rendering import Day, Money, Sheet, as_text, as_workbook

HERE = Path(__file__).parent
CONVENTIONS = list(csv.DictReader((HERE / "conventions.csv").open(encoding="utf-8")))
HABITS = {row["habit"]: row["address"] for row in csv.DictReader((HERE / "habits.csv").open(encoding="utf-8"))}
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "HKD")
NO_DECIMALS = ("JPY", "KRW")
SIGNS = {"BRL": "R$ ", "EUR": "€", "USD": "$", "GBP": "£", "INR": "₹"}
WORDS = {  # account, currency, period, total, opening, closing, count: as the habits' addresses show them
    "zh-Hans": ("卡号", "币种", "日期区间：{} 至 {}", "合计", "期初余额", "期末余额", "共：{}笔记录"),
    "en": ("Account Number", "Currency", "Statement Period: {} to {}", "Total", "Opening Balance", "", ""),
    "it": ("", "", "", "", "SALDO INIZIALE", "SALDO FINALE", ""),
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A table's bytes, its file's name, what it says (day, amount in minor units, currency) in its order, the account
    that stands in it, whether the file itself decides how it is to be read, and how it was written."""

    content: bytes
    name: str
    facts: list[tuple[date, int, str]]
    account: str
    decides: bool
    how: str


@dataclass(kw_only=True)
class _Plan:
    """What was drawn for one table."""

    told: dict[str, str]
    rng: random.Random
    currency: str
    facts: list[tuple[date, int]]
    habits: set[str] = field(default_factory=set)

    def draw(self, habit: str, share: float) -> bool:
        """Whether the table has a habit, drawn once."""
        assert habit in HABITS, f"no address for {habit}"
        if self.rng.random() < share:
            self.habits.add(habit)
        return habit in self.habits


def write(seed: int) -> Written:
    """One random table."""
    rng = random.Random(seed)
    told = rng.choice(CONVENTIONS)
    currency = told["currency"] or rng.choice(CURRENCIES)
    plan = _Plan(told=told, rng=rng, currency=currency, facts=_facts(rng, currency))
    _habits(plan)
    newest = rng.random() < 0.4
    other_side = _has_two_sides(told) and rng.random() < 0.12
    code_column = bool(told["code_header"]) and rng.random() < 0.9
    balance = bool(told["balance"]) and rng.random() < 0.85
    gaps = balance and rng.random() < 0.1  # rows without a balance
    header = _header(told, balance=balance, code_column=code_column)
    opening = rng.randint(0, 5_000_000)
    rows, running = [], opening
    for day, amount in plan.facts:
        running += amount
        cells: list[object] = [
            Day(day),
            *_amounts(plan, -amount if other_side else amount),
            f"{told['text']} {rng.randint(1, 999)}",
        ]
        if balance:
            cells.append("" if gaps and rng.random() < 0.4 else Money(running))
        rows.append(cells + ([("RUR" if currency == "RUB" else currency)] if code_column else []))
    facts = list(plan.facts)
    if newest:
        rows.reverse()
        facts.reverse()
    account = str(rng.randint(10**14, 10**15))
    above = _above(plan, account, code_column)
    body = _body(
        plan, rows, header, opening=opening, closing=running, newest=newest, balance=balance, other_side=other_side
    )
    lines = [*above, header, *body]
    sheet = Sheet(
        lines=lines,
        days=rng.choice(told["days"].split("|")),
        point=told["point"],
        group=rng.choice(told["group"].split("|")),
        decimals=0 if currency in NO_DECIMALS else 2,
        habits=frozenset(plan.habits),
        sign=SIGNS.get(currency, "") if "sign_before" in plan.habits else "",
    )
    number = account if plan.draw("account_in_name", 0.3) else str(seed)
    if rng.random() < 0.25:
        content, name, how = as_workbook(sheet, rng), f"statement_{number}_2026.xlsx", "workbook"
    else:
        encoding = rng.choice(told["encodings"].split("|"))
        content, name, how = as_text(sheet, told["delimiter"], encoding, rng), f"statement_{number}_2026.csv", encoding
    stated = account if above and "account_number" in plan.habits else ""
    return Written(
        content=content,
        name=name,
        facts=[(day, amount, currency) for day, amount in facts],
        account=stated,
        decides=_says_currency(plan, sheet.sign, above, code_column)
        and _says_way(plan, balance=balance and not gaps)
        and _says_order(plan, sheet.days),
        how=f"seed {seed}: {told['language']} {told['ways']} {sheet.days} {how} {sheet.group} balance {balance} "
        f"code {code_column} newest {newest} gaps {gaps} "
        f"other side {other_side}: {', '.join(sorted(plan.habits))}",
    )


def _has_two_sides(told: dict[str, str]) -> bool:
    """Whether a bookkeeper writes these words from the other side, or a card's statement a sum owed without a minus."""
    words = {told["in_header"], told["in_word"]}
    return told["ways"] == "signed" or bool(words & {"贷 Cr", "Cr", "Credit", "Crédit", "C", "credit"})


def _facts(rng: random.Random, currency: str) -> list[tuple[date, int]]:
    day = date(2020, 1, 1) + timedelta(days=rng.randint(0, 2_200))
    found = []
    for _ in range(rng.choice([1, 2, 3, 5, 8, 12, 20, 30])):
        amount = rng.choice([1, -1]) * rng.choice([rng.randint(1, 999), rng.randint(1, 10_000_000), 10_000])
        found.append((day, amount))
        day += timedelta(days=rng.choice([0, 1, 1, 2, 9, 31]))
    return found


def _habits(plan: _Plan) -> None:
    """Draw the habits that the conventions of a table admit."""
    ways, rng, language = plan.told["ways"], plan.rng, plan.told["language"]
    if ways == "two":
        plan.draw("other_zero", 0.15) or plan.draw("other_dash", 0.1)
        plan.draw("shown_minus", 0.1)
    if ways == "all":
        plan.draw("shown_minus", 1.0)
    if ways in ("signed", "all"):
        plan.draw("trailing", 0.12) or plan.draw("brackets", 0.1) or plan.draw("plus", 0.15)
    plan.draw("padded", 0.05)
    plan.draw("formula", 0.06)
    plan.draw("repeated_header", 0.1)
    if plan.currency == "CNY" and language.startswith("zh"):
        plan.draw("yuan", 0.3)
    elif plan.currency in SIGNS:
        plan.draw("sign_before", 0.5)
    if rng.random() < 0.08:
        plan.draw("zero_row", 1.0)
        day = plan.facts[-1][0]
        plan.facts.append((day, 0))
    if language in WORDS and rng.random() < 0.85:
        plan.draw("account_number", 1.0 if WORDS[language][0] else 0.0)
        plan.draw("period", 0.5 if language == "zh-Hans" else 0.0)
        plan.draw("statement_period", 0.5 if language == "en" else 0.0)
        plan.draw("count", 0.4 if language == "zh-Hans" else 0.0)
    if language in WORDS:
        plan.draw("total", 0.3 if ways == "two" and WORDS[language][3] else 0.0)
        plan.draw("opening", 0.3 if WORDS[language][4] else 0.0)


def _header(told: dict[str, str], *, balance: bool, code_column: bool) -> list[object]:
    ways = [told["in_header"], told["out_header"]] if told["ways"] in ("two", "all") else []
    ways += [told["amount_header"]] if told["ways"] in ("signed", "all") else []
    ways += [told["amount_header"], told["in_header"]] if told["ways"] == "words" else []
    codes = [told["code_header"]] if code_column else []
    ways = [*told["extra"].split("|")[1:], *ways]
    return [told["day"], *ways, told["text"], *([told["balance"]] if balance else []), *codes]


def _amounts(plan: _Plan, amount: int) -> list[object]:
    told, habits = plan.told, plan.habits
    if told["extra"].startswith("fee"):
        fee = plan.rng.randint(1, 999)
        return [Money(amount + fee), Money(fee), Money(amount, signed=True)]
    if told["extra"].startswith("original"):  # of what was paid abroad, in its own currency
        code = plan.rng.choice([plan.currency, "USD", "GBP"])
        foreign = amount if code == plan.currency else amount * 3 // 4
        return [Money(foreign, signed=True), code, Money(amount, signed=True)]
    if told["ways"] == "signed":
        return [Money(amount, signed=True)]
    if told["ways"] == "words":
        return [Money(abs(amount)), told["in_word"] if amount >= 0 else told["out_word"]]
    other: object = Money(0) if "other_zero" in habits else "-" if "other_dash" in habits else ""
    out = Money(amount) if "shown_minus" in habits else Money(-amount)
    two = [Money(amount), other] if amount >= 0 else [other, out]
    return [*two, Money(amount, signed=True)] if told["ways"] == "all" else two


def _above(plan: _Plan, account: str, code_column: bool) -> list[list[object]]:
    if "account_number" not in plan.habits:
        return []
    label, code, period, *_ = WORDS[plan.told["language"]]
    lines: list[list[object]] = [[f"{label}: {account}"]]
    if not code_column and plan.rng.random() < 0.9:
        lines.append([f"{code}: {plan.currency}"])
    if plan.habits & {"period", "statement_period"}:
        first, last = plan.facts[0][0], plan.facts[-1][0]
        style = "%Y-%m-%d" if "period" in plan.habits else "%d-%b-%Y"
        lines.append([period.format(first.strftime(style), last.strftime(style))])
    if "count" in plan.habits:
        lines.append([WORDS["zh-Hans"][6].format(len(plan.facts))])
    return lines


def _body(
    plan: _Plan,
    rows: list[list[object]],
    header: list[object],
    *,
    opening: int,
    closing: int,
    newest: bool,
    balance: bool,
    other_side: bool,
) -> list[list[object]]:
    """The rows with what stands among them: the balance before and after, a header on each page, totals."""
    lines = list(rows)
    if "repeated_header" in plan.habits and len(lines) > 3:
        lines.insert(len(lines) // 2, header)
    width = len(header)
    if "opening" in plan.habits and (balance or plan.told["ways"] == "two"):
        before, after = WORDS[plan.told["language"]][4:6]
        place = header.index(plan.told["balance"] if balance else plan.told["in_header"])
        text = header.index(plan.told["text"])
        first, last = ([Day(plan.facts[i][0]), *("" for _ in range(width - 1))] for i in (0, -1))
        first[text], first[place] = before, Money(opening)
        last[text], last[place] = after, Money(closing)
        ends = [first, last] if after else [first]
        lines = [*ends[1:], *lines, first] if newest else [first, *lines, *ends[1:]]
    if "total" in plan.habits and not other_side:
        ins = sum(a for _, a in plan.facts if a > 0)
        outs = sum(a for _, a in plan.facts if a < 0)
        out = Money(outs) if "shown_minus" in plan.habits else Money(-outs)
        lines.append([WORDS[plan.told["language"]][3], Money(ins), out, *[""] * (width - 3)])
    return lines


def _says_currency(plan: _Plan, sign: str, above: list[list[object]], code_column: bool) -> bool:
    headers = f"{plan.told['amount_header']} {plan.told['in_header']}"
    return (
        code_column
        or len(sign.strip()) > 1
        or sign in ("€", "£", "₹")
        or plan.currency in headers
        or any(plan.currency in str(line[0]) for line in above)
    )


def _says_way(plan: _Plan, *, balance: bool) -> bool:
    """Whether words of one side say which way money went, or a balance proves it in every row but the oldest."""
    proven = balance and sum(1 for _, a in plan.facts if a) > 2
    unclear = "shown_minus" in plan.habits or _has_two_sides(plan.told) or plan.told["ways"] == "all"
    return proven or not unclear


def _says_order(plan: _Plan, style: str) -> bool:
    """Whether a day can be read in no other order of its figures."""
    if "%y" in style:
        return False
    days = {day for day, _ in plan.facts}
    return style.startswith("%Y") or "%b" in style or "." in style or any(day.day > 12 for day in days)
