"""The parcel went to another consignee."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="parties",
    papers=("order", "shipment"),
    title="the parcel went to another consignee",
    sql="parcel_to.degree = 'different'",
    values=(Value("order", "t.consignee"), Value("shipment", "t.ship_consignee")),
    why="Goods that went to somebody else do not prove this order.",
    source="GACC Announcement 56 of 2018, CEB505 (waybill): the goods of the order",
    todo="compare the label with the order; show the change of address",
)
