"""The trade in the demo's goods, made up: who sold how much of each to whom, by the year.

A gravity model with chance in it: a market buys by its size, people and taste, from exporters by their weight in the
product and how near they are. No figure is one of the world; `statistics.py` writes them as the world's statistics do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossbook.countries import countries

YEARS = (2020, 2021, 2022, 2023, 2024, 2025)
_ALL_GOODS = np.array([0.86, 1.02, 1.08, 1.0, 1.02, 1.05])  # each year, of 2023
LEAST = 3_000.0  # US dollars a year; less than that is not traded


@dataclass(frozen=True, kw_only=True)
class Good:
    """One product of six digits: trade of the world in million US dollars, China's weight in it, growth a year, dollars
    a kilogram, and the weights of the others who make it."""

    code: str
    text: str
    world: float
    china: float
    growth: float
    kilo: float
    rivals: dict[str, float]


def _good(code: str, text: str, world: float, china: float, growth: float, kilo: float, rivals: str) -> Good:
    others = {letters: float(weight) for letters, weight in (item.split(":") for item in rivals.split())}
    return Good(code=code, text=text, world=world, china=china, growth=growth, kilo=kilo, rivals=others)


GOODS = [
    _good(
        "420292",
        "Cases and containers; outer surface of sheeting of plastics or of textile materials",
        13_000,
        0.42,
        0.02,
        14,
        "VN:30 ID:14 IN:10 IT:9 TH:6 DE:5 US:4",
    ),
    _good("630622", "Tents; of synthetic fibres", 2_900, 0.6, 0.03, 9, "VN:18 BD:30 IN:8 DE:5 US:5 NL:4 PL:3"),
    _good("630640", "Mattresses; pneumatic", 900, 0.68, 0.04, 8, "VN:30 IN:8 TW:6 DE:4 IT:3"),
    _good(
        "660200",
        "Walking-sticks, seat-sticks, whips, riding-crops and the like",
        170,
        0.56,
        0.03,
        16,
        "TW:20 DE:9 IT:9 IN:6 VN:4",
    ),
    _good(
        "732111",
        "Cooking appliances and plate warmers; for gas fuel, of iron or steel",
        13_500,
        0.44,
        0.02,
        6,
        "IT:22 TR:16 MX:14 PL:9 TH:7 US:6 KR:4",
    ),
    _good(
        "761510",
        "Table, kitchen or other household articles; of aluminium",
        8_400,
        0.55,
        0.03,
        8,
        "TR:12 IT:10 IN:9 TH:8 VN:6 DE:5 US:4",
    ),
    _good(
        "842121",
        "Machinery; for filtering or purifying water",
        10_600,
        0.27,
        0.05,
        19,
        "DE:22 US:20 IT:9 KR:9 MX:6 NL:5 TR:3",
    ),
    _good("850760", "Electric accumulators; lithium-ion", 118_000, 0.52, 0.16, 22, "KR:20 PL:14 DE:10 JP:9 US:8 VN:5"),
    _good(
        "851310",
        "Lamps; portable, electric, worked by their own source of energy",
        1_500,
        0.6,
        0.04,
        15,
        "DE:8 US:8 VN:9 MX:5 PL:3 JP:3",
    ),
    _good(
        "851822",
        "Loudspeakers; multiple, mounted in the same enclosure",
        7_900,
        0.47,
        0.01,
        17,
        "VN:22 MX:9 ID:8 DE:6 TH:6 NL:4",
    ),
    _good(
        "852589",
        "Television cameras, digital cameras and video camera recorders; n.e.c. in item no. 8525.8",
        15_400,
        0.37,
        0.06,
        60,
        "VN:20 TH:12 JP:12 KR:8 TW:8 DE:7 US:6",
    ),
    _good(
        "854442",
        "Electric conductors; for a voltage not over 1000 V, fitted with connectors",
        31_000,
        0.34,
        0.05,
        13,
        "MX:20 VN:15 DE:9 PL:6 TR:4 US:6 TH:4",
    ),
    _good(
        "911390", "Watch straps and bands; other than of metal", 420, 0.46, 0.01, 70, "CH:20 VN:13 IT:12 TH:7 IN:5 DE:3"
    ),
]

REGIONS = {
    "Europe": "DE FR IT ES PL NL SE RO GB CH TR",
    "Americas": "US CA MX BR",
    "Asia": "CN JP KR TW VN TH MY SG ID PH IN PK BD AU",
    "Middle": "AE SA IR KZ UZ RU",
    "Africa": "ZA NG",
}
_REGION = {market: region for region, markets in REGIONS.items() for market in markets.split()}
IMPORTERS = [market for market in _REGION if market not in ("TW", "BD")]
EXPORTERS = "CN VN DE US JP KR IT TR TH IN MX PL ID BD TW NL CH".split()
NEAR = 2.4  # as much more is bought within a region
MAKE_THEIR_OWN = {"CN": 0.12, "IN": 0.35, "VN": 0.6, "TR": 0.7}  # and buy that part of what others of their size do


@dataclass(frozen=True)
class Traded:
    """US dollars by good, year, exporter and importer, in the order of GOODS, YEARS, EXPORTERS and IMPORTERS."""

    dollars: npt.NDArray[np.float64]

    def sold(self, good: Good, year: int, exporter: str, importer: str) -> float:
        """What `exporter` sold to `importer`; 0 where nothing was traded."""
        at = GOODS.index(good), YEARS.index(year), EXPORTERS.index(exporter), IMPORTERS.index(importer)
        return float(self.dollars[at])

    def bought(self, good: Good, year: int, importer: str) -> float:
        """What `importer` bought from all that export."""
        return float(self.dollars[GOODS.index(good), YEARS.index(year), :, IMPORTERS.index(importer)].sum())


def trade(rng: np.random.Generator) -> Traded:
    """A world's trade in the demo's goods."""
    places = [countries()[market] for market in IMPORTERS]
    size = np.array([(p.gdp_usd or 0) ** 0.8 * (p.population or 0) ** 0.1 for p in places])
    far = np.array([(p.distance_km or 2_000) / 8_000 for p in places])
    buys = np.array([MAKE_THEIR_OWN.get(market, 1.0) for market in IMPORTERS])
    shape = (len(GOODS), len(YEARS), len(EXPORTERS), len(IMPORTERS))
    found = np.zeros(shape)
    for g, good in enumerate(GOODS):
        wants = size * buys * rng.lognormal(0, 0.35, len(IMPORTERS))
        weights = _weights(good, far) * rng.lognormal(0, 0.3, (len(EXPORTERS), len(IMPORTERS)))
        parts = weights / weights.sum(axis=0)
        growth = 1 + good.growth + rng.normal(0, 0.025, len(IMPORTERS))
        for y, year in enumerate(YEARS):
            bought = good.world * 1e6 * wants / wants.sum() * growth ** (year - 2023) * _ALL_GOODS[y]
            found[g, y] = parts * bought * rng.lognormal(0, 0.06, shape[2:])
    found[found < LEAST] = 0
    return Traded(found)


def _weights(good: Good, far: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How much each exporter counts in each market."""
    others = sum(good.rivals.values())
    found = np.zeros((len(EXPORTERS), len(IMPORTERS)))
    for e, exporter in enumerate(EXPORTERS):
        own = good.china if exporter == "CN" else (1 - good.china) * good.rivals.get(exporter, 0) / others
        for i, importer in enumerate(IMPORTERS):
            if exporter == importer:
                continue
            near = far[i] ** -0.4 if exporter == "CN" else NEAR if _REGION[exporter] == _REGION[importer] else 1.0
            found[e, i] = own * near
    return found
