"""The buyer confirmed receipt before the carrier delivered."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="dates",
    papers=("shipment", "receipt"),
    title="the buyer confirmed receipt before the carrier delivered",
    sql=("t.parcels = 1 AND t.received_at < t.delivered_at - INTERVAL '24 hours' AND t.received_at >= t.shipped_at"),
    values=(
        Value(paper="shipment", sql="t.delivered_at", kind="moment"),
        Value(paper="receipt", sql="t.received_at", kind="moment"),
    ),
    why="Nobody can confirm what he does not have yet.",
    source="practice",
    todo="ask the platform who confirmed, and the carrier for the proof of delivery",
)
