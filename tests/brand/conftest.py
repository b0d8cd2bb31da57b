"""A small register in memory."""

from __future__ import annotations

import pyarrow as pa
import pytest

from crossbook.brand.register import Register, from_marks

MARKS = [
    ("VALKORE", "live", "18", "Valkore Outdoor Inc."),
    ("NORTH VIK", "live", "22", "Nordvik AS"),
    ("ZEPHYRON", "live", "9", "Zephyron Audio Ltd"),
    ("LUMENARA", "dead", "11", "Lumenara LLC"),
    ("北狼", "live", "18", "北狼户外用品有限公司"),
    ("APPLE", "live", "9", "Apple Orchard Inc."),
    ("PEAK", "live", "25", "Peak Brands LLC"),
    ("COCA-COLA", "live", "32", "Cola Co."),
    ("SUMMERDREAM HOLIDAYS", "live", "39", "Summer Ltd"),
]
GOODS = {
    "18": "Backpacks; day packs",
    "22": "Tents; ropes",
    "9": "Speakers; cables",
    "11": "Lamps",
    "25": "Jackets",
    "32": "Drinks",
    "39": "Travel",
}


def table(rows: list[tuple[str, str, str, str]]) -> pa.Table:
    return pa.table(
        {
            "register": ["US"] * len(rows),
            "number": [f"{97000000 + i}" for i in range(len(rows))],
            "mark": [r[0] for r in rows],
            "live": [r[1] for r in rows],
            "status": ["700"] * len(rows),
            "classes": [r[2] for r in rows],
            "goods": [GOODS.get(r[2], "") for r in rows],
            "owner": [r[3] for r in rows],
            "evidence": ["e" * 64] * len(rows),
            "line": list(range(1, len(rows) + 1)),
        }
    )


@pytest.fixture(scope="session")
def register() -> Register:
    ordinary = [(f"TRAIL {n}", "live", "25", f"Owner {n}") for n in range(12)]
    packs = [(f"PACKMARK{chr(97 + n)}Q", "live", "18", f"P{n}") for n in range(4)]
    return from_marks(table([*MARKS, *ordinary, *packs]))
