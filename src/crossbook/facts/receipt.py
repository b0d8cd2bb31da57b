"""Receipts of goods: that a buyer has what was ordered."""

from crossbook.facts.kind import CODE, INSTANT, TEXT, Kind

RECEIPT = Kind(
    name="receipt",
    doc="A confirmation that goods were received: by the buyer on the platform, or by who signed for the parcel.",
    columns={
        "order_id": TEXT,
        "tracking": TEXT,
        "received_at": INSTANT,
        "signed_by": TEXT,
        "country": CODE,
    },
    key=("order_id", "tracking", "received_at"),
)
