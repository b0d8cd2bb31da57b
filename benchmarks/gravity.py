"""Reproduce published gravity estimates: `python benchmarks/gravity.py DATA`.

DATA is a folder of yours with one or both of

* `Log of Gravity.dta`: Santos Silva and Tenreyro (2006), from their page "The Log of Gravity" (regressors.zip);
* `Chapter1Application1.dta`: the WTO's guide (Yotov and others, 2016), from its application files.

Each estimate is printed beside the published one; the exit code is 1 where one is not met to the digits published.
Needs `pip install 'crossbook[gravity]'`.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.market.gravity import Fit, fit

LOG_OF_GRAVITY, GUIDE = "Log of Gravity.dta", "Chapter1Application1.dta"
SIZES = "lypex lypim lyex lyim".split()
TIES = "border comlang colony".split()
PLACES = "landl_ex landl_im lremot_ex lremot_im".split()
AGREEMENTS = ["comfrt_wto", "open_wto"]
ALL = [*SIZES, "ldist", *TIES, *PLACES, *AGREEMENTS]
PAIRWISE = ["ldist", *TIES, "comfrt_wto"]
YEARS = (1986, 1990, 1994, 1998, 2002, 2006)


@dataclass(frozen=True, kw_only=True)
class Published:
    """An estimate as it was published: of which model, of which regressor, and to which text it rounds."""

    model: str
    what: str
    value: str

    def met(self, found: float) -> bool:
        decimals = len(self.value.partition(".")[2])
        return f"{found:.{decimals}f}" == self.value


def santos_silva_tenreyro(data: Any) -> list[tuple[Published, float]]:
    """Table 3 (and its fixed effects, table 5) of "The Log of Gravity"; what it publishes, and what is found."""
    table = pa.Table.from_pandas(data[["trade", *ALL, "s1_im", "s2_ex"]], preserve_index=False)
    positive = table.filter(pc.greater(table["trade"], 0))
    effects = ["s1_im", "s2_ex"]
    plain, above = fit(table, "trade", ALL), fit(positive, "trade", ALL)
    logs = fit(table, "trade", ALL, method="ols")
    fixed = fit(table, "trade", PAIRWISE, effects=effects)
    fixed_logs = fit(table, "trade", PAIRWISE, method="ols", effects=effects)
    return [
        *_found("PPML", plain, ldist="-0.784", border="0.193", rows="18360"),
        *_found("PPML, trade > 0", above, ldist="-0.776", rows="9613"),
        *_found("OLS", logs, ldist="-1.166", rows="9613"),
        *_found("PPML, exporter and importer effects", fixed, ldist="-0.750"),
        *_found("OLS, exporter and importer effects", fixed_logs, ldist="-1.347"),
    ]


def guide(data: Any) -> list[tuple[Published, float]]:
    """Chapter 1, application 1 of the guide: every fourth year, trade with oneself left out."""
    kept = data[data["year"].isin(YEARS) & (data["exporter"] != data["importer"])].copy()
    kept["log_distance"] = kept["DIST"].astype(float).map(math.log)
    for side in ("exporter", "importer"):
        kept[f"{side}_year"] = kept[side].astype(str) + kept["year"].astype(int).astype(str)
    regressors = ["log_distance", "CNTG", "LANG", "CLNY"]
    effects = ["exporter_year", "importer_year"]
    table = pa.Table.from_pandas(kept[["trade", *regressors, *effects, "pair_id"]], preserve_index=False)
    ppml = fit(table, "trade", regressors, effects=effects, cluster="pair_id")
    logs = fit(table, "trade", regressors, method="ols", effects=effects, cluster="pair_id")
    return [
        *_found("PPML, exporter-year and importer-year effects", ppml, log_distance="-0.841", rows="28152"),
        (
            Published(
                model="PPML, exporter-year and importer-year effects", what="s.e. of log_distance", value="0.032"
            ),
            ppml.errors["log_distance"],
        ),
        *_found("OLS, exporter-year and importer-year effects", logs, log_distance="-1.216"),
    ]


def _found(model: str, estimate: Fit, **published: str) -> list[tuple[Published, float]]:
    told: dict[str, float] = {**estimate.coefficients, "rows": float(estimate.rows)}
    return [(Published(model=model, what=what, value=value), told[what]) for what, value in published.items()]


def main(folder: Path) -> int:
    known = [(n, run) for n, run in ((LOG_OF_GRAVITY, santos_silva_tenreyro), (GUIDE, guide)) if (folder / n).exists()]
    if not known:
        print(f"{folder} has neither {LOG_OF_GRAVITY!r} nor {GUIDE!r}", file=sys.stderr)
        return 2
    missed = 0
    for name, run in known:
        print(name)
        for published, found in run(pd.read_stata(folder / name)):
            met = published.met(found)
            missed += not met
            told = f"{published.model}: {published.what}"
            print(f"  {told:<75} published {published.value:>8}  found {found:>12.4f}  {'' if met else 'MISSED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
