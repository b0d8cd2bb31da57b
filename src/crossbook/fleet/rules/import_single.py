"""Imports of one person on one day, each within the limit of a transaction and together over it."""

from crossbook.fleet.rule import DAY, KEPT, Rule, over

RULE = Rule(
    name="import_single",
    title="Imports of one person on one day, each within the limit of a transaction and together over it",
    verdict="suspicious",
    select=over("import", "import_single", period=DAY, each=KEPT),
    unless="several people share the phone or e-mail; what more than five names share is not called. "
    "A refund within the days for returns is taken for a return",
    adds=True,
)
