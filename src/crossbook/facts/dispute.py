"""Disputes: money of an order that the platform holds until it is decided."""

from crossbook.facts.kind import CODE, DAY, MINOR, TEXT, Kind

DISPUTE = Kind(
    name="dispute",
    doc="One dispute or refund case; `state` is open, won, lost or refunded.",
    columns={
        "account": CODE,
        "order_id": TEXT,
        "opened_on": DAY,
        "closed_on": DAY,
        "state": CODE,
        "amount": MINOR,
        "currency": CODE,
    },
    key=("account", "order_id", "opened_on"),
)
