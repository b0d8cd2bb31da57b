"""CEPII's BACI: what every country exported to every other, six digits of the HS, importers' and exporters' telling
reconciled into one.

A file a year, `BACI_HS17_Y2022_V202401.csv`: t year, i exporter, j importer, k product, v value in thousand US dollars,
q quantity in metric tons (cepii.fr, "DescriptionBACI.html"; the header `t,i,j,k,v,q` as public programs that read the
files check it). Countries are numbers of UN Comtrade. The revision of the HS stands in the name of the file alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from crossbook.sources import trade_flows
from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, constant, fact_table
from crossbook.sources.source import Reading

_NAME = re.compile(r"BACI_HS(\d\d)_", re.IGNORECASE)


def _product(text: str) -> str:
    """Six places of the HS; noughts that a program took off the front are put back."""
    return trade_flows.product(text.zfill(6))


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    trade_flows.hold_figures(frame, state["delimiter"])
    trade_flows.note_unknown(frame, state, ("exporter", "importer"))
    told = _NAME.search(state["head"].name)
    years = {name[4:]: name for name in trade_flows.REVISIONS.values()}
    revision = years.get(told[1]) if told else None
    if revision is None and "asked" not in state:
        state["asked"] = True
        frame.reading.notes.append(
            "the name of the file does not say which revision of the HS its codes are of (BACI_HS17_…): kept without"
        )
    yield fact_table(
        "trade_flow",
        frame,
        state["account"],
        dataset="baci",
        year=frame.convert("year", trade_flows.year, pa.int64(), "year", required=True),
        exporter=trade_flows.place(frame, "exporter", trade_flows.number),
        importer=trade_flows.place(frame, "importer", trade_flows.number),
        exporter_told=frame.codes("exporter", required=True),
        importer_told=frame.codes("importer", required=True),
        reporter="both",
        flow="export",
        product=frame.convert("product", _product, pa.string(), "product", required=True),
        revision=constant(revision, len(frame)),
        value=trade_flows.whole(frame, "value", 100_000),
        quantity=trade_flows.quantity(frame, "quantity"),
        unit="t",
        net_g=trade_flows.whole(frame, "quantity", 1_000_000),
        estimated=pa.nulls(len(frame), pa.bool_()),
    )


def _finish(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    trade_flows.say_unknown(state, reading)
    yield from ()


SOURCE = TableReport(
    name="baci",
    title="CEPII BACI (trade between countries, HS6)",
    columns={
        "year": ("t",),
        "exporter": ("i",),
        "importer": ("j",),
        "product": ("k",),
        "value": ("v",),
        "quantity": ("q",),
    },
    required=("year", "exporter", "importer", "product", "value", "quantity"),
    build=_build,
    finish=_finish,
    delimiters=",;\t",
    wide=frozenset({"value", "quantity"}),
    account="baci",
    example="t,i,j,k,v,q\n2022,156,842,610910,1234.567,89.012",
)
