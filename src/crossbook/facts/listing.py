"""What is offered for sale, and the business's own evidence of how a product came to be."""

from crossbook.facts.kind import CODE, DAY, TEXT, Kind

LISTING = Kind(
    name="listing",
    doc="An offer on a marketplace or shop: its words and its picture.",
    columns={
        "account": CODE,
        "listing": TEXT,  # the marketplace's own id, else the sku
        "sku": TEXT,
        "title": TEXT,
        "bullets": TEXT,  # or the description
        "brand": TEXT,
        "category": TEXT,
        "classes": TEXT,  # Nice classes, where the business knows them
        "market": CODE,
        "picture": TEXT,  # file name or address
        "day": DAY,
    },
    key=("account", "listing"),
)

DOSSIER = Kind(
    name="dossier",
    doc="A paper that shows where a product comes from: design, supplier's invoice, authorisation.",
    columns={
        "sku": TEXT,
        "kind": CODE,  # design, supplier invoice, authorisation, test report, registered design
        "paper": TEXT,
        "by": TEXT,  # designer, supplier, owner
        "day": DAY,
        "until": DAY,
        "note": TEXT,
    },
    key=("sku", "kind", "paper"),
)
