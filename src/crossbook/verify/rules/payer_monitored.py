"""A gift to another country is paid from one under increased monitoring."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="country",
    papers=("order", "payment"),
    title="a gift to another country is paid from one under increased monitoring",
    sql=(
        "t.paid_by = 'receipt' AND lp.monitored IS NOT NULL AND lp.monitored <> t.country AND "
        "coalesce(given_to.degree IN ('different', 'family'), false) AND coalesce(payer.degree, 'same') IN "
        "('same', 'may_be')"
    ),
    values=(
        Value(paper="order", sql="t.country"),
        Value(paper="payment", sql="lp.monitored"),
        Value(paper="law", sql="lp.monitored_source"),
    ),
    why=(
        "Being on that list is no fault of a buyer. Money from there for goods that go to somebody else "
        "abroad is looked at first."
    ),
    source=(
        "FATF, Jurisdictions under Increased Monitoring, by the day of the trade "
        "(data/verify/jurisdictions.csv); FATF risk indicators (2021)"
    ),
    todo="ask why the money comes from there",
)
