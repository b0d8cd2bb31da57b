"""The score of a case: a sum of named parts, each a number of points for something that its transfers show.

Points are what is usual to look at first, not chances: no figure says that a case is twice as likely as another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

POINTS = {"report": 0, "high": 30, "medium": 15, "low": 5}  # of a rule, by its gravity
HAND, MOST_HANDS = 2, 10  # for each hand beyond the chain's least, and at most
SUMS = ((5_000_000_000, 15), (500_000_000, 10), (50_000_000, 5))  # fen: 50 m, 5 m, 0.5 m yuan
BORDER = 5
EARLIER = 10  # a case on the same party was reported before
PARTS = {
    "rule": "a rule called it",
    "hands": "hands beyond the least that make a chain",
    "amount": "the largest sum of one alert, in yuan",
    "border": "money that crossed a border",
    "earlier": "an earlier case on this party was reported",
    "outside": "what another authority told of this party, by the agreement with it",
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a score. `about` is the rule, earlier case or flag that it is about; `value` is what was counted or
    measured (hands, fen, transfers), None where it is not known: then it has no points, and says so."""

    part: str
    about: str
    points: int
    value: int | None

    @property
    def title(self) -> str:
        """What it stands for."""
        return PARTS[self.part]


def parts(
    *,
    rules: Mapping[str, bool],
    gravity: Mapping[str, str],
    hands: int | None,
    least: int,
    cny: int | None,
    crossing: int,
    border_told: bool,
) -> tuple[Part, ...]:
    """The parts of a case: `rules` that called it and whether for certain (a rule that is not counts half), `hands` of
    its deepest chain where there is one, its largest sum in fen, how many transfers crossed a border."""
    found = [
        Part(part="rule", about=name, points=POINTS[gravity[name]] // (1 if sure else 2), value=None)
        for name, sure in sorted(rules.items(), key=lambda item: (-POINTS[gravity[item[0]]], item[0]))
    ]
    if hands is not None and hands > least:
        found.append(Part(part="hands", about="", points=min((hands - least) * HAND, MOST_HANDS), value=hands))
    points = next((p for floor, p in SUMS if cny is not None and cny >= floor), 0)
    if points or cny is None:
        found.append(Part(part="amount", about="", points=points, value=cny))
    if crossing or not border_told:
        found.append(
            Part(part="border", about="", points=BORDER if crossing else 0, value=crossing if border_told else None)
        )
    return tuple(found)


def total(found: Iterable[Part]) -> int:
    """The score."""
    return sum(p.points for p in found)
