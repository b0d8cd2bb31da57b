"""Paid in another currency than ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="currency",
    papers=("order", "payment"),
    title="paid in another currency than ordered",
    sql="t.paid_by = 'receipt' AND t.pay_currency <> t.currency",
    values=(
        Value("order", "t.currency"),
        Value("payment", "t.pay_currency"),
    ),
    why="A receipt in another currency belongs to another order, or hides a conversion.",
    source="GACC Announcement 56 of 2018, CEB303 and CEB403: currency",
    todo="ask the institution for the amount in the currency of the order",
)
