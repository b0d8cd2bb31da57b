"""No order."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="papers",
    papers=("order",),
    title="no order",
    sql='n."order" AND t.has_order IS NULL',
    values=(
        Value(paper="payment", sql="t.paid", kind="money", currency="t.pay_currency"),
        Value("shipment", "t.tracking"),
        Value("customs", "t.declaration"),
    ),
    why="Money or goods moved for an order that no file names: nothing says what was sold to whom.",
    source="GACC Announcement 56 of 2018: every receipt, waybill and list names its order",
    todo="add the orders of that day from where it was sold",
)
