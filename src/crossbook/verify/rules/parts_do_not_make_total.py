"""Parts do not make total."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="amount",
    papers=("order",),
    title="the parts of the order do not make its total",
    sql=(
        "t.remainder <> 0 AND (t.unknown_parts = '' OR t.discount IS NOT NULL AND t.remainder + "
        "CASE WHEN t.tax_included IS NULL THEN coalesce(t.tax_part, 0) ELSE 0 END < 0)"
    ),
    values=(Value("order", "t.total", "money"), Value("order", "t.total - t.remainder", "money")),
    why=(
        "Goods, discount, shipping, gift wrap and tax are stated, and something else is in the total or missing "
        "from it: what was charged for the goods alone cannot be declared."
    ),
    source="GACC Announcement 56 of 2018, CEB303: value of the goods and freight, each apart",
    todo="find in the export what the rest is: a tip, a duty, a fee, a voucher",
)
