"""The export list names another country."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="country",
    papers=("order", "customs"),
    title="the export list names another country",
    sql="de.country IS NOT NULL",
    values=(
        Value(paper="order", sql="t.country"),
        Value(paper="customs", sql="de.country"),
    ),
    why="The goods were declared for another country than they were sold to.",
    source="GACC Announcement 56 of 2018, CEB603: country of destination; FATF risk indicators (2021)",
    todo="correct the list, or show the change of address",
)
