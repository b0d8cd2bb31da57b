"""The USPTO's applications as its bulk XML has them: yearly and daily files, version 2.0
(trademark-applications-daily).

A daily file holds the whole state of each case that changed. Days are YYYYMMDD, classes three digits.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from crossbook import trademarks
from crossbook.errors import CrossbookError
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import elements, local

ROOT = "<trademark-applications-daily"
BATCH = 20_000  # cases to a table
_DEAD_CLASS = frozenset("1234578 9ABCDE") - {" "}  # cancelled, abandoned, inactive: not 6, which is active
_TRANSLATION = "TR"  # the statements whose type starts so translate the mark's words
_GOODS = "GS"


class UsptoXml:
    """The source for the office's own XML."""

    name = "uspto_xml"
    title = "USPTO trademark applications (bulk XML, yearly and daily)"
    example = (
        "<trademark-applications-daily><version><version-no>2.0</version-no>…<case-file><serial-number>"
        "97000001</serial-number>…<mark-identification>NORTHWIND</mark-identification>…"
    )

    def recognise(self, head: Head) -> Recognition:
        if not head.text.lstrip("\ufeff \r\n\t").startswith("<"):
            return Recognition(0.0, "not XML")
        if ROOT not in head.text:
            return Recognition(0.0, f"no {ROOT[1:]} at its start")
        return Recognition(0.98, f"its root is {ROOT[1:]}")

    def read(self, reading: Reading) -> Facts:
        rows: list[dict[str, Any]] = []
        seen = 0
        with reading.path.open("rb") as file:
            for element in elements(file, reading.name, grammar=True):
                if local(element) != "case-file":
                    continue
                row = _case(element, reading)
                if row:
                    rows.append(row)
                seen += 1
                _forget(element)
                if len(rows) >= BATCH:
                    yield rows_table("mark", rows)
                    rows = []
        if not seen:
            raise CrossbookError("the file holds no case", where=reading.name, todo="download it again")
        yield rows_table("mark", rows)


SOURCE = UsptoXml()


def _case(case: Any, reading: Reading) -> dict[str, Any] | None:
    line, bad = case.sourceline or 0, reading.bad_count
    parts = {local(child): child for child in case}
    number = _text(parts.get("serial-number"))
    header = _texts(parts.get("case-file-header"))
    if not (number.isdigit() and len(number) == 8):
        reading.report(line, "serial-number", number, "not a serial number of eight digits")
    registration = (_text(parts.get("registration-number")) or header.get("registration-number", "")).strip("0")
    days = {
        name: _day(header.get(name, ""), line, name, reading)
        for name in ("filing-date", "registration-date", "status-date")
    }
    updated = _day(_text(parts.get("transaction-date")), line, "transaction-date", reading)
    status = header.get("status-code", "")
    ended = any(header.get(n, "").strip("0") for n in ("abandonment-date", "cancellation-date"))
    goods, translation = _statements(parts.get("case-file-statements"))
    if reading.bad_count > bad:
        return None
    return {
        "line": line,
        "register": "US",
        "number": number,
        "registration": _text(parts.get("registration-number")) if registration else None,
        "mark": header.get("mark-identification") or None,
        "translation": translation or None,
        "status": status or None,
        "live": "dead" if ended else trademarks.us_live(status),
        "classes": _classes(parts.get("classifications")) or None,
        "goods": goods or None,
        "owner": _owner(parts.get("case-file-owners")) or None,
        "filed": days["filing-date"],
        "registered": days["registration-date"],
        "updated": updated or days["status-date"],
    }


def _classes(parent: Any) -> str:
    """The Nice classes that are active; older files list them without an element around each."""
    if parent is None:
        return ""
    wrapped = [child for child in parent if local(child) == "classification"] or [parent]
    found: set[int] = set()
    for one in wrapped:
        told = [(local(child), _text(child)) for child in one]
        if next((value.lstrip("0") for name, value in told if name == "status-code"), "6") in _DEAD_CLASS:
            continue
        codes = [value for name, value in told if name == "international-code"] or [
            value for name, value in told if name == "primary-code"
        ]
        found.update(int(c) for c in codes if c.isdigit() and 1 <= int(c) <= 45)
    return " ".join(str(c) for c in sorted(found))


def _statements(parent: Any) -> tuple[str, str]:
    """(goods, translation) of a case's statements."""
    goods, translation = [], []
    for child in parent if parent is not None else ():
        told = _texts(child)
        kind = told.get("type-code", "")
        if kind.startswith(_GOODS):
            goods.append(told.get("text", ""))
        elif kind.startswith(_TRANSLATION):
            translation.append(told.get("text", ""))
    return "; ".join(goods), "; ".join(translation)


def _owner(parent: Any) -> str:
    """The last owner named: the highest party type, and of that the first entry."""
    owners = [_texts(child) for child in parent] if parent is not None else []
    named = [o for o in owners if o.get("party-name")]
    if not named:
        return ""
    latest = max(o.get("party-type", "").zfill(4) for o in named)
    return next(o["party-name"] for o in named if o.get("party-type", "").zfill(4) == latest)


def _day(text: str, line: int, column: str, reading: Reading) -> date | None:
    if not text.strip("0"):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        reading.report(line, column, text, "not a day (YYYYMMDD)")
        return None


def _texts(element: Any) -> dict[str, str]:
    return {local(child): _text(child) for child in element} if element is not None else {}


def _text(element: Any) -> str:
    return (element.text or "").strip() if element is not None else ""


def _forget(element: Any) -> None:
    """Free a case that was read, and what stands before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
