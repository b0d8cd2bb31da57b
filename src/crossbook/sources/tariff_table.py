"""Import duties of any market as a plain table: market, code, duty, origins, measure, from, to, description.

`duty` is written as schedules do ("6.5%", "12% + 1.5 CNY/kg" is not read). With market US, `measure` is the number of
an anti-dumping or countervailing case and `duty` the deposit rate that applies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from crossbook.sources import ca_tariff, kr_tariff, values
from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, constant, fact_table


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    market = state["account"].partition("@")[0]
    stated = frame.text("market", required="market" in frame.names)
    yield fact_table(
        "tariff",
        frame,
        state["account"],
        market=stated if "market" in frame.names else constant(market, len(frame)),
        code=frame.convert("code", values.tariff_number, pa.string(), "code", required=True),
        description=frame.text("description"),
        general=frame.text("duty", required=True),
        origins=frame.text("origins"),
        measure=frame.text("measure"),
        valid_from=frame.day("since", "ymd", required=True),
        valid_to=frame.day("until", "ymd"),
    )


SOURCE = TableReport(
    name="tariff_table",
    title="Import duties of a market, and trade remedy cases (plain table)",
    columns={
        "market": ("market",),
        "code": ("code", "hs code"),
        "duty": ("duty", "rate"),
        "origins": ("origins", "origin"),
        "measure": ("measure", "case"),
        "since": ("from", "valid from"),
        "until": ("to", "valid to"),
        "description": ("description",),
    },
    required=("code", "duty", "since"),
    build=_build,
    delimiters=",;\t",
    absent=("sku", "goods code"),
    account="tariff",
    example="market,code,duty,origins,measure,from,to,description\nKR,610910,13%,ALL,,2025-01-01,,T-shirts of cotton",
    also=(ca_tariff.SOURCE, kr_tariff.SOURCE),
)
