"""The order was cancelled and the money kept."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="papers",
    papers=("order", "payment"),
    title="the order was cancelled and the money kept",
    sql=(
        "t.called_off AND t.paid > 0 AND NOT coalesce(t.paid_back, false) AND "
        "coalesce(t.kept, t.paid) > t.paid * {paid_percent} / 100"
    ),
    values=(
        Value("order", "t.status_told"),
        Value(paper="payment", sql="coalesce(t.kept, t.paid)", kind="money", currency="t.pay_currency"),
    ),
    why="A cancelled order gives no reason to keep the money.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="show the refund, or that the order was not cancelled",
)
