"""The mode of the export list does not fit the trade."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="export list",
    papers=("order", "customs"),
    title="the mode of the export list does not fit the trade",
    sql="um.order_id IS NOT NULL",
    values=(
        Value(paper="customs", sql="um.mode"),
        Value(paper="order", sql="t.quantity", kind="count"),
        Value(paper="usual", sql="um.usual"),
        Value(paper="order", sql="um.reason"),
    ),
    why=(
        "9610 and 1210 are for retail, 9710 for sales to firms, 9810 for goods that are stored abroad before "
        "they are sold: refunds and statistics follow from it."
    ),
    source="GACC Announcements 12 and 57 of 2014, 75 of 2020",
    todo="correct the mode, or show the contract that it follows from",
)
