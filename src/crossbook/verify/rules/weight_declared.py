"""The declared weight is not what the carrier weighed."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="weight",
    papers=("shipment", "customs"),
    title="the declared weight is not what the carrier weighed",
    sql=(
        "NOT coalesce(st.one_parcel, false) AND abs(t.weight_g - t.declared_weight_g) > "
        "greatest(greatest(t.weight_g, t.declared_weight_g) * {weight_percent} / 100, {weight_grams}) OR "
        # several orders in one parcel, which each of them gives the weight of: their lists add up to it
        "st.one_parcel AND abs(st.weight_g - t.declared_weight_g) > greatest(greatest(st.weight_g, "
        "t.declared_weight_g) * {weight_percent} / 100, {weight_grams}) AND abs(st.weight_g - st.declared_weight_g) > "
        "greatest(greatest(st.weight_g, st.declared_weight_g) * {weight_percent} / 100, {weight_grams})"
    ),
    values=(Value("shipment", "t.weight_g", "grams"), Value("customs", "t.declared_weight_g", "grams")),
    why="List and parcel are of different goods.",
    source="GACC Announcement 56 of 2018, CEB505 and CEB603: gross weight",
    todo="weigh again, correct the list",
)
