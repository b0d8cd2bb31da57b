"""Measures of the United Kingdom's tariff: "measures-on-declarable-commodities", CSV, of data.api.trade.gov.uk.

One row for each measure on each commodity. Only duties are kept: third country duty (103, 105), preferences (142, 145)
and trade remedies (551 to 554); quotas, controls and supplementary units are not duties that everyone pays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, constant, fact_table

DUTIES = ("103", "105", "142", "145", "551", "552", "553", "554")
EVERYONE = "1011"  # the geographical area of all origins (erga omnes)


def areas(text: str, excluded: str = "") -> str:
    """Origins of a measure: a country, or ALL less those excluded. Other groups of countries are kept as they are."""
    out = " ".join(f"-{code}" for code in excluded.replace("|", " ").replace(",", " ").split() if len(code) == 2)
    return " ".join(filter(None, ("ALL" if text == EVERYONE else text, out)))


def build(frame: Frame, state: dict[str, Any], market: str) -> Iterator[tuple[str, pa.Table]]:
    """Facts of a table that has the columns code, description, type, duty, area, excluded, since and until."""
    kept = frame.where(pc.is_in(frame.text("type").cast(pa.string()), pa.array(DUTIES)))
    if not len(kept):
        return
    area, excluded = kept.text("area").to_pylist(), kept.text("excluded").to_pylist()
    yield fact_table(
        "tariff",
        kept,
        state["account"],
        market=constant(market, len(kept)),
        code=kept.convert("code", _code, pa.string(), "code", required=True),
        description=kept.text("description"),
        general=kept.text("duty", required=True),
        origins=pa.array([areas(a or EVERYONE, x or "") for a, x in zip(area, excluded, strict=True)]),
        measure=kept.text("type"),
        valid_from=kept.day("since", "dmy", required=True),
        valid_to=kept.day("until", "dmy"),
    )


def _code(text: str) -> str:
    clean = text.replace(" ", "").replace(".", "")
    if not clean.isdigit() or len(clean) > 12:
        raise ValueError("not a commodity code")
    clean = clean[:10]
    while len(clean) > 4 and clean.endswith("00"):  # a code ends where only noughts follow: it is for all below it
        clean = clean[:-2]
    return clean


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    yield from build(frame, state, "GB")


SOURCE = TableReport(
    name="uk_tariff",
    title="UK tariff measures (measures on declarable commodities)",
    columns={
        "code": ("commodity__code",),
        "description": ("commodity__description",),
        "type": ("measure__type__id",),
        "duty": ("measure__duty_expression",),
        "since": ("measure__effective_start_date",),
        "until": ("measure__effective_end_date",),
        "area": ("measure__geographical_area__id",),
        "excluded": ("measure__excluded_geographical_areas__ids",),
    },
    required=("code", "type", "duty", "since", "area"),
    build=_build,
    account="GB",
    example="id,commodity__code,commodity__description,measure__type__id,measure__type__description,"
    "measure__duty_expression,measure__effective_start_date,…,measure__geographical_area__id,…\n"
    "1,6109100010,T-shirts,103,Third country duty,12.00%,2021-01-01,…,1011,…",
)
