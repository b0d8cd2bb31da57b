"""Trademarks in WIPO's standard ST.96 (Trademark), as the USPTO's TSDR gives the status of a case ("info.xml").

Element names: a public program's test of what TSDR sends (Go, package tsdr) and the standard's namespaces; the schema
itself was not at hand. Nice classes are those that are not told to be national ones.
"""

from __future__ import annotations

from typing import Any

from crossbook import trademarks
from crossbook.errors import CrossbookError
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.st66 import BATCH, day_of, texts
from crossbook.sources.xml import elements, local

NAMESPACE = "XMLSchema/ST96/Trademark"
_NATIONAL = ("us", "domestic", "national")
_DAYS = {"filed": "ApplicationDate", "registered": "RegistrationDate", "expires": "ExpiryDate"}
_NAMES = ("OrganizationStandardName", "EntityName", "OrganizationName", "PersonFullName", "LastName")


class St96:
    """The source for offices that tell of a case in ST.96."""

    name = "st96"
    title = "Trademarks in WIPO ST.96 XML (USPTO TSDR)"
    example = (
        '<TrademarkTransaction xmlns="http://www.wipo.int/standards/XMLSchema/ST96/Trademark">…<Trademark>'
        "<RegistrationOfficeCode>US</RegistrationOfficeCode><ApplicationNumber><ApplicationNumberText>97000001…"
    )

    def recognise(self, head: Head) -> Recognition:
        if not head.text.lstrip("\ufeff \r\n\t").startswith("<"):
            return Recognition(0.0, "not XML")
        if NAMESPACE not in head.text:
            return Recognition(0.0, "not of the namespace of ST.96 trademarks")
        return Recognition(0.97, "is of the namespace of ST.96 trademarks")

    def read(self, reading: Reading) -> Facts:
        rows: list[dict[str, Any]] = []
        seen = 0
        with reading.path.open("rb") as file:
            for element in elements(file, reading.name):
                if local(element) != "Trademark":
                    continue
                seen += 1
                if row := _mark(element, reading):
                    rows.append(row)
                element.clear()
                if len(rows) >= BATCH:
                    yield rows_table("mark", rows)
                    rows = []
        if not seen:
            raise CrossbookError("the file holds no trademark", where=reading.name, todo="download it again")
        yield rows_table("mark", rows)


SOURCE = St96()


def _mark(element: Any, reading: Reading) -> dict[str, Any] | None:
    line, bad = element.sourceline or 0, reading.bad_count
    own = {local(child): child for child in element}
    told = {name: (child.text or "").strip() for name, child in own.items()}
    number = next((t for t in texts(own.get("ApplicationNumber"), "ApplicationNumberText") if t), "")
    number = number or told.get("ApplicationNumber") or told.get("RegistrationNumber") or ""
    if not number:
        reading.report(line, "ApplicationNumber", "", "is empty")
    office = told.get("RegistrationOfficeCode", "")
    if not office:
        reading.report(line, "RegistrationOfficeCode", "", "is empty: it says whose register this is")
    days = {name: day_of(told.get(tag, ""), line, tag, reading) for name, tag in _DAYS.items()}
    updated = day_of(told.get("MarkCurrentStatusDate", ""), line, "MarkCurrentStatusDate", reading)
    if reading.bad_count > bad:
        return None
    status = told.get("MarkCurrentStatusCode") or told.get("MarkCurrentStatus") or ""
    words = next((t for t in texts(element, "MarkCurrentStatusExternalDescriptionText") if t), "")
    live = trademarks.us_live(status) if office == "US" else trademarks.live_by_words(status or words)
    return {
        "line": line,
        "register": office,
        "number": number,
        "registration": told.get("RegistrationNumber") or None,
        "mark": next((t for t in texts(element, "MarkVerbalElementText") if t), None),
        "translation": next((t for t in texts(element, "MarkTranslationText") if t), None),
        "status": status or None,
        "live": live,
        "classes": _classes(element) or None,
        "goods": "; ".join(t for t in texts(element, "GoodsServicesDescriptionText") if t) or None,
        "owner": _owner(element),
        **days,
        "updated": updated,
    }


def _classes(element: Any) -> str:
    found: set[int] = set()
    for one in (e for e in element.iter() if local(e) == "GoodsServicesClassification"):
        kinds = [t.casefold() for t in texts(one, "ClassificationKindCode")]
        if not any(kind in _NATIONAL for kind in kinds):
            found.update(int(t) for t in texts(one, "ClassNumber") if t.isdigit() and 1 <= int(t) <= 45)
    return " ".join(str(n) for n in sorted(found))


def _owner(element: Any) -> str | None:
    """The first applicant, or holder."""
    for bag in ("ApplicantBag", "HolderBag"):
        for details in (e for e in element.iter() if local(e) == bag):
            for name in _NAMES:
                if found := next((t for t in texts(details, name) if t), ""):
                    return found
    return None
