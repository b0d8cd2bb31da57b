"""The seller's own firm elsewhere paid."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order", "payment"),
    title="the seller's own firm elsewhere paid",
    sql="pt.payer IS NOT NULL AND t.own_payer IS NULL",
    values=(
        Value(paper="payment", sql="pt.payer"),
        Value(paper="order", sql="b.own"),
    ),
    why="A group that buys from itself sends money in a circle.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): trade between related "
        "entities, circular payments"
    ),
    todo="take the order out of the sales, or show the buyer that the firm resold to",
)
