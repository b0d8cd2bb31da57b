"""The tracking number is used for other buyers too."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="waybill",
    papers=("shipment",),
    title="the tracking number is used for other buyers too",
    sql="st.consignees > 1 AND st.own = 0",
    values=(
        Value("shipment", "st.tracking"),
        Value("order", "st.other"),
    ),
    why="One parcel shown for several sales is the usual way to invent sales.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="show a waybill for each order, or that they were sent together",
)
