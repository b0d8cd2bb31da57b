"""Where else a product would sell: landed margin, demand and access of each market side by side, and their order with
how far it can be told. Joins the market desk, the duty desk and the book's own sales; see docs/markets.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from crossbook.countries import countries, of_letters, of_name
from crossbook.duty.abroad import MARKETS
from crossbook.duty.advantage import LOT
from crossbook.duty.countries import country
from crossbook.duty.desk import foreign_duties, law_of, products, rates
from crossbook.duty.lines import digits
from crossbook.duty.tables import Law
from crossbook.engine.database import Database
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.market.access import Access, access
from crossbook.market.flows import Demand, demand, demands
from crossbook.market.margin import Span
from crossbook.market.own import own
from crossbook.market.ranking import Candidate, Placed, Range, place, weights
from crossbook.views.landing import Ground, Landing, Supposed, landing

COMPREHENSIVE = "comprehensive US programme"  # of a whole country; of a region, of persons or goods is a doubt


@dataclass(frozen=True, kw_only=True)
class Place:
    """A product in a market: what is known, and where that puts the market. Amounts of one piece in minor units of
    `currency`; `imports` in US cents a year; `units` is what the book itself sold there in the twelve months before."""

    market: str
    landing: Landing
    margin: Span
    share: Span
    break_even: Span
    landed: Span
    demand: Demand
    imports: Range
    units: int
    access: Access | None
    placed: Placed

    @property
    def currency(self) -> str:
        """Of the amounts."""
        return self.landing.makeup.currency

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known of it: terms with an open end, the price, the demand."""
        makeup = self.landing.makeup
        terms = [] if makeup.price else ["price"]
        terms += [name for name, term in makeup.terms.items() if term.high is None]
        told = self.demand.chosen
        return (*terms, *(["demand"] if told is None or not told.whole else []))

    @property
    def assumed(self) -> tuple[str, ...]:
        """The terms that are taken from other markets."""
        makeup = self.landing.makeup
        every = {**({"price": makeup.price} if makeup.price else {}), **makeup.terms}
        return tuple(name for name, term in every.items() if term.known == "assumed")


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The markets of a product in their order, on a day, by these weights."""

    sku: str
    name: str
    hts: str
    origin: str
    on: date
    weights: Mapping[str, float]
    places: tuple[Place, ...]

    @property
    def compared(self) -> int:
        """How many markets could be compared."""
        return sum(p.placed.status == "compared" for p in self.places)

    @property
    def wanting(self) -> str:
        """What would let markets be compared where none could be: statistics, or what stands as not known of them."""
        if all("demand" in p.unknown for p in self.places):
            return "no market could be compared: add statistics of trade of {code}, see docs/markets.md"
        return "no market could be compared: of each something is not known; crossbook market what-if supposes it"


def ground(
    database: Database,
    on: date,
    *,
    fx: Mapping[str, Decimal] | None = None,
    law: Law | None = None,
    lot: int = LOT,
    needs_products: bool = True,
) -> Ground:
    """What makeups rest on: law, duty tables, rates, the book's products and its own sales, on a day. Raises
    CrossbookError when the book has no products, unless it `needs_products` not."""
    rows = products(database)
    if not rows and needs_products:
        raise CrossbookError("no products in the book", todo="crossbook add products.csv; see `crossbook formats`")
    told = database.rows(
        "SELECT evidence, line, freight IS NOT NULL AS freight, selling IS NOT NULL AS selling FROM product"
    )
    return Ground(
        on=on,
        law=law or law_of(database),
        duties=foreign_duties(database),
        fx={**rates(database, on), **(fx or {})},
        own=own(database, on),
        rows=rows,
        told={(r["evidence"], r["line"]): (r["freight"], r["selling"]) for r in told},
        lot=lot,
    )


def market_named(text: str) -> str:
    """The market that a reader means: letters or a name in English or Chinese. Raises ParameterError for none."""
    found = of_letters(text) or of_name(text)
    return found or country(text, "market")


def known_product(at: Ground, text: str) -> str:
    """The product that a reader means: its sku, or its name. Raises NotFoundError with those that there are."""
    skus = sorted({p.sku for p in at.rows})
    if text in skus:
        return text
    found = [s for s in skus if s.casefold() == text.casefold()]
    found += [p.sku for p in at.rows if p.name.casefold() == text.casefold() and p.sku not in found]
    if found:
        return found[0]
    parts = text.casefold().split()
    near = sorted({p.sku for p in at.rows if parts and all(x in f"{p.sku} {p.name}".casefold() for x in parts)})
    if len(near) == 1:
        return near[0]
    raise NotFoundError(
        f"{text!r} may be several products" if near else f"no product {text!r}",
        todo="the book has " + ", ".join(near or skus),
    )


def rank(
    database: Database,
    at: Ground,
    sku: str,
    *,
    supposed: Supposed | None = None,
    weigh: Mapping[str, float] | None = None,
    markets: Sequence[str] = (),
) -> Ranking:
    """The markets of a product, in order: those of its rows, of the book's own sales and statistics and those that the
    duty desk covers, or those named."""
    supposed = supposed or Supposed()
    row = next(p for p in at.rows if p.sku == sku)
    origin = supposed.origin or country(row.origin, "origin")
    code = digits(row.hts)[:6]
    told = {} if markets else {d.market: d for d in demands(database, code, origin)}
    named = list(markets) or sorted(
        {p.market for p in at.rows if p.sku == sku}
        | {s.market for s in at.own.sold if s.sku == sku}
        | set(told)
        | (set(MARKETS) - {"EU"})
    )
    found: dict[str, Place] = {}
    candidates = []
    for market in named:
        if market == origin:
            continue
        one = landing(at, sku, market, supposed)
        wanted = told.get(market) or demand(database, code, market, origin)
        reached = access(market, at.on) if market in countries() else None
        imports = demand_range(wanted)
        candidates.append(_candidate(market, one, wanted, imports, _bar(reached)))
        found[market] = Place(
            market=market,
            landing=one,
            margin=one.makeup.margin(),
            share=one.makeup.share(),
            break_even=one.makeup.break_even(),
            landed=one.makeup.landed(),
            demand=wanted,
            imports=imports,
            units=sum(s.units for s in at.own.sold_in(sku, market)),
            access=reached,
            placed=_NOWHERE,
        )
    used = weights(weigh)
    return Ranking(
        sku=sku,
        name=row.name,
        hts=row.hts,
        origin=origin,
        on=at.on,
        weights=used,
        places=tuple(replace(found[p.market], placed=p) for p in place(candidates, used)),
    )


_NOWHERE = Placed(market="", status="", score=Range(low=-math.inf, point=None, high=math.inf))


def demand_range(d: Demand) -> Range:
    """The yearly imports of a market: as told, between the tellings of that year that differ. Where only the origin's
    part is told, or the partners that a file happens to have, it is at least that."""
    told = d.chosen
    if told is None:
        return Range(low=0.0, point=None, high=math.inf)
    if told.imports is None:
        return Range(low=float(told.from_origin or 0), point=None, high=math.inf)
    if not told.whole:
        return Range(low=float(told.imports), point=None, high=math.inf)
    every = [told.imports, *(t.imports for t in d.differing if t.imports is not None and t.whole)]
    return Range(low=float(min(every)), point=float(told.imports), high=float(max(every)))


def _share_range(span: Span, priced: bool) -> Range:
    """A share of the price for ranking: never over 1."""
    return Range(
        low=-math.inf if span.low is None else float(span.low),
        point=None if span.point is None else float(span.point),
        high=1.0 if span.high is None or not priced else float(span.high),
    )


def _bar(reached: Access | None) -> str:
    """Why goods may not go there at all: a programme of sanctions of the whole country."""
    found = [x.value for x in reached.of("sanction") if x.value == COMPREHENSIVE] if reached else []
    return found[0] if found else ""


def _candidate(market: str, one: Landing, wanted: Demand, imports: Range, barred: str) -> Candidate:
    makeup = one.makeup
    priced = makeup.price is not None
    dimensions = {"margin": _share_range(makeup.share(), priced), "demand": imports}
    usual_imports = (
        imports if imports.point is None else Range(low=imports.point, point=imports.point, high=imports.point)
    )
    doubts = {
        name: {"margin": _share_range(makeup.only(name).share(), priced), "demand": usual_imports}
        for name in makeup.doubts()
    }
    if not priced:
        doubts["price"] = {"margin": dimensions["margin"], "demand": usual_imports}
    if imports.low != imports.high:
        doubts["demand"] = {"margin": _share_range(makeup.only("").share(), priced), "demand": imports}
    told = {"demand"} if wanted.chosen is not None and not {"imports", "from_origin"} <= set(wanted.unknown) else set()
    if makeup.price is not None and (told or makeup.price.known != "assumed"):
        told.add("margin")
    return Candidate(market=market, dimensions=dimensions, doubts=doubts, told=frozenset(told), barred=barred)
