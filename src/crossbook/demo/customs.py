"""The demo's goods and their customs entries: a table of products with rivals' prices, and the ACE report ES-003.

Entries are filed as a broker would have on the day, IEEPA duties and all, with a few mistakes planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from crossbook import money
from crossbook.demo import writing as w
from crossbook.demo.business import END, PRODUCTS, every
from crossbook.duty.lines import dotted
from crossbook.duty.quoting import DutyLine, duty
from crossbook.duty.schedule import line_then

# sku: tariff number, origin, cost of one in US cents, freight of one by sea, weight in grams, courier abroad
GOODS = {
    "TENT-2P": ("6306.22.1000", "CN", 2150, 165, 2400, 0),
    "TENT-4P": ("6306.22.9030", "CN", 4480, 390, 5900, 0),
    "LAMP-01": ("8513.10.4000", "CN", 560, 38, 320, 520),
    "LAMP-02": ("8513.10.4000", "CN", 410, 22, 140, 430),
    "STOVE-9": ("7321.11.1030", "CN", 840, 52, 610, 0),
    "POT-SET": ("7615.10.7155", "CN", 1290, 96, 1250, 0),
    "MAT-SELF": ("6306.40.4900", "CN", 1120, 140, 1100, 0),
    "BAG-20": ("4202.92.3120", "CN", 780, 88, 650, 690),
    "BAG-45": ("4202.92.3120", "CN", 2260, 180, 1700, 0),
    "FILTER": ("8421.21.0000", "CN", 620, 30, 210, 480),
    "POWER-20K": ("8507.60.0090", "CN", 1180, 41, 430, 0),
    "CABLE-3": ("8544.42.9090", "CN", 110, 9, 60, 390),
    "SPEAKER": ("8518.22.0000", "CN", 1680, 74, 720, 720),
    "CAM-SOLAR": ("8525.89.4000", "CN", 3650, 96, 880, 760),
    "WATCH-B": ("9113.90.8000", "VN", 165, 6, 30, 360),
    "POLES": ("6602.00.0000", "CN", 930, 85, 560, 640),
}
# Markets: currency, of which one dollar buys so many, and 1 and the tax that prices there hold.
ABROAD = {"GB": ("GBP", 0.79, 1.20), "DE": ("EUR", 0.92, 1.19), "AU": ("AUD", 1.52, 1.10), "JP": ("JPY", 149.0, 1.10)}
NEXT = {"KR": ("KRW", 1_390.0, 1.10), "CA": ("CAD", 1.37, 1.0)}  # where it has prices for what goes by courier
BY_SEA = {"DE": 1.3, "GB": 1.35, "JP": 0.45, "KR": 0.4}  # freight of what goes by sea, of that to the US
FILED_FROM = date(2025, 1, 10)
CYCLE = timedelta(days=314)  # in which customs liquidates most entries
LIST_3, LIST_4A = "9903.88.03", "9903.88.15"


def write_products(folder: Path, rng: np.random.Generator, other: np.random.Generator) -> None:
    """`products.csv`: every product in the United States by sea, the light ones by courier in six more markets, the
    others by sea in four."""
    rows: list[list[Any]] = []
    for sku, _, price, fulfilment, _ in PRODUCTS:
        _, _, _, freight, _, courier = GOODS[sku]
        selling = fulfilment + price * 15 // 100
        rival = round(price * float(rng.uniform(0.6, 1.25)))
        rows.append(_product(sku, "US", "ocean", freight, selling, [_two(price), _two(rival)], "USD"))
        for market, (currency, rate, taxed) in ABROAD.items() if courier else ():
            shown = _prices(price * rate * taxed, currency, rng)
            rows.append(_product(sku, market, "courier", courier, selling * 8 // 10, shown, currency))
    for sku, _, price, fulfilment, _ in PRODUCTS:
        _, _, _, freight, _, courier = GOODS[sku]
        selling = (fulfilment + price * 15 // 100) * 8 // 10
        for market, (currency, rate, taxed) in (ABROAD | NEXT).items():
            shown = _prices(price * rate * taxed, currency, other)
            if courier and market in NEXT:
                rows.append(_product(sku, market, "courier", courier, selling, shown, currency))
            if not courier and market in BY_SEA:
                there = round(freight * BY_SEA[market])
                rows.append(_product(sku, market, "ocean", there, selling, shown, currency))
    names = [
        "sku",
        "name",
        "hts",
        "origin",
        "market",
        "mode",
        "cost",
        "freight",
        "selling",
        "cost currency",
        "price",
        "rival price",
        "rival",
        "currency",
        "weight kg",
        "claims",
        "day",
    ]
    columns = {name: w.texts([row[i] for row in rows]) for i, name in enumerate(names)}
    (folder / "products.csv").write_bytes(w.delimited(columns))


def _prices(local: float, currency: str, rng: np.random.Generator) -> list[str]:
    """The price there and a rival's, in hundredths of the currency."""
    both = (local, local * float(rng.uniform(0.55, 1.2)))
    return [f"{x / 100:.0f}" if currency in ("JPY", "KRW") else _two(round(x)) for x in both]


def _product(
    sku: str, market: str, mode: str, freight: int, selling: int, prices: list[str], currency: str
) -> list[str]:
    hts, origin, cost, _, grams, _ = GOODS[sku]
    title = next(p[1] for p in PRODUCTS if p[0] == sku)
    costs = [_two(cost), _two(freight), _two(selling), "USD"]
    shop = f"a shop in {'the US' if market == 'US' else market}"
    weight = f"{grams / 1000:.3f}"
    return [sku, title, hts, origin, market, mode, *costs, *prices, shop, currency, weight, "", "2026-06-20"]


