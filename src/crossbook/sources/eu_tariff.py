"""Import duties of the European Union: the workbooks "Duties Import" of TARIC, one row for each measure.

Columns Goods code, Add code, Order No., Start date, End date, RED_IND, Origin, Measure type, Legal base, Duty, Origin
code, Meas. type code. The same measure types are kept as of the UK's table, which grew out of this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from crossbook.sources import uk_tariff
from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    yield from uk_tariff.build(frame, state, "EU")


SOURCE = TableReport(
    name="eu_tariff",
    title="EU import duties (TARIC, Duties Import)",
    columns={
        "code": ("goods code",),
        "add_code": ("add code",),
        "since": ("start date",),
        "until": ("end date",),
        "duty": ("duty",),
        "area": ("origin code",),
        "type": ("meas. type code",),
        "legal": ("legal base",),
    },
    required=("code", "since", "duty", "area", "type"),
    build=_build,
    delimiters=",;\t",
    account="EU",
    example="Goods code,Add code,Order No.,Start date,End date,RED_IND,Origin,Measure type,Legal base,Duty,Origin code,"
    "Meas. type code\n6109100000 80,,,01-01-2010,,,ERGA OMNES,Third country duty,R1734/96,12.000 %,1011,103",
)
