"""Customs declarations, one row per order declared."""

from crossbook.facts.kind import CODE, DAY, MINOR, TEXT, Kind

CUSTOMS = Kind(
    name="customs",
    doc="The export or entry declaration that covers an order.",
    columns={
        "order_id": TEXT,
        "declaration": TEXT,
        "declared_on": DAY,
        "country": CODE,  # whose customs
        "amount": MINOR,
        "currency": CODE,
    },
    key=("order_id", "declaration"),
)
