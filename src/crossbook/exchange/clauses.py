"""What an agreement may allow beside sessions: a folder of a joint case, requests that are answered by a day, look-ups.

A clause that is not there allows nothing. Each is read by `agreement.read`.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("pdf", "png", "jpeg", "table", "text")
UNITS = ("day", "working day", "month")


@dataclass(frozen=True, kw_only=True)
class Folder:
    """`[folder]`: documents of these kinds, told by their bytes, of at most `largest` bytes, so many in a case; a
    table only with columns among `fields`; a message of at most `words` characters."""

    kinds: tuple[str, ...]
    largest: int = 5_000_000
    documents: int = 50
    words: int = 4_000
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Request:
    """`[[request]]`: what may be asked of the party `of`, in at most `words` characters, `a_month` times at most.

    By when it answers is said by a procedure of `cases/`, which knows the law, or by this agreement: `length` of
    `unit`s.
    """

    of: str
    name: str
    procedure: str = ""
    length: int = 0
    unit: str = "day"
    words: int = 4_000
    a_month: int = 20


WAYS = ("ask", "answer", "provide", "alert")
TOLD_OF = ("month", "score", "amount", "text")


@dataclass(frozen=True, kw_only=True)
class Flags:
    """`[[flags]]`: what the party `of` may tell the other of one party that rules of its watch called, and on what
    `law` that rests (`source`: where it was read).

    `ways`: ask what the other has (it tells its own flags with that), answer, provide on its own, alert even where the
    other may not know the party. Told is which of `rules` called, and of `fields` the month, the score in twenties, the
    amount as a power of ten, and a text of `words` characters; of cases with `least_score` points, and amounts of
    `least` minor units of its book. The party is named by identifiers of these `kinds`. `points` is what it adds to a
    score of the other side.
    """

    of: str
    rules: tuple[str, ...]
    law: str
    source: str
    ways: tuple[str, ...] = WAYS
    kinds: tuple[str, ...] = ("account",)
    fields: tuple[str, ...] = ()
    least: int = 0
    least_score: int = 0
    words: int = 500
    a_month: int = 20
    points: int = 0


COUNTED = {
    "transfers": ("month", "currency", "band"),
    "parties": ("month", "currency", "band"),
    "cases": ("month", "rule"),
}
"""What may be counted, and by what."""
PERIODS = ("month", "quarter", "year")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """`[counts]`: the sum of the epsilons, as a decimal, that one side may spend on counts in a calendar period."""

    budget: str
    period: str = "month"


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """`[[statistic]]`: a count that may be asked for, by month, currency, band of amount or rule, with noise of this
    `epsilon` (a decimal) where one party may change it by `contributes` at most; others than `currencies` are told as
    one."""

    name: str
    count: str
    epsilon: str
    by: tuple[str, ...] = ()
    contributes: int = 1
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """`[lookup]`: each side may ask whether the other knows a party, by identifiers of these `kinds`, `at_once` in one
    look-up and `a_month` in a calendar month; who answers must know `smallest` identifiers, and `largest` at most."""

    kinds: tuple[str, ...] = ("account",)
    at_once: int = 10
    a_month: int = 100
    smallest: int = 1_000
    largest: int = 1_000_000
