"""Another quantity is declared than ordered."""

from crossbook.verify.rule import PART, Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="quantity",
    papers=("order", "customs"),
    title="another quantity is declared than ordered",
    sql=f"t.declared_quantity <> t.quantity AND NOT {PART}",
    values=(Value("order", "t.quantity", "count"), Value("customs", "t.declared_quantity", "count")),
    why="The list declares other goods than were sold.",
    source="GACC Announcement 56 of 2018, CEB603: quantity",
    todo="correct the list",
)
