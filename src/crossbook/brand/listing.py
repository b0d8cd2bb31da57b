"""What is screened: listings, and what the book knows besides the register (licences, suits, translations)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS = ("title", "bullets", "brand")


@dataclass(frozen=True)
class Listing:
    """What is offered: its words, and the Nice classes where they are known.
    `evidence` and `line` say where it is read."""

    listing: str
    title: str = ""
    bullets: str = ""
    brand: str = ""
    sku: str = ""
    account: str = ""
    category: str = ""
    classes: str = ""
    market: str = ""
    picture: str = ""
    evidence: str = ""
    line: int = 0


@dataclass(frozen=True)
class Licence:
    """A brand that may be used: folded, with the classes (as bits) and markets it is for; 0 and none mean all."""

    brand: str
    classes: int = 0
    markets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """What the book knows besides the register: folded marks that are sued on, owners who sue (lower case),
    licences."""

    sued_marks: frozenset[str] = frozenset()
    suing_owners: frozenset[str] = frozenset()
    licences: tuple[Licence, ...] = ()
    translations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
