"""Other goods are declared than ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="goods",
    papers=("order", "customs"),
    title="other goods are declared than ordered",
    sql="t.has_order AND t.strange_item IS NOT NULL",
    values=(Value("order", "t.item"), Value("customs", "t.strange_item")),
    why="The list declares other goods than were sold.",
    source="GACC Announcement 56 of 2018, CEB603: item number",
    todo="correct the list",
)
