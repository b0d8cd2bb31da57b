"""Write data/market/world.json: the outline of the land, and where on it each country's mark goes.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz && python tools/world_map.py package

The package has Natural Earth's shapes (public domain) as TopoJSON. The land is one outline without borders; a country's
mark is at the middle of its largest piece. The projection is Equal Earth (Šavrič, Patterson and Jenny, 2018), the sheet
1000 wide.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from itertools import pairwise
from pathlib import Path

DATA = Path(__file__).parent.parent / "src/crossbook/data/market"
OUT = DATA / "world.json"
WIDTH = 1000.0
SOUTH = -57.0  # Antarctica is left out
LEAST = 0.7  # square units: smaller islands are left out
A = (1.340264, -0.081106, 0.000893, 0.003796)
Point = tuple[float, float]


def projected(longitude: float, latitude: float) -> Point:
    """Equal Earth, in units of the sphere's radius."""
    root3 = math.sqrt(3)
    theta = math.asin(root3 / 2 * math.sin(math.radians(latitude)))
    t2 = theta * theta
    slope = A[0] + 3 * A[1] * t2 + t2**3 * (7 * A[2] + 9 * A[3] * t2)
    x = 2 * root3 * math.radians(longitude) * math.cos(theta) / (3 * slope)
    return x, theta * (A[0] + A[1] * t2 + t2**3 * (A[2] + A[3] * t2))


SCALE = WIDTH / (2 * projected(180, 0)[0])
TOP = projected(0, 83.7)[1]


def on_sheet(point: Point) -> Point:
    x, y = projected(*point)
    return WIDTH / 2 + x * SCALE, (TOP - y) * SCALE


class Atlas:
    """The arcs and objects of a TopoJSON file."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        (sx, sy), (tx, ty) = told["transform"]["scale"], told["transform"]["translate"]
        self.objects = told["objects"]
        self.arcs: list[list[Point]] = []
        for arc in told["arcs"]:
            x = y = 0
            points = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                points.append((x * sx + tx, y * sy + ty))
            self.arcs.append(points)

    def rings(self, name: str) -> list[tuple[str, list[list[Point]]]]:
        """(ISO number, outer rings) of each shape of an object."""
        found = []
        for shape in self.objects[name]["geometries"]:
            pieces = {"Polygon": [shape.get("arcs")], "MultiPolygon": shape.get("arcs")}[shape["type"]]
            found.append((str(shape.get("id", "")), [self._ring(piece[0]) for piece in pieces]))
        return found

    def _ring(self, numbers: list[int]) -> list[Point]:
        ring: list[Point] = []
        for n in numbers:
            arc = self.arcs[n] if n >= 0 else self.arcs[~n][::-1]
            ring += arc[1 if ring else 0 :]
        return ring


def unbroken(ring: list[Point]) -> list[Point]:
    """A ring whose longitudes run on where it crosses the 180th meridian."""
    turned, found = 0.0, [ring[0]]
    for (before, _), (x, y) in pairwise(ring):
        turned += -360 * round((x - before) / 360)
        found.append((x + turned, y))
    return found


def on_every_side(ring: list[Point]) -> list[list[Point]]:
    """A ring, and what of it lies on the sheet's other side: the sheet's edge cuts off the rest."""
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    turns = [0.0, *([-360.0] if east > 180 else []), *([360.0] if west < -180 else [])]
    return [[(x + turn, y) for x, y in ring] for turn in turns]


def area(ring: list[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def middle(ring: list[Point]) -> Point:
    """The centre of gravity of a ring."""
    whole = x = y = 0.0
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        part = a[0] * b[1] - b[0] * a[1]
        whole, x, y = whole + part, x + (a[0] + b[0]) * part, y + (a[1] + b[1]) * part
    return (x / (3 * whole), y / (3 * whole)) if whole else ring[0]


def main() -> None:
    folder = Path(sys.argv[1])
    land = []
    for _, rings in Atlas(folder / "land-110m.json").rings("land"):
        for ring in (side for whole in rings for side in on_every_side(unbroken(whole))):
            shape = [on_sheet(p) for p in ring]
            if max(p[1] for p in ring) > SOUTH and area(shape) > LEAST:
                land.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in shape) + "Z")
    with (DATA / "countries.csv").open(encoding="utf-8") as file:
        by_number = {int(row["number"]): row["iso2"] for row in csv.DictReader(file)}
    places = {}
    for number, rings in Atlas(folder / "countries-50m.json").rings("countries"):
        if number and (code := by_number.get(int(number))):
            x, y = middle(max(([on_sheet(p) for p in unbroken(ring)] for ring in rings), key=area))
            places[code] = [round(x, 1), round(y, 1)]
    height = round(on_sheet((0, SOUTH))[1])
    told = {"width": int(WIDTH), "height": height, "land": "".join(land), "places": dict(sorted(places.items()))}
    OUT.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
