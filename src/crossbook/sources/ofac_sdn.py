"""The list of specially designated nationals of the US Treasury, `sdn.xml`, and its consolidated list of the same form.

Element names: https://www.treasury.gov/ofac/downloads/sdn.xml as public programs and their samples show it (sdnList,
sdnEntry, uid, akaList with the category strong or weak, Record_Count). The file does not say when an entry was listed;
its own day is `Publish_Date`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources.report import rows_table
from crossbook.sources.sanctions import BATCH, children, day, joined, names, texts
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import elements, local

_QUALITY = {"strong": "strong", "weak": "weak"}


class OfacSdn:
    """The source for OFAC's lists in the form of sdn.xml."""

    name = "ofac_sdn"
    title = "OFAC SDN list (sdn.xml, consolidated.xml)"
    example = (
        '<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">'
        "<publshInformation><Publish_Date>06/22/2026</Publish_Date>…<sdnEntry><uid>36</uid><lastName>…"
    )

    def recognise(self, head: Head) -> Recognition:
        if not head.text.lstrip("\ufeff \r\n\t").startswith("<"):
            return Recognition(0.0, "not XML")
        if "<sdnList" not in head.text:
            return Recognition(0.0, "no sdnList")
        return Recognition(0.97, "holds an sdnList")

    def read(self, reading: Reading) -> Facts:
        rows: list[dict[str, Any]] = []
        published: date | None = None
        seen, promised = 0, None
        with reading.path.open("rb") as file:
            for element in elements(file, reading.name):
                if local(element) == "publshInformation":
                    told = (texts(element, "Publish_Date") or [""])[0]
                    published = day(told, element.sourceline or 0, "Publish_Date", reading)
                    promised = next((int(t) for t in texts(element, "Record_Count") if t.isdigit()), None)
                if local(element) != "sdnEntry":
                    continue
                seen += 1
                rows += _entry(element, published, reading)
                element.clear()
                if len(rows) >= BATCH:
                    yield rows_table("listed_party", rows)
                    rows = []
        if not seen:
            raise CrossbookError("the list holds no entry", where=reading.name, todo="download it again")
        if promised is not None and promised != seen:
            raise CrossbookError(
                f"the list says that it has {promised} entries and has {seen}",
                where=reading.name,
                todo="download it again, whole",
            )
        yield rows_table("listed_party", rows)


SOURCE = OfacSdn()


def _entry(element: Any, published: date | None, reading: Reading) -> list[dict[str, Any]]:
    line = element.sourceline or 0
    uid = (texts(element, "uid") or [""])[0]
    if not uid:
        reading.report(line, "uid", "", "is empty")
        return []
    told = [(_whole(element), "primary")]
    told += [
        (_whole(aka), _QUALITY.get((texts(aka, "category") or ["strong"])[0].lower(), "strong"))
        for aka in children(element, "akaList", "aka")
    ]
    places = [
        *texts(element, "nationalityList", "nationality", "country"),
        *texts(element, "citizenshipList", "citizenship", "country"),
        *texts(element, "addressList", "address", "country"),
    ]
    row = {
        "line": line,
        "list": "OFAC SDN",
        "entry": uid,
        "type": (texts(element, "sdnType") or ["entity"])[0].lower(),
        "countries": joined(places),
        "born": joined(texts(element, "dateOfBirthList", "dateOfBirthItem", "dateOfBirth")),
        "program": joined(texts(element, "programList", "program")),
        "published": published,
    }
    return names(row, told)


def _whole(element: Any) -> str:
    """First and last name; a firm has only a last one."""
    return " ".join([*texts(element, "firstName"), *texts(element, "lastName")])
