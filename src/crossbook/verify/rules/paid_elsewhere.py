"""The order was settled outside the platform."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order", "payment"),
    title="the order was settled outside the platform",
    sql=(
        "t.has_order AND t.has_payment AND ui.usual IS NOT NULL AND "
        "(t.institution <> ui.usual OR t.other_institution <> ui.usual)"
    ),
    values=(
        Value("order", "t.account"),
        Value("payment", "CASE WHEN t.institution <> ui.usual THEN t.institution ELSE t.other_institution END"),
        Value("usual", "ui.usual"),
    ),
    why="A sale of the platform that was paid somewhere else leaves the platform's evidence behind.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="show the buyer's agreement and the papers of the payment",
)
