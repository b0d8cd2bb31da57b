"""The order was cancelled and the money kept."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="papers",
    papers=("order", "payment"),
    title="the order was cancelled and the money kept",
    sql=(
        "coalesce(contains(t.status, 'cancel') OR contains(t.status, '取消'), false) AND t.has_payment AND "
        "t.paid > 0 AND NOT coalesce(t.paid_back, false)"
    ),
    values=(Value("order", "t.status"), Value("payment", "t.paid", "money", "t.pay_currency")),
    why="A cancelled order gives no reason to keep the money.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="show the refund, or that the order was not cancelled",
)
