"""The list of specially designated nationals of the US Treasury, `sdn.xml`, and its consolidated list of the same form.

Element names: https://www.treasury.gov/ofac/downloads/sdn.xml as public programs and their samples show it (sdnList,
sdnEntry, uid, akaList with the category strong or weak, Record_Count). The file does not say when an entry was listed;
its own day is `Publish_Date`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources.sanctions import Edition, children, day, joined, listed, names, recognised, texts
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import local

# the root of the advanced form, in the UN's and in OFAC's namespace, as public readers of it name them
ADVANCED = re.compile(r"<(?:\w+:)?Sanctions\s[^>]*(?:un\.org/sanctions/1\.0|ADVANCED_XML)")
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
        if ADVANCED.search(head.text):
            return Recognition(0.97, "holds OFAC's list in its advanced form")
        return recognised(head, "sdnList")

    def read(self, reading: Reading) -> Facts:
        def say(element: Any, edition: Edition) -> None:
            if local(element) == "publshInformation":
                told = (texts(element, "Publish_Date") or [""])[0]
                edition.published = day(told, element.sourceline or 0, "Publish_Date", reading)
                edition.promised = next((int(t) for t in texts(element, "Record_Count") if t.isdigit()), None)

        with reading.path.open("rb") as file:
            if ADVANCED.search(file.read(4096).decode("utf-8", "replace")):
                raise CrossbookError(
                    "this is OFAC's list in its advanced form (sdn_advanced.xml), which is not read",
                    where=reading.name,
                    todo="download sdn.xml from the same page, or consolidated.xml for the other lists: it has "
                    "the same entries",
                )
        yield from listed(reading, ("sdnEntry",), say, lambda element, on: _entry(element, on, reading))


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
