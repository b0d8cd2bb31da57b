"""Words of the pack in Chinese and English: of kinds of lines, of a report's own types, of verdicts and countries."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

from babel import Locale

from crossbook import customs_codes
from crossbook.filing.pack.listing import Words
from crossbook.i18n import in_chinese
from crossbook.odds import odds

VERDICTS: dict[str, Words] = {
    "verified": ("已核实", "verified"),
    "incomplete": ("资料不全", "incomplete"),
    "contradicted": ("相互矛盾", "contradicted"),
    "suspicious": ("可疑", "suspicious"),
}
TYPES: dict[str, Words] = {
    "sale": ("销售", "sale"),
    "refund": ("退款", "refund"),
    "dispute_hold": ("纠纷冻结", "held in dispute"),
    "dispute_release": ("纠纷解冻", "released"),
}


def kind_words(kind: str) -> Words:
    """A kind of settlement line (facts/settlement.py) in both languages."""
    return in_chinese(kind), kind.replace("_", " ")


def type_in_chinese(type_: str | None) -> str:
    """A report's own word for a line in Chinese, from `data/pack/line_types.csv`; empty where no row has it.

    Where a report says it in several words ("Order / ItemFees / Commission") the last one that is known counts. Of
    PayPal's codes (https://developer.paypal.com/docs/reports/reference/tcodes/) the first digits name the group.
    """
    for part in reversed((type_ or "").lower().split(" / ")):
        word = part.strip()
        group = f"{word[:3]}nn" if re.fullmatch(r"t\d{4}", word) else ""
        told = _types().get(word) or _types().get(group)
        if told:
            return told
    return ""


@lru_cache(maxsize=1)
def _types() -> dict[str, str]:
    text = (files("crossbook") / "data" / "pack" / "line_types.csv").read_text(encoding="utf-8")
    return {r["type"]: r["zh"] for r in csv.DictReader(text.splitlines())}


@lru_cache(maxsize=512)
def country_words(iso: str | None) -> str | None:
    """A country as code and Chinese name, as customs lists it, also of one that a report names in English; as it is
    written where it is none."""
    if not iso:
        return None
    code = _codes().get(iso.strip().casefold(), iso)
    try:
        return f"{code} {customs_codes.codes('country')[customs_codes.country(code)]}"
    except KeyError:
        return code


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Codes of countries (ISO 3166-1) by the names that the Unicode CLDR has for them in English and Chinese."""
    return {n.casefold(): c for lang in ("zh", "en") for c, n in Locale(lang).territories.items() if c.isalpha()}


def both(words: Words) -> str:
    """Words in one cell, Chinese first."""
    return " ".join(w for w in dict.fromkeys(words) if w)


def odds_words(probability: float, decimals: int = 2) -> Words:
    """Odds in both languages."""
    english = odds(probability, decimals)
    return in_chinese(english), english
