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
        "opening": MINOR,  # null where a statement does not say it
        "closing": MINOR,
        "moved": MINOR,  # the sum of the entries that the statement lists between them; null where none is known
    },
    key=("account", "currency", "period_from", "period_to"),
)
