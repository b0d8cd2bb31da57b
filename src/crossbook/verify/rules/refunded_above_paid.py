"""More went back than was paid."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order", "payment"),
    title="more was paid back than was paid",
    sql="t.refunded > coalesce("
    "greatest(t.paid, t.paid_taxed, CASE WHEN t.currency = t.refund_currency THEN t.total END)"
    " * (100 + {paid_percent}) / 100, t.refunded) AND coalesce(t.pay_currency = t.refund_currency, true)",
    values=(Value("order", "t.total", "money"), Value("payment", "t.refunded", "money", "t.refund_currency")),
    why="Money goes out that never came in: a refund paid twice, or a payment that a purchase is the pretext of.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask the platform or the institution which refund is right, and have the other back",
)
