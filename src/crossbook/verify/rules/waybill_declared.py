"""The export list names another waybill."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="waybill",
    papers=("shipment", "customs"),
    title="the export list names another waybill",
    sql="t.has_shipment AND t.stray_waybill IS NOT NULL",
    values=(Value("shipment", "t.tracking"), Value("customs", "t.stray_waybill")),
    why="Customs holds the list against the waybill by this number.",
    source="GACC Announcement 56 of 2018, CEB505 and CEB603: waybill number",
    todo="correct the list",
)
