"""Which way money went, where a column says it in words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

SIGNS = ("+", "＋", "-", "－", "−", "–")
_OF_SIGNS = re.compile(r"[+±]|\b(sign|signe|signo|segno)\b|vorzeichen|\bs\s*/\s*h\b|符号|正负", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Direction:
    """A column of words: those for money in, out, and neither. `sure`: no word could be meant from the other side."""

    column: str
    ins: tuple[str, ...]
    outs: tuple[str, ...]
    neither: tuple[str, ...]
    sure: bool


@lru_cache(maxsize=1)
def _shipped() -> tuple[list[dict[str, Any]], frozenset[str]]:
    told = tomllib.loads(files("crossbook.data").joinpath("mapping/directions.toml").read_text(encoding="utf-8"))
    return told["pair"], frozenset(told["neither"])


def plain(word: str) -> str:
    """A word as it is compared."""
    return " ".join(word.split()).lower()


def sure(word: str) -> str | None:
    """The side, in or out, of a word that says it to a bank and a bookkeeper alike; None for any other."""
    pairs = [p for p in _shipped()[0] if p["sure"]]
    return next((side for side in ("in", "out") for p in pairs if plain(word) in p[side]), None)


def told(column: str, words: Collection[str], meant: Iterable[tuple[str, str]] = ()) -> Direction | None:
    """The direction that a column's words tell; None where one of them tells none.

    Of each pair that is used both sides are taken, for a file with money in alone. A stroke is a minus where nothing
    but signs stands in the column, and one of them is a plus or the header names them: elsewhere it is neither.
    `meant` is what a person says of words: where that is said of each, those for in and out alone tell it.
    """
    pairs, neutral = _shipped()
    said = {plain(w): meaning for w, meaning in meant if meaning in ("in", "out", "neither")}
    every = {plain(w) for w in words} - {""}
    seen = every - set(said)
    if every and not seen:
        ins, outs = (tuple(sorted(w for w in every if said[w] == way)) for way in ("in", "out"))
        return Direction(column=column, ins=ins, outs=outs, neither=(), sure=True) if ins and outs else None
    signs = bool(seen) and seen <= set(SIGNS) and ("+" in seen or "＋" in seen or bool(_OF_SIGNS.search(column)))
    pairs = [p for p in pairs if "header" not in p or re.search(p["header"], column, re.IGNORECASE)]
    used = [p for p in pairs if seen & {*p["in"], *p["out"]} and (signs or "+" not in p["in"])]
    known = {w for p in used for w in (*p["in"], *p["out"])}
    if not used or len(used) > 2 or not seen <= known | neutral:
        return None
    ins = tuple(w for p in used for w in p["in"] if w in seen or not seen & set(p["in"]))
    outs = tuple(w for p in used for w in p["out"] if w in seen or not seen & set(p["out"]))
    return Direction(
        column=column,
        ins=ins,
        outs=outs,
        neither=tuple(sorted(seen & neutral - known)),
        sure=all(p["sure"] for p in used),
    )
