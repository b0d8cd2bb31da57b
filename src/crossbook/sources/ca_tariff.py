"""The Customs Tariff of Canada: the table TPHS of the database that the Canada Border Services Agency publishes.

The agency gives the tariff as a Microsoft Access database (cbsa-asfc.gc.ca/trade-commerce/tariff-tarif/menu-eng.html);
this reads a CSV export of its table TPHS, whose columns were seen in the edition of 2026-09-01, at
github.com/SAIL-Engineering/tariff-rate-tracker, `data/ca_tariff_source`: TARIFF, EFF_DATE, DESC1, UOM, MFN and one for
each other treatment. Kept are tariff items, which have eight digits, with the rate of the most favoured nation, which
goods of China bear; lines of ten digits are for statistics. Surtaxes (China Surtax Order, SOR/2024-187; Steel Goods and
Aluminum Goods Surtax Order, SOR/2025-154) and trade remedies are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, constant, fact_table


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    item = pc.match_substring_regex(frame.text("code").cast(pa.string()), r"^\d{4}\.\d{2}\.\d{2}$")
    rated = pc.match_substring_regex(frame.text("duty").cast(pa.string()), r"\S")
    kept = frame.where(pc.fill_null(pc.and_(item, rated), False))
    if not len(kept):
        return
    yield fact_table(
        "tariff",
        kept,
        state["account"],
        market=constant("CA", len(kept)),
        code=kept.convert("code", lambda text: text.replace(".", ""), pa.string(), "item", required=True),
        description=kept.text("description"),
        general=kept.convert("duty", _duty, pa.string(), "duty", required=True),
        origins=constant("ALL", len(kept)),
        valid_from=kept.day("since", "mdy", required=True),
    )


def _duty(text: str) -> str:
    """A rate as the tariff writes it, "0.86 ¢each" with the stroke that other schedules have."""
    return re.sub(r"¢\s*(?=each)", "¢/", re.sub(r"\s{1,9}%", "%", " ".join(text.split())))


SOURCE = TableReport(
    name="ca_tariff",
    title="Customs Tariff of Canada (table TPHS)",
    columns={
        "code": ("tariff",),
        "since": ("eff_date",),
        "description": ("desc1",),
        "duty": ("mfn",),
        "unit": ("uom",),
    },
    required=("code", "since", "description", "duty", "unit"),
    build=_build,
    account="CA",
    example="TARIFF,EFF_DATE,CHANGE,SUB_CHAP,DESC1,DESC2,DESC3,FOOTNOTE,UOM,MFN,AUT,…\n"
    "6109.10.00,09/01/26 00:00:00,1,,Of cotton,,,,,18 %,11 %,…",
)
