"""Exchange rates, for holding a bank's conversion against."""

import pyarrow as pa

from crossbook.facts.kind import CODE, DAY, Kind

RATE = Kind(
    name="rate",
    doc="One unit of `base` in `quote` on a day.",
    columns={"day": DAY, "base": CODE, "quote": CODE, "rate": pa.decimal128(18, 8)},
    key=("day", "base", "quote"),
)
