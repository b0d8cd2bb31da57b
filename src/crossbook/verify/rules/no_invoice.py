"""No invoice."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="papers",
    papers=("invoice",),
    title="no invoice",
    sql="n.invoice AND t.invoices IS NULL AND t.has_order",
    values=(Value("order", "t.total", "money"),),
    why="The account says that its trades have an invoice.",
    source="practice",
    todo="add the list of invoices",
)
