"""What customs and a tracker say of the demo platform's newest parcels, in their native formats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from crossbook import ceb
from crossbook.demo.business import END, as_datetime
from crossbook.demo.writing import Ints

PER_MESSAGE = 100  # returns in one message, as published
PER_PAGE = 40  # parcels in one answer of 17TRACK's API
AGENT, SELLER, PLATFORM = "4403960K1J", "91440300MA5EXAMP0C", "4403660099"
MOST = 1_000  # parcels that are told of, however large the sample
REFUSED = {
    3: ("100", "商品编码与商品名称不符"),
    71: ("-304001", "处理失败，缺少必填节点[grossWeight]"),
    140: ("500", "布控查验"),
}
CLEARED = 200  # lists whose goods have left; those after them are released only


def write(folder: Path, orders: Sequence[int], names: Sequence[str], shipped: Ints, delivered: Ints) -> list[str]:
    """Returns to the export lists of `orders` (places in the other columns) and their tracking events.

    Gives the orders that customs did not let go: refused, not processed, or under inspection.
    """
    rows = [_answer(i, place, names, shipped) for place, i in enumerate(orders)]
    for k in range(0, len(rows), PER_MESSAGE):
        path = folder / f"CEB604Message_{END - timedelta(days=1):%Y%m%d}_{k // PER_MESSAGE + 1:03d}.xml"
        path.write_text(_message(rows[k : k + PER_MESSAGE], k // PER_MESSAGE), encoding="utf-8")
    parcels = [_parcel(i, shipped, delivered) for i in orders]
    for k in range(0, len(parcels), PER_PAGE):
        told = {"code": 0, "data": {"accepted": parcels[k : k + PER_PAGE], "rejected": []}}
        text = json.dumps(told, ensure_ascii=False, indent=1)
        (folder / f"17track-{END:%Y%m%d}-{k // PER_PAGE + 1:02d}.json").write_text(text, encoding="utf-8")
    return [names[i] for place, i in enumerate(orders) if place in REFUSED]


def waybill(i: int) -> str:
    """The waybill number of an order."""
    return f"YT26{i:09d}CN"


def export_list(i: int) -> str:
    """The number that customs gave an order's export list."""
    return f"531620269{i:09d}"


def _answer(i: int, place: int, names: Sequence[str], shipped: Ints) -> dict[str, str]:
    code, said = REFUSED.get(place, ("899", "结关") if place < CLEARED else ("800", "放行"))
    at = as_datetime(int(shipped[i]) + 11 * 3600)
    return {
        "guid": _guid(i),
        "agentCode": AGENT,
        "copNo": f"SBQD{i:012d}",
        "preNo": f"B20265316{i:09d}",
        "invtNo": "" if code.startswith("-") else export_list(i),
        "ebcCode": SELLER,
        "ebpCode": PLATFORM,
        "orderNo": names[i],
        "statisticsFlag": "B",
        "returnStatus": code,
        "returnTime": f"{at:%Y%m%d%H%M%S}000",
        "returnInfo": said,
    }


def _message(rows: list[dict[str, str]], number: int) -> str:
    root = f'<ceb:CEB604Message xmlns:ceb="{ceb.NAMESPACE}" guid="{_guid(10**9 + number)}" version="1.0">'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', root]
    for row in rows:
        fields = [f"    <ceb:{name}>{escape(value)}</ceb:{name}>" for name, value in row.items()]
        lines += ["  <ceb:InventoryReturn>", *fields, "  </ceb:InventoryReturn>"]
    return "\n".join([*lines, "</ceb:CEB604Message>", ""])


def _guid(number: int) -> str:
    return f"0E3C7A9D-4C2F-4B1B-8C7A-{number:012X}"


def _parcel(i: int, shipped: Ints, delivered: Ints) -> dict[str, Any]:
    start, end = int(shipped[i]), int(delivered[i])
    way = [
        (start, "InTransit_PickedUp", "已揽收", "深圳市"),
        (start + (end - start) // 5, "InTransit_Departure", "Departed from country of origin", "深圳"),
        (start + (end - start) * 3 // 5, "InTransit_Arrival", "Arrived in destination country", ""),
        (start + (end - start) * 4 // 5, "InTransit_CustomsReleased", "Import customs clearance completed", ""),
        (end, "Delivered_Other", "Delivered", ""),
    ]
    events = [
        {
            "time_iso": f"{as_datetime(at + 8 * 3600):%Y-%m-%dT%H:%M:%S}+08:00",
            "description": text,
            "location": place,
            "sub_status": code,
        }
        for at, code, text, place in way
        if as_datetime(at).date() < END
    ]
    return {
        "number": waybill(i),
        "carrier": 190008,
        "track_info": {
            "tracking": {"providers": [{"provider": {"key": 190008, "name": "YunExpress"}, "events": events[::-1]}]}
        },
    }
