"""One export list stands for several parcels."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="export list",
    papers=("customs",),
    title="one export list stands for several parcels",
    sql="sl.waybills > 1",
    values=(
        Value("customs", "sl.declaration"),
        Value("order", "sl.other"),
    ),
    why="A list is for one order and one waybill.",
    source="GACC Announcement 56 of 2018, CEB603: one order number, one waybill number",
    todo="ask the broker for the list of each order",
)
