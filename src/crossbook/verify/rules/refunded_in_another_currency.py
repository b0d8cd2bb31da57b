"""The money went back in another currency than it was paid in."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="currency",
    papers=("order", "payment"),
    title="it was paid back in another currency than it was paid in",
    sql="t.refund_currency <> t.pay_currency",
    values=(Value("order", "t.pay_currency"), Value("payment", "t.refund_currency")),
    why="A refund goes back the way the payment came; in another currency nobody can see how much of it went back.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="show at which rate it was paid back, and to whom",
)
