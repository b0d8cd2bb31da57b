"""Bank statement entries."""

from crossbook.facts.kind import CODE, DAY, MINOR, TEXT, Kind

REVERSAL, RETURN = "reversal", "return"  # what `given_back` says

BANK = Kind(
    name="bank",
    doc="One booked entry of a bank account; credits are positive.",
    columns={
        "account": CODE,
        "booked_on": DAY,
        "booked_by": CODE,  # which day it is where the entry states none of booking; null where it does
        "valued_on": DAY,
        "amount": MINOR,
        "currency": CODE,
        "reference": TEXT,
        "description": TEXT,
        "counterparty": TEXT,
        "counterparty_account": TEXT,  # its number as told, without spaces
        "end_to_end": TEXT,  # the payer's own number of the payment, which all who carry it tell
        "given_back": CODE,  # reversal (the bank takes an earlier entry back) or return (a payment came back)
        "original_amount": MINOR,  # before conversion by the bank
        "original_currency": CODE,
        "fee": MINOR,  # charges the bank took from this entry, as a positive sum
        "balance": MINOR,
    },
    key=("account", "booked_on", "amount", "currency", "reference", "description"),
)
