"""One payment number stands for the trades of several buyers."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order", "payment"),
    title="one payment stands for several trades",
    sql="sp.people > 1 OR sp.apart",
    values=(
        Value(paper="payment", sql="sp.number"),
        Value(paper="order", sql="sp.other"),
    ),
    why="A payment proves one trade. Shown for another one too, it is a paper used again.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): multiple "
        "invoicing, papers of one trade used to justify several payments"
    ),
    todo="ask the institution which order this payment is for",
)
