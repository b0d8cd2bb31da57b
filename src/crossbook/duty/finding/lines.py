"""Lines of the schedule under six digits, with their words; and provisions of chapter 98, claimed beside a number."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import lru_cache

from crossbook.duty.finding.traits import rows
from crossbook.duty.finding.words import stems
from crossbook.duty.lines import TariffLine
from crossbook.duty.schedule import lines_under
from crossbook.duty.tables import FIRST_DAY


@lru_cache(maxsize=1)
def provisions() -> dict[str, TariffLine]:
    """Provisions of chapter 98 that rulings name most: eight digits -> line. Claimed beside the goods' own number."""
    return {
        r["code"]: TariffLine(
            code=r["code"],
            since=FIRST_DAY,
            until=None,
            path=r["path"],
            general=r["general"],
            special="",
            other="",
            units=(),
            footnotes=(),
        )
        for r in rows("provisions.csv")
    }


@lru_cache(maxsize=4096)
def _words(part: str) -> frozenset[str]:
    return frozenset(stems(part))


@lru_cache(maxsize=8192)
def eight_digits(six: str, on: date) -> dict[str, tuple[str, frozenset[str]]]:
    """Numbers of eight digits under `six` on a day -> what their lines' paths have in common, their own words."""
    lines = [x for x in provisions().values() if x.code[:6] == six] if six.startswith("98") else lines_under(six, on)
    groups: dict[str, list[list[str]]] = defaultdict(list)
    for line in lines:
        groups[line.code[:8]].append(line.path.split(" > "))
    found = {}
    for code, paths in groups.items():
        same = next((n for n, parts in enumerate(zip(*paths, strict=False)) if len(set(parts)) > 1), None)
        words: frozenset[str] = frozenset().union(*(_words(part) for path in paths for part in path[1:]))
        found[code] = (" > ".join(paths[0][: same or min(len(p) for p in paths)]), words)
    return found
