"""What a gravity model expects an exporter to sell of a product in each market, from the tables of trade in the book.

The model (PPML, `gravity.py`) explains the exports of one country of one product by the size, people and distance of
the markets (`countries.py`), border and language where they differ among them. Before it is used it is held against the
last year of the table: fitted on the years before, it forecasts that year, and so do two naive guesses, which are that
each market takes what it took the year before, and that the country keeps the year before's share of what each market
imports. Where the model is no better than the better guess, `notes` says so first.

Needs the package pyfixest (`gravity.EXTRA`). Figures are estimates in US cents.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from crossbook.countries import countries
from crossbook.engine.database import Database
from crossbook.errors import CrossbookError
from crossbook.market.flows import Demand, demands
from crossbook.market.gravity import fit

SIZES = ("lgdp", "lpop", "ldist")
TIES = ("border", "language")
LEAST = 8  # markets of which a model of three sizes can say anything

WORSE = (
    "the model is no better than the guess that all stays as it was: off by {model} of the trade of {year}, "
    "the guess by {naive}"
)
BETTER = "held against {year}: the model is off by {model} of the trade, the better guess by {naive}"
UNTRIED = "the table has one year: how far off the model is, is not known"
NO_SIZE = "left out, as their size or distance is not known: {markets}"
SIZE_OF_TODAY = "size and people of the markets are those of one year, taken for every year of the table"


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What is expected of a product of `origin` by market, in US cents, the mean of the years of the table. `error`,
    `last_year` and `last_share` are mean absolute errors of the model and the two guesses as parts of the trade of the
    year held out, over the `tried` markets that all three can forecast (`last_share` where the totals are told); null
    where the table has one year only."""

    product: str
    origin: str
    dataset: str
    years: tuple[int, ...]
    expected: Mapping[str, int]
    coefficients: Mapping[str, float]
    rows: int
    tried: int
    error: float | None
    last_year: float | None
    last_share: float | None
    notes: tuple[str, ...]

    @property
    def better(self) -> bool | None:
        """Whether the model was nearer than every naive guess in the year held out; None where that is not known."""
        guesses = [guess for guess in (self.last_year, self.last_share) if guess is not None]
        return None if self.error is None or not guesses else self.error < min(guesses)


def predict(database: Database, product: str, origin: str = "CN") -> Prediction:
    """What is expected of `product` (HS, six digits) of `origin` in every market that a table tells and whose size and
    distance are known. Only `origin` CN has distances. Raises CrossbookError without the package, for another origin,
    and where fewer than `LEAST` markets are told."""
    if origin != "CN":
        raise CrossbookError(
            f"no distances from {origin}", todo="the table of countries has those from China: predict with origin CN"
        )
    found = demands(database, product, origin)
    if not found:
        raise CrossbookError(f"the book has no statistics of trade of {product}", todo="add those of Comtrade or BACI")
    return weigh(found)


def weigh(found: Sequence[Demand]) -> Prediction:
    """The prediction from the demand in each market: the years of the data set that most markets tell."""
    every = [
        (d.market, t)
        for d in found
        for t in (*d.series, *d.others)
        if t.from_origin is not None and not t.mirror and d.market != d.origin
    ]
    sets = [dataset for _, dataset in {(market, t.dataset) for market, t in every}]
    dataset = max(sorted(set(sets)), key=sets.count, default=None)
    told: list[dict[str, Any]] = [
        {"market": market, "year": t.year, "trade": t.from_origin, "imports": t.imports}
        for market, t in every
        if t.dataset == dataset
    ]
    sized: list[dict[str, Any]] = [{**row, **_size(row["market"])} for row in told if _size(row["market"])]
    markets = {row["market"] for row in sized}
    if dataset is None or len(markets) < LEAST:
        raise CrossbookError(
            f"{len(markets)} markets tell what they buy of {found[0].product} from {found[0].origin}",
            todo=f"a gravity model needs {LEAST}: add tables of more importing countries",
        )
    years = sorted({row["year"] for row in sized})
    model = fit(_table(sized), "trade", _regressors(sized))
    places = {row["market"]: row for row in sized}  # one row a market: its size is the same in every year
    expected = model.predict(_table(list(places.values())))
    tried = _tried(sized, years)
    notes = [*_verdict(tried, years[-1]), SIZE_OF_TODAY]
    without = sorted({row["market"] for row in told} - markets)
    if without:
        notes.append(NO_SIZE.format(markets=", ".join(without)))
    return Prediction(
        product=found[0].product,
        origin=found[0].origin,
        dataset=dataset,
        years=tuple(years),
        expected={m: round(float(v)) for m, v in zip(places, expected, strict=True) if math.isfinite(v)},
        coefficients=model.coefficients,
        rows=model.rows,
        tried=int(tried.get("tried") or 0),
        error=tried.get("error"),
        last_year=tried.get("last_year"),
        last_share=tried.get("last_share"),
        notes=tuple(notes),
    )


