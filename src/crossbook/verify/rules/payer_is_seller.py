"""The business paid its own order."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order", "payment"),
    title="the business paid its own order",
    sql="t.own_payer IS NOT NULL",
    values=(Value("payment", "t.own_payer"),),
    why="Money that goes in a circle is no sale.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="take the order out of the sales",
)
