"""Customs entries as they were filed: one row for each tariff number of each line."""

from crossbook.facts.kind import CODE, COUNT, DAY, MINOR, TEXT, Kind

ENTRY_LINE = Kind(
    name="entry_line",
    doc="One tariff number of one line of an entry summary, with what was paid under it.",
    columns={
        "entry": TEXT,
        "entry_line": COUNT,  # the line's number in the entry
        "ordinal": COUNT,  # the tariff number's place in the line
        "type": CODE,  # 01 formal, 11 informal, 06 from a trade zone, ...
        "importer": TEXT,
        "entered_on": DAY,
        "summary_on": DAY,
        "rated_on": DAY,  # the day whose rates count, where it is not that of entry
        "origin": CODE,
        "exported_from": CODE,
        "programme": CODE,  # SPI: the preference claimed
        "hts": TEXT,  # digits
        "amount": MINOR,  # value entered under this number
        "duty": MINOR,
        "currency": CODE,
        "quantity": TEXT,
        "unit": CODE,
        "liquidation": CODE,  # status as the report words it
        "liquidated_on": DAY,
        "protest": TEXT,
        "protest_status": TEXT,
        "reconciliation": TEXT,  # the flag, or what becomes of it, as the report words it
        "drawback": TEXT,  # whether the entry is designated on a drawback claim, or the claim
        "port": CODE,
    },
    key=("entry", "entry_line", "ordinal"),
)
