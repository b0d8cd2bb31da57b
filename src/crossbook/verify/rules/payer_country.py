"""The payer is in another country than the goods went to."""

from crossbook.trade.country_names import differ
from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="country",
    papers=("order", "payment"),
    title="the payer is in another country than the goods went to",
    sql=(
        f"t.paid_by = 'receipt' AND {differ('t.payer_country', 't.country')} AND NOT (coalesce(given_to.degree IN "
        "('different', 'family'), false) AND coalesce(payer.degree, 'same') IN ('same', 'may_be') "
        "AND coalesce(parcel_to.degree, 'same') IN ('same', 'may_be'))"
    ),
    values=(Value("order", "t.country"), Value("payment", "t.payer_country")),
    why="Payment and goods go to different countries, and the order names no other person who receives a gift.",
    source="FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021)",
    todo="ask the buyer; a gift or a traveller explains it",
)