def expecting(demand: Demand, prediction: Prediction) -> Demand:
    """The demand with what the model expects there, and with what is to be borne in mind of it."""
    expected = prediction.expected.get(demand.market)
    return replace(demand, expected=expected, notes=(*demand.notes, *prediction.notes))


def _size(market: str) -> dict[str, float]:
    place = countries().get(market)
    if place is None or not (place.gdp_usd and place.population and place.distance_km):
        return {}
    if place.border is None or place.language is None:
        return {}
    sizes = {"lgdp": place.gdp_usd, "lpop": place.population, "ldist": place.distance_km}
    ties = {"border": float(place.border), "language": float(place.language)}
    return {**{name: math.log(size) for name, size in sizes.items()}, **ties}


def _regressors(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The sizes, and those ties that at least two markets have and two have not."""
    by_market = {row["market"]: row for row in rows}.values()
    counts = {tie: sum(row[tie] for row in by_market) for tie in TIES}
    return [*SIZES, *(tie for tie in TIES if 2 <= counts[tie] <= len(by_market) - 2)]


def _table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    names = ("trade", *SIZES, *TIES)
    return pa.table({name: pa.array([float(row[name]) for row in rows], pa.float64()) for name in names})


def _tried(rows: Sequence[Mapping[str, Any]], years: Sequence[int]) -> dict[str, float | None]:
    """Errors in the last year of what was fitted on the years before, over the markets told in both."""
    before = [row for row in rows if row["year"] < years[-1]]
    if len({row["market"] for row in before}) < LEAST:
        return {}
    past = {row["market"]: row for row in before if row["year"] == max(y for y in years if y < years[-1])}
    after = [row for row in rows if row["year"] == years[-1] and row["market"] in past]
    traded = sum(row["trade"] for row in after)
    if not after or not traded:
        return {}
    forecast = fit(_table(before), "trade", _regressors(before)).predict(_table(after))
    off = [abs(float(f) - row["trade"]) for f, row in zip(forecast, after, strict=True)]
    stay = [abs(past[row["market"]]["trade"] - row["trade"]) for row in after]
    shares = [
        abs(past[row["market"]]["trade"] / past[row["market"]]["imports"] * row["imports"] - row["trade"])
        for row in after
        if row["imports"] and past[row["market"]]["imports"]
    ]
    return {
        "tried": len(after),
        "error": sum(off) / traded,
        "last_year": sum(stay) / traded,
        "last_share": sum(shares) / traded if len(shares) == len(after) else None,
    }


def _verdict(tried: Mapping[str, float | None], year: int) -> Iterable[str]:
    error, stay, share = (tried.get(name) for name in ("error", "last_year", "last_share"))
    if error is None or stay is None:
        yield UNTRIED
        return
    naive = stay if share is None else min(stay, share)
    yield (BETTER if error < naive else WORSE).format(model=f"{error:.0%}", naive=f"{naive:.0%}", year=year)
