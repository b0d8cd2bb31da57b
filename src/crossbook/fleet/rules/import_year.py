"""Imports of one person in a year over the yearly limit."""

from crossbook.fleet.rule import YEAR, Rule, over

RULE = Rule(
    name="import_year",
    title="Imports of one person in a year over the yearly limit",
    verdict="suspicious",
    select=over("import", "import_year", period=YEAR),
    unless="several people share the phone or e-mail; what more than five names share is not called. "
    "A refund within the days for returns is taken for a return",
    adds=True,
)
