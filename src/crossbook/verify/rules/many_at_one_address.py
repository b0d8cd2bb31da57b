"""Many buyers receive at one address."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order",),
    title="many buyers receive at one address",
    sql="am.order_id IS NOT NULL",
    values=(
        Value(paper="order", sql="t.consignee"),
        Value(paper="order", sql="am.people", kind="count"),
    ),
    why=(
        "Invented buyers need an address where their parcels can be taken in. Post office boxes, forwarders, "
        "hotels and pick-up points are left out."
    ),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): several entities at one"
        " address, mass registration"
    ),
    todo="look at the address; a shop, an office or a dormitory explains it",
)
