"""Parties that an authority's list names: sanctions lists, name by name."""

from crossbook.facts.kind import CODE, DAY, TEXT, Kind

LISTED_PARTY = Kind(
    name="listed_party",
    doc="One name of one entry of a list; an entry has a row for each name and alias.",
    columns={
        "list": CODE,  # OFAC SDN, UN Consolidated
        "entry": TEXT,  # the entry's own number on that list
        "name": TEXT,
        "quality": CODE,  # primary, strong, weak: how sure the list is of the name
        "type": CODE,  # individual, entity, vessel, aircraft
        "countries": TEXT,  # nationalities and addresses, as the list writes them, separated by ;
        "born": TEXT,  # as the list writes it, separated by ;
        "program": TEXT,  # sanctions programmes, separated by ;
        "listed_on": DAY,
        "published": DAY,  # of the list
    },
    key=("list", "entry", "name"),
)
