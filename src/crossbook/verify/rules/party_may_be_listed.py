"""A party of the trade may be on a list."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="parties",
    papers=("order", "payment"),
    title="a party of the trade may be on a list",
    sql="lt.score < {listed_score}",
    values=(
        Value(paper="order", sql="lt.name"),
        Value(paper="sanctions list", sql="lt.listed"),
        Value(paper="sanctions list", sql="lt.entry"),
        Value(paper="sanctions list", sql="lt.score", kind="count"),
    ),
    why="The name is near to one on a list, by a weak alias, another script or a name that many have.",
    source="the lists in the book: OFAC SDN (31 CFR chapter V), the consolidated list of the UN Security Council",
    todo="compare birth, country and address with the entry, and set it aside when it is another one",
)
