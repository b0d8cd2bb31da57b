"""Settlement lines: what a platform added to or took from the seller's balance, line by line."""

from crossbook.facts.kind import CODE, COUNT, DAY, INSTANT, MINOR, TEXT, Kind

# What a line is, in the words that all platforms share.
LINE_KINDS = (
    "sale",
    "shipping",
    "tax",
    "promotion",
    "fee",
    "refund",
    "refund_fee",
    "chargeback",
    "reversal",
    "dispute_hold",
    "dispute_release",
    "reserve_hold",
    "reserve_release",
    "conversion",
    "withdrawal",
    "deposit",
    "reimbursement",
    "advertising",
    "storage",
    "carried",
    "adjustment",
    "other",
)

SETTLEMENT = Kind(
    name="settlement",
    doc="One line of a settlement report; `amount` is what it does to the balance, fee included.",
    columns={
        "account": CODE,
        "payout_id": CODE,  # null where the platform does not say which payout a line belongs to
        "posted_at": INSTANT,
        "day": DAY,
        "kind": CODE,  # one of LINE_KINDS
        "type": CODE,  # the report's own words
        "order_id": TEXT,
        "item": CODE,  # SKU
        "reference": TEXT,  # the platform's transaction id
        "related": TEXT,  # the transaction it refers to
        "amount": MINOR,
        "gross": MINOR,
        "fee": MINOR,
        "currency": CODE,
        "quantity": COUNT,
        "country": CODE,  # of the buyer
        "balance": MINOR,  # after this line, where the report says so
    },
    key=("account", "reference", "currency", "type", "amount"),
)
