"""The same order was paid twice."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order", "payment"),
    title="the same order was paid twice",
    sql=(
        "t.payments > 1 AND pg.order_id IS NULL AND t.pay_currency = t.currency AND t.total > 0 AND "
        "coalesce(t.kept, t.paid) >= 2 * t.total * (100 - {paid_percent}) / 100"
    ),
    values=(
        Value("order", "t.total", "money"),
        Value(paper="payment", sql="t.paid", kind="money", currency="t.pay_currency"),
        Value("payment", "t.payments", "count"),
    ),
    why="The second payment has no goods behind it.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="pay one of them back, or name the order that it is for",
)
