"""One address for parcels of many sellers."""

from crossbook.fleet.rule import Rule, to_one_place

SELLERS, PARCELS, DAYS = 3, 9, 30
RULE = Rule(
    name="one_address",
    title="One address for parcels of many sellers",
    verdict="suspicious",
    select=to_one_place("home", SELLERS, PARCELS, DAYS),
    unless="a forwarder, a parcel shop or a warehouse of the platform is there",
)
