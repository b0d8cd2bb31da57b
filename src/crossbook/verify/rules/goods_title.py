"""The goods are called otherwise than their product is."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="goods",
    papers=("order",),
    title="the goods are called otherwise than their product is",
    sql="tt.order_id IS NOT NULL",
    values=(
        Value(paper="order", sql="tt.title"),
        Value(paper="usual", sql="tt.usual"),
        Value(paper="order", sql="tt.item"),
    ),
    why=("The number is of one product and the words are of another: one of them was put there for somebody's eyes."),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): false "
        "description of goods; FATF risk indicators (2021)"
    ),
    todo="find out what was sent, and correct the order or the number",
)
