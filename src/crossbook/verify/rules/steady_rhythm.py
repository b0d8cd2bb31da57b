"""The same order comes again in a steady rhythm."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="dates",
    papers=("order",),
    title="the same order comes again in a steady rhythm",
    sql="rh.order_id IS NOT NULL",
    values=(
        Value(paper="order", sql="rh.orders", kind="count"),
        Value(paper="order", sql="rh.hours", kind="count"),
    ),
    why="People do not buy by the clock; programs do. A subscription does, too, and says so.",
    source="FinCEN FIN-2010-A001 (2010): repeated shipments of the same goods; FATF risk indicators (2021)",
    todo="show the subscription or the standing order",
)
