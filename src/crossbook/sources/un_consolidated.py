"""The consolidated list of the United Nations Security Council, `consolidated.xml`.

Element names: https://scsanctions.un.org/resources/xml/en/consolidated.xml, as public programs and their samples show
it (CONSOLIDATED_LIST with dateGenerated, INDIVIDUAL and ENTITY with REFERENCE_NUMBER, names in up to four parts,
NAME_ORIGINAL_SCRIPT, aliases with QUALITY Good, Low, a.k.a. or f.k.a.). Several names in one element are separated by
semicolons.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from crossbook.sources.sanctions import Edition, children, day, joined, listed, names, recognised, texts
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import local

_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_TYPES = {"INDIVIDUAL": "individual", "ENTITY": "entity"}


class UnConsolidated:
    """The source for the Security Council's consolidated list."""

    name = "un_consolidated"
    title = "UN Security Council consolidated list (consolidated.xml)"
    example = (
        '<CONSOLIDATED_LIST dateGenerated="2026-10-03T23:00:03.428Z"><INDIVIDUALS><INDIVIDUAL><DATAID>…</DATAID>'
        "<FIRST_NAME>…</FIRST_NAME>…<REFERENCE_NUMBER>QDi.901</REFERENCE_NUMBER>"
    )

    def recognise(self, head: Head) -> Recognition:
        return recognised(head, "CONSOLIDATED_LIST")

    def read(self, reading: Reading) -> Facts:
        told: list[str] = []

        def say(element: Any, edition: Edition) -> None:
            if not told and local(element) in _TYPES:
                root = element.getroottree().getroot()
                told.append(root.get("dateGenerated", ""))
                edition.published = day(told[0], root.sourceline or 0, "dateGenerated", reading)

        yield from listed(reading, _TYPES, say, lambda element, on: _entry(element, on, reading))


SOURCE = UnConsolidated()


def _entry(element: Any, published: date | None, reading: Reading) -> list[dict[str, Any]]:
    line, kind = element.sourceline or 0, local(element)
    number = (texts(element, "REFERENCE_NUMBER") or texts(element, "DATAID") or [""])[0]
    if not number:
        reading.report(line, "REFERENCE_NUMBER", "", "is empty")
        return []
    told = [(" ".join(t for part in _PARTS for t in texts(element, part)), "primary")]
    told += [(t, "primary") for t in texts(element, "NAME_ORIGINAL_SCRIPT")]
    for alias in children(element, f"{kind}_ALIAS"):
        weak = (texts(alias, "QUALITY") or [""])[0].lower() == "low"
        told += [(t, "weak" if weak else "strong") for t in texts(alias, "ALIAS_NAME")]
    row = {
        "line": line,
        "list": "UN Consolidated",
        "entry": number,
        "type": _TYPES[kind],
        "countries": joined([*texts(element, "NATIONALITY", "VALUE"), *texts(element, f"{kind}_ADDRESS", "COUNTRY")]),
        "born": joined(
            t
            for born in children(element, "INDIVIDUAL_DATE_OF_BIRTH")
            for t in [*texts(born, "DATE"), *texts(born, "YEAR"), *_between(born)][:1]
        ),
        "program": joined(texts(element, "UN_LIST_TYPE")),
        "listed_on": day((texts(element, "LISTED_ON") or [""])[0], line, "LISTED_ON", reading),
        "published": published,
    }
    return names(row, told)


def _between(born: Any) -> list[str]:
    years = [*texts(born, "FROM_YEAR"), *texts(born, "TO_YEAR")]
    return ["-".join(years)] if years else []
