"""The postal tracking number has a wrong check digit."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="waybill",
    papers=("shipment",),
    title="the postal tracking number has a wrong check digit",
    sql=(
        "t.tracking SIMILAR TO '[A-Z]{{2}}[0-9]{{9}}[A-Z]{{2}}' AND s10_digit(t.tracking) <> ascii(t.tracking[11]) - 48"
    ),
    values=(Value("shipment", "t.tracking"),),
    why="No post gave out this number: it is mistyped, or made up.",
    source="UPU standard S10: weights 8 6 4 2 3 5 9 7, modulo 11",
    todo="compare the number with the label",
)
