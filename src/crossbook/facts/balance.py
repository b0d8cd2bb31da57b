"""Balances: what a statement says an account held at the start and the end of a period."""

from crossbook.facts.kind import CODE, INSTANT, MINOR, Kind

BALANCE = Kind(
    name="balance",
    doc="Opening and closing balance of one account and currency over one period.",
    columns={
        "account": CODE,
        "currency": CODE,
        "period_from": INSTANT,
        "period_to": INSTANT,
        "opening": MINOR,
        "closing": MINOR,
    },
    key=("account", "currency", "period_from", "period_to"),
)
