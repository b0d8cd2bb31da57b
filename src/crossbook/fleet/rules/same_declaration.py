"""The same declaration in two books."""

from crossbook.fleet.rule import Rule, as_one_paper, in_two_books

RULE = Rule(
    name="same_declaration",
    title="The same declaration in two books",
    verdict="suspicious",
    select=in_two_books("declaration"),
    unless="one list was filed for both, as for goods sent together",
    parts=as_one_paper,
)
