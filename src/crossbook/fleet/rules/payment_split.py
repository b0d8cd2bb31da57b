"""Payments of one payer on one day, each within the limit of a transaction and together over it."""

from crossbook.fleet.rule import DAY, KEPT, Rule, over

RULE = Rule(
    name="payment_split",
    title="Payments of one payer on one day, each within the limit of a transaction and together over it",
    verdict="suspicious",
    select=over("payment", "safe_single", period=DAY, each=KEPT),
    unless="they are purchases that have nothing to do with each other, or a marketplace or an agent pays for many",
    adds=True,
)
