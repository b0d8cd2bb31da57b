"""One parcel is shown for more orders than it can hold."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="waybill",
    papers=("order", "shipment"),
    title="one parcel is shown for more orders than it can hold",
    sql=(
        "st.consignees <= 1 AND (st.orders >= {parcel_orders} OR st.orders > 1 AND st.weight_g < "
        "st.goods_weight_g * (100 - {light_percent}) / 100)"
    ),
    values=(
        Value(paper="shipment", sql="st.tracking"),
        Value(paper="order", sql="st.orders", kind="count"),
        Value(paper="shipment", sql="st.weight_g", kind="grams"),
        Value(paper="order", sql="st.goods_weight_g", kind="grams"),
    ),
    why=(
        "Orders of one buyer may travel together, but not more than the parcel weighs: the others were paid "
        "and never sent."
    ),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): phantom "
        "shipments and short shipping"
    ),
    todo="show what was in the parcel, or the other parcels",
)
