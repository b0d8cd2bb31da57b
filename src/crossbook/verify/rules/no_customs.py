"""No export declaration."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="papers",
    papers=("customs",),
    title="no export declaration",
    sql="n.customs AND t.has_customs IS NULL AND t.answer IS NULL AND t.has_shipment",
    values=(Value("shipment", "t.tracking"), Value("order", "t.total", "money")),
    why="Goods that left without a declaration cannot be shown to the tax office or the bank as exported.",
    source="GACC Announcement 56 of 2018, CEB603 (export list)",
    todo="add the broker's export lists, or the returns of customs",
)
