"""Trades with all their papers as plain rows, so that each can be written wrongly or oddly, and their tables."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from trade_names import Person, person

from crossbook.demo.business import PRODUCTS
from crossbook.demo.customs import GOODS

OWN = "深圳市远山户外用品有限公司"
OWN_IN_ENGLISH = "Shenzhen Yuanshan Outdoor Products Co., Ltd."
BOOK = f"{OWN} (Shenzhen Yuanshan Outdoor)"
FIRST = datetime(2025, 7, 1, tzinfo=UTC)
DAYS = 320  # on which orders are placed; all of them have arrived long before the last day
CHINA = timedelta(hours=8)
Row = dict[str, Any]
PRICES = {sku: price for sku, _, price, _, _ in PRODUCTS}
TITLES = {sku: title for sku, _, _, _, title in PRODUCTS}
ENGLISH = {sku: title for sku, title, *_ in PRODUCTS}
GRAMS = {sku: GOODS[sku][4] for sku, *_ in PRODUCTS}
SKUS = tuple(PRICES)

# kind of paper: witness, columns
TABLES: dict[str, tuple[str, str]] = {
    "order": (
        "platform",
        "order_id placed_at status item title quantity price total goods discount shipping refunded currency country "
        "buyer consignee address city postcode phone email",
    ),
    "payment": (
        "bank",
        "payment_id order_id institution payer payer_country payer_account payee amount currency paid_at original",
    ),
    "shipment": (
        "carrier",
        "order_id tracking carrier shipped_at delivered_at country consignee address phone origin weight_kg pieces",
    ),
    "customs": (
        "",
        "order_id declaration declared_on mode tracking weight_kg item title quantity amount currency "
        "country consignee destination",
    ),
    "receipt": ("platform", "order_id received_at tracking country"),
    "invoice": ("", "invoice_id order_id issued_on buyer amount currency corrects"),
    "tracking": ("carrier", "tracking happened_at event country"),
}
_TIMES = {"placed_at", "paid_at", "shipped_at", "delivered_at", "received_at", "happened_at"}
_DAYS = {"declared_on", "issued_on"}
_MONEY = {"price", "total", "goods", "discount", "shipping", "refunded", "amount"}


@dataclass(kw_only=True)
class Trade:
    """One order with its papers. Money in cents, weights in grams, times in UTC; written out by `write`."""

    who: Person
    order: Row
    payment: list[Row]
    shipment: list[Row]
    customs: list[Row]
    receipt: list[Row]
    invoice: list[Row]
    tracking: list[Row]
    more_lines: list[Row] = field(default_factory=list)
    has_order: bool = True

    @property
    def id(self) -> str:
        return str(self.order["order_id"])

    @property
    def placed(self) -> datetime:
        found: datetime = self.order["placed_at"]
        return found

    def priced(self, total: int) -> None:
        """Another amount on every paper alike."""
        quantity = self.order["quantity"]
        self.order |= {"total": total, "goods": total, "discount": 0, "shipping": 0, "price": total // quantity}
        for row in (*self.payment, *self.customs, *self.invoice):
            row["amount"] = total

    def bought_by(self, name: str, payer: str = "", consignee: str = "") -> None:
        """Names as each paper has them: of the buyer, of who pays, of who receives (else the buyer)."""
        self.order |= {"buyer": name, "consignee": consignee or name}
        for row in self.payment:
            row["payer"] = payer or name
        for row in (*self.shipment, *self.customs):
            row["consignee"] = consignee or name
        for row in self.invoice:
            row["buyer"] = name

    def at(self, address: str) -> None:
        """Another street address on the order and the parcel."""
        self.order["address"] = address
        for row in self.shipment:
            row["address"] = f"{address}, {self.order['city']} {self.order['postcode']}"

    def numbered(self, waybill: str) -> None:
        """Another waybill number on every paper that names it."""
        for row in (*self.shipment, *self.customs, *self.receipt, *self.tracking):
            row["tracking"] = waybill

    def paid_part(self, share: float, suffix: str = "B", minutes: int = 4) -> Row:
        """Splits the payment: the given share is paid with a second one, minutes later."""
        first = self.payment[0]
        part = int(first["amount"] * share)
        first["amount"] -= part
        second = first | {"amount": part, "payment_id": first["payment_id"] + suffix}
        second["paid_at"] += timedelta(minutes=minutes)
        self.payment.append(second)
        return second

    def refunded(self, amount: int, days: float = 30, suffix: str = "R") -> Row:
        """Money that went back to the buyer."""
        first = self.payment[0]
        row = first | {"amount": -amount, "payment_id": first["payment_id"] + suffix, "original": first["payment_id"]}
        row["paid_at"] += timedelta(days=days)
        self.payment.append(row)
        self.order["refunded"] += amount
        return row

    def later(self, days: float) -> None:
        """Every paper but the order and its payment that much later."""
        for row in (*self.shipment, *self.customs, *self.receipt, *self.tracking):
            for name in row.keys() & (_TIMES | _DAYS):
                row[name] += timedelta(days=days)

    def second_parcel(self, share: float = 0.5, days: float = 1) -> Row:
        """A second parcel with a waybill, tracking, and an export list of its own, for a share of the goods."""
        parcel, listed = self.shipment[0], self.customs[0]
        pieces = max(1, round(self.order["quantity"] * share))
        waybill, number = parcel["tracking"][:-3] + "7CN", "9" + listed["declaration"][1:]
        gap = timedelta(days=days)
        more = parcel | {"tracking": waybill, "weight_kg": int(parcel["weight_kg"] * share)}
        more |= {name: parcel[name] + gap for name in ("shipped_at", "delivered_at")}
        also = listed | {"declaration": number, "tracking": waybill, "declared_on": listed["declared_on"] + gap}
        also |= {name: int(listed[name] * share) for name in ("amount", "weight_kg")} | {"quantity": pieces}
        parcel["weight_kg"] -= more["weight_kg"]
        listed |= {name: listed[name] - also[name] for name in ("amount", "weight_kg", "quantity")}
        self.tracking += [e | {"tracking": waybill, "happened_at": e["happened_at"] + gap} for e in list(self.tracking)]
        self.shipment.append(more)
        self.customs.append(also)
        return more


class Maker:
    """Makes trades whose papers agree, each with numbers of its own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.made = 0

    def rng(self, part: str) -> Random:
        """Draws of one part, which no other part's draws change."""
        return Random(f"{self.seed} {part}")

    def trade(
        self,
        rng: Random,
        *,
        who: Person | None = None,
        sku: str = "",
        quantity: int = 0,
        placed: datetime | None = None,
    ) -> Trade:
        self.made += 1
        number = self.made
        who = who or person(rng)
        sku = sku or rng.choice(SKUS)
        quantity = quantity or rng.choices((1, 2, 3, 4), (80, 13, 5, 2))[0]
        if placed is None:
            placed = FIRST + timedelta(seconds=rng.randrange(DAYS * 86400))
        goods = PRICES[sku] * quantity
        discount = rng.randrange(goods * 12 // 100) if rng.random() < 0.4 else 0
        shipping = rng.choice((0, 0, 399, 699))
        total = goods - discount + shipping
        name, latin = who.name, who.script == "latin"
        payer = name.upper() if latin and rng.random() < 0.1 else name
        grams = GRAMS[sku] * quantity + rng.randint(40, 160)
        shipped = placed + timedelta(hours=rng.randint(10, 70))
        delivered = shipped + timedelta(hours=rng.randint(6 * 24, 16 * 24))
        order_id, waybill = f"PB{2026_000_000 + number * 31}", f"YT{number * 7 + 100_000_003:012d}0CN"
        street = f"{who.address}, {who.city} {who.postcode}"
        return Trade(
            who=who,
            order={
                "order_id": order_id,
                "placed_at": placed,
                "status": "已完成",
                "item": sku,
                "title": TITLES[sku],
                "quantity": quantity,
                "price": PRICES[sku],
                "total": total,
                "goods": goods,
                "discount": discount,
                "shipping": shipping,
                "refunded": 0,
                "currency": "USD",
                "country": who.country,
                "buyer": name,
                "consignee": name,
                "address": who.address,
                "city": who.city,
                "postcode": who.postcode,
                "phone": who.phone,
                "email": who.email,
            },
            payment=[
                {
                    "payment_id": f"HQ{int(placed.timestamp())}{number:07d}",
                    "order_id": order_id,
                    "institution": "海桥支付",
                    "payer": payer,
                    "payer_country": who.country,
                    "payer_account": who.account,
                    "payee": OWN,
                    "amount": total,
                    "currency": "USD",
                    "paid_at": placed + timedelta(seconds=rng.randint(5, 900)),
                    "original": "",
                }
            ],
            shipment=[
                {
                    "order_id": order_id,
                    "tracking": waybill,
                    "carrier": "云途物流",
                    "shipped_at": shipped,
                    "delivered_at": delivered,
                    "country": who.country,
                    "consignee": name,
                    "address": street,
                    "phone": who.phone,
                    "origin": "CN",
                    "weight_kg": grams,
                    "pieces": 1,
                }
            ],
            customs=[
                {
                    "order_id": order_id,
                    "declaration": f"5316{number * 11 + 20_250_000_007:014d}",
                    "declared_on": shipped + timedelta(hours=8),
                    "mode": "9610",
                    "tracking": waybill,
                    "weight_kg": (grams + 5) // 10 * 10,
                    "item": sku,
                    "title": TITLES[sku],
                    "quantity": quantity,
                    "amount": total * rng.randint(94, 100) // 100,
                    "currency": "USD",
                    "country": "CN",
                    "consignee": name,
                    "destination": who.country,
                }
            ],
            receipt=[
                {
                    "order_id": order_id,
                    "received_at": delivered + timedelta(hours=rng.randint(1, 90)),
                    "tracking": waybill,
                    "country": who.country,
                }
            ]
            if rng.random() < 0.6
            else [],
            invoice=[
                {
                    "invoice_id": f"INV-{number:09d}",
                    "order_id": order_id,
                    "issued_on": placed,
                    "buyer": name,
                    "amount": total,
                    "currency": "USD",
                    "corrects": "",
                }
            ]
            if rng.random() < 0.3
            else [],
            tracking=[
                {"tracking": waybill, "happened_at": shipped + timedelta(hours=1), "event": "EMA", "country": "CN"},
                {"tracking": waybill, "happened_at": shipped + timedelta(hours=40), "event": "EMC", "country": "CN"},
                {"tracking": waybill, "happened_at": delivered, "event": "EMI", "country": who.country},
            ],
        )

    def invoiced(self, rng: Random, **told: Any) -> Trade:
        """A trade that has an invoice and a confirmation, too."""
        while True:
            t = self.trade(rng, **told)
            if t.invoice and t.receipt:
                return t


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _TIMES or name in _DAYS:
        return f"{value + CHINA:%Y-%m-%d %H:%M:%S}"[: 10 if name in _DAYS else None]
    if name in _MONEY and value != "":
        return f"{'-' * (value < 0)}{abs(value) // 100}.{abs(value) % 100:02d}"
    return f"{value / 1000:.3f}" if name == "weight_kg" else str(value)


def lines(t: Trade, kind: str) -> list[Row]:
    """The rows of one kind of paper as the table has them."""
    rows: list[Row] = [t.order, *t.more_lines][: None if t.has_order else 0] if kind == "order" else getattr(t, kind)
    columns = TABLES[kind][1].split()
    return [{name: _text(name, row[name]) for name in columns} for row in rows]


def write(folder: Path, trades: list[Trade]) -> None:
    """A table of each kind of paper, in the order of the trades' times."""
    folder.mkdir()
    inside = sorted(trades, key=lambda t: (t.placed, t.id))
    for kind, (_, columns) in TABLES.items():
        with (folder / f"{kind}s.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns.split())
            writer.writeheader()
            for t in inside:
                writer.writerows(lines(t, kind))


def mappings(folder: Path) -> None:
    """How the book reads each table: its columns are called as the book calls them."""
    folder.mkdir(exist_ok=True)
    for kind, (witness, columns) in TABLES.items():
        head = [f'kind = "{kind}"', 'date_order = "ymd"', 'zone = "Asia/Shanghai"']
        head += ['account = "seabridge"'] if kind == "order" else []
        head += [f'witness = "{witness}"'] if witness else []
        body = [f'{name} = "{name}"' for name in columns.split()]
        text = "\n".join([*head, "", "[columns]", *body]) + "\n"
        (folder / f"bench-{kind}.toml").write_text(text, encoding="utf-8")
