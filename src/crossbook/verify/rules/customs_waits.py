"""Customs has not released the export list."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="export list",
    papers=("customs", "answer"),
    title="customs has not released the export list",
    sql="t.answer IN ('pending', 'held')",
    values=(Value("customs", "t.declaration"), Value("answer", "t.answer_code")),
    why="Until customs releases it the list proves no export.",
    source="GACC Announcement 56 of 2018, CEB604 (return to the export list)",
    todo="wait for the next return, or ask the broker",
)
