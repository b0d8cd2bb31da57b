"""Accounts of a payment system: who holds them, where, since when."""

import pyarrow as pa

from crossbook.facts.kind import CODE, DAY, TEXT, Kind

PAYMENT_ACCOUNT = Kind(
    name="payment_account",
    doc="An account that transfers are paid from and to, with its holder.",
    columns={
        "institution": CODE,
        "number": TEXT,
        "holder_id": TEXT,  # as the institution calls the customer: one for all accounts of a party
        "holder": TEXT,
        "country": CODE,  # ISO 3166-1 alpha-2: the holder's side of the border
        "kind": CODE,  # natural, legal, institution; null where it is not told
        "hub": pa.bool_(),  # strangers' money passes through it: nothing is followed there
        "opened_on": DAY,
        "closed_on": DAY,
        "address": TEXT,
        "phone": TEXT,
        "device": TEXT,
    },
    key=("institution", "number"),
)
