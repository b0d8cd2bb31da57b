"""Every heading of chapter 99: what stands for it here, or that it is not worked out, why, and what it may touch.

Rows of `data/duty/headings.csv`, each for a run of headings that no row of measures.csv has. `treatment` is "elsewhere"
(other rows have its effect, as `reason` says), "ended" (without effect since 2025-01-01) or "outside" (not worked out).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from crossbook.duty.claims import Claims
from crossbook.duty.lines import TariffLine
from crossbook.duty.tables import FAR, FIRST_DAY, Law, condition, day_or, is_origin, law, rows

CITED = "cited"  # in place of codes: lines whose columns or footnotes name a heading of the same four digits


@dataclass(frozen=True, slots=True)
class Heading:
    """A run of headings, and for those not worked out the goods that they may touch.

    `codes` are prefixes of tariff lines, scopes of scopes.csv, "*" for all goods, or "cited". `when` are facts that
    must have been stated for the heading to matter.
    """

    first: str
    last: str
    treatment: str
    origins: tuple[str, ...]
    codes: tuple[str, ...]
    when: tuple[tuple[str, str, str], ...]
    since: date
    until: date
    reason: str
    source: str

    @property
    def run(self) -> str:
        """The headings as people write them: 9903.79.02–9903.79.09."""
        return self.first if self.first == self.last else f"{self.first}–{self.last}"

    def touches(self, line: TariffLine, origin: str, on: date, claims: Claims, table: Law) -> bool:
        """Whether goods of a line may fall under it."""
        if self.treatment != "outside" or not self.since <= on <= self.until or not is_origin(origin, self.origins):
            return False
        if any(claims.get(name) != value for name, _, value in self.when):
            return False
        if self.codes == (CITED,):
            four = self.first[:4] + "."
            texts = (line.special, line.general, line.other, *line.footnotes)
            return any(four in text for text in texts)
        inside = {s for s, found in table.scopes.of(line.code).items() if any(a <= on <= b for a, b, _ in found)}
        return any(c == "*" or c in inside or (c.isdigit() and line.code.startswith(c)) for c in self.codes)


@lru_cache(maxsize=1)
def headings() -> tuple[Heading, ...]:
    """The shipped table, read once."""
    return tuple(
        Heading(
            first=r["first"],
            last=r["last"],
            treatment=r["treatment"],
            origins=tuple(r["origins"].split()),
            codes=tuple(r["codes"].split()),
            when=tuple(condition(c) for c in r["when"].split("&") if c),
            since=day_or(r["from"], FIRST_DAY),
            until=day_or(r["to"], FAR),
            reason=r["reason"],
            source=r["source"],
        )
        for r in rows("headings.csv")
    )


def treatment_of(heading: str) -> Heading | None:
    """The row of a heading, None where there is none: then a measure has it, or it is new."""
    return next((h for h in headings() if h.first <= heading <= h.last), None)


def is_measure(heading: str) -> bool:
    """Whether a row of measures.csv has this heading."""
    return heading in {m.heading for m in law().measures}


def untreated(all_headings: Iterator[str]) -> list[str]:
    """Headings that neither a measure nor a row of headings.csv has."""
    known = {m.heading for m in law().measures}
    return sorted(h for h in all_headings if h not in known and treatment_of(h) is None)


def not_worked_out(line: TariffLine, origin: str, on: date, claims: Claims, table: Law) -> list[str]:
    """What a bill does not hold and the goods may fall under, in words."""
    return [f"not worked out: {h.run}: {h.reason}" for h in headings() if h.touches(line, origin, on, claims, table)]
