"""Facts about a shipment that the law asks for and a tariff line does not tell: claims, uses, shares, dates.

Each has a default: how the goods are entered when nothing is said. Where a fact is not stated, both ends are worked
out, and the answer is the interval between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from crossbook.errors import CrossbookError

Value = str | Decimal | date | None
Claims = Mapping[str, Value]

YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Fact:
    """`choices` are the ends that are worked out when the fact is not stated; the first is the default.

    A fact that is not `asked` is seldom so: it counts when stated, else its default holds and the bill names it.
    """

    choices: tuple[Value, ...]
    ask: str
    asked: bool = True


_SHARE = (Decimal(1), Decimal(0))
_NO_SHARE = (Decimal(0), Decimal(1))
_NO = ("no", "yes")
FACTS: dict[str, Fact] = {
    "usmca": Fact(("no", "yes"), "whether the goods are entered free under the USMCA"),
    "preference": Fact(("no", "yes"), "whether a trade agreement is claimed (special column)"),
    "exclusion": Fact(("no", "yes"), "whether the product matches the wording of a Section 301 exclusion"),
    "steel_share": Fact(_SHARE, "the share of the value that is steel, 0 to 1"),
    "aluminum_share": Fact(_SHARE, "the share of the value that is aluminum, 0 to 1"),
    "copper_share": Fact(_SHARE, "the share of the value that is copper, 0 to 1"),
    "metal_weight": Fact(_SHARE, "the share of the weight that is the listed metal, 0 to 1 (15 % decides)"),
    "uk_metal": Fact(("no", "yes"), "whether 95 % of the metal was smelted, or melted and poured, in the UK"),
    "melted_in_usmca": Fact(("no", "yes"), "whether the steel was melted and poured in the US, Mexico or Canada"),
    "in_quota": Fact(("no", "yes"), "whether the goods enter within the tariff-rate quota"),
    "auto_part": Fact(("no", "yes"), "whether it is a part of a passenger vehicle or light truck"),
    "mhd_part": Fact(("no", "yes"), "whether it is a part of a medium- or heavy-duty vehicle"),
    "mhd_vehicle": Fact(YES_NO, "whether it is a medium- or heavy-duty vehicle"),
    "cabinet": Fact(YES_NO, "whether it is a wooden kitchen cabinet or vanity, or a part of one"),
    "semiconductor": Fact(("no", "yes"), "whether it has the processing performance of note 39(b) and no exempt use"),
    "civil_aircraft": Fact(("no", "yes"), "whether it is for civil aircraft (general note 6)"),
    "pharma_use": Fact(("no", "yes"), "whether it is for pharmaceutical use as the note limits it"),
    "patented": Fact(("no", "yes"), "whether it is a patented pharmaceutical on the list of note 40(c)"),
    "pharma_annex": Fact(("no", "yes"), "whether its company is in Annex III to Proclamation 11020"),
    "particular": Fact(("no", "yes"), "whether it is the particular article that the note names"),
    "partner_exempt": Fact(("no", "yes"), "whether it is on the partner country's list in note 52(j)"),
    "brazil_exempt": Fact(("no", "yes"), "whether it is on the list of products of Brazil that are exempt"),
    "energy": Fact(("no", "yes"), "whether it is energy or a critical mineral of Canada"),
    "informational": Fact(YES_NO, "whether it is informational material: a publication, film, photograph or artwork"),
    "enteral_syringe": Fact(("no", "yes"), "whether it is an enteral syringe"),
    "sts_crane": Fact(("no", "yes"), "whether it is a ship-to-shore gantry crane"),
    "safeguard": Fact(YES_NO, "whether no exclusion of note 18 applies (quota, bifacial, exempt country)"),
    "us_content": Fact(
        _NO_SHARE, "the share of the value made in the United States, 0 to 1 (20 % decides)", asked=False
    ),
    "commerce_approved": Fact(
        _NO, "whether the Secretary of Commerce approved the US content of the vehicle", asked=False
    ),
    "us_steel": Fact(_NO, "whether the steel of a derivative was melted and poured in the United States", asked=False),
    "us_aluminum": Fact(
        _NO, "whether the aluminum of a derivative was smelted and cast in the United States", asked=False
    ),
    "us_copper": Fact(_NO, "whether the copper of the article was smelted and cast in the United States", asked=False),
    "russian_aluminum": Fact(
        _NO, "whether any of the aluminum was smelted or cast in Russia, or is unknown", asked=False
    ),
    "allotment": Fact(_NO, "whether Commerce allotted this steel or aluminum to a maker of vehicles", asked=False),
    "pharma_specialty": Fact(_NO, "whether it is an orphan drug or another specialty of note 40(h)(iii)", asked=False),
    "pharma_pricing": Fact(
        _NO, "whether its company has an onshoring plan and a pricing agreement (Proclamation 11020)", asked=False
    ),
    "pharma_onshoring": Fact(_NO, "whether Commerce approved an onshoring plan of its company", asked=False),
    "pharma_research": Fact(_NO, "whether it is solely for clinical trials or research", asked=False),
    "us_ingredient": Fact(
        _NO, "whether the active ingredient of the dosage form is a product of the United States", asked=False
    ),
    "motorcycle_part": Fact(_NO, "whether it is a part for making motorcycles in the United States", asked=False),
    "old_vehicle": Fact(_NO, "whether the vehicle was made 25 years or more before the year of entry", asked=False),
    "passenger_vehicle": Fact(YES_NO, "whether it is a passenger vehicle or a light truck", asked=False),
    "solar_attached": Fact(_NO, "whether solar cells are attached to the inverter or battery", asked=False),
    "personal_use": Fact(YES_NO, "whether the parcel is for the receiver's own use"),
    "to_business": Fact(_NO, "whether a business receives it (registered for VAT or GST), not a consumer"),
    "from_us": Fact(_NO, "whether the parcel is shipped from the United States"),
    "from_us_or_mexico": Fact(_NO, "whether the parcel is shipped from the United States or Mexico"),
    "seller_registered": Fact(YES_NO, "whether the seller or marketplace is registered for this tax"),
    "lower_vat": Fact(YES_NO, "whether the goods bear the lower rate of VAT"),
    "reduced_gst": Fact(_NO, "whether the goods are on India's list of 5 % (notification 9/2025, Schedule I)"),
    "higher_gst": Fact(_NO, "whether the goods are on India's list of 40 % (notification 9/2025, Schedule III)"),
    "remessa_conforme": Fact(YES_NO, "whether the marketplace takes part in Remessa Conforme"),
    "trade_agreement": Fact(_NO, "whether the goods are of a country with a trade agreement with Mexico"),
    "relief_excluded": Fact(_NO, "whether the goods are on the list that the relief for small parcels leaves out"),
    "postal_by_item": Fact(_NO, "whether the carrier pays the amount for each item, not the share of the value"),
    "donation": Fact(_NO, "whether it is a donation to relieve human suffering", asked=False),
    "transshipped": Fact(_NO, "whether CBP found that it was transshipped to evade duties", asked=False),
    "line": Fact((None,), "the market's own tariff number of the goods, for duties of other markets", asked=False),
    "sailed": Fact((None,), "the day on which the goods were loaded on the ship or vehicle that brought them"),
}
METALS = ("steel_share", "aluminum_share", "copper_share")
# What a duty may be on, and the fact that says how much of the value that is.
SHARES = {
    "steel": "steel_share",
    "aluminum": "aluminum_share",
    "copper": "copper_share",
    "US content": "us_content",
}


# Headings and subheadings whose own wording is of motor vehicles: a part declared there is taken for a vehicle part
# unless the contrary is stated; elsewhere (8471, 8501, ...) it is not taken for one unless that is stated.
VEHICLES = tuple(
    "401110 401120 700910 830120 840731 840732 840733 840734 840820 8511 851220 851230 851240 852721 852729 854430 "
    "8706 8707 8708 940120".split()
)


def choices(name: str, code: str) -> tuple[Value, ...]:
    """The ends to work out for a fact that is not stated, the default first."""
    if name.startswith("case_"):
        return YES_NO
    if name in ("auto_part", "mhd_part") and code.startswith(VEHICLES):
        return YES_NO
    return FACTS[name].choices


def is_asked(name: str) -> bool:
    """Whether the fact is asked for where it is not stated."""
    return name not in FACTS or FACTS[name].asked


def read(name: str, text: str) -> Value:
    """A fact as stated in text. Raises CrossbookError for an unknown name or value, and says what is possible."""
    if name not in FACTS and not name.startswith("case_"):
        raise CrossbookError(f"unknown fact {name!r}", todo="known are: " + ", ".join(FACTS))
    if name == "sailed":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise CrossbookError(f"{name}: {text!r} is no date", todo="write it as 2025-04-03") from None
    if name == "line":
        number = text.replace(".", "").replace(" ", "")
        if not number.isdigit() or not 6 <= len(number) <= 12:
            raise CrossbookError(f"{name}: {text!r} is no tariff number", todo="write its digits: 42021211")
        return number
    if name.startswith("case_") or isinstance(FACTS[name].choices[0], str):
        word = {"true": "yes", "1": "yes", "y": "yes", "false": "no", "0": "no", "n": "no"}.get(
            text.lower(), text.lower()
        )
        if word not in YES_NO:
            raise CrossbookError(f"{name}: {text!r} is neither yes nor no")
        return word
    try:
        share = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        raise CrossbookError(f"{name}: {text!r} is no number", todo="write a share such as 0.4 or 40%") from None
    if not (share.is_finite() and 0 <= share <= 1):
        raise CrossbookError(f"{name}: {text!r} is not between 0 and 1", todo="write a share such as 0.4 or 40%")
    return share


def agree(claims: Claims, on: date | None = None) -> None:
    """Raise CrossbookError for facts that cannot hold together, nor with an entry `on` a day."""
    shares = {name: claims[name] for name in METALS if isinstance(claims.get(name), Decimal)}
    if sum(Decimal(str(share)) for share in shares.values()) > 1:
        raise CrossbookError(
            " and ".join(f"{name}={share}" for name, share in shares.items()) + " are more than the whole value",
            todo="each is a share of the value of the goods: together 1 at most",
        )
    if (claims.get("personal_use"), claims.get("to_business")) == ("yes", "yes"):
        raise CrossbookError(
            "personal_use=yes and to_business=yes cannot both be",
            todo="a parcel is for the receiver's own use, or for a business: state one of the two",
        )
    sailed = claims.get("sailed")
    if isinstance(sailed, date) and on is not None and sailed > on:
        raise CrossbookError(
            f"sailed={sailed} is after the entry on {on}", todo="state the day of loading, or another day of entry"
        )


def holds(conditions: tuple[tuple[str, str, str], ...], claims: Claims) -> bool:
    """Whether all conditions hold. A fact that is not among the claims is not asked where another condition fails
    already; where none does it raises KeyError."""
    told = [_holds(claims[name], sign, wanted) for name, sign, wanted in conditions if name in claims]
    if all(told) and len(told) < len(conditions):
        raise KeyError(next(name for name, *_ in conditions if name not in claims))
    return all(told)


def _holds(value: Value, sign: str, wanted: str) -> bool:
    if sign == ">=":
        return Decimal(str(value)) >= Decimal(wanted)
    return (value == wanted) is (sign != "!=")
