"""Transfers of a payment system: money that went from one account to another."""

import pyarrow as pa

from crossbook.facts.kind import CODE, COUNT, DAY, INSTANT, MINOR, TEXT, Kind

# What a transfer is. `cover` is the banks' leg of a customer's transfer that is told on its own: the same money again.
TRANSFER_KINDS = (
    "transfer",  # one customer to another
    "institution",  # one institution to another, for itself
    "cover",
    "return",  # of an earlier one, which `original` names
    "cash_in",
    "cash_out",
    "card",
    "cheque",
    "debit",  # drawn by the payee
    "opening",  # the balance with which a record begins
)

TRANSFER = Kind(
    name="transfer",
    doc="Money that went from one account to another, as an institution or a message tells it.",
    columns={
        "transfer_id": TEXT,  # as the institution calls it; of a message its UETR, else its own number
        "payer_institution": CODE,
        "payer_account": TEXT,  # null where the money came from outside: cash, an opening balance
        "payer": TEXT,  # the holder's name as told
        "payer_country": CODE,  # ISO 3166-1 alpha-2
        "payee_institution": CODE,
        "payee_account": TEXT,
        "payee": TEXT,
        "payee_country": CODE,
        "paid": MINOR,  # what left the payer; null where only what arrived is told
        "paid_currency": CODE,
        "received": MINOR,  # what arrived; null where only what left is told
        "received_currency": CODE,
        "moment": INSTANT,  # null where only a day is told
        "day": DAY,  # as written, in the place of who tells it
        "dated_by": CODE,  # executed, message (when it was written), day, or step (a count of days without a date)
        "sequence": COUNT,  # the order within a moment, where it is declared; else the line tells it
        "kind": CODE,  # one of TRANSFER_KINDS
        "kind_told": CODE,  # as the file writes it
        "purpose": CODE,  # the code of what it is for, or of why it was returned
        "reference": TEXT,
        "description": TEXT,
        "original": TEXT,  # the transfer_id, reference or number of the one that this returns
        "label": CODE,  # of a set made for research: what it says that this is. No rule reads it
        "labelled": pa.bool_(),  # the same: whether it calls this laundering
    },
    key=("transfer_id", "payer_account", "payee_account", "paid", "paid_currency", "moment", "day"),
)
