"""Nearly all purchases of one buyer were paid back."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order", "payment"),
    title="nearly all purchases of one buyer were paid back",
    sql="pb.order_id IS NOT NULL",
    values=(
        Value(paper="order", sql="t.buyer"),
        Value(paper="order", sql="pb.orders", kind="count"),
    ),
    why="Who buys only to be paid back gives money an origin, and the seller turnover. Nobody who wants goods does so.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020); Risk Indicators (2021)"
    ),
    todo="show that the goods came back, and ask the buyer why",
)
