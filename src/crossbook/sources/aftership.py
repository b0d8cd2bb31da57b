"""Trackings as AfterShip's API gives them (a list, one tracking, or its webhook), JSON.

Each has checkpoints with `checkpoint_time`, `tag` and `subtag`; a time without a zone is the carrier's local one and is
read as UTC. A tracking that names its order is a shipment too: first acceptance and delivery from its checkpoints.
https://www.aftership.com/docs/tracking/2026-07/enum/delivery-sub-statuses
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from babel.core import get_global

from crossbook.sources import values
from crossbook.sources.located_json import LINE, objects, read, texts
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.tracking import event, recognise

# By subtag, else by tag.
EVENTS = {
    "Pending": "nothing",
    "Expired": "nothing",
    "InfoReceived": "announced",
    "InTransit": "in_transit",
    "InTransit_002": "accepted",
    "InTransit_004": "arrived",
    "InTransit_005": "customs_released",
    "InTransit_006": "customs",
    "InTransit_007": "departed",
    "OutForDelivery": "out_for_delivery",
    "OutForDelivery_002": "pickup",
    "AvailableForPickup": "pickup",
    "AttemptFail": "attempted",
    "Delivered": "delivered",
    "Exception": "exception",
    "Exception_004": "customs_held",
    "Exception_010": "returning",
    "Exception_011": "returned",
    "Exception_013": "lost",
}
ON_ITS_WAY = ("accepted", "departed", "in_transit")


class AfterShip:
    """The source for AfterShip."""

    name = "aftership"
    title = "AfterShip trackings (API and webhook, JSON)"
    example = '{"meta":{"code":200},"data":{"trackings":[{"tracking_number":"RR123456785CN","slug":"usps",…'

    def recognise(self, head: Head) -> Recognition:
        return recognise(head, "tracking_number", "slug")

    def read(self, reading: Reading) -> Facts:
        events: list[dict[str, Any]] = []
        shipments: list[dict[str, Any]] = []
        for parcel in _parcels(reading):
            told = list(_events(parcel, reading))
            events += told
            shipments += _shipment(parcel, told)
        yield rows_table("tracking", events)
        if shipments:
            yield rows_table("shipment", shipments)


SOURCE = AfterShip()


def _parcels(reading: Reading) -> list[dict[str, Any]]:
    told = read(reading.path, reading.name)
    listed = {"told": told}
    for path in (("told",), ("told", "trackings"), ("told", "data"), ("told", "data", "trackings")):
        if found := objects(listed, *path):
            return found
    if not isinstance(told, dict):
        return []
    data = told.get("data")
    one = [told.get("msg"), data, data.get("tracking") if isinstance(data, dict) else None, told]
    return [p for p in one if isinstance(p, dict) and texts(p, "tracking_number")][:1]


def _events(parcel: dict[str, Any], reading: Reading) -> Iterator[dict[str, Any]]:
    number, carrier = texts(parcel, "tracking_number"), texts(parcel, "slug")
    if not number:
        reading.report(parcel[LINE], "tracking_number", "", "empty")
        return
    for c in objects(parcel, "checkpoints"):
        when, code = texts(c, "checkpoint_time"), texts(c, "subtag") or texts(c, "tag")
        try:
            moment = values.instant(when, "ymd", "UTC")
        except ValueError as error:
            reading.report(c[LINE], "checkpoint_time", when, str(error) if when else "empty")
            continue
        place = texts(c, "location") or ", ".join(x for x in (texts(c, "city"), texts(c, "state")) if x)
        yield {
            "line": c[LINE],
            "tracking": number,
            "carrier": texts(c, "slug") or carrier or None,
            "happened_at": moment,
            "event": event(code, EVENTS),
            "code": code or None,
            "place": place or None,
            "country": _country(texts(c, "country_region") or texts(c, "country_iso3")),
            "text": texts(c, "message") or None,
        }


def _shipment(parcel: dict[str, Any], events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    order = texts(parcel, "order_number") or texts(parcel, "order_id")
    if not order or not texts(parcel, "tracking_number"):
        return []
    moments: dict[str, list[datetime]] = {}
    for e in events:
        moments.setdefault("sent" if e["event"] in ON_ITS_WAY else e["event"], []).append(e["happened_at"])
    return [
        {
            "line": parcel[LINE],
            "order_id": order,
            "tracking": texts(parcel, "tracking_number"),
            "carrier": texts(parcel, "slug") or None,
            "shipped_at": min(moments.get("sent", []), default=None),
            "delivered_at": max(moments.get("delivered", []), default=None),
            "country": _country(
                texts(parcel, "destination_country_region") or texts(parcel, "destination_country_iso3")
            ),
        }
    ]


def _country(code: str) -> str | None:
    """ISO 3166-1 alpha-2 of an alpha-3 (or alpha-2) code; None for anything else."""
    code = code.upper()
    if len(code) == 2:
        return code
    two = get_global("territory_aliases").get(code, ())
    return str(two[0]) if len(code) == 3 and two and len(two[0]) == 2 else None
