"""Small books of every shape that people decide on, made by a seed with plain code; and the figures that went in.

What a book holds: a platform of totals only, whose orders have few prices, so that several sets explain a payout; a
platform with lines, of which some do not add up; credits that are exact, less a fee, in another currency, twice the
same, of several payouts together, short, early or missing; papers of trades that break rules; listings near marks, of
which some are sued over; numbers for returns; a table of one's own; files that come later.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from tests.settle.making import amazon

TODAY = date(2026, 7, 10)
FIRST = date(2026, 4, 1)
FEE_PERCENT = 5
MOST_FEE = 5_000  # cents that an account's bank fee may be where nothing else is set
PRICES = (1_999, 2_499, 2_999, 3_499, 4_990, 7_900, 12_345)
PEOPLE = ("Mary Smith", "Anna Weber", "Jean Petit", "Li Na", "Omar Aziz", "Eva Novak")

SETTINGS = """
[[tax.identities]]
country = "EU"
kind = "ioss"
number = "IM3720000224"
from = 2024-01-01

[accounts.totals.release]
after = "placed"
days = 7
fee_percent = "5"
cycle_days = 10
"""
MAPPINGS = {
    "orders": """kind = "order"
account = "totals"
currency = "USD"
[columns]
order_id = "order"
placed_at = "placed"
total = "total"
status = "state"
country = "country"
buyer = "buyer"
consignee = "consignee"
item = "sku"
quantity = "pieces"
""",
    "notes": """kind = "payout"
account = "totals"
currency = "USD"
[columns]
payout_id = "note"
paid_on = "paid"
amount = "remitted"
reference = "ref"
""",
    "payments": """kind = "payment"
[columns]
payment_id = "payment"
order_id = "of order"
amount = "sum"
currency = "code"
payer = "payer"
paid_at = "moment"
institution = "=PayCo"
""",
    "parcels": """kind = "shipment"
[columns]
order_id = "order no"
tracking = "waybill"
shipped_at = "left"
delivered_at = "arrived"
country = "to"
consignee = "receiver"
weight_g = "grams"
""",
    "statement": """kind = "bank"
account = "bank"
[columns]
booked_on = "booked"
amount = "value"
currency = "in"
fee = "charges"
original_amount = "before"
original_currency = "before in"
description = "text"
""",
    "rates": """kind = "rate"
[columns]
day = "on"
base = "one"
quote = "is"
rate = "so many"
""",
}
HOUSE = "day,plus,minus,code,remark\n2026-05-04,100.50,,USD,a\n2026-05-05,,20.25,USD,b\n2026-05-06,1250.00,,USD,c\n"
HOUSE_MAPPING = """kind = "bank"
account = "house"
[columns]
booked_on = "day"
credit = "plus"
debit = "minus"
currency = "code"
description = "remark"
"""
OWNERS = (("VALKORE", "Valkore Outdoor Inc."), ("TREKLUND", "Treklund AS"), ("ZEPHYRON", "Zephyron Audio Ltd"))


@dataclass(frozen=True)
class Sent:
    """A payout as the platform's file states it; money in cents."""

    id: str
    account: str
    currency: str
    amount: int
    paid_on: date
    lines: int | None  # what its lines sum to, where it has lines


@dataclass(frozen=True)
class Came:
    """An entry of a bank statement, as its file has it in a line; money in cents."""

    file: str
    line: int
    booked_on: date
    amount: int
    currency: str
    fee: int = 0
    before: int | None = None  # in `before_in`, before the bank converted it
    before_in: str = ""
    text: str = ""


@dataclass
class Truth:
    """What went into a book: the facts that its figures must not fall short of."""

    payouts: list[Sent] = field(default_factory=list)
    entries: list[Came] = field(default_factory=list)
    rates: dict[tuple[str, str, date], str] = field(default_factory=dict)  # units of the second for one of the first
    nets: dict[str, int] = field(default_factory=dict)  # of each order of the platform of totals, less its fee
    files: dict[str, str] = field(default_factory=dict)  # text of each file of the book, by its name
    later: list[str] = field(default_factory=list)  # the names of files that are added while people decide


def make(folder: Path, seed: int) -> None:
    """Write the book of a seed into `folder`: `book`, `files` and `truth.json`."""
    rng = random.Random(seed)
    truth = Truth()
    _totals(rng, truth)
    _lines(rng, truth)
    _statements(rng, truth)
    _brands(rng, truth)
    (folder / "files").mkdir()
    for name, text in truth.files.items():
        (folder / "files" / name).write_text(text, encoding="utf-8")
    book = init_book(folder / "book", f"Book {seed}", "CNY")
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    (book.path / "mappings").mkdir()
    for name, text in MAPPINGS.items():
        (book.path / "mappings" / f"{name}.toml").write_text(text, encoding="utf-8")
    for name in truth.files:
        if name not in truth.later:
            put(book, folder / "files" / name)
    told = asdict(truth) | {"rates": [[*pair, rate] for pair, rate in truth.rates.items()]}
    (folder / "truth.json").write_text(json.dumps(told, default=str), encoding="utf-8")


