"""Invoices that the business wrote to its buyers."""

from crossbook.facts.kind import CODE, DAY, MINOR, TEXT, Kind

INVOICE = Kind(
    name="invoice",
    doc="One invoice for one order; `amount` is its total.",
    columns={
        "invoice_id": TEXT,
        "order_id": TEXT,
        "issued_on": DAY,
        "buyer": TEXT,
        "country": CODE,  # of the buyer
        "amount": MINOR,
        "currency": CODE,
        "tax": MINOR,  # in `amount`
        "corrects": TEXT,  # the invoice_id that this one cancels or corrects
        "address": TEXT,  # of the buyer
    },
    key=("invoice_id", "order_id"),
)
