"""The tracker saw the delivery in another country."""

from crossbook.trade.country_names import differ
from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="country",
    papers=("order", "tracking"),
    title="the tracker saw the delivery in another country",
    sql=differ("t.handed_country", "t.country"),
    values=(Value("order", "t.country"), Value("tracking", "t.handed_country")),
    why="The tracking number belongs to another parcel.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask the carrier for the proof of delivery",
)
