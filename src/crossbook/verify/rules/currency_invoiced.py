"""Invoiced in another currency than ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="currency",
    papers=("order", "invoice"),
    title="invoiced in another currency than ordered",
    sql="t.invoice_currency <> t.currency",
    values=(Value("order", "t.currency"), Value("invoice", "t.invoice_currency")),
    why="Two papers of the seller tell two prices.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="cancel the invoice and write a new one",
)
