"""Returns of China's cross-border e-commerce customs system: CEB304, 404, 506, 508, 510, 604, 606, 608, 702 and 792.

One file holds up to a hundred returns of one kind, with or without the prefix `ceb:`, in UTF-8 or GB 2312. Times are
Beijing time with milliseconds. A status code that is not published is kept with the state unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crossbook import ceb
from crossbook.errors import CrossbookError
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import elements, local

BEIJING = ZoneInfo("Asia/Shanghai")
_ROOT = re.compile(r"<(?:\w+:)?(CEB\d{3}Message)\b")
_REFERENCES = {"404": ("payNo", "orderNo"), "506": ("logisticsNo",), "304": ("orderNo",), "792": ("sumNo",)}


class CebReturns:
    """The source for what customs answered."""

    name = "ceb_returns"
    title = "China customs, cross-border e-commerce: returns (CEB304 to CEB792)"
    example = (
        '<ceb:CEB604Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="…" version="1.0"><ceb:InventoryReturn>'
        "…<ceb:orderNo>SB20250000011</ceb:orderNo>…<ceb:returnStatus>800</ceb:returnStatus>…"
    )

    def recognise(self, head: Head) -> Recognition:
        text = head.text.lstrip("\ufeff \r\n\t")
        if not text.startswith("<"):
            return Recognition(0.0, "not XML")
        match = _ROOT.search(text)
        if match is None or ceb.NAMESPACE not in text:
            return Recognition(0.0, f"no message in the namespace {ceb.NAMESPACE}")
        message = ceb.messages().get(match[1])
        if message is None or message.sent:
            return Recognition(0.0, f"{match[1]} is no return of an export message")
        return Recognition(0.98, f"its root is {match[1]}")

    def read(self, reading: Reading) -> Facts:
        rows = list(_returns(reading))
        if not rows and not reading.bad_count:
            raise CrossbookError("the message holds no return", where=reading.name, todo="download it again")
        yield rows_table("customs_return", rows)


SOURCE = CebReturns()


def _returns(reading: Reading) -> Iterator[dict[str, Any]]:
    nodes = {m.node: m for m in ceb.messages().values() if not m.sent}
    with reading.path.open("rb") as file:
        for element in elements(file, reading.name):
            message = nodes.get(local(element))
            if message is None:
                continue
            summary = message.number == "792"
            yield from _summary(element, reading) if summary else _return(element, message, reading)
            element.clear()


def _return(element: Any, message: ceb.Message, reading: Reading) -> list[dict[str, Any]]:
    told = _texts(element)
    line = element.sourceline or 0
    names = _REFERENCES.get(message.number, ("copNo",))
    reference = next((told[n] for n in names if told.get(n)), "")
    code, at = told.get("returnStatus", ""), _moment(told.get("returnTime", ""))
    bad = reading.bad_count
    if not reference:
        reading.report(line, names[0], "", "is empty: the return names no document")
    if not re.fullmatch(r"-?\d{1,10}", code):
        reading.report(line, "returnStatus", code, "not a status code")
    if at is None:
        reading.report(line, "returnTime", told.get("returnTime", ""), "not a time (YYYYMMDDhhmmssSSS)")
    if reading.bad_count > bad:
        return []
    document = next(m.number for m in ceb.messages().values() if m.reply == message.number)
    number = told.get("invtNo") or told.get("sumNo") or None
    return [
        {
            "line": line,
            "message": message.number,
            "document": document,
            "reference": reference,
            "order_id": told.get("orderNo") or None,
            "tracking": told.get("logisticsNo") or None,
            "number": number,
            "code": code,
            "state": ceb.state(code),
            "returned_at": at,
            "info": told.get("returnInfo") or None,
            "flag": told.get("statisticsFlag") or None,
        }
    ]


def _summary(element: Any, reading: Reading) -> list[dict[str, Any]]:
    """A summary result: a row for each list in it. With a declaration number customs has taken it as a declaration."""
    parts = {local(child): child for child in element}
    line = element.sourceline or 0
    head = _texts(parts["SummaryResultHead"]) if "SummaryResultHead" in parts else {}
    at, bad = _moment(head.get("opDate", "")), reading.bad_count
    if not head.get("sumNo"):
        reading.report(line, "sumNo", "", "is empty: the return names no document")
    if at is None:
        reading.report(line, "opDate", head.get("opDate", ""), "not a time (YYYYMMDDhhmmssSSS)")
    if reading.bad_count > bad:
        return []
    shared = {
        "message": "792",
        "document": "701",
        "reference": head["sumNo"],
        "declaration": head.get("entryId") or None,
        "code": head.get("decState") or None,
        "state": "accepted" if head.get("entryId") else "pending",
        "returned_at": at,
        "info": head.get("note") or None,
    }
    lists = [child for child in element if local(child) == "SummaryResultList"]
    rows = {}
    for child in lists:
        told = _texts(child)
        rows[told.get("invtNo", "")] = {
            **shared,
            "line": child.sourceline or line,
            "number": told.get("invtNo") or None,
            "tracking": told.get("logisticsNo") or None,
        }
    return list(rows.values()) or [{**shared, "line": line}]


def _texts(element: Any) -> dict[str, str]:
    return {local(child): (child.text or "").strip() for child in element}


def _moment(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{14}(\d{3})?", text):
        return None
    try:
        when = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None
    return when.replace(microsecond=int(text[14:] or 0) * 1000)
