"""The payer is in a country under increased monitoring, and the goods went elsewhere."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="country",
    papers=("order", "payment"),
    title="the payer is in a country under increased monitoring, and the goods went elsewhere",
    sql="t.paid_by = 'receipt' AND lp.monitored IS NOT NULL AND lp.monitored <> t.country",
    values=(
        Value(paper="order", sql="t.country"),
        Value(paper="payment", sql="lp.monitored"),
    ),
    why=("Being on that list is no fault of a buyer. Money from there for goods that go elsewhere is looked at first."),
    source=(
        "FATF, Jurisdictions under Increased Monitoring, by the day of the trade "
        "(data/verify/jurisdictions.csv); FATF risk indicators (2021)"
    ),
    todo="ask why the money comes from there",
)
