"""Only a part of the order was sent and declared."""

from crossbook.verify.rule import PART, REST_BACK, Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="quantity",
    papers=("order", "shipment", "customs"),
    title="only a part of the order was sent and declared",
    sql=f"{PART} AND NOT {REST_BACK}",
    values=(
        Value(paper="order", sql="t.quantity", kind="count"),
        Value(paper="customs", sql="t.declared_quantity", kind="count"),
        Value(paper="shipment", sql="t.weight_g", kind="grams"),
    ),
    why="The parcel weighs what the declared pieces weigh: the rest is still to be sent, or to be paid back.",
    source="practice",
    todo="send the rest with a list of its own, or pay it back",
)
