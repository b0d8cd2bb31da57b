"""A ranking as pictures: marks on a map of the world, and bubbles by demand, margin and access. Both show figures that
stand in a table beside them, and only those that are known: what is not is counted, and left out of the picture."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from crossbook.market.access import Access
from crossbook.market.ranking import COMPARED
from crossbook.views.markets import Place, Ranking

# Up to which margin share of the price, which colour: 1 a great loss, 5 a great gain, 0 not known.
STEPS = ((-0.2, 1), (0.0, 2), (0.1, 3), (0.3, 4))
SMALLEST, LARGEST = 6.0, 30.0  # radius of a mark, in units of the map's sheet
BARRED, AGREED, NEITHER = "barred", "agreed", "neither"


@dataclass(frozen=True, kw_only=True)
class World:
    """The sheet of the map: its size, the outline of the land as an SVG path, and where each country's mark goes."""

    width: int
    height: int
    land: str
    places: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A market on the map: the larger its imports, the larger; the colour is that of its margin in the usual case.
    `known` is whether the imports are, `exact` whether both ends of the margin are: else it is hatched."""

    market: str
    x: float
    y: float
    radius: float
    colour: int
    known: bool
    exact: bool


@lru_cache(maxsize=1)
def world() -> World:
    """The map of `data/market/world.json`."""
    text = (files("crossbook") / "data" / "market" / "world.json").read_text(encoding="utf-8")
    told = json.loads(text)
    places = {code: (x, y) for code, (x, y) in told["places"].items()}
    return World(width=told["width"], height=told["height"], land=told["land"], places=places)


def colour(p: Place) -> int:
    """The colour of a market's margin in the usual case: 0 where it is not known."""
    share = p.share.point
    return 0 if share is None else next((n for most, n in STEPS if float(share) < most), 5)


def exact(p: Place) -> bool:
    """Whether both ends of a market's margin are known: else its usual share is only at most or at least so."""
    return p.share.known


def marks(ranking: Ranking) -> list[Mark]:
    """The markets of a ranking on the map, the larger ones first, so that the smaller lie on them."""
    sheet = world()
    most = max((p.imports.point or 0.0 for p in ranking.places), default=0.0)
    found = []
    for p in ranking.places:
        if p.market in sheet.places:
            x, y = sheet.places[p.market]
            part = math.sqrt((p.imports.point or 0.0) / most) if most else 0.0
            found.append(
                Mark(
                    market=p.market,
                    x=x,
                    y=y,
                    radius=round(SMALLEST + (LARGEST - SMALLEST) * part, 1),
                    colour=colour(p),
                    known=p.imports.point is not None,
                    exact=exact(p),
                )
            )
    return sorted(found, key=lambda m: -m.radius)


def access_word(reached: Access | None) -> str:
    """What is told of access in a word: a ban or sanction stands, an agreement with China does, or neither is known."""
    if reached is None:
        return NEITHER
    return BARRED if reached.bars else AGREED if reached.of("agreement") else NEITHER


def bubbles(ranking: Ranking) -> dict[str, Any]:
    """The points of the bubble chart: imports a year in dollars, margin share in percent with its range, access, and
    how many platforms are known to be there. `left_out` are the markets of which margin or imports are not known."""
    points, left_out = [], []
    for p in ranking.places:
        share, imports = p.share, p.imports.point
        if share.point is None or not imports:
            left_out.append(p.market)
            continue
        points.append(
            {
                "market": p.market,
                "imports": imports / 100,
                "share": _percent(share.point),
                "low": _percent(share.low),
                "high": _percent(share.high),
                "exact": exact(p),
                "access": access_word(p.access),
                "platforms": len({item.value for item in p.access.of("platform")}) if p.access else 0,
                "compared": p.placed.status == COMPARED,
            }
        )
    return {"points": points, "left_out": left_out}


def _percent(value: Any) -> float | None:
    return None if value is None else round(float(value) * 100, 2)
