"""What an exporter could sell of a product in a market, by supply, demand and ease of trade: the International Trade
Centre's Export Potential Indicator (Decreux and Spies, "Export Potential Assessments", 2016), from the book's tables.

    potential = supply x demand x ease
    supply = share of the origin in the world's exports of the product, x the lesser of 1 and exports / imports
    demand = the market's imports of the product
    ease   = what the origin sells in the market of all products / what it would, had it there the share of each product
             that it has in the world

As the Centre words it: "supply x demand (corrected for market access) x bilateral ease of trade"; unrealised potential
is "export potential minus the actual exports" (its words at indiaxports.com/basis-of-calculation.php; its lecture at
coursera.org/lecture/global-statistics/5-1-4-economic-framework-CMVrX). Its terms that no statistics of trade hold
(`CORRECTIONS`: growth of GDP and people to come, tariffs, distance) may be given; each that is not is null, named in
`unknown` and left out of the product, so that the figure is one of the years that it rests on and no projection. Trade
is the yearly mean over up to five years of one data set and revision, as the Centre's is.

Figures are estimates, in US cents: no money of the books is among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crossbook.engine.database import Database
from crossbook.errors import CrossbookError

YEARS = 5
CORRECTIONS = ("supply_growth", "supply_tariff", "demand_growth", "demand_tariff", "distance")

PRESENT = "without what no table has ({missing}): the potential of these years, not a projection"
PART = "the table has {n} importing countries: the world's trade is taken to be theirs"
FEW = "ease of trade rests on {n} products, all that the table has"
FEW_PRODUCTS = 100

_USED = """
SELECT * FROM trade_flow
WHERE length(product) = 6 AND importer IS NOT NULL AND (exporter IS NOT NULL OR dataset = 'baci')
  AND (reporter = 'both' OR (reporter = 'importer' AND flow = 'import'))
"""
_SETS = f"""
SELECT dataset, revision, max(year) FILTER (importer = $market) AS year, count(DISTINCT importer) AS importers
FROM ({_USED}) WHERE product = $product GROUP BY ALL HAVING count(*) FILTER (importer = $market) > 0
ORDER BY any_value(dataset = 'baci') DESC, importers DESC, year DESC, revision DESC NULLS LAST
LIMIT 1
"""
_SUMS = f"""
SELECT product,
       sum(value)::DOUBLE AS world,
       sum(value) FILTER (exporter = $origin)::DOUBLE AS origin,
       sum(value) FILTER (importer = $market)::DOUBLE AS market,
       sum(value) FILTER (importer = $origin)::DOUBLE AS back,
       sum(value) FILTER (exporter = $origin AND importer = $market)::DOUBLE AS pair,
       list(DISTINCT year ORDER BY year) AS years
