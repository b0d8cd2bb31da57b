"""Numbers that identify parcels and firms: their formats and check digits. Built by rule where there is one (MID).

python-stdnum has USCC (GB 32100), EU and UK VAT numbers, IOSS and OSS numbers, EIN; UPU S10, EORI and MID are here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from stdnum.cn import uscc
from stdnum.eu import oss, vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.iso7064 import mod_97_10
from stdnum.us import ein

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# UPU standard S10, annex: weights of the eight digits of the serial number.
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
_WHY = (
    (InvalidLength, "has the wrong length"),
    (InvalidFormat, "is not written as such a number"),
    (InvalidChecksum, "has a wrong check digit"),
    (InvalidComponent, "names a country or kind that does not exist"),
)


def is_iban(text: str) -> bool:
    """Whether a text without spaces, in great letters, is an IBAN by its form and check digits (ISO 13616), whatever
    the form that its country gives it."""
    return bool(_IBAN.fullmatch(text)) and mod_97_10.is_valid(text[4:] + text[:4])


def s10_check_digit(serial: str) -> int:
    """The check digit of a serial number of eight digits: 11 less the weighted sum modulo 11; 10 is 0, 11 is 5."""
    rest = sum(int(d) * w for d, w in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {1: 0, 0: 5}.get(rest, 11 - rest)


def _s10(text: str) -> str:
    match = re.fullmatch(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", text)
    if match is None:
        return "is not written as such a number"
    return "" if int(match[2]) == s10_check_digit(match[1]) else "has a wrong check digit"


def _eori(text: str) -> str:
    """EU: the state's code and up to 15 characters. UK: GB or XI and twelve digits, the first nine a VAT number."""
    if text.startswith(("GB", "XI")):
        return "" if re.fullmatch(r"(GB|XI)\d{12}", text) else "has the wrong length"
    match = re.fullmatch(r"([A-Z]{2})[A-Z0-9]{1,15}", text)
    if match is None:
        return "is not written as such a number"
    return "" if match[1] in _EU else "names a country or kind that does not exist"


def _by(validate: Callable[[str], str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            validate(text)
        except ValidationError as error:
            return next((why for kind, why in _WHY if isinstance(error, kind)), "is not such a number")
        return ""

    return check


def _ioss(text: str) -> str:
    return _by(oss.validate)(text) if text.startswith("IM") else "names a country or kind that does not exist"


def _oss(text: str) -> str:
    """A number of the Union scheme is the VAT number of the member state of identification;
    EU… is the non-Union one's."""
    if text.startswith("EU"):
        return _by(oss.validate)(text)
    return "names a country or kind that does not exist" if text.startswith("IM") else _by(vat.validate)(text)


_CHECKS: dict[str, Callable[[str], str]] = {
    "s10": _s10,
    "uscc": _by(uscc.validate),
    "eu_vat": _by(vat.validate),
    "gb_vat": _by(gb_vat.validate),
    "ioss": _ioss,
    "oss": _oss,
    "ein": _by(ein.validate),
    "eori": _eori,
}
KINDS = tuple(_CHECKS)


def problem(kind: str, number: str) -> str:
    """Why `number` cannot be a number of this kind; empty when it can. Raises KeyError for an unknown kind."""
    return _CHECKS[kind](re.sub(r"[\s.-]", "", number).upper() if kind != "ein" else number.strip())


def kinds_of(number: str) -> list[str]:
    """Every kind that a number may be of."""
    return [kind for kind in KINDS if not problem(kind, number)]


# Provinces stand for Canada (19 CFR part 102, appendix, 2).
PROVINCES = {
    "AB": "XA",
    "BC": "XC",
    "MB": "XM",
    "NB": "XB",
    "NL": "XW",
    "NT": "XT",
    "NS": "XN",
    "NU": "XV",
    "ON": "XO",
    "PE": "XP",
    "QC": "XQ",
    "SK": "XS",
    "YT": "XY",
}
_IGNORED = {"A", "AN", "AND", "OF", "THE"}


def mid(country: str, name: str, address: str, city: str, province: str = "") -> str:
    """The manufacturer identification code of CBP: 19 CFR part 102, appendix.

    Country (a province's code for Canada), three letters of the first two words of the name, up to four digits of the
    largest number in the address, three letters of the city. Raises ValueError when a part cannot be made: names in
    Chinese must be given in Latin letters as on the invoice.
    """
    start = country.upper()
    if start == "CA":
        if province.upper() not in PROVINCES:
            raise ValueError("an address in Canada needs its province")
        start = PROVINCES[province.upper()]
    if not re.fullmatch(r"[A-Z]{2}", start):
        raise ValueError("the country is not a code of two letters")
    words = [w for w in _words(name) if w not in _IGNORED]
    if not words:
        raise ValueError("the name has no Latin letters or digits")
    place = "".join(re.findall(r"[A-Z]", city.upper()))
    if not place:
        raise ValueError("the city has no Latin letters")
    return start + "".join(w[:3] for w in words[:2]) + _largest(address) + place[:3]


def _words(name: str) -> list[str]:
    """Words of a name: initials that stand together are one, so are parts joined by a hyphen."""
    text = re.sub(" ?- ?", "", " ".join(name.upper().replace("&", " AND ").split()))
    text = re.sub(r"[.'’]", lambda m: "" if m[0] != "." else ".", text)
    found: list[str] = []
    initials = ""
    for piece in re.split(r"[\s,/()]+", text):
        letters = re.sub(r"[^A-Z0-9]", "", piece)
        if not letters:
            continue
        if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]?|[A-Z]", piece):
            initials += letters
            continue
        if initials:
            found.append(initials)
            initials = ""
        found.append(letters)
    return [*found, initials] if initials else found


def _largest(address: str) -> str:
    """Up to four digits of the largest number on the address line; hyphens and commas inside a number do not count."""
    numbers = [re.sub(r"\D", "", n) for n in re.findall(r"\d[\d,-]*", address)]
    return max(numbers, key=int, default="")[:4]


def account_of(text: str) -> str:
    """The number of an account in its one spelling: without the spaces that papers print in it, and what a spreadsheet
    puts before a text; digits and letters of full width as plain ones, those of an IBAN great ones."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf").removeprefix("'")
    great = plain.upper()
    return great if great != plain and is_iban(great) else plain
