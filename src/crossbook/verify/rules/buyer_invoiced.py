"""The invoice names another buyer."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="parties",
    papers=("order", "invoice"),
    title="the invoice names another buyer",
    sql="invoiced.degree = 'different'",
    values=(Value("order", "t.buyer"), Value("invoice", "t.invoice_buyer")),
    why="The invoice is for somebody else.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="correct the invoice",
)
