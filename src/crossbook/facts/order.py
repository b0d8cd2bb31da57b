"""Orders and the goods in them."""

from crossbook.facts.kind import CODE, COUNT, INSTANT, MINOR, TEXT, Kind

ORDER = Kind(
    name="order",
    doc="One order; `total` is what the buyer paid, tax and shipping included: goods - discount + shipping + gift_wrap,"
    " and tax on top where prices do not include it. A part that the export does not state is null, never 0.",
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
        "goods": MINOR,  # price of the goods before any discount, as the export states it
        "discount": MINOR,  # taken off the goods, as a positive sum
        "shipping": MINOR,  # as charged, its own discount taken off
        "gift_wrap": MINOR,
        "tax": MINOR,  # on everything in the order, whether or not prices include it
        "tax_included": CODE,  # yes, no: whether goods, shipping and gift wrap are stated with their tax in them
        "refunded": MINOR,  # paid back in all, as a positive sum
        "cancelled_at": INSTANT,
        "paid_at": INSTANT,
        "refunded_at": INSTANT,  # the last time that money was paid back
        "email": TEXT,  # the buyer's
        "phone": TEXT,  # the buyer's
        "postcode": TEXT,  # of where it ships to
        "city": TEXT,  # of where it ships to
    },
    key=("account", "order_id"),
)

ORDER_ITEM = Kind(
    name="order_item",
    doc="Goods in an order; `amount` is the price of the whole quantity before any discount.",
    columns={
        "account": CODE,
        "order_id": TEXT,
        "item": CODE,  # SKU
        "title": CODE,
        "quantity": COUNT,
        "amount": MINOR,
        "currency": CODE,
        "price": MINOR,  # of one, before any discount
        "discount": MINOR,  # off this line, as a positive sum
        "tax": MINOR,  # on this line's goods
        "shipping": MINOR,  # charged for this line
        "net_weight_g": COUNT,  # of all pieces of the line, in grams, without packing
        "hs": TEXT,  # tariff number, digits
        "origin": CODE,  # country the goods were made in
        "status": CODE,  # of this line alone, as the platform writes it
    },
    key=("account", "order_id", "item", "title"),
)