def _two(cents: int) -> str:
    return money.plain(cents, "USD")


@dataclass(frozen=True)
class _Filed:
    """One tariff number of an entry line as filed; money in cents."""

    heading: str
    value: int
    paid: int
    quantity: str = ""
    unit: str = ""


def _filed(sku: str, pieces: int, origin: str, on: date, mistake: str) -> list[_Filed]:
    hts, _, cost, _, grams, _ = GOODS[sku]
    at = line_then(hts, on)
    value = cost * pieces
    kilos = Decimal(grams) * pieces / 1000
    amounts = {"No.": Decimal(pieces), "kg": kilos, "prs.": Decimal(pieces), "doz.": Decimal(pieces) / 12}
    told = duty(at, origin, on, value, {"sailed": on - timedelta(days=30)}, amounts)
    found = []
    for x in told.outcome.lines:
        if x.heading_9903:
            found += _with_mistake(x, value, mistake)
    unit = at.units[0] if at.units and at.units[0] in amounts else ""
    own = told.outcome.lines[0].amount or 0
    if mistake == "column 1":
        own += value * 88 // 1000
    shown = {"No.": "NO", "kg": "KG", "prs.": "PRS", "doz.": "DOZ"}.get(unit, "")
    found.append(
        _Filed(heading=at.code, value=value, paid=own, quantity=f"{amounts[unit]:,.2f}" if unit else "", unit=shown)
    )
    return found


def _with_mistake(x: DutyLine, value: int, mistake: str) -> list[_Filed]:
    heading, paid = x.heading_9903 or "", x.amount or 0
    if mistake == "wrong list" and heading == LIST_4A:
        return [_Filed(LIST_3.replace(".", ""), 0, value * 25 // 100)]
    if mistake == "not filed" and heading in (LIST_3, LIST_4A):
        return []
    return [_Filed(heading.replace(".", ""), 0, paid)]


MISTAKES = {
    4: ("TENT-2P", "column 1"),
    7: ("SPEAKER", "wrong list"),
    11: ("WATCH-B", "wrong origin"),
    16: ("TENT-4P", "not filed"),
}


STATES = {  # what else customs knows of an entry, by its place in the report
    3: {"Liquidation Date": "12/15/2025"},  # early, so that it is final on the last day of the files
    9: {"Protest Number": "2704-26-100417", "Protest Status": "Open"},
    13: {"Reconciliation Indicator": "Y"},
    14: {"Drawback Indicator": "Y"},
    15: {"Entry Type Code": "06"},  # from a foreign-trade zone
    17: {"Liquidation Status": "Extended"},
}


def write_entries(folder: Path, rng: np.random.Generator) -> list[dict[str, str]]:
    """`ES-003-2026-07.csv`: an entry every twenty days, four or five products each. Returns what was planted."""
    rows: list[list[str]] = []
    planted: list[dict[str, str]] = []
    skus = list(GOODS)
    for i, on in enumerate(every(20, FILED_FROM)):
        sku, mistake = MISTAKES.get(i, ("", ""))
        chosen = [skus[k] for k in sorted(rng.choice(len(skus), int(rng.integers(4, 6)), replace=False))]
        chosen = list(dict.fromkeys([*chosen, sku])) if sku else chosen
        number = _entry_number(10_450 + 7 * i)
        done = on + CYCLE
        status = ["Liquidated", f"{done:%m/%d/%Y}"] if done < END else ["Unliquidated", ""]
        for n, product in enumerate(chosen, 1):
            wrong = mistake if product == sku else ""
            origin = "CN" if wrong == "wrong origin" else GOODS[product][1]
            pieces = int(rng.integers(2, 9)) * 100
            filed = _filed(product, pieces, origin, on, wrong)
            if wrong:
                planted.append({"entry": number, "line": str(n), "mistake": wrong})
            told = STATES.get(i, {})
            for k, f in enumerate(filed, 1):
                days = [f"{d:%m/%d/%Y}" for d in (on, on + timedelta(days=12))]
                rows.append(
                    [
                        number,
                        told.get("Entry Type Code", "01"),
                        "88-123456700",
                        *days,
                        str(n),
                        origin,
                        origin,
                        "",
                        str(k),
                        dotted(f.heading),
                        _dollars(f.value),
                        _dollars(f.paid),
                        f.quantity,
                        f.unit,
                        told.get("Liquidation Status", status[0]),
                        told.get("Liquidation Date", status[1]),
                        told.get("Protest Number", ""),
                        told.get("Protest Status", ""),
                        told.get("Reconciliation Indicator", "N"),
                        told.get("Drawback Indicator", "N"),
                    ]
                )
    names = [
        "Entry Summary Number",
        "Entry Type Code",
        "Importer Number",
        "Entry Date",
        "Entry Summary Date",
        "Entry Summary Line Number",
        "Country of Origin Code",
        "Country of Export Code",
        "Line SPI Code",
        "Tariff Ordinal Number",
        "HTS Number - Full",
        "Line Tariff Goods Value Amount",
        "Line Tariff Duty Amount",
        "Line Tariff Quantity (1)",
        "Line Tariff UOM (1) Code",
        "Liquidation Status",
        "Liquidation Date",
        "Protest Number",
        "Protest Status",
        "Reconciliation Indicator",
        "Drawback Indicator",
    ]
    columns = {name: w.texts([row[i] for row in rows]) for i, name in enumerate(names)}
    (folder / "ES-003-2026-07.csv").write_bytes(w.delimited(columns))
    return planted


def _entry_number(serial: int) -> str:
    """A filer's code, seven digits, and a check digit."""
    digits = f"{serial:07d}"
    return f"BX1-{digits}-{sum(int(d) for d in digits) % 10}"


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"
