"""Declared before it was ordered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="dates",
    papers=("order", "customs"),
    title="declared before it was ordered",
    sql=(
        "t.declared_on < CAST(t.placed_at + INTERVAL 8 HOURS AS DATE) - 1 AND coalesce(t.mode, '') NOT IN "
        "('9810', '1210', '0110')"
    ),
    values=(
        Value(paper="order", sql="t.placed_at", kind="moment"),
        Value(paper="customs", sql="t.declared_on", kind="day"),
    ),
    why=(
        "A list for a parcel to a buyer names an order that exists. Goods for a warehouse abroad are declared"
        " before they are sold, in another mode."
    ),
    source="GACC Announcement 56 of 2018, CEB603 names the order of CEB303",
    todo="find the order that this list is for",
)
