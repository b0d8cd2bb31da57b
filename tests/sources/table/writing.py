"""Random bank tables written from known facts, in observed conventions (`conventions.csv`, each with its address).

Nothing here is taken from the reader: no word, no pattern, no function.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

CONVENTIONS = list(csv.DictReader((Path(__file__).parent / "conventions.csv").open(encoding="utf-8")))
MONEY = ("CNY", "USD", "EUR", "GBP", "HKD")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A table's bytes, what it says (day, amount in minor units, currency) in its order, and how it was written."""

    content: bytes
    facts: list[tuple[date, int, str]]
    how: str


def write(seed: int) -> Written:
    """One random table."""
    rng = random.Random(seed)
    told = rng.choice(CONVENTIONS)
    currency = "EUR" if "EUR" in told["in_header"] else rng.choice(MONEY)  # a header that names one is right
    facts = _facts(rng, currency)
    style = rng.choice(told["days"].split("|"))
    with_balance = bool(told["balance"]) and rng.random() < 0.7
    other_side = told["ways"] in ("words", "two", "signed") and rng.random() < 0.12 and _has_two_sides(told)
    lead = rng.random() < 0.6
    code_column = rng.random() < 0.6
    grouped, trailing, newest, total = (rng.random() < p for p in (0.5, 0.15, 0.4, 0.3))
    opening = rng.randint(0, 5_000_000)
    header = _header(told, with_balance, code_column)
    rows, running = [], opening
    for day, amount, code in facts:
        running += amount
        shown = -amount if other_side else amount
        row = [day.strftime(style), *_ways(told, shown, grouped, trailing), f"{told['text']} {rng.randint(1, 999)}"]
        rows.append(row + ([_number(running, told["point"], grouped)] if with_balance else []) + ([code] * code_column))
    if newest:
        rows.reverse()
        facts = facts[::-1]
    lines = [*_heading(rng, told, currency), header] if lead else [header]
    lines += rows
    if total and told["ways"] == "two" and not other_side:
        sums = [sum(a for _, a, _ in facts if a > 0), -sum(a for _, a, _ in facts if a < 0)]
        words = {"zh": "合计", "ja": "合計", "fr": "Total", "es": "Total", "en": "Total"}
        lines.append([words[told["language"]], *(_number(s, told["point"], grouped) for s in sums)])
    encoding = rng.choice(told["encodings"].split("|"))
    out = io.StringIO()
    csv.writer(out, delimiter=told["delimiter"], lineterminator=rng.choice(["\n", "\r\n"])).writerows(lines)
    how = f"seed {seed}: {told['language']} {told['ways']} {style} {encoding}"
    how += f" other side {other_side} balance {with_balance} lead {lead} currency column {code_column}"
    return Written(content=out.getvalue().encode(encoding), facts=facts, how=how)


def _facts(rng: random.Random, currency: str) -> list[tuple[date, int, str]]:
    day = date(2020, 1, 1) + timedelta(days=rng.randint(0, 2_200))
    found = []
    for _ in range(rng.choice([1, 2, 3, 5, 8, 20])):
        amount = rng.choice([1, -1]) * rng.choice([rng.randint(1, 999), rng.randint(1, 10_000_000), 10_000])
        found.append((day, amount, currency))
        day += timedelta(days=rng.choice([0, 1, 1, 2, 9, 31]))
    return found


def _has_two_sides(told: dict[str, str]) -> bool:
    """Whether a bookkeeper writes these words from the other side, or a card's statement a sum owed without a minus."""
    words = (told["in_header"], told["in_word"])
    return told["ways"] == "signed" or any(w in ("贷方发生额", "贷", "C", "Crédit") for w in words)


def _header(told: dict[str, str], with_balance: bool, code_column: bool) -> list[str]:
    ways = [told["in_header"]] + ([told["out_header"]] if told["out_header"] else [])
    codes = {"zh": "币种", "ja": "通貨", "de": "Währung", "fr": "Devise", "es": "Divisa", "nl": "Valuta"}
    code = codes.get(told["language"], "Currency")
    return [told["day"], *ways, told["text"], *[told["balance"]] * with_balance, *[code] * code_column]


def _ways(told: dict[str, str], amount: int, grouped: bool, trailing: bool) -> list[str]:
    size = _number(abs(amount), told["point"], grouped)
    if told["ways"] == "two":
        return [size, ""] if amount > 0 else ["", size]
    if told["ways"] == "words":
        return [size, told["in_word"] if amount > 0 else told["out_word"]]
    minus = (size + "-" if trailing else "-" + size) if amount < 0 else size
    return [minus]


def _number(minor: int, point: str, grouped: bool) -> str:
    text = f"{minor / 100:,.2f}" if grouped else f"{minor / 100:.2f}"
    return text.translate(str.maketrans(",.", ".,")) if point == "," else text


def _heading(rng: random.Random, told: dict[str, str], currency: str) -> list[list[str]]:
    labels = {
        "zh": ("账号", "币种"),
        "ja": ("口座番号", "通貨"),
        "de": ("Kontonummer", "Währung"),
        "fr": ("Numéro de compte", "Devise"),
        "es": ("Número de cuenta", "Divisa"),
        "nl": ("Rekeningnummer", "Valuta"),
        "en": ("Account number", "Currency"),
    }
    account, code = labels[told["language"]]
    number = str(rng.randint(10**9, 10**12))
    return [[f"{account}: {number}"], [f"{code}: {currency}"]]
