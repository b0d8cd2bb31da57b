"""A country under a call for action is in the trade."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="country",
    papers=("order", "payment"),
    title="a country under a call for action is in the trade",
    sql="lp.called IS NOT NULL",
    values=(
        Value(paper="order", sql="lp.called"),
        Value(paper="order", sql="lp.called_by"),
        Value(paper="law", sql="lp.source"),
    ),
    why="The FATF calls for enhanced due diligence or countermeasures against this country.",
    source=(
        "FATF, High-Risk Jurisdictions subject to a Call for Action, by the day of the trade "
        "(data/verify/jurisdictions.csv)"
    ),
    todo="ask the bank before anything is credited; note who checked it",
)
