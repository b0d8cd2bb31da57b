"""One payer paid for several buyers."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order", "payment"),
    title="one payer paid for several buyers",
    sql="pm.order_id IS NOT NULL",
    values=(
        Value(paper="payment", sql="t.payer"),
        Value(paper="order", sql="pm.people", kind="count"),
    ),
    why="A third party behind many buyers is where money of unknown origin enters.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): payments by a third "
        "party with no apparent link; FinCEN FIN-2010-A001 (2010)"
    ),
    todo="ask who the payer is to each of the buyers",
)
