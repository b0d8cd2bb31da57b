"""Countries as statistics of trade name them: by ISO letters, by number, by name; and a few figures of each.

Rows of `data/market/countries.csv`; `README.md` beside it names the source and licence of every column. What is no
country of today (the world, a group, "areas nes", a country that is no more) is found under no code: None.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Country:
    """One country. Figures are those of the year beside them; None is not known. Distance, border and official
    language are those with China. Of the internet the percentage of the people who used it in the last three months; of
    logistics the World Bank's overall score, 1 (low) to 5 (high)."""

    iso2: str
    iso3: str
    name: str
    name_zh: str
    gdp_usd: int | None
    gdp_year: int | None
    population: int | None
    population_year: int | None
    distance_km: int | None
    border: bool | None
    language: bool | None
    internet_percent: float | None
    internet_year: int | None
    logistics_score: float | None
    logistics_year: int | None


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, str]]:
    text = (files("crossbook") / "data" / "market" / "countries.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """Every country by its ISO 3166-1 alpha-2 code."""
    return {row["iso2"]: _country(row) for row in _rows()}


def _country(row: dict[str, str]) -> Country:
    whole = {
        name: int(row[name]) if row[name] else None
        for name in (
            *("gdp_usd", "gdp_year", "population", "population_year", "distance_km"),
            *("internet_year", "logistics_year"),
        )
    }
    parts = {name: float(row[name]) if row[name] else None for name in ("internet_percent", "logistics_score")}
    told = {name: row[name] == "1" if row[name] else None for name in ("border", "language")}
    text = {name: row[name] for name in ("iso2", "iso3", "name", "name_zh")}
    return Country(**text, **whole, **told, **parts)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def _numbers() -> dict[int, str]:
    found = {int(row["number"]): row["iso2"] for row in _rows()}
    return found | {int(row["comtrade"]): row["iso2"] for row in _rows() if row["comtrade"]}


@lru_cache(maxsize=1)
def _letters() -> dict[str, str]:
    found = {letters: row["iso2"] for row in _rows() for letters in row["other_iso3"].split()}
    return found | {row["iso3"]: row["iso2"] for row in _rows()} | {row["iso2"]: row["iso2"] for row in _rows()}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        plain(name): row["iso2"]
        for row in _rows()
        for name in (row["name"], row["name_zh"], *row["other_names"].split("|"))
        if name
    }


def of_number(text: str) -> str | None:
    """The country of a number of ISO 3166-1 or UN Comtrade ("842" and "840" are the US)."""
    return _numbers().get(int(text)) if text.isascii() and text.isdigit() else None


def of_letters(text: str) -> str | None:
    """The country of an alpha-2 or alpha-3 code of ISO 3166-1, WITS or CEPII ("ROM" and "ROU" are Romania)."""
    return _letters().get(text.strip().upper())


def of_name(text: str) -> str | None:
    """The country of a name as Comtrade, Trade Map, the World Bank or the Unicode CLDR write it."""
    return _names().get(plain(text))


def plain(text: str) -> str:
    """A name as names are compared: lower case, without accents, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.replace("’", "'").casefold().split())
