"""The postal tracking number has a wrong check digit."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="waybill",
    papers=("shipment",),
    title="the postal tracking number has a wrong check digit",
    sql="t.odd_tracking IS NOT NULL",
    values=(Value("shipment", "t.odd_tracking"),),
    why="No post gave out this number: it is mistyped, or made up.",
    source="UPU standard S10: weights 8 6 4 2 3 5 9 7, modulo 11",
    todo="compare the number with the label",
)
