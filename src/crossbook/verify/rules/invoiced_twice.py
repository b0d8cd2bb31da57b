"""The same order was invoiced several times."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="amount",
    papers=("order", "invoice"),
    title="the same order was invoiced several times",
    sql=(
        "t.invoices > 1 AND t.invoice_currency = t.currency AND t.total > 0 AND t.invoiced >= 2 * t.total * "
        "(100 - {paid_percent}) / 100"
    ),
    values=(
        Value(paper="order", sql="t.total", kind="money"),
        Value(paper="invoice", sql="t.invoiced", kind="money", currency="t.invoice_currency"),
        Value(paper="invoice", sql="t.invoices", kind="count"),
    ),
    why="Several invoices for one delivery justify several payments for it.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): multiple "
        "invoicing of goods"
    ),
    todo="cancel all invoices but one, each by a credit note",
)
