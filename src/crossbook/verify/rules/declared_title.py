"""The goods are declared under another name than their product has."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="goods",
    papers=("order", "customs"),
    title="the goods are declared under another name than their product has",
    sql="td.order_id IS NOT NULL",
    values=(
        Value(paper="customs", sql="td.title"),
        Value(paper="usual", sql="td.usual"),
        Value(paper="order", sql="td.item"),
    ),
    why="The number is of one product and the words are of another: customs was told of other goods.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): false "
        "description of goods; GACC Announcement 56 of 2018, CEB603: name of the goods"
    ),
    todo="find out what was sent, and correct the list",
)
