"""Where a product would sell: its markets in order, on a map and by margin and demand; one market with every product;
and a product that is in no book yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from crossbook.countries import countries
from crossbook.errors import CrossbookError, one_of
from crossbook.i18n import language, t
from crossbook.market.potential import potential
from crossbook.views.landing import Ground
from crossbook.views.market_picture import bubbles, colour, exact, marks, world
from crossbook.views.market_told import as_dict
from crossbook.views.markets import Place, Ranking, ground, known_product, market_named, rank
from crossbook.views.new_product import MODES, SKU, Stated, supposed_of, with_product
from crossbook.web.frame import Read, Reading
from crossbook.web.pages.products import Day, the_day
from crossbook.web.rendering import render

router = APIRouter()
Sku = Annotated[str, Query(max_length=200, description="A product's sku or name; the first one else.")]
Weight = Annotated[float, Query(ge=0, le=10, description="How much it counts in the order: 0 not at all.")]
SORTS = ("rank", "market", "margin", "imports")
Typed = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class _Sorted:
    sort: str
    descending: bool


def in_order(places: Sequence[Place], sort: str, descending: bool) -> list[Place]:
    """The places by a column; what is not known stands last either way, and "rank" is the order that they have."""

    def key(p: Place) -> Any:
        if sort == "margin":
            return p.share.point
        return p.imports.point if sort == "imports" else p.market

    if sort == "rank":
        return list(places)
    known = sorted((p for p in places if key(p) is not None), key=key, reverse=descending)
    return [*known, *(p for p in places if key(p) is None)]


def _ground(read: Reading, on: str | None) -> Ground:
    return ground(read.desk.database, the_day(on, read.day))


def _sku(at: Ground, product: str) -> str:
    return known_product(at, product) if product else min(p.sku for p in at.rows)


def _of_all(read: Reading, at: Ground, only: str) -> list[Ranking]:
    """Every product in one market."""
    return [rank(read.desk.database, at, sku, markets=[only]) for sku in sorted({p.sku for p in at.rows})]


def market_name(code: str) -> str:
    """A market's name in the reader's language."""
    found = countries().get(code)
    return (found.name_zh if language() == "zh" else found.name) if found else code


def _chart(ranking: Ranking) -> dict[str, Any]:
    told = bubbles(ranking)
    words = {
        "imports": t("imports a year"),
        "margin": t("margin"),
        "barred": t("a ban or sanction stands"),
        "agreed": t("agreement with China"),
        "neither": t("neither is in the table"),
        "platforms": t("platforms known there"),
    }
    return told | {"words": words, "names": {p["market"]: market_name(p["market"]) for p in told["points"]}}


@router.get("/markets", include_in_schema=False)
def page(
    request: Request,
    read: Read,
    product: Sku = "",
    on: Day = None,
    margin: Weight = 1.0,
    demand: Weight = 1.0,
    sort: Typed = "rank",
    way: Typed = "desc",
) -> Response:
    one_of("sort", sort, SORTS)
    one_of("way", way, ("asc", "desc"))
    shown: dict[str, Any] = {"on": the_day(on, read.day), "chosen": on or "", "weights": (margin, demand)}
    try:
        at = _ground(read, on)
    except CrossbookError as error:
        return render(request, "markets.html", ranking=None, problem=error, **shown)
    ranking = rank(read.desk.database, at, _sku(at, product), weigh={"margin": margin, "demand": demand})
    return render(
        request,
        "markets.html",
        products=sorted({p.sku: p.name for p in at.rows}.items()),
        choice=_Sorted(sort, way != "asc"),
        places=in_order(ranking.places, sort, way != "asc"),
        problem=None,
        **shown,
        **_pictures(ranking),
    )


def _pictures(ranking: Ranking) -> dict[str, Any]:
    return {
        "ranking": ranking,
        "world": world(),
        "marks": marks(ranking),
        "chart": _chart(ranking),
        "colour": colour,
        "exact": exact,
        "market_name": market_name,
    }


@router.get("/markets/new", include_in_schema=False)
def new(request: Request, read: Read, stated: Annotated[Stated, Depends()], on: Day = None) -> Response:
    shown: dict[str, Any] = {"stated": stated, "modes": MODES, "on": the_day(on, read.day), "chosen": on or ""}
    if not stated.hts and not stated.cost:
        return render(request, "market_new.html", ranking=None, problem=None, **shown)
    try:
        ranking = _of_new(read, stated, on)
    except CrossbookError as error:
        return render(request, "market_new.html", 422, ranking=None, problem=error, **shown)
    home = market_named(stated.market)
    places = sorted(ranking.places, key=lambda p: p.placed.rank is None and p.market != home)  # its own first of those
    refused = next((p for p in places if p.market == home and p.landing.refused), None)
    return render(
        request, "market_new.html", problem=None, places=places, refused=refused, **shown, **_pictures(ranking)
    )


def _of_new(read: Reading, stated: Stated, on: str | None) -> Ranking:
    at = with_product(ground(read.desk.database, the_day(on, read.day), needs_products=False), stated)
    return rank(read.desk.database, at, SKU, supposed=supposed_of(stated))


@router.get("/markets/{market}", include_in_schema=False)
def one(request: Request, read: Read, market: str, product: Sku = "", on: Day = None) -> Response:
    code = market_named(market)
    at = _ground(read, on)
    found = _of_all(read, at, code)
    here = [(r, r.places[0]) for r in found if r.places]
    sku = _sku(at, product)
    chosen = next(((r, p) for r, p in here if r.sku == sku), None)
    return render(
        request,
        "market.html",
        code=code,
        market_name=market_name,
        here=here,
        shown=chosen,
        potential=potential(read.desk.database, chosen[0].hts, code, chosen[0].origin) if chosen else None,
        access=here[0][1].access if here else None,
        on=at.on,
        chosen=on or "",
        colour=colour,
        exact=exact,
    )


@router.get("/api/markets", tags=["market"])
def api(read: Read, product: Sku = "", on: Day = None, margin: Weight = 1.0, demand: Weight = 1.0) -> dict[str, Any]:
    """The markets of a product in order, as `crossbook market rank PRODUCT --json` gives them."""
    at = _ground(read, on)
    return as_dict(rank(read.desk.database, at, _sku(at, product), weigh={"margin": margin, "demand": demand}))


@router.get("/api/markets/new", tags=["market"])
def api_new(read: Read, stated: Annotated[Stated, Depends()], on: Day = None) -> dict[str, Any]:
    """The markets of a product that is in no book, as it is stated."""
    return as_dict(_of_new(read, stated, on))


@router.get("/api/markets/{market}", tags=["market"])
def api_one(read: Read, market: str, on: Day = None) -> list[dict[str, Any]]:
    """Every product in one market, as `crossbook market show MARKET --json` gives them."""
    code = market_named(market)
    return [as_dict(r, code) for r in _of_all(read, _ground(read, on), code)]
