"""Orders just below a limit that together are over it."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order", "payment"),
    title="orders just below a limit that together are over it",
    sql="nl.order_id IS NOT NULL",
    values=(
        Value(paper="order", sql="t.total", kind="money"),
        Value(paper="order", sql="nl.orders", kind="count"),
        Value(paper="order", sql="CAST(nl.amount AS BIGINT)", kind="money"),
        Value(paper="usual", sql='nl."limit"'),
        Value(paper="law", sql="nl.source"),
    ),
    why=(
        "What is split to stay below a limit was one trade. The limits are rows with their law "
        "(data/verify/limits.csv)."
    ),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): payments made just "
        "below reporting thresholds; PBC Order [2016] No. 3, article 5: amounts of a day are added up"
    ),
    todo="show that each order is a sale of its own",
)
