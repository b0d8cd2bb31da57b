"""A product: its markets side by side, the bill in one of them, and its duty into the United States over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from crossbook.duty.advantage import PARCELS, Advantage, Standing, from_elsewhere, series
from crossbook.duty.advantage import advantage as work_out
from crossbook.duty.countries import country
from crossbook.duty.desk import foreign_duties, law_of, products, rates
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL, Law
from crossbook.duty.whatif import GROUPS, changed
from crossbook.errors import NotFoundError, one_of
from crossbook.i18n import t, translated
from crossbook.web.frame import Read, Reading
from crossbook.web.pages.products import Day, heat, in_order, the_day
from crossbook.web.rendering import day as in_words
from crossbook.web.rendering import render

router = APIRouter()
Origin = Annotated[str, Query(max_length=60, description="What if it were made in this country.")]
Off = Annotated[str, Query(max_length=200, description="What if these duties were off: IEEPA, S122, S232, S301, ...")]
# Programmes of one colour in the chart.
COLOURS = {
    "column1": "column1",
    "s301": "s301",
    "s301-review": "s301",
    "s301-fl": "s301-fl",
    "s301-br": "s301-fl",
    "fentanyl": "fentanyl",
    "fentanyl-na": "fentanyl",
    "reciprocal": "reciprocal",
    "brazil": "reciprocal",
    "india": "reciprocal",
    "surcharge": "surcharge",
    "safeguard": "other",
}


@dataclass(frozen=True)
class Step:
    """From a day on: each duty by name as a share of the value, None where the schedule does not say it as one."""

    since: date
    until: date
    rates: dict[str, float]
    total: float | None


@dataclass(frozen=True)
class Sheet:
    """A product: its standing in each market, and its duty into the United States since the first schedule."""

    markets: tuple[Standing, ...]
    duties: tuple[Step, ...]


@dataclass(frozen=True)
class _Worked:
    found: list[Advantage]
    steps: list[Step]
    colours: dict[str, str]  # of each duty's name


def _work_out(read: Reading, sku: str, on: date, origin: str, off: str) -> _Worked:
    database = read.desk.database
    mine = in_order([p for p in products(database) if p.sku == sku])
    if not mine:
        raise NotFoundError(f"no product {sku!r}", todo="see /products")
    table: Law = law_of(database)
    if off:
        table = changed(table, [f"{off}=off"], (), on)
    if origin:
        mine = [from_elsewhere(p, country(origin, "origin")) for p in mine]
    options: dict[str, Any] = {
        "table": table,
        "duties": foreign_duties(database),
        "fx": rates(database, on),
        "beyond": True,
    }
    found = [work_out(p, on, **options) for p in mine]
    home = next((p for p in mine if p.market == "US"), mine[0])
    home = replace(home, market="US", mode="ocean" if home.market != "US" else home.mode)
    until = min(max(on, FIRST_DAY), KNOWN_UNTIL)
    past = series(home, FIRST_DAY, until, **options)
    colours: dict[str, str] = {}
    steps = []
    for i, a in enumerate(past):
        end = past[i + 1].on if i + 1 < len(past) else until
        told: dict[str, float] = {}
        value = a.bill.customs_value if a.bill else 0
        for x in a.bill.lines if a.bill else ():
            if x.measure not in colours:
                colours[x.measure] = _colour(x.programme, colours.values())
            if x.amount is not None and value:
                told[x.measure] = round(told.get(x.measure, 0.0) + x.amount / value, 6)
        whole = None if a.bill is None or a.bill.total_duty is None else round(sum(told.values()), 6)
        steps.append(Step(since=a.on, until=end, rates=told, total=whole))
    return _Worked(found, steps, colours)


def _colour(programme: str, taken: Iterable[str]) -> str:
    """One colour a measure: of those of the programme the first that is not taken."""
    plain = COLOURS.get(programme, "s232")
    return next((c for c in (plain, f"{plain}-2", "other", "other-2") if c not in taken), plain)


@router.get("/products/{sku:path}", include_in_schema=False)
def page(
    request: Request, read: Read, sku: str, market: str = "", on: Day = None, origin: Origin = "", off: Off = ""
) -> Response:
    day = the_day(on, read.day)
    worked = _work_out(read, sku, day, origin.upper(), off.upper())
    one_of("market", market, [a.product.market for a in worked.found])
    shown = next((a for a in worked.found if a.product.market == market), worked.found[0])
    return render(
        request,
        "product.html",
        sku=sku,
        found=worked.found,
        parcels=PARCELS,
        shown=shown,
        steps=worked.steps,
        on=day,
        chosen=on or "",
        origin=origin.upper(),
        off=off.upper(),
        groups=list(GROUPS),
        heat=heat,
        beyond=day > KNOWN_UNTIL,
        chart=_chart(worked),
        programmes=worked.colours,
    )


@router.get("/api/products/{sku:path}", tags=["duty"])
def api(read: Read, sku: str, on: Day = None, origin: Origin = "", off: Off = "") -> Sheet:
    """A product's markets side by side on a day, and its duty into the United States over time."""
    worked = _work_out(read, sku, the_day(on, read.day), origin.upper(), off.upper())
    return Sheet(tuple(a.told() for a in worked.found), tuple(worked.steps))


def _chart(worked: _Worked) -> dict[str, Any]:
    ends = [*(s.since for s in worked.steps), worked.steps[-1].until] if worked.steps else []
    values = [*worked.steps, worked.steps[-1]] if worked.steps else []
    return {
        "days": [d.isoformat() for d in ends],
        "words": [in_words(d) for d in ends],
        "total": t("in all"),
        "series": [
            {
                "name": translated(name),
                "colour": colour,
                "values": [round(s.rates.get(name, 0.0) * 100, 3) for s in values],
            }
            for name, colour in worked.colours.items()
        ],
    }
