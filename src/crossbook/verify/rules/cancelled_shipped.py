"""The order was cancelled and shipped."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="papers",
    papers=("order", "shipment"),
    title="the order was cancelled and shipped",
    sql="t.called_off AND t.shipped_at IS NOT NULL",
    values=(Value("order", "t.status_told"), Value("shipment", "t.tracking")),
    why="Goods went out for an order that does not exist any more.",
    source="practice",
    todo="show that the parcel came back, or that the order was not cancelled",
)
