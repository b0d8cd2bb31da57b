"""How often finding is right: on pairs of a description and the numbers an authority gave it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crossbook.duty.finding.ranking import SURE, search


def held_back(text: str) -> bool:
    """Whether a description is kept from building and fitting, for measuring alone: a half, by its own hash."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares of all cases: heading first, heading among ten, six digits first and among the candidates of ten headings.

    `said` is what was said of the first heading on average; `verdicts` for each word how often it was said and how
    often the first heading was then right.
    """

    count: int
    first: float
    ten: float
    six_first: float
    six_ten: float
    said: float
    verdicts: dict[str, tuple[int, float]]


def measured(cases: Sequence[tuple[str, str]], on: date | None = None) -> Measured:
    """Measure on (description, code) pairs; a code may be several, separated by semicolons, any of which is right."""
    first = ten = six_first = six_ten = said = 0.0
    words = {word: [0, 0] for word, _ in SURE}
    for text, code in cases:
        right = [c.strip() for c in code.split(";")]
        told = search(text, on)
        headings = list(dict.fromkeys(f.code[:4] for f in told.found))
        is_first = any(headings[:1] == [c[:4]] for c in right)
        first += is_first
        ten += any(c[:4] in headings for c in right)
        six = [f.code[:6] for f in told.found]
        best = max(told.found, key=lambda f: f.sure_of_six, default=None)
        six_first += best is not None and any(c[:6] == best.code[:6] for c in right)
        six_ten += any(c[:6] in six for c in right)
        if told.found:
            said += told.found[0].sure
            words[told.verdict][0] += 1
            words[told.verdict][1] += is_first
    size = max(len(cases), 1)
    return Measured(
        count=len(cases),
        first=first / size,
        ten=ten / size,
        six_first=six_first / size,
        six_ten=six_ten / size,
        said=said / size,
        verdicts={word: (n, right / max(n, 1)) for word, (n, right) in words.items()},
    )
