"""A filing plan for a mark of our own: what it costs by dated fees, and the days that must be kept.

Fees are rows of `data/brand/fees.csv`, each with its source; an office or item that has none is named as not known.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from dateutil.relativedelta import relativedelta

from crossbook.errors import CrossbookError

ROUTES = ("direct", "madrid")
# Paris Convention, article 4 C (1) and (2), read at ictpolicyafrica.org/es/document/qw9n9try7to; (3) moves a last day
# on which the office is closed on to the next on which it is open.
PRIORITY_MONTHS = 6
PRIORITY_SOURCE = "Paris Convention, article 4 C; https://ictpolicyafrica.org/es/document/qw9n9try7to?page=18"
# The five years in which an international registration depends on its basic mark: through btlj.org, 2019-04.
DEPENDENCE_YEARS = 5
DEPENDENCE_SOURCE = (
    "Madrid Protocol, article 6, through https://btlj.org/2019/04/madrids-central-attack-in-transnational-trademark-"
    "law-practice-procedures-and-strategic-considerations"
)


@dataclass(frozen=True)
class Asked:
    """What is to be filed: a name in some classes at some offices, by a route, on a day."""

    name: str
    classes: tuple[int, ...]
    offices: tuple[str, ...]
    route: str
    on: date
    first_filing: date | None = None
    registered: date | None = None
    own_words: bool = False
    colour: bool = False


@dataclass(frozen=True)
class Fee:
    """One fee of the plan, in minor units; `since` is the day from which its row is known to hold (of an
    undated page, the day on which it was read)."""

    office: str
    item: str
    count: int
    each: int
    amount: int
    currency: str
    since: date
    source: str


@dataclass(frozen=True)
class Requirement:
    """What a platform's brand registry asks for, and where that was read."""

    platform: str
    needs: str
    needs_zh: str
    source: str


@dataclass(frozen=True)
class Day:
    """A day that must be kept."""

    name: str
    day: date
    title: str
    title_zh: str
    source: str


@dataclass(frozen=True)
class Plan:
    """Fees, their sums by currency, what is not known, days, steps in order, and what brand registries ask for."""

    asked: Asked
    fees: tuple[Fee, ...]
    total: dict[str, int]
    unknown: tuple[tuple[str, str], ...]
    dates: tuple[Day, ...]
    steps: tuple[str, ...]
    steps_zh: tuple[str, ...]
    registries: tuple[Requirement, ...]


def plan(asked: Asked) -> Plan:
    """The plan. Raises CrossbookError for a route that is not there, and when no class or office is given."""
    if asked.route not in ROUTES:
        raise CrossbookError(f"there is no route {asked.route!r}", todo=f"use one of {', '.join(ROUTES)}")
    if not asked.classes or not asked.offices:
        raise CrossbookError("a plan needs classes and offices", todo="give --classes 9,25 --offices US")
    if asked.first_filing and asked.first_filing > asked.on:
        raise CrossbookError(
            f"the first filing ({asked.first_filing}) is after the day of this one ({asked.on})", todo="correct a day"
        )
    fees: list[Fee] = []
    unknown: list[tuple[str, str]] = []
    if asked.route == "madrid":
        fees += _fees(asked, "WIPO")
        if len(asked.classes) > 3:
            unknown.append(("WIPO", "its fee for classes beyond three was not read; ask its fee calculator"))
    for office in asked.offices:
        found = _fees(asked, office)
        fees += found
        if not found:
            unknown.append((office, "its fees were not read, so they are not in the sum; ask the office"))
    total: dict[str, int] = {}
    for fee in fees:
        total[fee.currency] = total.get(fee.currency, 0) + fee.amount
    steps, steps_zh = _steps(asked)
    return Plan(
        asked=asked,
        fees=tuple(fees),
        total=total,
        unknown=tuple(unknown),
        dates=_days(asked),
        steps=steps,
        steps_zh=steps_zh,
        registries=registries(),
    )


def _fees(asked: Asked, office: str) -> list[Fee]:
    n = len(asked.classes)
    counts = {
        "second class": int(n > 1),
        "classes beyond two": max(n - 2, 0),
        "each class": n,
        "each class in own words": n if asked.own_words else 0,
        "first class": 1,
        "further classes": n - 1,
        "application": 0 if asked.colour else 1,
        "application in colour": 1 if asked.colour else 0,
    }
    found = []
    for row in fee_rows():
        since, until = date.fromisoformat(row["since"]), row["until"]
        fits = row["office"] == office and row["route"] == asked.route and since <= asked.on
        if fits and (not until or asked.on <= date.fromisoformat(until)) and counts[row["basis"]]:
            each, count = int(row["amount"]), counts[row["basis"]]
            found.append(
                Fee(
                    office=office,
                    item=row["item"],
                    count=count,
                    each=each,
                    amount=each * count,
                    currency=row["currency"],
                    since=since,
                    source=row["source"],
                )
            )
    return found


@lru_cache(maxsize=1)
def fee_rows() -> tuple[dict[str, str], ...]:
    """The dated fees, amounts in minor units."""
    text = files("crossbook.data").joinpath("brand/fees.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def registries() -> tuple[Requirement, ...]:
    """What platforms' brand registries ask for; those of platforms that are not there were not read."""
    text = files("crossbook.data").joinpath("brand/registries.csv").read_text(encoding="utf-8")
    return tuple(Requirement(**row) for row in csv.DictReader(text.splitlines()))


def _days(asked: Asked) -> tuple[Day, ...]:
    first = asked.first_filing or asked.on
    days = [
        Day(
            name="priority",
            day=first + relativedelta(months=PRIORITY_MONTHS),
            title="last day to file elsewhere with the priority of the first filing "
            "(the next open day, if that office is closed)",
            title_zh="以首次申请主张优先权的最后一日(该局休息的,顺延至下一工作日)",
            source=PRIORITY_SOURCE,
        )
    ]
    if asked.route == "madrid" and asked.registered:
        days.append(
            Day(
                name="dependence",
                day=asked.registered + relativedelta(years=DEPENDENCE_YEARS),
                title="the international registration no longer falls with its basic mark",
                title_zh="国际注册自此不再因基础商标失效而失效",
                source=DEPENDENCE_SOURCE,
            )
        )
    return tuple(sorted(days, key=lambda d: d.day))


def _steps(asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    en = ["search the registers first: crossbook marks clear"]
    zh = ["先行检索:crossbook marks clear"]
    if asked.route == "madrid":
        en.append("a basic application or registration at the office of origin comes before the international one")
        zh.append("先在原属局取得基础申请或注册,再提交国际申请")
    en.append("keep the first sale's order, invoice and listing in the book: they show use of the mark")
    zh.append("将首单订单、发票与页面存入账簿,作为商标使用证据")
    return tuple(en), tuple(zh)