FROM (
    SELECT f.* FROM ({_USED}) f JOIN evidence e ON e.sha = f.evidence
    WHERE f.dataset = $dataset AND f.revision IS NOT DISTINCT FROM $revision
      AND f.year BETWEEN $year - $span + 1 AND $year
    QUALIFY row_number() OVER (
        PARTITION BY f.importer, f.year, f.product, coalesce(f.exporter, f.exporter_told)
        ORDER BY e.seq DESC, f.line DESC) = 1
)
GROUP BY product
"""


@dataclass(frozen=True, kw_only=True)
class Potential:
    """The potential of a product of `origin` in `market`: its terms, what they give, and what is not known. Amounts in
    US cents a year; a term that is null is named in `unknown`. `actual` is what the table tells of the trade between
    the two, null where it has none; `unrealised` is potential less actual, below 0 where more is sold already."""

    product: str
    market: str
    origin: str
    dataset: str | None = None
    revision: str | None = None
    years: tuple[int, ...] = ()
    supply_share: float | None = None
    trade_balance: float | None = None
    demand: int | None = None
    ease: float | None = None
    corrections: Mapping[str, float | None]
    potential: int | None = None
    actual: int | None = None
    unrealised: int | None = None
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def potential(
    database: Database, product: str, market: str, origin: str = "CN", given: Mapping[str, float] | None = None
) -> Potential:
    """The potential for `product` (an HS code, of which six digits count) in `market` (ISO alpha-2), from the data set
    that tells most. `given` are factors of `CORRECTIONS` (1.05: five percent more) that the caller has. Raises
    CrossbookError for another name among them, or a factor that is not above 0."""
    code = product.replace(".", "").replace(" ", "")[:6]
    factors = {name: (given or {}).get(name) for name in CORRECTIONS}
    for name, factor in (given or {}).items():
        if name not in CORRECTIONS or not factor > 0:
            raise CrossbookError(
                f"no correction {name} = {factor}", todo=f"factors above 0 of {', '.join(CORRECTIONS)}"
            )
    sets = database.rows(_SETS, product=code, market=market)
    if not sets:
        nothing = ("supply_share", "trade_balance", "demand", "ease", *CORRECTIONS, "potential", "actual", "unrealised")
        return Potential(product=code, market=market, origin=origin, corrections=factors, unknown=nothing)
    told = sets[0]
    values = {name: told[name] for name in ("dataset", "revision", "year")}
    sums = database.rows(_SUMS, origin=origin, market=market, span=YEARS, **values)
    return weigh(code, market, origin, told, sums, factors)


def weigh(
    product: str,
    market: str,
    origin: str,
    told: Mapping[str, Any],
    sums: Iterable[Mapping[str, Any]],
    factors: Mapping[str, float | None],
) -> Potential:
    """The potential from sums by product over the years of one data set: `world` of all trade, `origin` and `back` its
    exports and imports, `market` its imports, `pair` from the one to the other; null where no row tells any."""
    products = {row["product"]: row for row in sums}
    own = products[product]
    years = tuple(sorted({year for row in products.values() for year in row["years"]}))
    both = [row for row in products.values() if row["world"] and row["origin"] and row["market"]]
    share = own["origin"] / own["world"] if own["origin"] and own["world"] else None
    balance = None
    if own["origin"]:  # BACI has no row where nothing was traded; others may only lack the file
        bought = own["back"] if own["back"] is not None or told["dataset"] != "baci" else 0.0
        balance = None if bought is None else 1.0 if bought <= own["origin"] else own["origin"] / bought
    sold = sum(row["pair"] or 0.0 for row in both)
    expected = sum(row["origin"] / row["world"] * row["market"] for row in both)
    ease = sold / expected if len(both) > 1 and sold and expected else None
    demand = own["market"] / len(years) if own["market"] else None
    terms = {"supply_share": share, "trade_balance": balance, "demand": demand, "ease": ease}
    figure = None
    if share is not None and balance is not None and demand is not None and ease is not None:
        figure = share * balance * demand * ease
        for factor in factors.values():
            figure *= 1.0 if factor is None else factor
    whole = None if figure is None else round(figure)
    actual = None if own["pair"] is None else round(own["pair"] / len(years))
    unrealised = None if whole is None or actual is None else whole - actual
    results = {"potential": whole, "actual": actual, "unrealised": unrealised}
    return Potential(
        product=product,
        market=market,
        origin=origin,
        dataset=told["dataset"],
        revision=told["revision"],
        years=years,
        supply_share=share,
        trade_balance=balance,
        demand=None if demand is None else round(demand),
        ease=ease,
        corrections=factors,
        **results,
        unknown=tuple(name for name, value in {**terms, **factors, **results}.items() if value is None),
        notes=tuple(_notes(told, len(both), factors)),
    )


def _notes(told: Mapping[str, Any], products: int, factors: Mapping[str, float | None]) -> Iterable[str]:
    missing = [name for name, factor in factors.items() if factor is None]
    if missing:
        yield PRESENT.format(missing=", ".join(missing))
    if told["dataset"] != "baci":
        yield PART.format(n=told["importers"])
    if 1 < products < FEW_PRODUCTS:
        yield FEW.format(n=products)
