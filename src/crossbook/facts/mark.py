"""Trademarks as registers publish them, what a business holds of its own, and who is known to sue."""

from crossbook.facts.kind import CODE, DAY, TEXT, Kind

MARK = Kind(
    name="mark",
    doc="What one file says of a trademark. Registers spread a mark over tables and days: later rows fill and replace.",
    columns={
        "register": CODE,  # the office: US, EM, CN, WO …
        "number": TEXT,  # of the application (serial number), the office's key
        "registration": TEXT,
        "mark": TEXT,  # the words; empty for a picture alone
        "translation": TEXT,  # of the words, as the register has it
        "status": CODE,  # the office's own code or word
        "live": CODE,  # live, dead, unknown
        "classes": TEXT,  # Nice classes, as "9 18 25"
        "goods": TEXT,
        "owner": TEXT,
        "filed": DAY,
        "registered": DAY,
        "expires": DAY,
        "updated": DAY,  # of this state of things, as the office dates it
    },
    key=("register", "number"),
)

LICENCE = Kind(
    name="licence",
    doc="A brand that the business owns or may use: its own marks, licences, letters of authorisation.",
    columns={
        "brand": TEXT,
        "basis": CODE,  # own, licence, authorisation
        "owner": TEXT,
        "register": CODE,
        "number": TEXT,
        "classes": TEXT,
        "markets": TEXT,  # country codes, as "US GB"; empty: everywhere
        "since": DAY,
        "until": DAY,
        "paper": TEXT,  # the letter or contract that says so
    },
    key=("brand", "basis", "register", "number", "since"),
)

ENFORCEMENT = Kind(
    name="enforcement",
    doc="A suit or order that became known: Section 337 orders, suits of brand owners, raids.",
    columns={
        "owner": TEXT,
        "mark": TEXT,
        "forum": TEXT,  # N.D. Ill., USITC …
        "number": TEXT,  # docket or investigation
        "kind": CODE,  # suit, exclusion order, cease and desist, raid
        "goods": TEXT,
        "day": DAY,
        "until": DAY,  # when an order ends
        "reference": TEXT,  # where that is published
    },
    key=("forum", "number", "mark"),
)
