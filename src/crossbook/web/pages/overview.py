"""The first page: what is wrong and how much hangs on it, where the money is, when the rest should come."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crossbook import money
from crossbook.settle.position import ARRIVED, PLACES, Stage
from crossbook.settle.unplaced import WHAT
from crossbook.verify.board import board
from crossbook.verify.rule import VERDICTS
from crossbook.views.overview import ALL_WELL, Overview, overview
from crossbook.web.frame import Read, TheBook, a_day
from crossbook.web.rendering import day, render

NEWEST = 6
WIDTH = 1000.0  # of the bar, in its own units

router = APIRouter()

# What each kind of alert says, and where it leads.
_ALERTS = {
    "not_closed": ("payouts do not add up", "/payouts?status=not_closed"),
    "differs": ("payouts matched with a credit that something speaks against", "/payouts?arrival=differs"),
    "overdue": ("payouts should have arrived by now", "/payouts?arrival=overdue"),
    "credit_without_order": ("bank credits with no platform payout behind them", "/bank"),
    "contradiction": ("amounts on which files contradict each other or themselves", "#contradictions"),
    "statement_differs": ("bank statements that do not add up or do not follow", "/bank#statements"),
    "credit_twice": ("entries of the bank that may be counted twice", "/bank#statements"),
    "late_order": ("orders whose money is late", "/orders?place=late"),
    "unexplained": ("totals that no set of orders explains", "/payouts?status=unexplained"),
    "ambiguous": ("totals that several sets of orders explain", "/payouts?status=ambiguous"),
    "no_rule": ("totals whose account has no settlement rule", "/payouts?status=no_rule"),
}
Day = Annotated[str | None, Query(description="A day, as 2026-06-30; the last one of the book's evidence else.")]


@router.get("/", include_in_schema=False)
def page(request: Request, read: Read, book: TheBook, on: Day = None) -> Response:
    found = overview(read.desk, a_day(on or None, read.day))
    newest = sorted(book.evidence(), key=lambda e: -e["seq"])[:NEWEST]
    return render(
        request,
        "overview.html",
        found=found,
        bars=_bars(found.stages),
        newest=newest,
        chosen=on or "",
        chart=_chart(found),
        alerts=_ALERTS,
        all_well=ALL_WELL,
        unplaced=WHAT,
        trades=board(read.desk.database),
        verdicts=VERDICTS,
    )


@router.get("/api/overview", tags=["settle"])
def api(read: Read, on: Day = None) -> Overview:
    """What needs attention, where the money is on a day, and when the rest should come."""
    return overview(read.desk, a_day(on, read.day))


def _bars(stages: tuple[Stage, ...]) -> list[dict[str, Any]]:
    """By currency: what is at the bank, and the segments of what is not yet, as shares of a bar."""
    bars = []
    for currency in {s.currency for s in stages}:
        mine = [s for s in stages if s.currency == currency]
        sums = {place: [s for s in mine if s.place == place] for place in PLACES}
        away = {place: sum(s.amount for s in found) for place, found in sums.items() if found and place not in ARRIVED}
        whole = sum(a for a in away.values() if a > 0) or 1
        segments, x = [], 0.0
        for place, amount in away.items():
            width = max(0, amount) / whole * WIDTH
            latest = max((s.likely for s in sums[place] if s.likely), default=None)
            segments.append(
                {
                    "place": place,
                    "amount": amount,
                    "x": round(x, 2),
                    "width": round(width, 2),
                    "orders": sum(s.orders for s in sums[place]),
                    "likely": latest,
                }
            )
            x += width
        bars.append(
            {
                "currency": currency,
                "segments": segments,
                "away": sum(away.values()),
                **{place: sum(s.amount for s in sums[place]) for place in ARRIVED},
            }
        )
    return sorted(bars, key=lambda bar: (-bar["away"], bar["currency"]))


def _chart(found: Overview) -> list[dict[str, Any]]:
    return [
        {
            "currency": a.currency,
            "digits": money.exponent(a.currency),
            "weeks": [day(w.first) for w in a.weeks],
            "likely": [w.likely for w in a.weeks],
            "at_least": [w.at_least for w in a.weeks],
            "by_then": [w.by_then for w in a.weeks],
            "at_most": [w.at_most for w in a.weeks],
        }
        for a in found.arrivals
        if a.weeks and a.weeks[-1].at_most
    ]
