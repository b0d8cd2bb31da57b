"""Tables of the words of a report in its languages (`data/sources/*.toml`): what its columns, types and states are
called, and what a word means that stands in none of them."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_MARKS = range(0x300, 0x370)  # Latin accents, once taken off their letters


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of one report. `columns` has the header texts of each column, `meanings` by group ("types", "states")
    what a whole text means, `stems` by group what a text means in which a part is found, the first that fits."""

    columns: Mapping[str, tuple[str, ...]]
    meanings: Mapping[str, Mapping[str, str]]
    stems: Mapping[str, tuple[tuple[str, str], ...]]

    def meaning(self, group: str, text: str) -> str | None:
        """What `text` means in `group`: by the whole text, else by the first part that is found in it; else None."""
        plain = " ".join(text.lower().split())
        if known := self.meanings.get(group, {}).get(plain):
            return known
        folded = without_accents(plain)
        return next((kind for stem, kind in self.stems.get(group, ()) if stem in folded), None)


def without_accents(text: str) -> str:
    """The text with Latin letters bare of their accents; other scripts as they stand."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if ord(c) not in _MARKS)
    return unicodedata.normalize("NFC", bare).translate({0x142: "l", 0x141: "L"})  # Polish ł is no l with a mark


def words(name: str) -> Words:
    """The words of the report `name`, from `data/sources/NAME.toml`."""
    told = tomllib.loads(files("crossbook").joinpath(f"data/sources/{name}.toml").read_text(encoding="utf-8"))
    columns: dict[str, dict[str, None]] = {}
    meanings: dict[str, dict[str, str]] = {}
    for language in told["language"]:
        for key, value in language.items():
            if isinstance(value, dict):
                _mean(meanings.setdefault(key, {}), value)
            elif key not in ("of", "seen"):
                columns.setdefault(key, {}).update(dict.fromkeys(value))
    return Words(
        columns={name: tuple(texts) for name, texts in columns.items()},
        meanings=meanings,
        stems={key: tuple((stem, kind) for stem, kind in v) for key, v in told["stems"].items() if key != "seen"},
    )


def _mean(known: dict[str, str], told: Mapping[str, Any]) -> None:
    for meaning, texts in told.items():
        known.update(dict.fromkeys(texts, meaning))
