"""Paid long ago, and nothing was ever sent."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="papers",
    papers=("payment", "shipment"),
    title="paid long ago, and nothing was ever sent",
    sql=(
        "n.shipment AND t.has_shipment IS NULL AND t.has_payment AND coalesce(t.sale, true) AND "
        "coalesce(t.kept, t.paid) > 0 AND NOT coalesce(t.paid_back, false) AND t.placed_on < b.day - "
        "{waiting_days} AND ss.n >= 10 AND ss.share >= 0.9"
    ),
    values=(
        Value(paper="payment", sql="t.paid", kind="money", currency="t.pay_currency"),
        Value(paper="payment", sql="t.paid_at", kind="moment"),
    ),
    why=("The account's other orders of that month have parcels, this one has none: money moved and goods did not."),
    source="FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): phantom shipments",
    todo="add the parcel, or pay the money back",
)
