"""Trademarks in WIPO's standard ST.66 (Trade-Mark XML), as EUIPO's open data and TMview give them.

Element names were read in public programs that read EUIPO's files; the standard's schema was not at hand.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from crossbook import trademarks
from crossbook.errors import CrossbookError
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import elements, local

NAMESPACE = "http://www.wipo.int/standards/XMLSchema/trademarks"
BATCH = 20_000


class St66:
    """The source for offices that publish in ST.66."""

    name = "st66"
    title = "Trademarks in WIPO ST.66 XML (EUIPO, TMview)"
    example = (
        '<Transaction xmlns="http://www.wipo.int/standards/XMLSchema/trademarks"><TradeMarkTransactionBody>…<TradeMark>'
        "<RegistrationOfficeCode>EM</RegistrationOfficeCode><ApplicationNumber>018000001</ApplicationNumber>…"
    )

    def recognise(self, head: Head) -> Recognition:
        if not head.text.lstrip("\ufeff \r\n\t").startswith("<"):
            return Recognition(0.0, "not XML")
        if "TradeMarkTransactionBody" not in head.text and NAMESPACE not in head.text:
            return Recognition(0.0, "no TradeMarkTransactionBody")
        return Recognition(0.97, "holds a TradeMarkTransactionBody")

    def read(self, reading: Reading) -> Facts:
        rows: list[dict[str, Any]] = []
        seen = 0
        with reading.path.open("rb") as file:
            for element in elements(file, reading.name):
                if local(element) != "TradeMark":
                    continue
                seen += 1
                row = _mark(element, reading)
                if row:
                    rows.append(row)
                element.clear()
                if len(rows) >= BATCH:
                    yield rows_table("mark", rows)
                    rows = []
        if not seen:
            raise CrossbookError("the file holds no trademark", where=reading.name, todo="download it again")
        yield rows_table("mark", rows)


SOURCE = St66()


def _mark(element: Any, reading: Reading) -> dict[str, Any] | None:
    line, bad = element.sourceline or 0, reading.bad_count
    told = {local(child): (child.text or "").strip() for child in element}
    number = told.get("ApplicationNumber") or told.get("RegistrationNumber") or ""
    if not number:
        reading.report(line, "ApplicationNumber", "", "is empty")
    days = {n: day_of(told.get(n, ""), line, n, reading) for n in ("ApplicationDate", "RegistrationDate", "ExpiryDate")}
    numbers = {int(t) for t in texts(element, "ClassNumber") if t.isdigit() and 1 <= int(t) <= 45}
    if reading.bad_count > bad:
        return None
    status = told.get("MarkCurrentStatusCode") or told.get("MarkCurrentStatus") or ""
    return {
        "line": line,
        "register": told.get("RegistrationOfficeCode") or "EM",
        "number": number,
        "registration": told.get("RegistrationNumber") or None,
        "mark": next((t for t in texts(element, "MarkVerbalElementText") if t), None),
        "translation": next((t for t in texts(element, "MarkTranslation") if t), None),
        "status": status or None,
        "live": trademarks.live_by_words(status),
        "classes": " ".join(str(n) for n in sorted(numbers)) or None,
        "goods": "; ".join(t for t in texts(element, "GoodsServicesDescription") if t) or None,
        "owner": _owner(element),
        "filed": days["ApplicationDate"],
        "registered": days["RegistrationDate"],
        "expires": days["ExpiryDate"],
        "updated": day_of(told.get("MarkCurrentStatusDate", ""), line, "MarkCurrentStatusDate", reading),
    }


def texts(element: Any, name: str) -> list[str]:
    """The texts of all elements of a name at any depth; none where there is no element to look in."""
    return [] if element is None else [(e.text or "").strip() for e in element.iter() if local(e) == name]


def _owner(element: Any) -> str | None:
    for holder in ("HolderDetails", "ApplicantDetails"):
        for details in (e for e in element.iter() if local(e) == holder):
            for name in ("OrganizationName", "FreeFormatNameLine", "LastName"):
                found = next((t for t in texts(details, name) if t), "")
                if found:
                    return found
    return None


def day_of(text: str, line: int, column: str, reading: Reading) -> date | None:
    """A day as these standards write it, with or without a zone; one that is none is reported."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        reading.report(line, column, text, "not a day (YYYY-MM-DD)")
        return None
