"""The amount invoiced is not the amount ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="amount",
    papers=("order", "invoice"),
    title="the amount invoiced is not the amount ordered",
    sql=(
        "t.invoice_currency = t.currency AND abs(t.invoiced - t.total) > greatest(greatest(t.invoiced, "
        "t.total) * {paid_percent} / 100, 1) AND NOT (t.invoices > 1 AND t.invoiced >= 2 * t.total * "
        "(100 - {paid_percent}) / 100)"
    ),
    values=(
        Value("order", "t.total", "money"),
        Value(paper="invoice", sql="t.invoiced", kind="money", currency="t.invoice_currency"),
    ),
    why="Two papers of the seller tell two prices.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="cancel the invoice and write a new one",
)
