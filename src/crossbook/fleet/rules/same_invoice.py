"""The same invoice in two books: its number, buyer, amount and day."""

from crossbook.fleet.rule import Rule, in_two_books

RULE = Rule(
    name="same_invoice",
    title="The same invoice in two books: its number, buyer, amount and day",
    verdict="suspicious",
    select=in_two_books("invoice"),
    unless="two firms of one group keep the same papers",
)
