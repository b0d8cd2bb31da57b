"""Payments of one payer in a year over a person's yearly quota."""

from crossbook.fleet.rule import YEAR, Rule, over

RULE = Rule(
    name="yearly_quota",
    title="Payments of one payer in a year over a person's yearly quota",
    verdict="suspicious",
    select=over("payment", "cn_yearly_quota", period=YEAR),
    unless="the payer is a firm, or lives where the quota does not hold; other currencies are not counted",
    adds=True,
)
