"""The value declared is not the value ordered."""

from crossbook.verify.rule import PART, Rule, Value

# What was ordered, or the part of it that was sent.
_DUE = f"(CASE WHEN {PART} THEN 1e0 * t.total * t.declared_quantity / t.quantity ELSE t.total END)"

RULE = Rule(
    verdict="contradicted",
    field="amount",
    papers=("order", "customs"),
    title="the value declared is not the value ordered",
    sql=(
        f"t.declared_currency = t.currency AND abs(t.declared - {_DUE}) > greatest(t.declared, {_DUE}) * "
        "{declared_percent} / 100"
    ),
    values=(
        Value("order", "t.total", "money"),
        Value(paper="customs", sql="t.declared", kind="money", currency="t.declared_currency"),
    ),
    why=(
        "A value declared too low or too high is a false declaration, and the bank sees another export "
        "than it pays for."
    ),
    source="GACC Announcement 56 of 2018, CEB303 and CEB603: value of the goods",
    todo="correct the list, or the order",
)
