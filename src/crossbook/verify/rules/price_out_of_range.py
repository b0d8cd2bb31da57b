"""The price is far from what this product is sold for."""

from crossbook.verify.rule import OFFERED, Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order",),
    title="the price is far from what this product is sold for",
    sql=(
        f"up.n IS NOT NULL AND (t.unit_price < up.low * (100 - {{price_percent}}) / 100 AND NOT {OFFERED} "
        "OR t.unit_price > up.high * (100 + {price_percent}) / 100) OR "
        "t.total < ug.low * (100 - {price_percent}) / 100 OR t.total > ug.high * (100 + {price_percent}) / 100"
    ),
    values=(
        Value("order", "CAST(round(coalesce(t.unit_price, t.total)) AS BIGINT)", "money"),
        Value("usual", "CAST(round(coalesce(up.middle, ug.middle)) AS BIGINT)", "money"),
    ),
    why="A price far above or below the usual one moves money rather than goods.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="show the discount or the bundle that explains it",
)
