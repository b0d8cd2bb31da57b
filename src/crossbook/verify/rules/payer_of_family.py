"""Another of the buyer's family paid, or a company of the same group."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="parties",
    papers=("order", "payment"),
    title="another of the buyer's family paid",
    sql="t.paid_by = 'receipt' AND payer.degree = 'family' AND t.own_payer IS DISTINCT FROM t.payer",
    values=(Value("order", "t.buyer"), Value("payment", "t.payer")),
    why="The surname is the same and the person is not: often a spouse, but still a third party.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="note the relation of the payer to the buyer",
)
