"""Customs refused the export list."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="contradicted",
    field="export list",
    papers=("customs", "answer"),
    title="customs refused the export list",
    sql="t.answer = 'refused'",
    values=(Value("customs", "t.declaration"), Value("answer", "t.answer_code")),
    why="The goods are not declared as the papers say.",
    source="GACC Announcement 56 of 2018, CEB604 (return to the export list)",
    todo="correct what the return names and send the list again",
)
