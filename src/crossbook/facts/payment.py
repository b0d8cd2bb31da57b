"""Payment receipts: what a payment institution or a bank says that a buyer paid, and for which order."""

from crossbook.facts.kind import CODE, INSTANT, MINOR, TEXT, Kind

PAYMENT = Kind(
    name="payment",
    doc="What one payment paid for one order; a payment for several orders has a row for each.",
    columns={
        "payment_id": TEXT,
        "order_id": TEXT,
        "institution": CODE,  # who received it: payment institution or bank
        "payer": TEXT,
        "payer_country": CODE,
        "amount": MINOR,  # of this order; negative when it was paid back
        "currency": CODE,
        "paid_at": INSTANT,
    },
    key=("payment_id", "order_id", "amount"),
)
