"""Orders and the goods in them."""

from crossbook.facts.kind import CODE, COUNT, INSTANT, MINOR, TEXT, Kind

ORDER = Kind(
    name="order",
    doc="One order; `total` is what the buyer paid, tax and shipping included.",
    columns={
        "account": CODE,
        "order_id": TEXT,
        "placed_at": INSTANT,
        "status": CODE,
        "currency": CODE,
        "total": MINOR,
        "country": CODE,  # where it ships to
        "region": CODE,  # the state or province there
        "reference": TEXT,  # the payment's id, where the export has it
        "buyer": TEXT,  # who ordered
        "consignee": TEXT,  # who receives
        "address": TEXT,  # where
    },
    key=("account", "order_id"),
)

ORDER_ITEM = Kind(
    name="order_item",
    doc="Goods in an order; `amount` is the price of the whole quantity.",
    columns={
        "account": CODE,
        "order_id": TEXT,
        "item": CODE,  # SKU
        "title": CODE,
        "quantity": COUNT,
        "amount": MINOR,
        "currency": CODE,
    },
    key=("account", "order_id", "item", "title"),
)
