"""Accounts and transfers of the sample institution as they are made: numbers, columns, and what was planted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from crossbook.demo.banks import rate_on
from crossbook.demo.people import names
from crossbook.demo.writing import Ints

START = date(2025, 7, 1)
END = date(2026, 7, 1)  # the first day that is not in it
DAYS = (END - START).days
DAY = 86_400
EPOCH = (START - date(1970, 1, 1)).days * DAY - 8 * 3600  # midnight of the first day in Beijing
OWN = "QHPAY"  # the institution
ABROAD = ("US", "GB", "DE", "FR", "JP", "CA", "AU")
CURRENCIES = ("CNY", "USD")
KINDS = ("transfer", "cash_in", "cash_out", "return")
CNY, USD = range(2)
TRANSFER, CASH_IN, CASH_OUT, RETURN = range(4)
NOBODY = -1  # where money is cash

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
_GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚玉兰桂英建国志文华晓丽红梅海燕春秀云飞鹏辉宇浩然子轩雨欣思远嘉怡俊博睿"
_CITIES = "深圳 广州 东莞 义乌 杭州 宁波 厦门 泉州 佛山 中山 苏州 青岛"
_WORDS = "远山 恒通 瑞丰 海纳 启明 天合 众诚 佳和 鼎盛 云启 博雅 信达 嘉禾 长风 新域 朗格 百川 金石 优品 卓越 乐居 悦行"
_TRADES = "电子商务 进出口 户外用品 家居用品 电子科技 服饰 五金制品 供应链 国际贸易 玩具"


@dataclass
class Account:
    """An account: `kind` is natural, legal or institution; `holder` the customer's number."""

    number: str
    holder: str
    name: str
    country: str
    kind: str
    hub: bool = False
    opened: date = date(2023, 1, 1)
    address: str = ""
    phone: str = ""
    device: str = ""
    institution: str = OWN


@dataclass
class Ledger:
    """Everything that is written. Moments are seconds since 1970, amounts minor units."""

    rng: np.random.Generator
    rates: dict[date, Decimal]  # yuan for a dollar
    accounts: list[Account] = field(default_factory=list)
    parts: list[tuple[Any, ...]] = field(default_factory=list)  # columns, or rows of one transfer each
    count: int = 0
    references: dict[int, str] = field(default_factory=dict)  # by number of the transfer
    originals: dict[int, int] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)  # where cash was paid in or out
    planted: list[dict[str, Any]] = field(default_factory=list)

    def open(self, kind: str, *, country: str = "CN", holder: str = "", **more: Any) -> int:
        """A new account; of a new holder unless one is given."""
        n = len(self.accounts)
        name = more.pop("name", "") or self._name(kind, country)
        told: dict[str, Any] = {
            "address": ""
            if country != "CN"
            else f"{self._draw(_CITIES.split())}市{self.rng.integers(1, 999)}号{self.rng.integers(1, 40)}室{n}",
            "phone": f"1{self.rng.integers(30, 99)}{n:08d}" if country == "CN" else "",
            "device": f"D-{n:07d}" if country == "CN" and kind != "institution" else "",
            "opened": START - timedelta(days=int(self.rng.integers(30, 900))),
            "institution": OWN if country == "CN" else f"{country}BANK{self.rng.integers(1, 9)}",
        }
        number = f"{'QH' if country == 'CN' else country}{8_000_000_000 + n * 7_919}"
        self.accounts.append(
            Account(number=number, holder=holder or f"C{n:07d}", name=name, country=country, kind=kind, **told | more)
        )
        return n

    def several(self, count: int, kind: str, **more: Any) -> list[int]:
        """So many new accounts of strangers."""
        return [self.open(kind, **more) for _ in range(count)]

    def pay(
        self,
        moment: float,
        payer: int,
        payee: int,
        amount: float,
        currency: int = CNY,
        *,
        received: float | None = None,
        received_in: int | None = None,
        kind: int = TRANSFER,
        reference: str = "",
        original: int | None = None,
        place: str = "",
    ) -> int:
        """One transfer; amounts in units. Gives its number."""
        into = currency if received_in is None else received_in
        paid = round(amount * 100)
        arrives = paid if received is None else round(received * 100)
        self.parts.append((int(moment), payer, payee, paid, currency, arrives, into, kind))
        number, self.count = self.count, self.count + 1
        if reference:
            self.references[number] = reference
        if original is not None:
            self.originals[number] = original
        if place:
            self.places[number] = place
        return number

    def pay_many(self, moments: Ints, payers: Ints, payees: Ints, amounts: Ints, currency: int) -> range:
        """Transfers as columns, amounts in minor units. Gives their numbers."""
        zeros = np.zeros(len(moments), np.int64)
        self.parts.append(
            (moments, payers, payees, amounts, zeros + currency, amounts, zeros + currency, zeros + TRANSFER)
        )
        found = range(self.count, self.count + len(moments))
        self.count += len(moments)
        return found

    def plant(self, kind: str, subjects: list[str], transfers: list[int], *, honest: bool = False) -> None:
        """Note what was planted: who must be named, and by which transfers; or what is honest and only looks alike."""
        self.planted.append({"kind": kind, "honest": honest, "subjects": subjects, "transfers": transfers})

    def holder(self, account: int) -> str:
        """The customer's number of an account."""
        return self.accounts[account].holder

    def moment(self, day: float, hour: float = 0.0) -> float:
        """Seconds since 1970 of an hour on a day of the year that is made."""
        return EPOCH + day * DAY + hour * 3600

    def yuan(self, moment: float) -> float:
        """What a dollar is in yuan at a moment."""
        return float(rate_on(self.rates, START + timedelta(days=int((moment - EPOCH) // DAY))))

    def some_day(self, span: float, first: int = 10) -> int:
        """A day from which so many days are left."""
        return int(self.rng.integers(first, DAYS - int(span) - 2))

    def odd(self, low: float, high: float) -> float:
        """An amount that is not round."""
        return int(self.rng.integers(int(low * 100), int(high * 100))) / 100 + 0.01

    def columns(self) -> list[Ints]:
        """All transfers as columns, in the order of their numbers."""
        found: list[list[Ints]] = [[] for _ in range(8)]
        for part in self.parts:
            for column, values in zip(found, part, strict=True):
                column.append(np.atleast_1d(np.asarray(values, np.int64)))
        return [np.concatenate(column) for column in found]

    def _draw(self, texts: list[str]) -> str:
        return texts[int(self.rng.integers(0, len(texts)))]

    def _name(self, kind: str, country: str) -> str:
        if kind == "natural":
            if country != "CN":
                return names(self.rng, [country])[0]
            given = "".join(self._draw(list(_GIVEN)) for _ in range(int(self.rng.integers(1, 3))))
            return self._draw(list(_SURNAMES)) + given
        if country != "CN":
            return f"{names(self.rng, [country])[0].split()[-1]} {self._draw(['Trading', 'Imports', 'Retail'])} Ltd"
        return f"{self._draw(_CITIES.split())}{self._draw(_WORDS.split())}{self._draw(_TRADES.split())}有限公司"
