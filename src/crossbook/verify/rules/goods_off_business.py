"""Goods that the business does not deal in, dearer than any that it does."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="goods",
    papers=("order",),
    title="goods that the business does not deal in, dearer than any that it does",
    sql="ob.order_id IS NOT NULL",
    values=(
        Value(paper="order", sql="ob.title"),
        Value(paper="order", sql="CAST(round(t.unit_price) AS BIGINT)", kind="money"),
        Value(paper="usual", sql="CAST(round(ob.dearest) AS BIGINT)", kind="money"),
    ),
    why=(
        "It stands in no list of products, was hardly ever sold, and costs more than twice what the dearest of the "
        "usual goods does."
    ),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): goods that do not fit the "
        "business of the trader"
    ),
    todo="show where the goods were bought, or put them in the list of products",
)
