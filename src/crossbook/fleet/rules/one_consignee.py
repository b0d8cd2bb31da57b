"""One phone for parcels of many sellers."""

from crossbook.fleet.rule import Rule, to_one_place

SELLERS, PARCELS, DAYS = 3, 9, 30
RULE = Rule(
    name="one_consignee",
    title="One phone for parcels of many sellers",
    verdict="suspicious",
    select=to_one_place("phone", SELLERS, PARCELS, DAYS),
    unless="a forwarder gives its own phone, or somebody buys for others",
)
