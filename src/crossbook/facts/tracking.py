"""Tracking events: what carriers and trackers say of a parcel on its way, in one vocabulary."""

from crossbook.facts.kind import CODE, INSTANT, TEXT, Kind

EVENTS = (
    "announced",  # the carrier knows of it, and does not have it
    "accepted",
    "departed",  # left the country it comes from, or a facility there
    "arrived",  # is in the country it goes to
    "customs",
    "customs_held",
    "customs_released",
    "in_transit",
    "out_for_delivery",
    "pickup",  # waits to be collected
    "attempted",
    "delivered",
    "returning",
    "returned",
    "lost",
    "exception",
    "nothing",  # the tracker has nothing, or nothing new
)

TRACKING = Kind(
    name="tracking",
    doc="One event of one parcel; `event` is one of EVENTS, `code` what the source calls it.",
    columns={
        "tracking": TEXT,
        "carrier": CODE,
        "happened_at": INSTANT,
        "event": CODE,
        "code": CODE,
        "place": TEXT,
        "country": CODE,  # where it happened
        "text": TEXT,
    },
    key=("tracking", "happened_at", "event", "text"),
)
