"""Declared after the goods were delivered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="dates",
    papers=("shipment", "customs"),
    title="declared after the goods were delivered",
    sql="t.declared_on > CAST(t.list_came_at + INTERVAL 1 DAY AS DATE)",
    values=(
        Value("shipment", "t.list_came_at", "moment"),
        Value("customs", "t.declared_on", "day"),
    ),
    why="The list was made afterwards, or belongs to another parcel.",
    source="GACC Announcement 56 of 2018, CEB603 before CEB509 (departure)",
    todo="ask the broker for the list that went with the parcel",
)
