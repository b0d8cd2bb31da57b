"""Status unknown."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="papers",
    papers=("order",),
    title="what state the order is in is not known",
    sql="t.status = 'unknown'",
    values=(Value("order", "t.status_told"), Value("order", "t.total", "money")),
    why="The platform's word for the order's state is in no table: "
    "whether it is a sale nobody has said, so it is none.",
    source="practice",
    todo="look the word up with the platform, and say which state it means",
)
