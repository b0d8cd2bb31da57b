"""The amount paid is not the amount ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="amount",
    papers=("order", "payment"),
    title="the amount paid is not the amount ordered",
    sql=(
        "t.paid_together = 1 AND pg.order_id IS NULL AND t.pay_currency = t.currency AND "
        "abs(t.paid - t.total) > greatest(greatest(t.paid, t.total) * {paid_percent} / 100, 1) AND "
        "coalesce(abs(t.paid_taxed - t.total) > greatest(greatest(t.paid_taxed, t.total) * {paid_percent} / 100, 1), "
        "true) AND coalesce(abs(t.kept - t.total) > greatest(greatest(t.kept, t.total) * {paid_percent} / 100, 1), "
        "true) AND NOT (t.payments > 1 AND coalesce(t.kept, t.paid) >= 2 * t.total * (100 - {paid_percent}) / 100)"
    ),
    values=(
        Value("order", "t.total", "money"),
        Value(paper="payment", sql="t.paid", kind="money", currency="t.pay_currency"),
    ),
    why="The payment is for something else, or for more or less than was sold.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="find the rest of the payment, or the refund",
)
