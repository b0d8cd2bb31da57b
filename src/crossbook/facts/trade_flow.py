"""Trade between countries by product and year, as statistics tell it."""

import pyarrow as pa

from crossbook.facts.kind import CODE, COUNT, MINOR, TEXT, Kind

TRADE_FLOW = Kind(
    name="trade_flow",
    doc="What one country sent another of one product in one year, as one of the two tells it.",
    columns={
        "dataset": CODE,  # comtrade, trademap, wits, baci
        "year": COUNT,
        "exporter": CODE,  # ISO 3166-1 alpha-2; null for what is no country: the world, a group, "areas nes"
        "importer": CODE,
        "exporter_told": CODE,  # as the file names it
        "importer_told": CODE,
        "reporter": CODE,  # importer, exporter, or both where the set reconciles the two (BACI)
        "flow": CODE,  # import, export, re-export, re-import
        "product": TEXT,  # HS digits (2, 4 or 6); TOTAL for all goods
        "revision": CODE,  # HS1992, HS1996, HS2002, HS2007, HS2012, HS2017, HS2022; null where the file does not say
        "value": MINOR,  # US cents; null where the file gives none
        "quantity": pa.decimal128(24, 6),
        "unit": CODE,  # of the quantity, as the file names it
        "net_g": COUNT,
        "estimated": pa.bool_(),  # the statistician estimated quantity or weight
    },
    key=("dataset", "year", "exporter_told", "importer_told", "reporter", "flow", "product", "revision"),
)
