"""The parcel went to another of the consignee's family."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="parties",
    papers=("order", "shipment"),
    title="the parcel went to another of the consignee's family",
    sql="parcel_to.degree = 'family'",
    values=(Value("order", "t.consignee"), Value("shipment", "t.ship_consignee")),
    why="The surname is the same and the person is not: the order does not tell of him.",
    source="GACC Announcement 56 of 2018, CEB505 (waybill): the goods of the order",
    todo="note the relation, or the change of address",
)
