"""The gravity model of trade: what distance, size and the like would lead one to expect between two countries.

Poisson pseudo maximum likelihood (PPML) on trade in levels, noughts included, and ordinary least squares (OLS) on its
logarithm, with or without fixed effects, through the package `pyfixest` (the extra `gravity`). PPML is consistent where
the variance depends on the regressors, which biases OLS in logarithms (Santos Silva and Tenreyro, "The Log of Gravity",
Review of Economics and Statistics 88(4), 2006). `python benchmarks/gravity.py DATA` reproduces their table 3 and the
first application of the WTO's guide (Yotov, Piermartini, Monteiro and Larch, 2016).

Figures here are estimates and forecasts, floats; money of the books is not among them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.errors import CrossbookError

EXTRA = "pip install 'crossbook[gravity]'"


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A fitted model: coefficients and standard errors by regressor, the rows that it rests on (those that separate or
    stand alone in a fixed effect are left out), and how it was estimated. `predict` gives the expected trade of rows of
    a table, in the units of `trade`; nan where a fixed effect was not among the fitted rows."""

    method: str  # ppml, ols
    rows: int
    coefficients: Mapping[str, float]
    errors: Mapping[str, float]
    predict: Callable[[pa.Table], np.ndarray] = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """How far off a model was on rows that it had not seen, beside the naive guess (each pair's trade of the last year
    before): mean absolute errors, in the units of trade, over the same rows. `without` rows had no forecast."""

    rows: int
    model: float
    naive: float
    without: int


def fit(
    table: pa.Table,
    trade: str,
    regressors: Sequence[str],
    *,
    method: str = "ppml",
    effects: Sequence[str] = (),
    cluster: str | None = None,
) -> Fit:
    """The model of column `trade` on `regressors`, with a fixed effect for each value of each column of `effects`.

    `table` has one row a pair of countries and year, numbers without gaps in `trade` (levels, 0 or more) and the
    regressors. OLS takes the rows with trade above 0 and its logarithm. Standard errors are robust to
    heteroskedasticity, or clustered on the values of `cluster`. Raises CrossbookError where the package is missing, or
    the table cannot be fitted.
    """
    estimator = _pyfixest()
    if method not in ("ppml", "ols"):
        raise CrossbookError(f"no method {method!r} of a gravity model", todo="ppml or ols")
    needed = [trade, *regressors, *effects, *([cluster] if cluster else [])]
    _check(table, trade, needed, effects, cluster)
    data = table.select(list(dict.fromkeys(needed))).to_pandas()
    if method == "ols":
        data = data[data[trade] > 0].copy()
        data[trade] = np.log(data[trade])
    formula = f"{trade} ~ {' + '.join(regressors)}" + (f" | {' + '.join(effects)}" if effects else "")
    errors: Any = {"CRV1": cluster} if cluster else "hetero"
    run = estimator.fepois if method == "ppml" else estimator.feols
    try:
        found = run(formula, data=data, vcov=errors)
    except Exception as error:  # noqa: BLE001 - whatever stops the package, the reader is told in our words
        raise CrossbookError(
            f"the gravity model cannot be fitted: {error}",
            todo="look whether regressors repeat each other or the table has too few rows",
        ) from None

    def predict(rows: pa.Table) -> np.ndarray:
        seen = rows.select(list(dict.fromkeys([*regressors, *effects]))).to_pandas()
        kind = {"type": "response"} if method == "ppml" else {}
        told = np.asarray(found.predict(newdata=seen, **kind), dtype=float)
        return told if method == "ppml" else np.exp(told)

    return Fit(
        method=method,
        rows=int(found._N),
        coefficients={str(name): float(value) for name, value in found.coef().items()},
        errors={str(name): float(value) for name, value in found.se().items()},
        predict=predict,
    )


def held_out(
    table: pa.Table,
    trade: str,
    regressors: Sequence[str],
    *,
    pair: str,
    year: str,
    from_year: int,
    method: str = "ppml",
    effects: Sequence[str] = (),
) -> HeldOut:
    """How far off the model is that is fitted on the years before `from_year`, on the years from then on, beside the
    guess that each pair trades as in the last year before. Pairs without such a year are left out of both."""
    years = table[year].to_numpy()
    before, after = table.filter(pa.array(years < from_year)), table.filter(pa.array(years >= from_year))
    if not before.num_rows or not after.num_rows:
        raise CrossbookError(
            f"no years on both sides of {from_year} to hold the gravity model against", todo="another year"
        )
    last: dict[Any, tuple[int, float]] = {}
    for who, when, value in zip(
        before[pair].to_pylist(), before[year].to_pylist(), before[trade].to_pylist(), strict=True
    ):
        if who not in last or when > last[who][0]:
            last[who] = (when, float(value))
    model = fit(before, trade, regressors, method=method, effects=effects)
    expected = model.predict(after)
    guess = np.array([last.get(who, (0, math.nan))[1] for who in after[pair].to_pylist()])
    actual = after[trade].to_numpy().astype(float)
    known = np.isfinite(expected) & np.isfinite(guess)
    if not known.any():
        raise CrossbookError("no pair of the years held out was told before", todo="years that more pairs have")
    return HeldOut(
        rows=int(known.sum()),
        model=float(np.abs(expected - actual)[known].mean()),
        naive=float(np.abs(guess - actual)[known].mean()),
        without=int((~known).sum()),
    )


def _check(table: pa.Table, trade: str, needed: Sequence[str], effects: Sequence[str], cluster: str | None) -> None:
    missing = [name for name in dict.fromkeys(needed) if name not in table.column_names]
    if missing:
        raise CrossbookError(f"the table has no column {', '.join(missing)}", todo="name columns that it has")
    for name in dict.fromkeys(needed):
        gaps = table[name].null_count
        if gaps:
            raise CrossbookError(
                f"column {name} lacks {gaps} of {table.num_rows} values",
                todo="leave these rows out, or fill them: what is not known is not taken for 0",
            )
        if name not in effects and name != cluster and not np.isfinite(table[name].to_numpy().astype(float)).all():
            raise CrossbookError(f"column {name} has a value that is no finite number", todo="leave such rows out")
    if table.num_rows and float(table[trade].to_numpy().min()) < 0:
        raise CrossbookError(f"column {trade} has trade below 0", todo="trade is 0 or more")


def _pyfixest() -> ModuleType:
    try:
        import pyfixest
    except ImportError:
        raise CrossbookError("the gravity model needs the package pyfixest", todo=EXTRA) from None
    module: ModuleType = pyfixest
    return module
