"""Lines of tariff schedules and duty tables that a user has added."""

from crossbook.facts.kind import CODE, DAY, TEXT, Kind

TARIFF = Kind(
    name="tariff",
    doc="The duty of one market on one code: as its schedule writes it, for whom, and between which days.",
    columns={
        "market": CODE,  # ISO 3166-1 alpha-2, or EU
        "code": TEXT,  # digits, of any length: a shorter code is for all that start with it
        "description": TEXT,
        "general": TEXT,  # the duty without preference
        "special": TEXT,
        "other": TEXT,
        "units": TEXT,
        "footnotes": TEXT,
        "origins": TEXT,  # country codes, ALL, or -XX for what is taken out; empty for ALL
        "measure": CODE,  # measure type or case number; empty for the ordinary duty
        "valid_from": DAY,
        "valid_to": DAY,
    },
    key=("market", "code", "measure", "origins", "valid_from"),
)
