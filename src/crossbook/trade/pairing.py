"""Which entries of two formats could be paired, were all of them paired anew: where equal credits stand day by day,
those of one day need not be one.

Pure functions.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

Pair = tuple[int, int]


def unique(pairs: Iterable[Pair], source: Mapping[int, str]) -> list[Pair]:
    """Those pairs of which each side has no other partner in the other's format."""
    pairs = list(pairs)
    partners: dict[tuple[int, str], int] = defaultdict(int)
    for a, b in pairs:
        partners[a, source[b]] += 1
        partners[b, source[a]] += 1
    return [(a, b) for a, b in pairs if partners[a, source[b]] == partners[b, source[a]] == 1]


class Pairing:
    """Entries, each told in one format or more, and which tellings of them may be one.

    `of` gives the entry of a telling, `source` its format, `may` the pairs of tellings that may be one; entries in
    `fixed` stay as they are."""

    def __init__(
        self, may: Iterable[Pair], *, of: Callable[[int], int], source: Mapping[int, str], fixed: Iterable[int]
    ) -> None:
        self._of, self._source, self._fixed = of, source, set(fixed)
        self._may: dict[int, list[int]] = defaultdict(list)
        for a, b in may:
            if source[a] != source[b]:
                self._may[a].append(b)
                self._may[b].append(a)
        self._told: dict[int, list[int]] = defaultdict(list)
        for n in sorted(self._may):
            self._told[of(n)].append(n)

    def formats(self) -> Iterator[tuple[str, str]]:
        """Each two formats."""
        yield from combinations(sorted({self._source[n] for n in self._may}), 2)

    def left(self, one: str, two: str) -> Iterator[tuple[list[int], list[int], int]]:
        """Of entries that hang together, those that the one format alone tells, those that the other alone does, and
        how many both do."""
        seen: set[int] = set()
        for entry in list(self._told):
            if entry in seen or not (self._in(entry, one) or self._in(entry, two)):
                continue
            together, ahead = [], [entry]
            seen.add(entry)
            while ahead:
                at = ahead.pop()
                together.append(at)
                new = {
                    self._of(o) for n in self._told[at] for o in self._may[n] if self._source[o] in (one, two)
                } - seen
                seen |= new
                ahead += new
            here, there = ({e for e in together if self._in(e, n)} for n in (one, two))
            yield sorted(here - there), sorted(there - here), len(here & there)

    def one_more(self, entry: int, told: str, untold: str) -> list[int]:
        """Entries that the format `untold` alone tells and that this one, which `told` alone tells, would be one with
        or would make room for, were the pairs between them made anew; the nearest first."""
        found, seen, ahead = [], {entry}, deque([entry])
        while ahead:
            at = ahead.popleft()
            for n in self._in(at, told):
                for other in self._may[n]:
                    into = self._of(other)
                    if self._source[other] != untold or into in seen:
                        continue
                    seen.add(into)
                    if not self._in(into, told):
                        found.append(into)
                    elif into not in self._fixed:
                        ahead.append(into)
        return found

    def _in(self, entry: int, source: str) -> list[int]:
        return [n for n in self._told[entry] if self._source[n] == source]
