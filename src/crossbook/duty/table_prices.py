"""What rows of a table bear: duties of the schedule and layers of profiles as arrays, priced at once.

Amounts are whole numbers throughout: rates in 10^-8, values in cents. A rate that no decimal holds (33 1/3 %, in column
2) is cut to that, which is a third of a cent on a million dollars.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from crossbook.duty.compiled import ADD, SCALE, TOTAL, UNREAD, Bools, Compiled, Ints, Profile, specials
from crossbook.duty.quoting import PROGRAMMES
from crossbook.duty.row_keys import COUNTRY_CODES, Keys
from crossbook.duty.tables import COLUMN_2


@dataclass(frozen=True)
class Columns:
    """All columns of duties after one another, and where in them each country's ordinary and special ones start."""

    duties: list[Ints]
    kind: np.ndarray[Any, np.dtype[np.int8]]  # 1 by weight or piece, 2 needs more, 3 both, 4 cannot be read
    ordinary: Ints
    special: Ints


def columns_of(c: Compiled, keys: list[Keys]) -> Columns:
    """Those that rows of these keys need; kept, for the next table has mostly goods of the same countries."""
    eras, countries = len(c.breaks) + 1, len(COUNTRY_CODES) + 1
    numbers = np.concatenate([k.used for k in keys]) // eras % countries - 1
    seen = frozenset(numbers.tolist())
    if c.columns is None or c.columns[0] != seen:
        c.columns = seen, _stacked(c, seen)
    kept: Columns = c.columns[1]
    return kept


def _stacked(c: Compiled, seen: frozenset[int]) -> Columns:
    size = len(c.specials)
    stacked = [c.duties["general"], c.duties["other"]]
    ordinary = np.array([size if o in COLUMN_2 else 0 for o in COUNTRY_CODES], np.int64)
    special = ordinary.copy()
    for i, origin in enumerate(COUNTRY_CODES):
        if origin in PROGRAMMES and i in seen:
            special[i] = size * len(stacked)
            stacked.append(specials(c, origin)[:4])
    duties = [np.concatenate([column[k] for column in stacked]) for k in range(4)]
    specific = (duties[1] > 0) | (duties[2] > 0)
    kind = np.where(duties[3] == UNREAD, 4, 2 * (duties[3] > 0) + specific).astype(np.int8)
    return Columns(duties=duties, kind=kind, ordinary=ordinary, special=special)


@dataclass(frozen=True)
class Rows:
    """Rows to price: profile, value, quantities in thousandths, and where their duties stand in `duties`."""

    profile: Ints
    value: Ints
    kilos: Ints | None
    pieces: Ints | None
    ordinary: Ints
    special: Ints
    duties: list[Ints]

    def take(self, pick: Ints) -> Rows:
        """Some of the rows."""
        kilos, pieces = (None if x is None else x[pick] for x in (self.kilos, self.pieces))
        return Rows(
            profile=self.profile[pick],
            value=self.value[pick],
            kilos=kilos,
            pieces=pieces,
            ordinary=self.ordinary[pick],
            special=self.special[pick],
            duties=self.duties,
        )


@dataclass(frozen=True)
class Outcomes:
    """What `price` needs of each profile, by number of scenario: one array over profiles for each layer."""

    instead: Ints
    counts: Ints
    special: list[Bools | None]
    layers: list[list[tuple[Ints, Ints | None]]]  # the rate, and the share from which column 1 is taken off


def outcomes_of(c: Compiled) -> Outcomes:
    """Of all profiles met so far; made anew when there are more."""
    profiles = list(c.profiles)
    if c.outcomes is not None and c.outcomes[0] == len(profiles):
        kept: Outcomes = c.outcomes[1]
        return kept
    found = _worked_out(profiles)
    c.outcomes = len(profiles), found
    return found


def _worked_out(profiles: list[Profile]) -> Outcomes:
    counts = np.array([len(p.scenarios) for p in profiles], np.int64)
    special: list[Bools | None] = []
    layers: list[list[tuple[Ints, Ints | None]]] = []
    for number in range(int(counts.max(initial=1))):
        chosen = [p.scenarios[min(number, len(p.scenarios) - 1)] for p in profiles]
        claimed = np.array([x.special for x in chosen], bool)
        special.append(claimed if claimed.any() else None)
        deep = max((len(x.layers) for x in chosen), default=0)
        found: list[tuple[Ints, Ints | None]] = []
        for k in range(deep):
            of = [x.layers[k] if k < len(x.layers) else (ADD, 0, 0) for x in chosen]
            part = np.array([rate * share // SCALE for _, rate, share in of], np.int64)
            less = np.array([share if kind == TOTAL else 0 for kind, _, share in of], np.int64)
            found.append((part, less if less.any() else None))
        layers.append(found)
    return Outcomes(
        instead=np.array([p.instead for p in profiles], np.int64), counts=counts, special=special, layers=layers
    )


def _half_up(product: Ints) -> Ints:
    found: Ints = product + SCALE // 2
    found //= SCALE
    return found


def price(o: Outcomes, b: Rows, number: int) -> tuple[Ints, Ints]:
    """Total in cents and rate in 10^-8 of scenario `number` of each row."""
    at = b.ordinary
    special = o.special[number]
    if special is not None:
        at = np.where(special[b.profile], b.special, at)
    rate = b.duties[0][at]
    instead = o.instead[b.profile] if (o.instead >= 0).any() else None
    in_place = None if instead is None or not (instead >= 0).any() else instead >= 0
    if instead is not None and in_place is not None:
        rate = np.where(in_place, instead, rate)
    exact = b.value * rate
    for amount, duties in ((b.kilos, b.duties[1]), (b.pieces, b.duties[2])):
        if amount is not None:
            specific = amount * (duties[at] // 1000)
            exact += specific if in_place is None else np.where(in_place, 0, specific)
    ordinary, total = rate, _half_up(exact)
    for parts, shares in o.layers[number]:
        part = parts[b.profile]
        less = None if shares is None else shares[b.profile]
        if less is not None and less.any():
            paid = np.where(less == SCALE, exact, exact // SCALE * less)
            total += _half_up(np.maximum(0, b.value * part - paid))
            rate = rate + np.maximum(0, part - np.where(less == SCALE, ordinary, ordinary * (less // 10**4) // 10**4))
        else:
            total += _half_up(b.value * part)
            rate = rate + part
    return total, rate
