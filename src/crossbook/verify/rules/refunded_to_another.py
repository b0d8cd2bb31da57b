"""The money went back to somebody who had not paid."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order", "payment"),
    title="the money went back to somebody who had not paid",
    sql="rt.order_id IS NOT NULL",
    values=(
        Value(paper="order", sql="t.buyer"),
        Value(paper="payment", sql="t.payer"),
        Value(paper="payment", sql="rt.receiver"),
    ),
    why="A refund goes back the way the payment came. To another it is a transfer that a purchase is the pretext of.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask the institution whom it paid, and why",
)
