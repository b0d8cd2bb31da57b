"""Customs answered with a code that no table has."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="incomplete",
    field="export list",
    papers=("customs", "answer"),
    title="what customs answered to the export list is in no table of states",
    sql="t.answer = 'unknown'",
    values=(Value("customs", "t.declaration"), Value("answer", "t.answer_code")),
    why="Customs may have taken the list or refused it: nobody has said, so it proves no export and is not sent again.",
    source="GACC Announcement 56 of 2018, CEB604 (return to the export list)",
    todo="ask the broker or the customs platform what the code means",
)
