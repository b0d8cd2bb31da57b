"""No payment."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="papers",
    papers=("payment",),
    title="no payment",
    sql=(
        "n.payment AND t.has_payment IS NULL AND t.has_order AND NOT t.called_off AND "
        "(t.status NOT IN ('unpaid', 'unknown') OR t.has_shipment)"
    ),
    values=(Value("order", "t.total", "money"),),
    why="A bank asks for the payment behind each order that it is to credit.",
    source="GACC Announcement 56 of 2018, CEB403 (receipt)",
    todo="add the payment institution's statement, or the platform's settlement report",
)
