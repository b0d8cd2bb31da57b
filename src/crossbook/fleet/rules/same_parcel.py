"""The same parcel in two books."""

from crossbook.fleet.rule import Rule, in_two_books

RULE = Rule(
    name="same_parcel",
    title="The same parcel in two books",
    verdict="suspicious",
    select=in_two_books("parcel"),
    unless="two sellers sent together, or the carrier gives its numbers again",
)
