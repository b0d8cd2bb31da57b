"""What limits a row of destinations.csv: goods that it leaves out, and facts about the parcel on which it turns.

`except` holds prefixes of the goods that a row never reaches; one with a question mark ("?6404") may be left out, which
is asked for. `when` holds the goods that a row is of, by prefixes ("hs=30|49"), facts of `claims.FACTS`
("personal_use=yes"), the way ("mode=courier"; "mode=any" is of every declaration, not of parcels alone) and the most
that the parcel may weigh ("kg<=31"), all of which hold; a later one is asked only where those before it hold. What is
not known is taken as the fact usually is, and asked for; goods that come as no parcel are for nobody's own use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from crossbook.duty.claims import FACTS
from crossbook.duty.quoting import Missing
from crossbook.duty.shipment import Shipment

WEIGHT = "the weight in kilograms"

ANY = "any"
PARCEL = ("courier", "post")  # ways by which parcels come
OPPOSITE = {"personal_use": "to_business", "to_business": "personal_use"}  # of which only one can be (`claims.agree`)


@dataclass
class Doubts:
    """What came up while a bill was worked out: facts asked for, facts used, and rows that leave the goods out."""

    missing: dict[str, Missing] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)

    def reaches(self, row: Mapping[str, str], s: Shipment, code: str) -> bool:
        """Whether a row is for these goods of this parcel, as far as known."""
        for prefix in row["except"].split():
            if not code.startswith(prefix.lstrip("?")):
                continue
            if prefix[0] != "?" or self._fact("relief_excluded", s) == "yes":
                self.left_out.append(f"{_what(row)} leaves these goods out: {row['note']} ({row['source']})")
                return False
        return all(self._holds(part, s, code) for part in row["when"].split("&") if part)

    def _holds(self, condition: str, s: Shipment, code: str) -> bool:
        if condition.startswith("hs="):
            return code.startswith(tuple(condition.removeprefix("hs=").split("|")))
        if condition.startswith("kg<="):
            if s.weight_kg is None:
                self.missing.setdefault("weight_kg", Missing("weight_kg", WEIGHT))
            return s.weight_kg is None or s.weight_kg <= Decimal(condition.removeprefix("kg<="))
        name, _, wanted = condition.partition("=")
        if name == "mode":
            return wanted in (s.mode, ANY)
        return self._fact(name, s) == wanted

    def _fact(self, name: str, s: Shipment) -> object:
        self.used.add(name)
        if name not in s.claims:
            if name == "personal_use" and s.mode not in PARCEL:
                return "no"
            other = OPPOSITE.get(name, "")
            if s.claims.get(other) == "yes":  # what follows from a stated fact is not asked
                self.used.add(other)
                return "no"
            self.missing.setdefault(name, Missing(name, FACTS[name].ask))
        return s.claims.get(name, FACTS[name].choices[0])


def _what(row: Mapping[str, str]) -> str:
    kind = {"relief-duty": "the relief", "relief-vat": "the relief", "vat-parcel": "VAT by the seller"}
    return f"{kind.get(row['what'], 'the duty on parcels')} up to {row['upto']} {row['currency']}"
