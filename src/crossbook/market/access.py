"""What stands open in a market and what bars it: agreements with China, platforms, bans, payment and parcel routes,
sanctions, as dated rows of `data/market/access.csv`, each with the page that tells it.

Columns: `market` (ISO alpha-2), `what` (one of `KINDS`), `value`, `from` and `to` (first and last day), `told` (the day
of a page that says no start), `source`, `read` (`authority`: its own page was read; `secondary`: only another's; `own`:
a group of places, no fact), `note`. An item counts from `from`, else from `told`, else on every day; a start that is
told to the month or the year only, "2006-10" or "1984", counts from when that is over.

Absence of a row is no news, least of all good news: what nobody tells is named in `unknown`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from crossbook.countries import countries
from crossbook.errors import ParameterError

KINDS = ("agreement", "belt_and_road", "group", "platform", "ban", "payment", "parcel", "sanction")
READ = ("authority", "secondary", "own")
FADES = ("platform", "ban", "payment")  # what a company or an office may change from one month to the next
FRESH = 365  # days after which a telling of such a thing is called old
OTHER_PLATFORMS = ("AliExpress", "Jumia", "Rakuten Ichiba", "Shein", "Trendyol")  # of which no page could be read

SECONDARY = "told by others; the authority's own page was not read"
OLD = "the page is of {told}: it may be otherwise by now"
UNDATED = "since when is not told"

NO_AGREEMENT = "no agreement with China is in the table; the last official count that was read is of 2025-01-02"
NO_BELT = "whether it takes part in the Belt and Road is not told: the official list could not be read"
OTHER_PLATFORMS_UNKNOWN = "of these platforms nobody tells whether they are there"
NO_BAN = "no ban is in the table; that there is none is not known"
NO_PAYMENT = "no account that receives its currency is in the table"
NO_PARCEL = "which parcel routes reach it is in no table"
OTHER_SANCTIONS = "sanctions of the EU and the UK and China's own export controls, which are by goods, are in no table"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that is told of a market. `since` is as the page has it (a day, a month, a year, or None), `until` the
    last day, `doubt` what speaks against relying on it: texts of this module, finished."""

    what: str
    value: str
    since: str | None
    until: date | None
    told: date | None
    source: str
    read: str
    note: str
    doubt: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """What is not known of a market: which kind, in words, and of which names (of platforms)."""

    what: str
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Access:
    """A market on a day: what holds, what is over, what is told to begin later, and what is not known."""

    market: str
    on: date
    items: tuple[Item, ...]
    ended: tuple[Item, ...]
    coming: tuple[Item, ...]
    unknown: tuple[Unknown, ...]

    def of(self, what: str) -> tuple[Item, ...]:
        """What holds, of one kind."""
        return tuple(item for item in self.items if item.what == what)

    @property
    def bars(self) -> tuple[Item, ...]:
        """What holds against selling there: bans and sanctions. None here is not known to be none."""
        return self.of("sanction") + self.of("ban")


def access(market: str, on: date) -> Access:
    """What is told of `market` (ISO alpha-2) on a day. Raises ParameterError for what is no country."""
    if market not in countries():
        raise ParameterError("market", market, what=f"{market!r} is no country's code", todo="two letters: DE, JP, KR")
    rows = [row for row in _rows() if row["market"] == market]
    begun = [row for row in rows if _begins(row) <= on]
    holding = [row for row in begun if _holds(row, on)]
    items = tuple(_item(row, on) for row in holding)
    return Access(
        market=market,
        on=on,
        items=items,
        ended=tuple(_item(row, on) for row in begun if row not in holding),
        coming=tuple(_item(row, on) for row in rows if row["from"] and row not in begun),
        unknown=_unknown(items, [row for row in rows if row["from"] or row in begun]),
    )


def members(value: str, on: date) -> tuple[str, ...]:
    """The markets of which `value` ("RCEP", "ASEAN", "Belt and Road") is told to hold on a day, bans apart."""
    found = {row["market"] for row in _rows() if row["value"] == value and row["what"] != "ban" and _holds(row, on)}
    return tuple(sorted(found))


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, str]]:
    text = (files("crossbook") / "data" / "market" / "access.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _begins(row: dict[str, str]) -> date:
    """The first day on which a row surely counts."""
    told = row["from"] or row["told"]
    if not told:
        return date.min
    year, *rest = (int(part) for part in told.split("-"))
    if not rest:
        return date(year + 1, 1, 1)
    if len(rest) == 1:
        return date(year + rest[0] // 12, rest[0] % 12 + 1, 1)
    return date.fromisoformat(told)


def _holds(row: dict[str, str], on: date) -> bool:
    return _begins(row) <= on and (_day(row["to"]) or on) >= on


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _item(row: dict[str, str], on: date) -> Item:
    told = _day(row["told"])
    doubt = [SECONDARY] if row["read"] == "secondary" else []
    if told and row["what"] in FADES and (on - told).days > FRESH:
        doubt.append(OLD.format(told=told))
    if not row["from"] and not told and row["read"] != "own":
        doubt.append(UNDATED)
    return Item(
        what=row["what"],
        value=row["value"],
        since=row["from"] or None,
        until=_day(row["to"]),
        told=told,
        source=row["source"],
        read=row["read"],
        note=row["note"],
        doubt=tuple(doubt),
    )


def _unknown(items: tuple[Item, ...], rows: list[dict[str, str]]) -> tuple[Unknown, ...]:
    has = {item.what for item in items}
    ever = {row["what"] for row in rows}
    named = {row["value"] for row in _rows() if row["what"] == "platform"} | set(OTHER_PLATFORMS)
    told = {row["value"] for row in rows if row["what"] in ("platform", "ban")}
    found = [
        Unknown(what="agreement", text=NO_AGREEMENT) if "agreement" not in has else None,
        Unknown(what="belt_and_road", text=NO_BELT) if "belt_and_road" not in ever else None,
        Unknown(what="platform", text=OTHER_PLATFORMS_UNKNOWN, names=tuple(sorted(named - told))),
        Unknown(what="ban", text=NO_BAN) if "ban" not in has else None,
        Unknown(what="payment", text=NO_PAYMENT) if "payment" not in has else None,
        Unknown(what="parcel", text=NO_PARCEL) if "parcel" not in has else None,
        Unknown(what="sanction", text=OTHER_SANCTIONS),
    ]
    return tuple(item for item in found if item)
