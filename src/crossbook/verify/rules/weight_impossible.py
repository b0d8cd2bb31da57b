"""The parcel cannot weigh this with these goods in it."""

from crossbook.verify.rule import PART, Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="weight",
    papers=("order", "shipment"),
    title="the parcel cannot weigh this with these goods in it",
    sql=(
        f"NOT coalesce(st.one_parcel, false) AND (t.weight_g < t.goods_weight_g * (100 - "
        f"{{light_percent}}) / 100 AND NOT {PART} OR t.weight_g > "
        "t.goods_weight_g * (100 + {packing_percent}) / 100 + {packing_grams}) OR st.one_parcel AND st.weight_g > "
        "st.goods_weight_g * (100 + {packing_percent}) / 100 + {packing_grams}"
    ),
    values=(Value("order", "t.goods_weight_g", "grams"), Value("shipment", "t.weight_g", "grams")),
    why="An empty or a different parcel was sent.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="compare the weight of the product with the carrier's; correct whichever is wrong",
)
