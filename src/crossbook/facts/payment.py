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
        "payer_account": TEXT,  # account, card or wallet that it was paid from, as far as the export shows it
        "payer_address": TEXT,
        "payer_phone": TEXT,
        "payer_email": TEXT,
        "payee": TEXT,  # who was paid
        "original": TEXT,  # the payment_id that this one pays back or corrects
    },
    key=("payment_id", "order_id", "amount"),
)
