"""The export list was cancelled."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="export list",
    papers=("customs", "answer"),
    title="the export list was cancelled",
    sql="t.cancelled AND (t.has_customs OR t.has_shipment)",
    values=(Value("customs", "t.declaration"),),
    why="A cancelled list proves no export.",
    source="GACC Announcement 56 of 2018, CEB605 (cancellation) and its return",
    todo="send a new list, or show that the goods came back",
)
