"""Invoices that the business got for goods it bought: VAT special invoices of its suppliers in China."""

from crossbook.facts.kind import CODE, COUNT, DAY, MINOR, TEXT, Kind

PURCHASE_INVOICE = Kind(
    name="purchase_invoice",
    doc="One line of goods of a purchase invoice; `amount` is without tax.",
    columns={
        "invoice_id": TEXT,
        "issued_on": DAY,
        "seller": TEXT,
        "item": CODE,  # SKU
        "title": CODE,
        "hs": TEXT,  # tariff number under which the goods are declared, digits
        "quantity": COUNT,
        "unit": CODE,
        "amount": MINOR,
        "currency": CODE,
        "vat_rate": CODE,  # as the invoice says it: 13%
        "tax": MINOR,
    },
    key=("invoice_id", "item", "title"),
)
