"""Payments of one payer in a year over a person's yearly quota.

A firm has none: an account whose payers are all firms by their names is not called.
"""

from crossbook.fleet.rule import YEAR, Rows, Rule, over
from crossbook.trade.name_parts import readings


def of_a_person(rows: Rows) -> list[Rows]:
    """The rows, unless whoever is named pays as a firm."""
    names = {str(row["name"]) for row in rows if row["name"] is not None}
    return [] if names and all(any(told.forms for told in readings(name)) for name in names) else [rows]


RULE = Rule(
    name="yearly_quota",
    title="Payments of one payer in a year over a person's yearly quota",
    verdict="suspicious",
    select=over("payment", "cn_yearly_quota", period=YEAR),
    unless="the payer is a firm, or lives where the quota does not hold; other currencies are not counted",
    adds=True,
    parts=of_a_person,
)
