"""Whose days a return counts by: the zone of the office that takes it; what the number it is filed under stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crossbook.book import Book
from crossbook.tax.period import Period
from crossbook.tax.settings import FAR, Identity, identities
from crossbook.trade.days import UTC_ZONE, zone_of
from crossbook.vat_rates import EU

# ISO 3166-1 numeric codes of member states in IOSS and non-Union OSS numbers (IM372…, EU372…); 900 is Northern Ireland.
_NUMERIC = {
    "040": "AT",
    "056": "BE",
    "100": "BG",
    "191": "HR",
    "196": "CY",
    "203": "CZ",
    "208": "DK",
    "233": "EE",
    "246": "FI",
    "250": "FR",
    "276": "DE",
    "300": "GR",
    "348": "HU",
    "372": "IE",
    "380": "IT",
    "428": "LV",
    "440": "LT",
    "442": "LU",
    "470": "MT",
    "528": "NL",
    "616": "PL",
    "620": "PT",
    "642": "RO",
    "703": "SK",
    "705": "SI",
    "724": "ES",
    "752": "SE",
    "900": "XI",
}
_FIXED = {"uk_vat": "GB", "us_sales": "US", "cn_refund": "CN", "cn_exempt": "CN", "cn_platform": "CN"}


@dataclass(frozen=True)
class Office:
    """Where a return is filed: the zone of its days, the number it is filed under, and what to say about either."""

    zone: str
    number: Identity | None
    notes: tuple[str, ...] = ()


def office(book: Book, kind: str, of: Period) -> Office:
    """The office of a return, with the last number that is valid in its period.

    One Stop Shops count by the days of the member state of identification.
    Source: Directive 2006/112/EC, articles 369a and 369l (member state of identification).
    """
    if kind in _FIXED:
        number = _number(book, {"uk_vat": "gb_vat"}.get(kind, "uscc"), of)
        return Office(zone_of(_FIXED[kind]) or UTC_ZONE, number)
    number = _number(book, kind, of)
    state = state_of(number.number) if number else None
    zone = zone_of(state) if state else None
    if zone:
        return Office(zone, number)
    return Office(UTC_ZONE, number, ("days are taken in UTC: no number says which member state's days hold",))


def _number(book: Book, kind: str, of: Period) -> Identity | None:
    found = [i for i in identities(book, kind) if i.since <= of.last and of.first <= (i.until or FAR)]
    return max(found, key=lambda i: i.since, default=None)


def state_of(number: str) -> str | None:
    """The member state that gave a One Stop Shop or VAT number; None when it does not say.

    >>> state_of("IM3720000224"), state_of("DE136695976"), state_of("EL094259216")
    ('IE', 'DE', 'GR')
    """
    text = re.sub(r"[\s.-]", "", number).upper()
    if text.startswith(("IM", "EU")):
        return _NUMERIC.get(text[2:5])
    state = {"EL": "GR"}.get(text[:2], text[:2])
    return state if state in EU or state == "XI" else None


def is_non_union(number: str) -> bool:
    """Whether a number is of the non-Union scheme (EU and nine digits), which is for services only.

    Source: Directive 2006/112/EC, articles 358a to 369.
    """
    return re.fullmatch(r"EU\d{9}", re.sub(r"[\s.-]", "", number).upper()) is not None
