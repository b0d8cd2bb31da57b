"""The export list names another consignee."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="parties",
    papers=("order", "customs"),
    title="the export list names another consignee",
    sql="de.consignee IS NOT NULL",
    values=(
        Value(paper="order", sql="t.consignee"),
        Value(paper="customs", sql="de.consignee"),
    ),
    why="The list is for a parcel to somebody else.",
    source="GACC Announcement 56 of 2018, CEB303 and CEB603",
    todo="correct the list",
)
