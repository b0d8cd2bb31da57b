"""A consignment of many parcels: arrival at the yard (507), bills (607), departure (509), summary application (701)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError, place_in_toml
from crossbook.filing.customs.consigned import Elsewhere
from crossbook.filing.customs.documents import CHINA, DECLARED, NEW, guid_of
from crossbook.filing.customs.message import MOST, Document, Fields, Problem, problems
from crossbook.filing.customs.settings import Customs, Party
from crossbook.filing.customs.steps import of_list
from crossbook.filing.customs.trade import UNSAID, ToDeclare, Want


@dataclass(frozen=True)
class Consignment:
    """What a forwarder says of one consignment; `orders` are the trades in it."""

    bill: str
    voyage: str
    vessel: str
    domestic_vehicle: str
    carrier: str
    leave_time: datetime
    operator: Party
    broker: Party
    bag: str | None
    summary_flag: str  # as the broker names it; wanted for 701 alone
    item_name_flag: str
    orders: tuple[str, ...]


def read(path: Path) -> Consignment:
    """A consignment from its TOML file. Raises CrossbookError for what is missing or cannot be."""
    try:
        return parsed(path.read_text(encoding="utf-8"), path)
    except OSError as error:
        raise CrossbookError(f"cannot be read: {error.strerror}", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise CrossbookError("not valid TOML", where=f"{path}{place_in_toml(error)}") from None


def parsed(text: str, path: Path) -> Consignment:
    """A consignment from TOML; `path` is what errors call it. Raises CrossbookError."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CrossbookError("not valid TOML", where=f"{path}{place_in_toml(error)}") from None
    texts = {n: _text(given, n, path) for n in ("bill", "voyage", "vessel", "domestic_vehicle", "carrier")}
    leave = given.get("leave_time")
    if not isinstance(leave, datetime) or leave.tzinfo is None:
        raise CrossbookError(
            "leave_time must be a moment with its zone",
            where=str(path),
            todo="write leave_time = 2026-06-30T22:10:00+08:00",
        )
    orders = given.get("orders")
    if not isinstance(orders, list) or not orders or not all(isinstance(o, str) for o in orders):
        raise CrossbookError("orders must be a list of order numbers", where=str(path))
    told = {n: str(given.get(n, "")) for n in ("summary_flag", "item_name_flag")}
    return Consignment(
        **texts,
        **told,
        leave_time=leave,
        operator=_party(given, "operator", path),
        broker=_party(given, "broker", path),
        bag=str(given["bag"]) if "bag" in given else None,
        orders=tuple(dict.fromkeys(orders)),
    )


def _text(given: dict[str, Any], name: str, path: Path) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise CrossbookError(f"{name} is missing", where=str(path), todo=f'write {name} = "…"')
    return value


def _party(given: dict[str, Any], name: str, path: Path) -> Party:
    inner = given.get(name)
    if not isinstance(inner, dict):
        raise CrossbookError(f"[{name}] is missing", where=str(path), todo="write its code and name")
    return Party(_text(inner, "code", path), _text(inner, "name", path))


def made(
    number: str,
    consignment: Consignment,
    trades: Sequence[ToDeclare],
    customs: Customs,
    at: datetime,
    elsewhere: Elsewhere | None = None,
) -> tuple[list[Document], list[Problem]]:
    """The documents of one message (a hundred parcels each), and what stands in the way of them. `elsewhere` are
    parcels and lists of other consignments."""
    carrier = customs.carriers.get(consignment.carrier)
    wanting = _wanting(number, consignment, trades, customs)
    wanting += [Problem(number, t.order_id, *w) for t in trades for w in _twice(number, t, elsewhere or {})]
    if wanting or carrier is None:
        return [], wanting
    parts = [trades[k : k + MOST] for k in range(0, len(trades), MOST)]
    found = []
    for n, part in enumerate(parts, start=1):
        head = _head(number, consignment, part, customs, carrier, at) | {
            "guid": guid_of(customs.seller.code, number, consignment.bill, str(n)),
            "appType": NEW,
            "appTime": f"{at.astimezone(CHINA):%Y%m%d%H%M%S}",
            "appStatus": DECLARED,
            "customsCode": customs.office,
            "copNo": f"{consignment.bill}-{number}-{n}"[-30:],
            "msgCount": str(len(parts)),
            "msgSeqNo": str(n),
        }
        items = tuple(_item(number, i, t, consignment) for i, t in enumerate(part, start=1))
        found.append(Document(number=number, reference=f"{consignment.bill}-{n}", order_id="", head=head, items=items))
    return found, [p for d in found for p in problems(d)]


