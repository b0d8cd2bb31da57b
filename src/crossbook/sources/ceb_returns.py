"""Returns of China's cross-border e-commerce customs system: CEB304, 404, 506, 508, 510, 604, 606, 608, 702, 792, 900.

One file holds up to a hundred returns of one kind, with or without a prefix (`ceb:`), in UTF-8 or GB 2312, bare or in
the envelope in which the transfer client hands it over (`dxp.py`): then the line is that of the envelope's data. Times
are Beijing time with milliseconds. A status code that is not published is kept with the state unknown. CEB900 refuses a
whole message for its format: its row has the message's own number as reference, and nothing in that message was taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crossbook import ceb
from crossbook.errors import CrossbookError
from crossbook.sources import dxp
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import local

BEIJING = ZoneInfo("Asia/Shanghai")
_ROOT = re.compile(r"<(?:[\w.-]+:)?(CEB\d{3}Message)\b")
_KIND = re.compile(r"CEB(\d{3})Message")
_GUID = re.compile(r"""\bguid\s*=\s*["']([\w-]{36})["']""")
_REFERENCES = {"404": ("payNo", "orderNo"), "506": ("logisticsNo",), "304": ("orderNo",), "792": ("sumNo",)}


class CebReturns:
    """The source for what customs answered."""

    name = "ceb_returns"
    title = "China customs, cross-border e-commerce: returns (CEB304 to CEB900)"
    example = (
        '<ceb:CEB604Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="…" version="1.0"><ceb:InventoryReturn>'
        "…<ceb:orderNo>SB20250000011</ceb:orderNo>…<ceb:returnStatus>800</ceb:returnStatus>…"
    )

    def recognise(self, head: Head) -> Recognition:
        text = head.text.lstrip("\ufeff \r\n\t")
        if not text.startswith("<"):
            return Recognition(0.0, "not XML")
        enveloped = dxp.is_envelope(text)
        match = (enveloped and _ROOT.search(dxp.beginning(text))) or _ROOT.search(text)
        if not match:
            if told := dxp.notice(text):
                return Recognition(0.0, f"a notice of the exchange platform (DxpRep): {told}")
            if enveloped:
                return Recognition(0.0, "an envelope (DxpMsg) without a message of e-commerce customs")
            return Recognition(0.0, f"no message in the namespace {ceb.NAMESPACE}")
        message = ceb.messages().get(match[1])
        if message is None or message.sent:
            return Recognition(0.0, f"{match[1]} is no return of an export message")
        return Recognition(0.98, f"its root is {match[1]}")

    def read(self, reading: Reading) -> Facts:
        roots: list[str] = []
        rows = list(_returns(reading, roots))
        if not rows and not reading.bad_count:
            wrong = next((r for r in roots if (m := ceb.messages().get(r)) is None or m.sent), "")
            raise CrossbookError(
                f"{wrong} is no return of an export message" if wrong else "the message holds no return",
                where=reading.name,
                todo="add what customs answered" if wrong else "download it again",
            )
        yield rows_table("customs_return", rows)


SOURCE = CebReturns()


def _returns(reading: Reading, roots: list[str]) -> Iterator[dict[str, Any]]:
    """Rows of a file; `roots` is filled with the messages in it."""
    nodes = {m.node: m for m in ceb.messages().values() if not m.sent}
    with reading.path.open("rb") as file:
        for element, envelope in dxp.opened(file, reading.name):
            if _KIND.fullmatch(local(element)):
                roots.append(local(element))
                _against_its_envelope(roots[-1], envelope, reading)
            message = nodes.get(local(element))
            if message is None:
                continue
            found = _READERS.get(message.number, _return)(element, message, reading)
            yield from ({**row, "line": envelope.line} for row in found) if envelope else found
            element.clear()


def _against_its_envelope(root: str, envelope: dxp.Envelope | None, reading: Reading) -> None:
    if envelope and envelope.kind and envelope.kind != root:
        reading.notes.append(f"its envelope says {envelope.kind}, the message in it is {root}")


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


def _refusal(element: Any, message: ceb.Message, reading: Reading) -> list[dict[str, Any]]:
    """A message that was refused for its format: which one, by its own number, and why."""
    told, line = _texts(element), element.sourceline or 0
    kind, at = _KIND.fullmatch(told.get("oriMessageType", "")), _moment(told.get("returnTime", ""))
    inside = _GUID.search(told.get("oriBizMessage", ""))
    refused = told.get("oriCopMsgId") or (inside[1] if inside else "")
    bad = reading.bad_count
    if not refused:
        reading.report(line, "oriCopMsgId", "", "is empty: the return names no message")
    if kind is None:
        reading.report(line, "oriMessageType", told.get("oriMessageType", ""), "not a kind of message (CEB603Message)")
    if at is None:
        reading.report(line, "returnTime", told.get("returnTime", ""), "not a time (YYYYMMDDhhmmssSSS)")
    if reading.bad_count > bad or kind is None:
        return []
    return [
        {
            "line": line,
            "message": message.number,
            "document": kind[1],
            "reference": refused,
            "code": told.get("returnStatus") or None,
            "state": "refused",
            "returned_at": at,
            "info": told.get("returnInfo") or None,
        }
    ]


def _summary(element: Any, message: ceb.Message, reading: Reading) -> list[dict[str, Any]]:
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
        "message": message.number,
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


_READERS: dict[str, Callable[[Any, ceb.Message, Reading], list[dict[str, Any]]]] = {
    "792": _summary,
    ceb.FORMAT_REFUSED: _refusal,
}
