"""Payouts: sums that a platform sent, or says it will send, to the seller's bank."""

from crossbook.facts.kind import CODE, COUNT, DAY, INSTANT, MINOR, TEXT, Kind

PAYOUT = Kind(
    name="payout",
    doc="One payout as the platform states it; negative when the seller owes.",
    columns={
        "account": CODE,
        "payout_id": TEXT,
        "currency": CODE,
        "amount": MINOR,
        "paid_on": DAY,
        "period_from": INSTANT,
        "period_to": INSTANT,
        # lines: lines name this payout; balance: drawn from a running balance; total: only the sum; implied: the sum of
        # its lines; failed: it did not leave, or came back
        "basis": CODE,
        "reference": TEXT,  # what the bank may repeat
        "count": COUNT,  # orders in it, where a notice says so
        "fee_total": MINOR,  # fees taken, as a positive sum, where a notice says so
    },
    key=("account", "payout_id", "currency"),
)
