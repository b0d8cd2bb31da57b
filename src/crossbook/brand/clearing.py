"""Clearing a name of our own: what stands in its way in a register and a class, and the search that anybody may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from crossbook.brand import index as ix
from crossbook.brand.letters import fold
from crossbook.brand.matching import KINDS, match, translations
from crossbook.brand.register import Register
from crossbook.errors import CrossbookError

OBSTACLE, NEAR = 85, 65  # of nearness in a shared class, from which a mark stands in the way, or is to be looked at


@dataclass(frozen=True)
class Found:
    """A mark of the register that is near a name; `shared` are the classes asked for that it has."""

    mark: str
    register: str
    number: str
    live: str
    status: str
    classes: str
    owner: str
    evidence: str
    line: int
    kind: str
    sight: int
    sound: int
    meaning: int
    shared: tuple[int, ...]
    weight: str  # obstacle, near, other class, dead


def search(register: Register, name: str, classes: tuple[int, ...] = (), limit: int = 50) -> list[Found]:
    """The marks that are near a name, the nearest first, living ones and shared classes before others.

    Raises CrossbookError for a name without letters.
    """
    folded = fold(name)
    if not folded:
        raise CrossbookError("the name has no letters", where=repr(name), todo="give the words of the mark")
    found: list[Found] = []
    forms = ix.forms_of([folded])
    level = np.array([ix.NEAR_TWO])
    for segment, stands in zip(register.segments, register.stands, strict=True):
        matches = match(segment, forms, level, np.array([0]), translations())
        for place, entry in enumerate(matches.entries.tolist()):
            rows = segment.marks_of(entry)
            found += [_found(segment.marks, int(row), matches, place, classes) for row in rows[stands[rows]]]
    order = {"obstacle": 0, "near": 1, "other class": 2, "dead": 3}
    found.sort(key=lambda f: (order[f.weight], -max(f.sight, f.sound - 5, f.meaning - 10), f.mark, f.number))
    return found[:limit]


def _found(marks: Any, row: int, matches: Any, place: int, classes: tuple[int, ...]) -> Found:
    told = {n: marks[n][row].as_py() for n in marks.column_names}
    sight, sound, meaning = (int(getattr(matches, n)[place]) for n in ("sight", "sound", "meaning"))
    own = {int(c) for c in (told.get("classes") or "").split()}
    shared = tuple(sorted(own & set(classes)))
    near = max(sight, sound - 5, meaning - 10)
    if told.get("live") == "dead":
        weight = "dead"
    elif classes and own and not shared:
        weight = "other class"
    else:
        weight = "obstacle" if near >= OBSTACLE else "near" if near >= NEAR else "other class"
    return Found(
        mark=told["mark"],
        register=told["register"],
        number=told["number"],
        live=told.get("live") or "unknown",
        status=told.get("status") or "",
        classes=told.get("classes") or "",
        owner=told.get("owner") or "",
        evidence=told.get("evidence") or "",
        line=told.get("line") or 0,
        kind=KINDS[int(matches.kind[place])],
        sight=sight,
        sound=sound,
        meaning=meaning,
        shared=shared,
        weight=weight,
    )
