"""Declared after the goods had left."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="dates",
    papers=("shipment", "customs"),
    title="declared after the goods had left",
    sql=(
        "t.declared_on > CAST(t.list_left_at + INTERVAL 8 HOURS AS DATE) + {declared_late_days} AND NOT "
        "coalesce(t.declared_on > CAST(t.list_came_at + INTERVAL 1 DAY AS DATE), false)"
    ),
    values=(Value("shipment", "t.list_left_at", "moment"), Value("customs", "t.declared_on", "day")),
    why="An export list is declared before the goods leave.",
    source="GACC Announcement 56 of 2018, CEB603 before CEB509 (departure)",
    todo="ask the broker for the list that went with the parcel",
)
