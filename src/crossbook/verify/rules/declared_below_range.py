"""The value declared is far below what this product is sold for."""

from crossbook.verify.rule import OFFERED, Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order", "customs"),
    title="the value declared is far below what this product is sold for",
    sql=(
        "up.n IS NOT NULL AND t.items = 1 AND t.declared_currency = t.currency AND t.declared_quantity = "
        "t.quantity AND t.declared < up.low * t.declared_quantity * (100 - {price_percent}) / 100 "
        f"AND NOT ({OFFERED} AND t.declared >= t.total * (100 - {{declared_percent}}) / 100)"
    ),
    values=(
        Value(paper="customs", sql="t.declared", kind="money", currency="t.declared_currency"),
        Value(paper="usual", sql="CAST(round(up.middle * t.declared_quantity) AS BIGINT)", kind="money"),
    ),
    why="Goods declared too cheap carry value abroad that the papers do not show, and evade duty there.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): "
        "under-invoicing; APG Typology Report on Trade Based Money Laundering (2012)"
    ),
    todo="correct the list, or show why these goods are cheaper",
)
