"""No tracker ever saw the parcel."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="waybill",
    papers=("shipment", "tracking"),
    title="no tracker ever saw the parcel",
    sql="us.order_id IS NOT NULL AND us.shipped_at < b.day - INTERVAL '{shipping_days} days'",
    values=(
        Value(paper="shipment", sql="us.tracking"),
        Value(paper="shipment", sql="us.shipped_at", kind="moment"),
    ),
    why=("The carrier's other parcels of that month were scanned on their way, this one never: a label is no parcel."),
    source="FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): phantom shipments",
    todo="ask the carrier for the record of its acceptance",
)
