"""What is compared: the same figure as several faces tell it, subject by subject and field by field."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tests.faces.asking import Faces

Told = dict[Hashable, dict[str, Any]]  # of each subject (a payout, a place), what a face says of it by field
Extract = Callable[[Faces], Told]


@dataclass(frozen=True)
class Some:
    """A face that tells of some subjects only: the first page of a list, what a page has room for."""

    extract: Extract


Figures = dict[str, dict[str, Extract | Some]]  # by name, each face that tells it


def pairs(figures: Figures) -> list[tuple[str, str, str]]:
    """Every two faces of every figure."""
    return [(name, a, b) for name, faces in figures.items() for a, b in combinations(faces, 2)]


def differences(faces: Faces, first: Extract | Some, second: Extract | Some) -> list[str]:
    """Where two faces disagree, in words. Raises AssertionError when they tell nothing that can be compared."""
    one, other = (f.extract(faces) if isinstance(f, Some) else f(faces) for f in (first, second))
    fields = {f for row in one.values() for f in row} & {f for row in other.values() for f in row}
    assert fields and one and other, "there is nothing to compare"
    found = []
    if not isinstance(second, Some):
        found += [f"only the first tells of {key}: {one[key]}" for key in one if key not in other]
    if not isinstance(first, Some):
        found += [f"only the second tells of {key}: {other[key]}" for key in other if key not in one]
    both = [key for key in one if key in other]
    assert both, "no subject is told of by both"
    for key in both:
        for field in sorted(fields & one[key].keys() & other[key].keys()):
            if one[key][field] != other[key][field]:
                found.append(f"{field} of {key}: {one[key][field]} and {other[key][field]}")
    return found


def rows(told: Iterable[Mapping[str, Any]], key: str | tuple[str, ...], *fields: str) -> Told:
    """Of rows, the fields of each subject; days as text."""
    names = (key,) if isinstance(key, str) else key
    return {_key(tuple(row[n] for n in names)): {f: plain(row[f]) for f in fields} for row in told}


def summed(told: Iterable[Mapping[str, Any]], key: tuple[str, ...], *fields: str) -> Told:
    """Of rows, the sums of fields by key, and as `n` how many rows there are."""
    found: Told = {}
    for row in told:
        sums = found.setdefault(_key(tuple(row[n] for n in key)), {"n": 0} | dict.fromkeys(fields, 0))
        sums["n"] += 1
        for field in fields:
            sums[field] += row[field] or 0
    return found


class About(float):
    """A share as a page has room for it: to a tenth of a percent."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and abs(self - other) < 0.001

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = float.__hash__


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value if value is None or isinstance(value, int | str | float | list | dict) else str(value)


def _key(values: tuple[Any, ...]) -> Hashable:
    return values[0] if len(values) == 1 else values
