"""The parcel went to another country."""

from crossbook.trade.country_names import differ
from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="country",
    papers=("order", "shipment"),
    title="the parcel went to another country",
    sql=differ("t.ship_country", "t.country"),
    values=(Value("order", "t.country"), Value("shipment", "t.ship_country")),
    why="Goods that went to another country do not prove this order.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="compare the label with the order; show the change of address",
)
