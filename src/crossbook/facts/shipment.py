"""Shipments: when the goods of an order left and when they arrived."""

from crossbook.facts.kind import CODE, COUNT, INSTANT, TEXT, Kind

SHIPMENT = Kind(
    name="shipment",
    doc="One parcel.",
    columns={
        "order_id": TEXT,
        "tracking": TEXT,
        "carrier": CODE,
        "shipped_at": INSTANT,
        "delivered_at": INSTANT,
        "country": CODE,
        "consignee": TEXT,
        "weight_g": COUNT,  # gross, in grams, as the carrier weighed it
        "pieces": COUNT,  # packages
        "address": TEXT,  # where to
        "phone": TEXT,  # the consignee's
        "origin": CODE,  # country that it left from
    },
    key=("order_id", "tracking"),
)
