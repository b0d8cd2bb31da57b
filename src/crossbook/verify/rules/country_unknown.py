"""A paper names a country that is none."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="country",
    papers=("order", "payment", "shipment", "customs"),
    title="a paper names a country that is in no table",
    sql="sc.told IS NOT NULL",
    values=(Value(paper="order", sql="t.country"), Value(paper="order", sql="sc.paper"), Value("order", "sc.told")),
    why="What is written for the country is no code or name of one, or a number that is two: it could be held "
    "against no other paper.",
    source="practice; ISO 3166-1, CLDR and the code list of China's customs",
    todo="write the two letters of the country, or correct the column that is mapped as it",
)
