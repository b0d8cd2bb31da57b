"""No shipment."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="papers",
    papers=("shipment",),
    title="no shipment",
    sql=(
        "n.shipment AND t.has_shipment IS NULL AND NOT coalesce(t.called_off, false) AND "
        "(coalesce(t.sale, true) OR t.has_payment)"
    ),
    values=(Value("order", "t.total", "money"),),
    why="Without a parcel nothing shows that goods were delivered for the money.",
    source="GACC Announcement 56 of 2018, CEB505 (waybill)",
    todo="add the carrier's manifest",
)
