"""Letters, complaints and orders, as they were read from a PDF."""

from crossbook.facts.kind import CODE, TEXT, Kind

LETTER = Kind(
    name="letter",
    doc="A letter, complaint or order: its words, and what a reader of its words finds in them.",
    columns={
        "page": CODE,  # from 1
        "text": TEXT,
        "court": TEXT,
        "state": CODE,  # where the court sits, as IL
        "docket": TEXT,
        "plaintiff": TEXT,
        "listings": TEXT,  # marketplace ids that it names, separated by spaces
        "marks": TEXT,  # registration numbers that it names
        "days": TEXT,  # days that it names, as 2026-01-19, separated by spaces
    },
    key=("page", "docket"),
)