def _wanting(number: str, consignment: Consignment, trades: Sequence[ToDeclare], customs: Customs) -> list[Problem]:
    found = []
    if consignment.carrier not in customs.carriers:
        found.append(
            Problem(
                number=number,
                reference=consignment.bill,
                field="carrier",
                value=consignment.carrier,
                why="is not in [customs.carriers] of book.toml",
            )
        )
    known = {t.order_id for t in trades}
    found += [
        Problem(
            number=number,
            reference=consignment.bill,
            field="orders",
            value=o,
            why="no shipped trade of this number is to be declared",
        )
        for o in consignment.orders
        if o not in known
    ]
    for t in trades:
        found += [Problem(number, t.order_id, *w) for w in _of_parcel(number, t, consignment, customs)]
    return found


def _twice(number: str, t: ToDeclare, elsewhere: Elsewhere) -> list[Want]:
    """A parcel, or in a summary a list, that another consignment has in the same message."""
    field, name = ("invtNo", t.list_number) if number == "701" else ("logisticsNo", t.tracking)
    bill = elsewhere.get((number, name or ""))
    why = f"is in the {number} of consignment {bill} already: strike it out here, or withdraw that message"
    return [Want(field, name or "", why)] if bill else []


def _of_parcel(number: str, t: ToDeclare, consignment: Consignment, customs: Customs) -> list[Want]:
    """What stands against a parcel in a message of a consignment."""
    found = [*t.sale, *t.waybill]
    if t.carrier != consignment.carrier:
        why = (
            f"its parcel went with another carrier than {consignment.carrier}, the consignment's"
            if t.carrier
            else UNSAID
        )
        found.append(Want("carrier", t.carrier or "", why))
    if number == "607" and t.weight_g is None:
        found.append(Want("weight", "", UNSAID))
    if t.shipped_at is not None and consignment.leave_time < t.shipped_at:
        left, sent = (f"{m.astimezone(CHINA):%Y-%m-%d %H:%M}" for m in (consignment.leave_time, t.shipped_at))
        found.append(Want("leave_time", left, f"its parcel was handed over after the consignment left, on {sent}"))
    return found + of_list(number, t, customs)


def _head(
    number: str, c: Consignment, part: Sequence[ToDeclare], customs: Customs, carrier: Party, at: datetime
) -> Fields:
    logistics: Fields = {"logisticsCode": carrier.code, "logisticsName": carrier.name}
    agent: Fields = {"agentCode": customs.agent.code, "agentName": customs.agent.name}
    yard: Fields = {"loctNo": customs.yard or None}
    if number == "507":
        return (
            logistics
            | yard
            | {
                "operatorCode": c.operator.code,
                "operatorName": c.operator.name,
                "ieFlag": "E",
                "trafMode": customs.transport,
                "billNo": c.bill,
                "domesticTrafNo": c.domestic_vehicle,
            }
        )
    if number == "509":
        return logistics | {
            "trafMode": customs.transport,
            "trafName": c.vessel,
            "voyageNo": c.voyage,
            "billNo": c.bill,
            "leaveTime": f"{c.leave_time.astimezone(CHINA):%Y%m%d%H%M%S}",
        }
    if number == "607":
        grams = sum(t.weight_g or 0 for t in part)  # none is wanting here
        return (
            logistics
            | agent
            | yard
            | {
                "trafMode": customs.transport,
                "trafName": c.vessel,
                "voyageNo": c.voyage,
                "billNo": c.bill,
                "domesticTrafNo": c.domestic_vehicle,
                "grossWeight": f"{grams / 1000:.3f}",
            }
        )
    return (
        agent
        | yard
        | {
            "ebcCode": customs.seller.code,
            "ebcName": customs.seller.name,
            "declAgentCode": c.broker.code,
            "declAgentName": c.broker.name,
            "summaryFlag": c.summary_flag,
            "itemNameFlag": c.item_name_flag,
        }
    )


def _item(number: str, n: int, t: ToDeclare, c: Consignment) -> Fields:
    if number == "701":
        return {"invtNo": t.list_number}
    item: Fields = {"gnum": str(n), "logisticsNo": t.tracking, "totalPackageNo": c.bag}
    return item | ({"invtNo": t.list_number} if number == "607" else {})
