"""The same bank credit in two books."""

from crossbook.fleet.rule import Rule, in_two_books

RULE = Rule(
    name="same_credit",
    title="The same bank credit in two books",
    verdict="contradicted",
    select=in_two_books("credit"),
    unless="both books hold the statement of one account",
)
