"""The same buyer bought the same goods for the same price within an hour."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="goods",
    papers=("order",),
    title="the same buyer bought the same goods for the same price within an hour",
    sql="rp.order_id IS NOT NULL",
    values=(Value("order", "t.order_id"), Value("order", "rp.before_id")),
    why="Repeated orders are how sales are invented; or the buyer clicked twice and will want one back.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask the buyer whether both were meant",
)
