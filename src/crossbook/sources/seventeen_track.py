"""Tracking as 17TRACK's API gives it (gettrackinfo, version 2, and its webhook), JSON.

Events stand under track_info.tracking.providers[].events with `time_iso` or `time_utc`, `sub_status` and `stage`.
https://api.17track.net/en/doc
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crossbook.sources import values
from crossbook.sources.located_json import LINE, objects, read, texts
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.tracking import event, recognise

# By sub-status, else by what stands before its underscore.
EVENTS = {
    "NotFound": "nothing",
    "InfoReceived": "announced",
    "InTransit_PickedUp": "accepted",
    "InTransit_Departure": "departed",
    "InTransit_Arrival": "arrived",
    "InTransit_CustomsProcessing": "customs",
    "InTransit_CustomsReleased": "customs_released",
    "InTransit_CustomsRequiringInformation": "customs_held",
    "InTransit": "in_transit",
    "Expired": "nothing",
    "AvailableForPickup": "pickup",
    "OutForDelivery": "out_for_delivery",
    "DeliveryFailure": "attempted",
    "Delivered": "delivered",
    "Exception_Returning": "returning",
    "Exception_Returned": "returned",
    "Exception_Lost": "lost",
    "Exception": "exception",
}


class SeventeenTrack:
    """The source for 17TRACK."""

    name = "seventeen_track"
    title = "17TRACK tracking (API and webhook, JSON)"
    example = '{"code":0,"data":{"accepted":[{"number":"RR123456785CN","carrier":3011,"track_info":{"tracking":{'

    def recognise(self, head: Head) -> Recognition:
        return recognise(head, "track_info", "number")

    def read(self, reading: Reading) -> Facts:
        yield rows_table("tracking", list(_events(reading)))


SOURCE = SeventeenTrack()


def _events(reading: Reading) -> Iterator[dict[str, Any]]:
    told = read(reading.path, reading.name)
    data = told.get("data") if isinstance(told, dict) else None
    parcels = objects({"data": told}, "data") + objects(data, "accepted")
    if isinstance(data, dict) and texts(data, "number"):
        parcels.append(data)
    for parcel in parcels:
        number = texts(parcel, "number")
        if not number:
            reading.report(parcel[LINE], "number", "", "empty")
            continue
        for provider in objects(parcel, "track_info", "tracking", "providers"):
            carrier = texts(provider, "provider", "name")
            for e in objects(provider, "events"):
                yield from _event(e, number, carrier, reading)


def _event(e: dict[str, Any], number: str, carrier: str, reading: Reading) -> Iterator[dict[str, Any]]:
    when = texts(e, "time_iso") or texts(e, "time_utc")
    code = texts(e, "sub_status") or texts(e, "stage")
    try:
        moment = values.instant(when, "ymd", "UTC")
    except ValueError as error:
        reading.report(e[LINE], "time_iso", when, str(error) if when else "empty")
        return
    country = texts(e, "address", "country").upper()
    yield {
        "line": e[LINE],
        "tracking": number,
        "carrier": carrier or None,
        "happened_at": moment,
        "event": event(code, EVENTS),
        "code": code or None,
        "place": texts(e, "location") or None,
        "country": country if len(country) == 2 else None,
        "text": texts(e, "description") or None,
    }
