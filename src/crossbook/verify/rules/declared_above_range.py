"""The value declared is far above what this product is sold for."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order", "customs"),
    title="the value declared is far above what this product is sold for",
    sql=(
        "up.n IS NOT NULL AND t.items = 1 AND t.declared_currency = t.currency AND t.declared_quantity = "
        "t.quantity AND t.declared > up.high * t.declared_quantity * (100 + {price_percent}) / 100"
    ),
    values=(
        Value(paper="customs", sql="t.declared", kind="money", currency="t.declared_currency"),
        Value(paper="usual", sql="CAST(round(up.middle * t.declared_quantity) AS BIGINT)", kind="money"),
    ),
    why=("Goods declared too dear let money come in that no goods are worth, and refunds of tax that was never paid."),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): over-invoicing;"
        " risk indicators (2021): the price deviates from the market value of the goods"
    ),
    todo="correct the list, or show why these goods are dearer",
)
