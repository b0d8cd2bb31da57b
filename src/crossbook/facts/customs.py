"""Customs declarations: one row for each line of goods of each order declared."""

from crossbook.facts.kind import CODE, COUNT, DAY, MINOR, TEXT, Kind

CUSTOMS = Kind(
    name="customs",
    doc="The export or entry declaration that covers an order; `amount` is of the goods in this line.",
    columns={
        "order_id": TEXT,
        "declaration": TEXT,
        "declared_on": DAY,
        "country": CODE,  # whose customs
        "amount": MINOR,
        "currency": CODE,
        "mode": CODE,  # supervision mode: 9610, 9710, 9810, 1210
        "tracking": TEXT,  # the waybill on the declaration
        "weight_g": COUNT,  # gross, in grams, of the whole declaration
        "item": CODE,  # SKU
        "title": CODE,
        "hs": TEXT,  # tariff number, digits
        "quantity": COUNT,
        "flag": CODE,  # statistics flag of a list: A simplified declaration, B summary declaration
        "consignee": TEXT,
        "destination": CODE,  # country the goods go to
        "net_weight_g": COUNT,  # of all pieces of the line, in grams, without packing
    },
    key=("order_id", "declaration", "item", "title"),
)
