"""A party of the trade is on a list."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("order", "payment"),
    title="a party of the trade is on a list",
    sql="lt.score >= {listed_score}",
    values=(
        Value(paper="order", sql="lt.name"),
        Value(paper="sanctions list", sql="lt.listed"),
        Value(paper="sanctions list", sql="lt.entry"),
        Value(paper="sanctions list", sql="lt.score", kind="count"),
    ),
    why="Nobody may deal with a party on such a list: the bank freezes the money, and so must you.",
    source="the lists in the book: OFAC SDN (31 CFR chapter V), the consolidated list of the UN Security Council",
    todo=("stop the trade; compare birth, country and address with the entry, and set it aside when it is another one"),
)
