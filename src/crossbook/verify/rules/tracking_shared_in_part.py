"""One of several parcels of a trade has a number that other buyers have too."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="waybill",
    papers=("shipment",),
    title="one of the parcels has a number that other buyers have too",
    sql="st.consignees > 1 AND st.own > 0",
    values=(
        Value(paper="shipment", sql="st.tracking"),
        Value(paper="order", sql="st.other"),
    ),
    why="The trade has a parcel of its own besides; whose parcel the shared number is, nobody has said.",
    source="practice",
    todo="correct the number of that parcel",
)