def put(book: Book, path: Path) -> None:
    """Add a file of a generated book."""
    (item,) = inputs([path])
    source = path.stem if path.stem in ("marks", "listings", "enforcements") else None
    add(open_book(book.path), item, source=source, account="shop" if path.stem.startswith("shop") else None)


def truth_of(folder: Path) -> Truth:
    """The figures that went into the book of a folder."""
    told = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    day = date.fromisoformat
    return Truth(
        payouts=[Sent(**{**p, "paid_on": day(p["paid_on"])}) for p in told["payouts"]],
        entries=[Came(**{**e, "booked_on": day(e["booked_on"])}) for e in told["entries"]],
        rates={(base, quote, day(on)): rate for base, quote, on, rate in told["rates"]},
        nets=told["nets"],
        files=told["files"],
        later=told["later"],
    )


def _table(header: str, rows: Iterable[Iterable[object]]) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def _money(cents: int | None) -> str:
    return "" if cents is None else f"{cents / 100:.2f}"


def _less_fee(total: int) -> int:
    return total - int((Decimal(total) * FEE_PERCENT / 100).quantize(Decimal(1), ROUND_HALF_UP))


def _totals(rng: random.Random, truth: Truth) -> None:
    """A payout every ten days of what was placed seven days before or earlier; some orders are paid late, or never."""
    orders, payments, parcels = [], [], []
    waiting: list[tuple[date, str]] = []
    for n in range(rng.randint(30, 70)):
        placed, price = FIRST + timedelta(days=rng.randint(0, 59)), rng.choice(PRICES)
        name, buyer, country = f"T{n:03}", rng.choice(PEOPLE), rng.choice(("DE", "FR", "US", "GB"))
        truth.nets[name] = _less_fee(price)
        waiting.append((placed + timedelta(days=7 + (10 if rng.random() < 0.06 else 0)), name))
        orders.append((name, f"{placed}T10:00:00Z", _money(price), "paid", country, buyer, buyer, "LAMP", 1))
        if rng.random() < 0.9:
            payer = rng.choice(PEOPLE) if rng.random() < 0.2 else buyer
            paid = price - (500 if rng.random() < 0.15 else 0)
            payments.append((f"P-{name}", name, _money(paid), "USD", payer, f"{placed}T10:05:00Z"))
        if rng.random() < 0.85:
            left, there = placed + timedelta(days=1), placed + timedelta(days=8)
            waybill = f"YT-{name if rng.random() < 0.9 else 'T000'}"
            to = country if rng.random() < 0.9 else "JP"
            parcels.append((name, waybill, f"{left}T08:00:00Z", f"{there}T15:00:00Z", to, buyer, 400))
    notes, free, cut = [], sorted(waiting), FIRST + timedelta(days=15)
    while free and cut < TODAY:
        now = [name for on, name in free if on < cut]
        free = [(on, name) for on, name in free if on >= cut]
        if now:
            amount = sum(truth.nets[name] for name in now)
            note = f"JS{cut:%m%d}"
            notes.append((note, cut, _money(amount), f"REF{note}"))
            truth.payouts.append(Sent(note, "totals", "USD", amount, cut, None))
        cut += timedelta(days=10)
    head = "order,placed,total,state,country,buyer,consignee,sku,pieces"
    truth.files["orders.csv"] = _table(head, orders)
    truth.files["notes.csv"] = _table("note,paid,remitted,ref", notes)
    truth.files["payments.csv"] = _table("payment,of order,sum,code,payer,moment", payments)
    truth.files["parcels.csv"] = _table("order no,waybill,left,arrived,to,receiver,grams", parcels)


def _lines(rng: random.Random, truth: Truth) -> None:
    """A payout a report, all paid on 17 March; every third or so is not what its lines sum to."""
    for n in range(rng.randint(4, 7)):
        amounts = [rng.choice((9_999, 20_000, 51_010, 150_075)) for _ in range(rng.randint(1, 4))]
        lines = sum(amounts)
        total = lines + (rng.choice((-1_250, 300)) if rng.random() < 0.3 else 0)
        told = [(f"S{n}-{i}", "Principal", _money(a)) for i, a in enumerate(amounts)]
        truth.files[f"shop{n}.txt"] = amazon(f"A{n}", _money(total), told)
        truth.payouts.append(Sent(f"A{n}", "shop", "USD", total, date(2026, 3, 17), lines))


