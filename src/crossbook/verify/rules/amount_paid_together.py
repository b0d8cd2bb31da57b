"""The payments of several orders do not add up to them."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="amount",
    papers=("order", "payment"),
    title="the payments of several orders do not add up to them",
    sql=(
        "pg.order_id IS NOT NULL AND pg.due IS NOT NULL AND abs(pg.got - pg.due) > "
        "greatest(greatest(pg.got, pg.due) * {paid_percent} / 100, 1) AND coalesce(abs(pg.got - pg.back - pg.due) > "
        "greatest(greatest(pg.got - pg.back, pg.due) * {paid_percent} / 100, 1), true)"
    ),
    values=(
        Value("order", "pg.due", "money"),
        Value(paper="payment", sql="pg.got", kind="money", currency="t.pay_currency"),
    ),
    why="One payment covers several orders, and what they cost together is not what was paid.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="find the order or the payment that is missing from the group",
)
