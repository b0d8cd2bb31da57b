"""The platform says that the order is not paid; other papers say that it was."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="papers",
    papers=("order", "payment"),
    title="the order is called not paid, and was paid and sent",
    sql="t.status IN ('pending', 'unpaid') AND t.has_payment AND t.paid > 0 "
    "AND (t.has_shipment OR t.received_at IS NOT NULL)",
    values=(Value("order", "t.status_told"), Value("payment", "t.paid", "money", "t.pay_currency")),
    why="Either the payment is not this order's, or the order's state is old: as it stands it is no sale for the tax.",
    source="practice",
    todo="export the order again, or show which order the payment is for",
)
