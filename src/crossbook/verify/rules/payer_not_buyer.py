"""Somebody else than the buyer paid."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order", "payment"),
    title="somebody else than the buyer paid",
    sql="t.paid_by = 'receipt' AND payer.degree = 'different' AND t.own_payer IS DISTINCT FROM t.payer",
    values=(Value("order", "t.buyer"), Value("payment", "t.payer")),
    why="Payments by third parties are what banks look for first.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask for the relation of the payer to the buyer, in writing",
)
