"""Codes under which a receipt is declared: the transaction code (交易编码), customs' supervision mode (海关监管方式).

The transaction code is the payee's to declare and the bank's to check (Huifa [2014] No. 21, codes in force from
2014-05-01: https://www.safe.gov.cn/en/2014/1208/750.html), so the pack prints what the settings say and takes nothing
as certain: `candidates` are rows of `data/pack/transaction_codes.csv`, whose descriptions are secondary and which
differ on sales that were declared at customs; they are for asking the bank. Modes are rows of `data/customs/modes.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from crossbook.filing.pack.listing import Words


@dataclass(frozen=True)
class Code:
    """A transaction code. `declared`: for sales that were declared at customs (yes), were not (no), or under a mode."""

    code: str
    words: Words
    declared: str


def code_words(code: str) -> str:
    """A transaction code with its name in both languages; alone where no row has it."""
    return next((f"{c.code} {c.words[0]} {c.words[1]}" for c in _codes() if c.code == code), code)


def candidates(modes: Collection[str], undeclared: bool) -> list[Code]:
    """Codes to ask the bank about: for sales declared under `modes`, and for `undeclared` ones if there are such."""
    said = {"no"} if undeclared else set()
    said |= set(modes) | ({"yes"} if modes else set())
    return [c for c in _codes() if c.declared in said]


def mode_words(mode: str) -> str:
    """A supervision mode with its Chinese name; the code alone where no row has it."""
    name = _modes().get(mode, "")
    return f"{mode} {name}".strip()


@lru_cache(maxsize=1)
def _codes() -> tuple[Code, ...]:
    return tuple(
        Code(r["code"], (r["name_zh"], r["name_en"]), r["declared"]) for r in _rows("pack/transaction_codes.csv")
    )


@lru_cache(maxsize=1)
def _modes() -> dict[str, str]:
    return {r["code"]: r["name_zh"] for r in _rows("customs/modes.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("crossbook") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
