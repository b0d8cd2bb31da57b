"""The made-up business behind the demo: what was sold, shipped, disputed, settled and paid. Seeded; truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from crossbook.calendars import add_business_days
from crossbook.demo.writing import Ints, Times

START = date(2025, 1, 1)
MONTHS = 18
END = date(2026, 7, 1)  # the first day that is not in it
DAY = 86_400

# sku, title, price in cents, fulfilment fee in cents, Chinese title
PRODUCTS = [
    ("TENT-2P", "Trail tent, 2 persons", 7999, 842, "双人登山帐篷"),
    ("TENT-4P", "Family tent, 4 persons", 15999, 1410, "四人家庭帐篷"),
    ("LAMP-01", "Camp lamp, USB-C", 2499, 386, "露营灯 USB-C"),
    ("LAMP-02", "Head torch 600 lm", 1899, 322, "头灯 600流明"),
    ("STOVE-9", "Gas stove, folding", 3299, 411, "折叠燃气炉"),
    ("POT-SET", "Cook set, 9 pieces", 4599, 575, "九件套炊具"),
    ("MAT-SELF", "Self-inflating mat", 3899, 688, "自充气垫"),
    ("BAG-20", "Day pack 20 l", 3499, 480, "20升双肩包"),
    ("BAG-45", "Trekking pack 45 l", 8999, 790, "45升登山包"),
    ("FILTER", "Water filter", 2799, 322, "净水器"),
    ("POWER-20K", "Power bank 20000 mAh", 4299, 455, "移动电源 20000毫安"),
    ("CABLE-3", "Charging cable, 3 in 1", 999, 222, "三合一充电线"),
    ("SPEAKER", "Outdoor speaker", 5999, 522, "户外音箱"),
    ("CAM-SOLAR", "Solar camera", 12999, 690, "太阳能摄像头"),
    ("WATCH-B", "Watch strap, silicone", 1299, 215, "硅胶表带"),
    ("POLES", "Trekking poles, pair", 3999, 610, "登山杖 一对"),
]
COUNTRIES = ["US", "CA", "GB", "DE", "FR", "AU", "JP", "RO"]
SHARES = [0.78, 0.07, 0.05, 0.04, 0.02, 0.02, 0.02, 0.0]
IN_EURO = [COUNTRIES.index(code) for code in ("DE", "FR", "RO")]  # where the shop sells in euros


@dataclass(frozen=True)
class Sales:
    """Orders of one account, by time: `placed` in seconds since 1970 (UTC), `total` in cents with quantity in it.

    The total is price times quantity, less `coupon`, with `shipping`.
    """

    placed: Ints
    product: Ints
    quantity: Ints
    total: Ints
    country: Ints
    coupon: Ints
    shipping: Ints

    def __len__(self) -> int:
        return len(self.placed)


def seconds(day: date) -> int:
    """Midnight UTC of a day, in seconds since 1970."""
    return (day - date(1970, 1, 1)).days * DAY


def moments(stamps: Ints) -> Times:
    """Seconds since 1970 as NumPy times."""
    return stamps.astype("datetime64[s]")


def sales(rng: np.random.Generator, count: int, last_days: int = 0) -> Sales:
    """`count` orders over the 18 months, more of them before Christmas and on Prime days."""
    days = (END - START).days - last_days
    weight = np.ones(days)
    for i in range(days):
        day = START + timedelta(days=i)
        weight[i] *= 1.6 if day.month in (11, 12) else 1.3 if day.month == 7 else 1.0
    on = rng.choice(days, count, p=weight / weight.sum())
    placed = np.sort(seconds(START) + on * DAY + rng.integers(0, DAY, count)).astype(np.int64)
    product = rng.integers(0, len(PRODUCTS), count)
    quantity = np.where(rng.random(count) < 0.12, 2, 1).astype(np.int64)
    price = np.array([p[2] for p in PRODUCTS], np.int64)[product]
    coupon = np.where(rng.random(count) < 0.55, rng.integers(1, 400, count), 0)
    shipping = np.where(rng.random(count) < 0.4, rng.choice([399, 499, 699], count), 0)
    total = price * quantity - coupon + shipping
    country = rng.choice(len(COUNTRIES), count, p=SHARES)
    return Sales(
        placed=placed,
        product=product,
        quantity=quantity,
        total=total.astype(np.int64),
        country=country,
        coupon=coupon,
        shipping=shipping,
    )


def every(days: int, first: date) -> list[date]:
    """The days from `first` on, `days` apart, up to the end."""
    found = []
    day = first
    while day < END:
        found.append(day)
        day += timedelta(days=days)
    return found


def month_of(stamps: Ints) -> Ints:
    """Months since the start, for splitting files."""
    months = stamps.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    return months - np.datetime64(START, "M").astype(np.int64)


def month_name(month: int) -> str:
    """2025-01 for 0 and so on."""
    return f"{START.year + month // 12}-{month % 12 + 1:02d}"


def arrival(rng: np.random.Generator, paid: date, countries: tuple[str, ...], least: int = 1, most: int = 3) -> date:
    """A day on which a payment made on `paid` reaches the bank."""
    return add_business_days(paid, int(rng.integers(least, most + 1)), countries)


@dataclass(frozen=True)
class BankEntry:
    """One entry that a bank books. `original` is what was sent, when it arrives in another currency or less a fee."""

    day: date
    amount: int
    text: str
    party: str
    reference: str
    fee: int = 0
    original: int | None = None
    original_currency: str | None = None


def stamp(day: date, hour: int = 0) -> int:
    """Seconds since 1970 of an hour (UTC) of a day."""
    return seconds(day) + hour * 3600


def as_datetime(second: int) -> datetime:
    """The moment in UTC, without a zone, for printing."""
    return datetime(1970, 1, 1) + timedelta(seconds=int(second))  # noqa: DTZ001 - printed with its zone's name
