"""No proof of receipt."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="receipt",
    papers=("receipt",),
    title="no proof of receipt",
    sql="n.receipt AND t.unproved > 0",
    values=(Value("shipment", "t.tracking"), Value("shipment", "t.shipped_at", "moment")),
    why="A buyer may still say that nothing came.",
    source="practice",
    todo="add tracking events or confirmations of receipt",
)