def _statements(rng: random.Random, truth: Truth) -> None:
    """Credits for most payouts, and entries that are of none; a second statement comes later."""
    rows: list[Came] = []
    together: list[Sent] = []
    for p in sorted(truth.payouts, key=lambda p: rng.random()):
        booked = p.paid_on + timedelta(days=rng.choice((0, 1, 2, 3)))
        for way in [rng.choice(WAYS)]:
            rows += _credits(rng, truth, p, booked, way)
        if not any(r.text == f"of {p.id}" for r in rows) and len(together) < 2:
            together.append(p)
    if len(together) == 2 and abs(together[0].paid_on - together[1].paid_on) <= timedelta(days=5):
        last = max(p.paid_on for p in together)
        rows.append(Came("", 0, last, sum(p.amount for p in together), "USD", text="transfer"))
    for _ in range(rng.randint(1, 4)):
        day = FIRST + timedelta(days=rng.randint(-30, 80))
        rows.append(Came("", 0, day, rng.choice((-4_000, 1_200, 9_999, 20_000, 100_000)), "USD", text="other"))
    rng.shuffle(rows)
    files: dict[str, list[Came]] = {"bank.csv": [], "bank-later.csv": []}
    for row in rows:
        files["bank-later.csv" if rng.random() < 0.15 else "bank.csv"].append(row)
    head = "booked,value,in,charges,before,before in,text"
    for name, told in files.items():
        if not told:
            continue
        text = []
        for line, r in enumerate(told, 2):
            truth.entries.append(Came(**{**asdict(r), "file": name, "line": line}))
            charges = _money(r.fee) if r.fee else ""
            text.append((r.booked_on, _money(r.amount), r.currency, charges, _money(r.before), r.before_in, r.text))
        truth.files[name] = _table(head, text)
    if "bank-later.csv" in truth.files:
        truth.later.append("bank-later.csv")
    if truth.rates:
        rates = [(on, base, quote, rate) for (base, quote, on), rate in truth.rates.items()]
        truth.files["rates.csv"] = _table("on,one,is,so many", rates)


WAYS = ("exact", "exact", "fee", "guess", "short", "over", "twice", "euro", "stated", "stated less", "no rate", "none")


def _credits(rng: random.Random, truth: Truth, p: Sent, booked: date, way: str) -> list[Came]:
    """How a payout arrived, one of WAYS."""
    text = f"payout {p.id}" if rng.random() < 0.4 else "transfer"
    if way in ("euro", "stated", "stated less"):
        rate = Decimal("0.92")
        if way == "euro" or rng.random() < 0.5:
            truth.rates["USD", "EUR", booked - timedelta(days=rng.randint(0, 6))] = str(rate)
        margin = Decimal(rng.choice(("0.995", "0.98", "0.95"))) if way == "euro" else Decimal("0.99")
        amount = int(p.amount * rate * margin)
        before = None if way == "euro" else p.amount - (p.amount * 2 // 100 if way == "stated less" else 0)
        return [Came("", 0, booked, amount, "EUR", before=before, before_in="" if way == "euro" else "USD", text=text)]
    if way == "no rate":
        return [Came("", 0, booked, p.amount * 17, "MXN", text=f"payout {p.id}")]
    less = {"fee": 1_500, "guess": 1_200, "short": p.amount // 4, "over": -700}.get(way, 0)
    credit = Came("", 0, booked, p.amount - less, "USD", fee=less if way == "fee" else 0, text=text)
    return {"none": [], "twice": [credit, credit]}.get(way, [credit])


def _brands(rng: random.Random, truth: Truth) -> None:
    """A few listings, some of them near marks; over one mark somebody sues."""
    marks = [
        ("US", 97000001 + n, mark, 18, "registered", owner, "2018-04-02", "2099-01-13")
        for n, (mark, owner) in enumerate(OWNERS)
    ]
    truth.files["marks.csv"] = _table("register,number,mark,classes,status,owner,filed,expires", marks)
    listings = []
    for n in range(rng.randint(3, 8)):
        near = rng.sample([mark.title() for mark, _ in OWNERS], rng.randint(0, 2))
        listings.append((f"B{n:02}", f"BAG-{n}", " ".join(["Plain pack", *near]), "NoName", 18))
    truth.files["listings.csv"] = _table("listing,sku,title,brand,classes", listings)
    mark, owner = rng.choice(OWNERS)
    until = rng.choice(("", "2026-05-28", "2026-06-06", "2026-06-08"))  # the book's day is about then: its last entry's
    suit = (owner, mark, "N.D. Ill.", "1:26-cv-00417", "suit", "packs", "2026-01-19", until, "https://example.org/417")
    head = "plaintiff,brand,court,docket,kind,goods,filed,until,reference"
    truth.files["enforcements.csv"] = _table(head, [suit])
