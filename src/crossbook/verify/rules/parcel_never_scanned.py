"""Nothing ever showed the parcel on its way."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="waybill",
    papers=("shipment", "tracking"),
    title="nothing ever showed the parcel on its way",
    sql=(
        "us.shipped_at < b.day - CASE WHEN us.followed THEN INTERVAL '{shipping_days} days' ELSE INTERVAL "
        "'{waiting_days} days' END AND coalesce(t.kept, t.paid, 1) > 0 AND NOT coalesce(t.paid_back, false)"
    ),
    values=(
        Value(paper="shipment", sql="us.tracking"),
        Value(paper="shipment", sql="us.shipped_at", kind="moment"),
    ),
    why=(
        "The carrier's other parcels of that month were seen on their way or arrived, this one never: a label"
        " is no parcel."
    ),
    source="FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): phantom shipments",
    todo="ask the carrier for the record of its acceptance",
)
