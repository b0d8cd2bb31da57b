"""The same payment in two books."""

from crossbook.fleet.rule import Rule, as_one_paper, in_two_books

RULE = Rule(
    name="same_payment",
    title="The same payment in two books",
    verdict="suspicious",
    select=in_two_books("payment"),
    unless="one payment was split over orders of two sellers of one group",
    parts=as_one_paper,
)
