"""World Bank WITS: results of its queries, and the table "By-HS6Product" of its pages.

A query's result: `Nomenclature,ReporterISO3,ProductCode,ReporterName,PartnerISO3,PartnerName,Year,TradeFlowName,
TradeFlowCode,TradeValue in 1000 USD`, with quantity and `NetWeight in KGM` where asked for. The pages' table:
`Reporter,TradeFlow,ProductCode,Product Description,Year,Partner,Trade Value 1000USD,Quantity,Quantity Unit`, with names
for countries and no revision of the HS (both as public programs that read such files name their columns).

Values are in thousand US dollars. WITS has UN Comtrade's figures: gross imports and exports are its imports and
exports; "Import" and "Export" beside them, in one file, are what is left after re-imports and re-exports, and are left
out then. Its letters for countries are partly its own (ROM, ZAR, OAS for Taiwan); WLD and groups have no country.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.countries import of_letters, of_name
from crossbook.sources import trade_flows
from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport
from crossbook.sources.source import Reading

GROSS = {
    "gross imports": "import",
    "gross imp.": "import",
    "gross exports": "export",
    "gross exp.": "export",
}
NET = {"import": "import", "imports": "import", "export": "export", "exports": "export"}
OTHER = {"re-export": "re-export", "re-exports": "re-export", "re-import": "re-import", "re-imports": "re-import"}
BOTH = "rows left out that have imports or exports without re-imports or re-exports, beside gross ones: {count}"


def _flow(text: str) -> str:
    found = GROSS.get(text.lower()) or NET.get(text.lower()) or OTHER.get(text.lower())
    if found is None:
        raise ValueError("not a flow of trade (Import, Export, Gross Imports, Gross Exports, Re-Export, Re-Import)")
    return found


def _letters(text: str) -> str | None:
    return of_letters(text) if len(text) == 3 else None


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    trade_flows.hold_figures(frame, state["delimiter"])
    names = pc.utf8_lower(pc.utf8_trim_whitespace(frame.raw("flow").cast(pa.string())))
    gross = pc.is_in(names, pa.array(list(GROSS)))
    state["gross"] = state.get("gross", False) or bool(pc.any(gross).as_py())
    kept = frame
    if state["gross"]:
        net = pc.is_in(names, pa.array(list(NET)))
        state["net"] = state.get("net", 0) + (pc.sum(net).as_py() or 0)
        kept = frame.where(pc.invert(net))
    if not len(kept):
        return
    by_letters = "reporter" in kept.names
    who, whom = ("reporter", "partner") if by_letters else ("reporter_name", "partner_name")
    flow = kept.convert("flow", _flow, pa.string(), "flow", required=True)
    yield trade_flows.told(
        kept,
        state["account"],
        dataset="wits",
        flow=flow,
        reporter=who,
        partner=whom,
        find=_letters if by_letters else of_name,
        revision=kept.convert("revision", trade_flows.revision, pa.string(), "revision"),
        value=trade_flows.whole(kept, "value", 100_000),
        unit=kept.convert("unit", lambda t: None if t in trade_flows.ABSENT else t, pa.string(), "unit"),
        estimated=pa.nulls(len(kept), pa.bool_()),
    )


def _finish(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    if state.get("net"):
        reading.notes.append(BOTH.format(count=state["net"]))
    yield from ()


PAGES = TableReport(
    name="wits_pages",
    title="World Bank WITS (table of its pages, By-HS6Product)",
    columns={
        "reporter_name": ("reporter",),
        "flow": ("tradeflow",),
        "product": ("productcode",),
        "year": ("year",),
        "partner_name": ("partner",),
        "value": ("trade value 1000usd",),
        "quantity": ("quantity",),
        "unit": ("quantity unit",),
    },
    required=("reporter_name", "flow", "product", "year", "partner_name", "value"),
    build=_build,
    finish=_finish,
    delimiters=",;\t",
    account="wits",
    example="Reporter,TradeFlow,ProductCode,Product Description,Year,Partner,Trade Value 1000USD,Quantity,"
    "Quantity Unit\nGermany,Import,610910,T-shirts,2022,China,12345.67,1000,Item",
)

SOURCE = TableReport(
    name="wits",
    title="World Bank WITS (result of a query)",
    columns={
        "revision": ("nomenclature",),
        "reporter": ("reporteriso3",),
        "product": ("productcode",),
        "partner": ("partneriso3",),
        "year": ("year",),
        "flow": ("tradeflowname",),
        "value": ("tradevalue in 1000 usd", "trade value in 1000 usd"),
        "net_kg": ("netweight in kgm",),
        "quantity": ("quantity",),
        "unit": ("qtyunit", "qtytoken"),
    },
    required=("reporter", "product", "partner", "year", "flow", "value"),
    build=_build,
    finish=_finish,
    delimiters=",;\t",
    wide=frozenset({"value", "quantity", "net_kg"}),
    account="wits",
    also=(PAGES,),
    example="Nomenclature,ReporterISO3,ProductCode,ReporterName,PartnerISO3,PartnerName,Year,TradeFlowName,"
    "TradeFlowCode,TradeValue in 1000 USD\nH5,DEU,610910,Germany,CHN,China,2022,Import,5,12345.67",
)
