"""China customs' code lists: currencies, countries, units, modes of transport, kinds of packing.

Rows of `data/customs/codes.csv`. Source: the customs parameter tables as public programs hold them, which agree where
they overlap: ruoyi-yz `Currency.java` (countries), HXT `DeclarationBase.cs` (units), tp `CustomsConstant.java` and
eport `CustomsCurrencyCodeEnum.java` (currencies, transport, packing).
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

LISTS = ("currency", "country", "unit", "transport", "packing")


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, tuple[str, str]]]:
    text = (files("crossbook") / "data" / "customs" / "codes.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for r in csv.DictReader(text.splitlines()):
        found.setdefault(r["list"], {})[r["code"]] = (r["iso"], r["name_zh"])
    return found


def codes(name: str) -> dict[str, str]:
    """The codes of a list (currency, country, unit, transport, packing), each with its Chinese name."""
    return {code: title for code, (_, title) in _lists()[name].items()}


@lru_cache(maxsize=2)
def _by_iso(name: str) -> dict[str, str]:
    return {iso: code for code, (iso, _) in _lists()[name].items()}


def currency(iso: str) -> str:
    """Customs' code of an ISO 4217 currency. Raises KeyError for one that customs does not list."""
    return _by_iso("currency")[iso]


def country(iso: str) -> str:
    """Customs' code of an ISO 3166-1 alpha-2 country. Raises KeyError for one that customs does not list."""
    return _by_iso("country")[iso]


def currency_of(code: str) -> str:
    """The ISO 4217 currency of customs' code; "" for one that customs does not list."""
    return _lists()["currency"].get(code, ("", ""))[0]


def country_of(code: str) -> str:
    """The ISO 3166-1 alpha-2 country of customs' code; "" for one that customs does not list."""
    return _lists()["country"].get(code, ("", ""))[0]
