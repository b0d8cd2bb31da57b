"""Releases: when a platform lets the money of a line be paid out, as its own report says."""

from crossbook.facts.kind import CODE, DAY, INSTANT, MINOR, TEXT, Kind

RELEASE = Kind(
    name="release",
    doc="What a report says of the release of one line's money: deferred (in no payout yet) or released, and the day.",
    columns={
        "account": CODE,
        "order_id": TEXT,
        "item": CODE,  # SKU
        "type": CODE,  # the report's own words
        "kind": CODE,  # as of a settlement line
        "posted_at": INSTANT,
        "day": DAY,
        "amount": MINOR,  # what the line does to the balance, fee included
        "currency": CODE,
        "state": CODE,  # deferred or released
        "release_on": DAY,  # null where the report names no day
    },
    key=("account", "order_id", "item", "type", "posted_at", "amount", "currency"),
)
