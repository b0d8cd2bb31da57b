"""The states of an order in one vocabulary, and what each platform's own words mean in it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import pyarrow as pa

# Every state: whether an order in it is a sale, and whether its goods are to be sent or were.
STATES = {
    "placed": (True, False),  # ordered; the file does not say whether it was paid
    "pending": (False, False),  # payment is under way or must still be confirmed
    "unpaid": (False, False),
    "paid": (True, False),
    "shipped": (True, True),
    "completed": (True, True),
    "part_refunded": (True, True),
    "refunded": (True, True),
    "cancelled": (False, False),
    "voided": (False, False),  # the payment was authorised and let go before it was taken
    "expired": (False, False),  # the authorisation ran out
    "unknown": (False, False),  # a word that no table has: not a sale until somebody says so
}
NOT_SALES = tuple(state for state, (sale, _) in STATES.items() if not sale)


@dataclass(frozen=True)
class Word:
    """A word that a platform writes, in lower case, and the state that it means; `source` is where it was seen."""

    word: str
    state: str
    platform: str
    source: str


@lru_cache(maxsize=1)
def words() -> tuple[Word, ...]:
    """Every row of `data/trade/statuses.csv`."""
    text = (files("crossbook") / "data" / "trade" / "statuses.csv").read_text(encoding="utf-8")
    return tuple(Word(**row) for row in csv.DictReader(text.splitlines()))


def state_of(word: str | None) -> str:
    """The state that a platform's word means: `placed` where it says nothing, `unknown` where no table has the word."""
    if word is None or not word.strip():
        return "placed"
    return _states().get(word.strip().lower(), "unknown")


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
    return {w.word: w.state for w in words()}


def table() -> pa.Table:
    """The words as a table `status_word(word, state)`, for SQL."""
    known = _states()
    return pa.table({"word": pa.array(list(known), pa.string()), "state": pa.array(list(known.values()), pa.string())})
