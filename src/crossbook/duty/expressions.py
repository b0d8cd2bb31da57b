"""Duty expressions as tariff schedules write them: "2.9%", "1.4¢/kg + 5%", "Free (AU,BH) 3.2% (JP)".

The wording is that of the Harmonized Tariff Schedule of the United States, columns 1 and 2, and of the plain tables
that users add for other markets. What is not understood raises ValueError: it is never read as free.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

VALUE = "value"  # what an ad valorem rate is taken of, unless the text names a part

# Units as duties name them -> the unit that a quantity is stated in, and how many of those make one of the duty's.
UNITS: dict[str, tuple[str, Decimal]] = {
    "kg": ("kg", Decimal(1)),
    "g": ("kg", Decimal("0.001")),
    "t": ("kg", Decimal(1000)),
    "each": ("No.", Decimal(1)),
    "head": ("No.", Decimal(1)),
    "article": ("No.", Decimal(1)),
    "pack": ("packs", Decimal(1)),
    "thousand": ("No.", Decimal(1000)),
    "1000": ("No.", Decimal(1000)),
    "1,000": ("No.", Decimal(1000)),
    "1,000 pins": ("pins", Decimal(1000)),
    "doz.": ("No.", Decimal(12)),
    "gross": ("No.", Decimal(144)),
    "pr.": ("prs.", Decimal(1)),
    "doz. pr.": ("prs.", Decimal(12)),
    "liter": ("liters", Decimal(1)),
    "pf. liter": ("pf. liters", Decimal(1)),
    "m": ("m", Decimal(1)),
    "lin. m": ("m", Decimal(1)),
    "m2": ("m2", Decimal(1)),
    "m3": ("m3", Decimal(1)),
    "bbl": ("bbl", Decimal(1)),
    "clean kg": ("cy kg", Decimal(1)),
    "jewel": ("jewels", Decimal(1)),
    "line/gross": ("line gross", Decimal(1)),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of a duty.

    `rate` is a fraction of the value (0.029) where `unit` is "", else dollars for each `unit`. `on` names the part of
    the value or of the weight that the text limits the term to ("the case", "drained weight"), "" for the whole.
    """

    rate: Decimal
    unit: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty expression read: the sum of `terms`. `rule` holds a text that only another line or fact can resolve."""

    text: str
    terms: tuple[Term, ...] = ()
    rule: str = ""

    @property
    def ad_valorem(self) -> Decimal | None:
        """The rate as a fraction when the whole duty is a share of the whole value, else None."""
        if self.rule or any(t.unit or t.on for t in self.terms):
            return None
        return sum((t.rate for t in self.terms), Decimal(0))

    @property
    def needs(self) -> tuple[str, ...]:
        """Units of quantity, and parts of the value, that must be known to compute it."""
        found = [f"{t.on}: {t.unit or 'value'}" if t.on else t.unit for t in self.terms if t.unit or t.on]
        return tuple(dict.fromkeys(found))


FREE = Duty("Free")
LONGEST = 1_000  # characters of one part of a duty

_NUMBER = r"\d[\d,]*(?:\.\d+)?|\.\d+"
_PERCENT = re.compile(rf"({_NUMBER})\s*(?:(\d)/(\d)\s*)?%(?:\s+on\s+(?:the\s+)?(.+))?")
_SPECIFIC = re.compile(
    rf"(?:\$\s*({_NUMBER})|({_NUMBER})\s*¢)\s*(?:/\s*|(?=each))(.+?)"
    r"(?:,?\s*(?:(?<=m2)|\b)(?:on|of)\s+(?:the\s+)?(.+)|,\s*(including weight of container))?"
)
_SUGAR = re.compile(
    rf"({_NUMBER})\s*¢\s*/kg less ({_NUMBER})\s*¢\s*/kg for each degree under 100 degrees "
    rf"\(and fractions of a degree in proportion\) but not less than ({_NUMBER})\s*¢\s*/kg"
)
_RULES = re.compile(
    r"(the (?:rate|duty)\b.*applicable\b.*|see .*|the rate of duty applicable.*|a duty upon the full value.*)",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(r"<[^<>]+>")
_FOOTNOTE = re.compile(r"(?<=%)\s*\d*/$")  # "37% 1/": a mark that belongs to the page, not to the rate
_BROKEN = re.compile(r"(?<=[a-z])- (?=[a-z])")  # words broken at the end of a printed line: "appli- cable"


def _plain(text: str) -> str:
    flat = re.sub(r"</?su[bp][^>]*>", "", text.replace("\u00a0", " "))  # m<sup>2</sup> is m2
    clean = " ".join(_MARKUP.sub(" ", flat).split())
    return _FOOTNOTE.sub("", _BROKEN.sub("", clean)).strip()


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _unit(text: str) -> str:
    clean = text.strip().replace("²", "2").replace("³", "3").replace("pf.liter", "pf. liter")
    clean = re.sub(" ?/ ?", "/", " ".join(clean.split()))
    for known in (clean, clean + ".", clean.removesuffix("s")):
        if known in UNITS:
            return known
    raise ValueError(f"unknown unit {text.strip()!r}")


def _term(text: str) -> Term:
    if len(text) > LONGEST:
        raise ValueError(f"not a duty that can be read: {text[:60]!r}")
    if found := _PERCENT.fullmatch(text):
        rate = _number(found[1])
        if found[2]:
            rate += Decimal(found[2]) / Decimal(found[3])
        return Term(rate / 100, on=(found[4] or "").strip())
    if found := _SPECIFIC.fullmatch(text):
        rate = _number(found[1]) if found[1] else _number(found[2]) / 100
        return Term(rate, _unit(found[3]), (found[4] or found[5] or "").strip())
    raise ValueError(f"not a duty that can be read: {text!r}")


@cache
def parse(text: str) -> Duty:
    """Read one duty expression. Raises ValueError with the part that is not understood."""
    clean = _plain(text)
    if not clean:
        raise ValueError("no duty stated")
    if re.fullmatch(r"free(, under bond)?|no change", clean, re.IGNORECASE):
        return Duty(clean)
    if _RULES.fullmatch(clean) or _SUGAR.fullmatch(clean) or "less" in clean or "for each other piece" in clean:
        return Duty(clean, rule=clean)
    if "/jewel over" in clean:
        return Duty(clean, rule=clean)
    parts = re.split(r" ?\+ ?(?=[$\d.])", clean)
    return Duty(clean, tuple(_term(part) for part in parts))


def by_programme(text: str) -> dict[str, Duty]:
    """The special column: duty by programme symbol ("AU", "S+", "JP"). Symbols are those of general note 3(c)."""
    found: dict[str, Duty] = {}
    clean = " ".join(text.replace("\u00a0", " ").split())
    rest = clean
    while rest:
        match = re.match(r"(.*?)\(([A-Z*+0-9,. ]+)\)\.?\s*", rest)
        if not match:
            raise ValueError(f"no programme named for {rest!r}")
        words, symbols = match[1].strip(" ,."), match[2]
        duty = parse(words) if words else FREE
        for symbol in re.split(r"[,.\s]+", symbols.strip()):
            if symbol:
                found.setdefault(symbol, duty)
        rest = rest[match.end() :]
    return found
