"""What is sold, and where: one row for each product and market."""

from crossbook.facts.kind import CODE, DAY, MINOR, TEXT, Kind

PRODUCT = Kind(
    name="product",
    doc="A product in a market: its code and origin, what it costs to buy and to ship, its price and the rival's.",
    columns={
        "sku": TEXT,
        "name": TEXT,
        "hts": TEXT,
        "origin": CODE,
        "market": CODE,
        "mode": CODE,  # ocean, air, courier, post
        "cost": MINOR,  # of one, free on board, in cost_currency
        "freight": MINOR,  # of one, in cost_currency
        "selling": MINOR,  # marketplace and advertising cost of one sale, in cost_currency
        "cost_currency": CODE,
        "price": MINOR,  # what it is sold for, in currency
        "rival_price": MINOR,  # of the local alternative, in currency
        "rival": TEXT,
        "currency": CODE,
        "weight_kg": TEXT,  # of one, without packing
        "length_m": TEXT,  # of one, as are the next three: what customs' legal units measure
        "area_m2": TEXT,
        "volume_l": TEXT,
        "pieces": TEXT,  # two of a pair of poles, nine of a set of pots
        "claims": TEXT,  # name=value, separated by spaces
        "day": DAY,  # on which the prices were seen
    },
    key=("sku", "market", "day"),
)
