"""A case drawn as money over time: a lane for each account, an arrow for each transfer, a band for what was passed on.

The places of a drawing, in units of its view box; a page makes SVG of them. Time runs to the right in the order of the
transfers, one column each, so that a minute and a month are seen alike; the day stands above.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import sqrt
from typing import Any
from unicodedata import east_asian_width

COLUMN, LANE, LEFT, TOP = 46, 44, 150, 40
DAY = 110  # that a day's name takes in any language
LABEL = 17  # letters beside a lane; a Chinese one counts as two
MOST, MOST_LANES = 60, 30  # transfers and accounts that are drawn; what is left out is said
WIDEST = 12


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One account: its name and account as told, what of that fits beside its line, and where its line lies."""

    name: str
    label: str
    y: int


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """One transfer: from where to where, how thick, how deep in its chain (None where none was followed); `column` is
    the place of its day, `evidence` and `line` where it stands."""

    id: int
    x: int
    y1: int
    y2: int
    width: float
    depth: int | None
    day: date
    evidence: str
    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Band:
    """What was passed on: from the transfer that brought it to the one that took it, along the lane of who held it."""

    x1: int
    x2: int
    y: int
    width: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A drawing; `left_out` is how many transfers are not in it."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]
    bands: tuple[Band, ...]
    days: tuple[tuple[int, date], ...]
    left_out: int


def flow(transfers: list[dict[str, Any]], links: list[dict[str, Any]]) -> Flow:
    """The drawing of a case's transfers (`crossbook.watch.casefile`), in their order: those that a chain ties together
    first, where there are more than can be drawn."""
    tied = {link[side] for link in links for side in ("payment", "lot")}
    chosen = sorted(transfers, key=lambda t: (t["id"] not in tied, t["id"]))[:MOST]
    names: dict[str, str] = {}
    kept = []
    for row in sorted(chosen, key=lambda t: t["id"]):
        ends = {row[f"{side}_account"] or "": row[side] or row[f"{side}_account"] or "" for side in ("payer", "payee")}
        if len(names.keys() | ends.keys()) > MOST_LANES:
            continue
        kept.append(row)
        for account, name in ends.items():
            names.setdefault(account, name)
    places = {account: TOP + LANE * n + LANE // 2 for n, account in enumerate(names)}
    columns = {row["id"]: LEFT + COLUMN * n + COLUMN // 2 for n, row in enumerate(kept)}
    amounts = _followed(kept)
    most = max(amounts.values(), default=0) or 1

    def width(amount: int) -> float:
        return round(1.5 + (WIDEST - 1.5) * sqrt(min(1.0, amount / most)), 1)

    arrows = tuple(
        Arrow(
            id=row["id"],
            x=columns[row["id"]],
            y1=places[row["payer_account"] or ""],
            y2=places[row["payee_account"] or ""],
            width=width(amounts[row["id"]]),
            depth=row["depth"],
            day=row["day"],
            evidence=row["evidence"],
            line=row["line"],
            text=str(row["transfer_id"] or row["id"]),
        )
        for row in kept
    )
    held = {a.id: a for a in arrows}
    bands = tuple(
        Band(
            x1=held[k["lot"]].x,
            x2=held[k["payment"]].x,
            y=held[k["lot"]].y2,
            width=width(k["amount"]),
            text=f"{held[k['lot']].text} → {held[k['payment']].text}",
        )
        for k in links
        if k["lot"] in held and k["payment"] in held
    )
    days: list[tuple[int, date]] = []
    for a in arrows:
        if not days or days[-1][1] != a.day:
            days.append((a.x, a.day))
    return Flow(
        width=LEFT + COLUMN * max(len(kept), 1) + (DAY - COLUMN) // 2,
        height=TOP + LANE * max(len(names), 1) + 16,
        lanes=tuple(_lane(account, name, places[account]) for account, name in names.items()),
        arrows=arrows,
        bands=bands,
        days=_apart(days),
        left_out=len(transfers) - len(kept),
    )


def _followed(rows: list[dict[str, Any]]) -> dict[Any, int]:
    """The amounts by which transfers are drawn: in one unit, 0 where no rate makes that; of transfers that are all of
    one currency without a rate, in itself."""
    alone = all(row["unit"] is None for row in rows) and len({row["paid_currency"] for row in rows}) == 1
    return {row["id"]: max(0, row["paid" if alone else "unit"] or 0) for row in rows}


def _lane(account: str, name: str, y: int) -> Lane:
    told = _named(account, name)
    return Lane(name=told, label=fitted(told, LABEL), y=y)


def fitted(text: str, most: int) -> str:
    """A text cut to so many letters' width, of which a wide one takes two; what is cut ends in "…"."""
    widths = list(accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in text))
    if not widths or widths[-1] <= most:
        return text
    return text[: bisect_right(widths, most - 1)] + "…"


def _named(account: str, name: str) -> str:
    if not account or account.startswith("name:"):
        return name or "—"
    return account if name == account else f"{name} {account}"


def _apart(days: list[tuple[int, date]]) -> tuple[tuple[int, date], ...]:
    """The days that can be written above without one running into the next."""
    found: list[tuple[int, date]] = []
    for x, day in days:
        if not found or x - found[-1][0] >= DAY:
            found.append((x, day))
    return tuple(found)
