"""The invoice names another of the buyer's family, or a company of the same group."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="parties",
    papers=("order", "invoice"),
    title="the invoice names another of the buyer's family",
    sql="invoiced.degree = 'family'",
    values=(Value("order", "t.buyer"), Value("invoice", "t.invoice_buyer")),
    why="The surname is the same and the person is not.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="correct the invoice, or note the relation",
)
