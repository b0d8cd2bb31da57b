"""The gravity model finds the coefficients that were planted in a made panel, and says its error on years held out.

The published estimates are reproduced by `python benchmarks/gravity.py DATA`, whose data is the user's.
"""

from __future__ import annotations

import builtins
import importlib.util
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from crossbook.errors import CrossbookError
from crossbook.market.gravity import fit, held_out

needs_pyfixest = pytest.mark.skipif(
    importlib.util.find_spec("pyfixest") is None, reason="needs pyfixest: pip install 'crossbook[gravity]'"
)
DISTANCE, BORDER, SIZE = -0.8, 0.5, 0.9  # planted


def panel(countries: int = 24, years: int = 4, noise: float = 0.3) -> pa.Table:
    """Trade of every country with every other: size, distance, border, effects of both, and noise about one."""
    rng = np.random.default_rng(7)
    sizes, out, into = rng.normal(3, 1, countries), rng.normal(0, 0.5, countries), rng.normal(0, 0.5, countries)
    rows: dict[str, list[Any]] = {n: [] for n in ("trade", "ldist", "border", "size", "ex", "im", "pair", "year")}
    for i in range(countries):
        for j in range(countries):
            if i == j:
                continue
            ldist, border = rng.normal(8, 0.8), int(rng.random() < 0.1)
            for year in range(2016, 2016 + years):
                expected = np.exp(
                    5 + DISTANCE * ldist + BORDER * border + SIZE * (sizes[i] + sizes[j]) + out[i] + into[j]
                )
                told = expected * rng.lognormal(-(noise**2) / 2, noise) if noise else expected
                values = (told, ldist, border, sizes[i] + sizes[j], f"x{i}", f"m{j}", f"{i}-{j}", year)
                for name, value in zip(rows, values, strict=True):
                    rows[name].append(value)
    return pa.table(rows)


@needs_pyfixest
@pytest.mark.parametrize("method", ["ppml", "ols"])
def test_planted_coefficients_are_found(method: str) -> None:
    found = fit(panel(), "trade", ["ldist", "border"], method=method, effects=["ex", "im"], cluster="pair")
    assert found.rows == 24 * 23 * 4
    assert found.coefficients["ldist"] == pytest.approx(DISTANCE, abs=0.03)
    assert found.coefficients["border"] == pytest.approx(BORDER, abs=0.06)
    assert 0 < found.errors["ldist"] < 0.05


@needs_pyfixest
def test_without_noise_the_forecast_is_exact() -> None:
    table = panel(noise=0)
    found = fit(table, "trade", ["ldist", "border"], effects=["ex", "im"])
    assert found.coefficients["ldist"] == pytest.approx(DISTANCE, abs=1e-6)
    assert found.predict(table) == pytest.approx(table["trade"].to_numpy(), rel=1e-4)


@needs_pyfixest
def test_noughts_count_in_ppml_and_not_in_logarithms() -> None:
    table = panel(countries=10)
    trade = np.where(np.arange(table.num_rows) % 5 == 0, 0.0, table["trade"].to_numpy())
    holed = table.set_column(0, "trade", pa.array(trade))
    assert fit(holed, "trade", ["ldist", "size"]).rows == 360
    assert fit(holed, "trade", ["ldist", "size"], method="ols").rows == 288


@needs_pyfixest
def test_years_held_out_are_forecast_beside_the_naive_guess() -> None:
    told = held_out(
        panel(), "trade", ["ldist", "border"], pair="pair", year="year", from_year=2019, effects=["ex", "im"]
    )
    assert (told.rows, told.without) == (24 * 23, 0)
    assert 0 < told.model < told.naive  # the guess has the noise of two years, the model that of one


@needs_pyfixest
def test_pairs_that_were_not_told_before_are_counted_not_guessed() -> None:
    table = panel(countries=10)
    late = pc.or_(pc.not_equal(table["pair"], "0-1"), pc.equal(table["year"], 2019))
    told = held_out(table.filter(late), "trade", ["ldist", "size"], pair="pair", year="year", from_year=2019)
    assert (told.rows, told.without) == (89, 1)


@needs_pyfixest
def test_a_table_with_gaps_or_trade_below_nought_is_refused() -> None:
    table = panel(countries=4)
    gap = table.set_column(1, "ldist", pa.array([None, *table["ldist"].to_pylist()[1:]], pa.float64()))
    with pytest.raises(CrossbookError, match="lacks 1 of 48 values"):
        fit(gap, "trade", ["ldist"])
    below = table.set_column(0, "trade", pa.array([-1.0, *table["trade"].to_pylist()[1:]]))
    with pytest.raises(CrossbookError, match="below 0"):
        fit(below, "trade", ["ldist"])
    with pytest.raises(CrossbookError, match="no column gdp"):
        fit(table, "trade", ["gdp"])
    with pytest.raises(CrossbookError, match="no method"):
        fit(table, "trade", ["ldist"], method="guess")
    with pytest.raises(CrossbookError, match="both sides of 2030"):
        held_out(table, "trade", ["ldist"], pair="pair", year="year", from_year=2030)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pyfixest":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(CrossbookError, match="pyfixest") as error:
        fit(panel(countries=4), "trade", ["ldist"])
    assert error.value.todo == "pip install 'crossbook[gravity]'"
