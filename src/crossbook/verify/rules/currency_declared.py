"""The same number is declared in another currency."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="currency",
    papers=("order", "customs"),
    title="the same number is declared in another currency",
    sql=(
        "t.declared_currency <> t.currency AND NOT (abs(t.declared - t.total) > "
        "greatest(greatest(t.declared, t.total) * {declared_percent} / 100, 0))"
    ),
    values=(
        Value("order", "t.total", "money"),
        Value(paper="customs", sql="t.declared", kind="money", currency="t.declared_currency"),
    ),
    why="The number of the order with another currency behind it is another value.",
    source="GACC Announcement 56 of 2018, CEB603: currency, customs code",
    todo="correct the currency code of the list",
)
