"""UN Comtrade: downloads of comtradeplus.un.org and of its API, and those of the site before 2023.

Now: `typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,…,primaryValue,…,isAggregate`, US dollars and
kilograms (columns as public programs that read such files list them, `comtradeapicall` of github.com/uncomtrade among
them). A download of the site is Latin-1, its rows may have one empty field more than its header. Before:
`Classification,Year,Period,…,Trade Value (US$),Flag` (github.com/yusufades/Dragonfly, src/api/mocks).

The world and groups of countries are kept without a code, so that they are not added to their parts. Rows that split
another one (by second partner, customs procedure, means of transport or supply) are left out: their whole is in the
file where nothing was asked for in particular. Only imports, exports, re-exports and re-imports are kept; domestic
exports and the like are parts of these. Where a quantity or weight is 0, Comtrade does not know it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources import trade_flows
from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport

FLOWS = {
    "m": "import",
    "x": "export",
    "rx": "re-export",
    "rm": "re-import",
    "1": "import",
    "2": "export",
    "3": "re-export",
    "4": "re-import",
}
PARTS_OF_FLOWS = ("fm", "dx", "mip", "xip", "mop", "xop")  # foreign imports, domestic exports, processing
# What each column says where a row is a whole: of all second partners, procedures, means of transport and supply.
WHOLES = {"partner2": ("0", ""), "customs": ("C00", ""), "transport": ("0", ""), "supply": ("0", "")}
PARTS = "rows left out that are parts of others (by second partner, customs procedure, transport or supply): {count}"
OTHERS = "rows left out of flows that are parts of imports or exports: {count}"


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    trade_flows.hold_figures(frame, state["delimiter"])
    kept = _whole_rows(frame, state)
    part = pc.is_in(kept.convert("flow", _flow, pa.string(), "flow", required=True), pa.array(["part"]))
    _count(state, "others", pc.sum(part).as_py() or 0)
    kept = kept.where(pc.invert(part))
    if not len(kept):
        return
    trade_flows.note_unknown(kept, state, ("reporter", "partner"))
    flow = kept.convert("flow", _flow, pa.string(), "flow", required=True)
    for name in ("period", "frequency", "type"):
        if name in kept.names:
            kept.convert(name, _CHECKS[name], pa.string(), f"check{name}")
    yield trade_flows.told(
        kept,
        state["account"],
        dataset="comtrade",
        flow=flow,
        reporter="reporter",
        partner="partner",
        find=trade_flows.number,
        revision=kept.convert("revision", trade_flows.revision, pa.string(), "revision", required=True),
        value=trade_flows.whole(kept, "value", 100),
        unit=kept.convert("unit", _unit, pa.string(), "unit"),
        estimated=_estimated(kept),
    )


def _whole_rows(frame: Frame, state: dict[str, Any]) -> Frame:
    mask: Column = pa.array([True] * len(frame))
    for name, whole in WHOLES.items():
        if name in frame.names:
            texts = pc.utf8_trim_whitespace(frame.raw(name).cast(pa.string()))
            mask = pc.and_(mask, pc.is_in(texts, pa.array(whole)))
    _count(state, "parts", len(frame) - (pc.sum(mask).as_py() or 0))
    return frame.where(mask)


def _count(state: dict[str, Any], name: str, more: int) -> None:
    state[name] = state.get(name, 0) + more


def _finish(state: dict[str, Any], reading: Any) -> Iterator[tuple[str, pa.Table]]:
    for name, text in (("parts", PARTS), ("others", OTHERS)):
        if state.get(name):
            reading.notes.append(text.format(count=state[name]))
    trade_flows.say_unknown(state, reading)
    yield from ()


def _flow(text: str) -> str:
    if text.lower() in PARTS_OF_FLOWS:
        return "part"
    if text.lower() not in FLOWS:
        raise ValueError("not a flow of Comtrade (M, X, RX, RM; 1 to 4)")
    return FLOWS[text.lower()]


def _annual(text: str) -> str:
    if text not in ("A", "a"):
        raise ValueError("not annual: trade statistics are read by the year, download annual data")
    return text


def _goods(text: str) -> str:
    if text not in ("C", "c"):
        raise ValueError("not goods but services: download goods (typeCode C)")
    return text


def _year_of(text: str) -> str:
    trade_flows.year(text)
    return text


_CHECKS = {"period": _year_of, "frequency": _annual, "type": _goods}


def _unit(text: str) -> str | None:
    return None if text in trade_flows.ABSENT or text.lower() == "no quantity" else text


def _estimated(frame: Frame) -> Column:
    found = [frame.convert(n, _flag, pa.bool_(), "flag") for n in ("quantity_estimated", "net_estimated", "flag")]
    told = [c for n, c in zip(("quantity_estimated", "net_estimated", "flag"), found, strict=True) if n in frame.names]
    if not told:
        return pa.nulls(len(frame), pa.bool_())
    either = told[0]
    for column in told[1:]:
        either = pc.or_kleene(either, column)
    return either


def _flag(text: str) -> bool | None:
    """Whether a figure was estimated: TRUE or FALSE; before 2023 a number, 0 where none was."""
    if text in trade_flows.ABSENT:
        return None
    return text.lower() not in ("false", "0")


LEGACY = TableReport(
    name="comtrade_legacy",
    title="UN Comtrade (downloads of the site before 2023)",
    columns={
        "revision": ("classification",),
        "year": ("year",),
        "period": ("period",),
        "flow": ("trade flow code", "tradeflow code"),
        "reporter": ("reporter code",),
        "partner": ("partner code",),
        "partner2": ("2nd partner code",),
        "customs": ("customs proc. code",),
        "transport": ("mode of transport code",),
        "product": ("commodity code",),
        "unit": ("qty unit",),
        "quantity": ("qty",),
        "net_kg": ("netweight (kg)", "netweightkg"),
        "value": ("trade value (us$)", "tradevalueus"),
        "flag": ("flag",),
    },
    required=("revision", "year", "flow", "reporter", "partner", "product", "value"),
    build=_build,
    finish=_finish,
    delimiters=",;\t",
    wide=frozenset({"value", "quantity", "net_kg"}),
    account="comtrade",
    example="Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,"
    "Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,Commodity,Qty Unit Code,"
    "Qty Unit,Qty,Netweight (kg),Trade Value (US$),Flag\n"
    "H5,2019,2019,2019,6,1,1,Import,276,Germany,DEU,156,China,CHN,610910,T-shirts,5,Number of items,1000,200,4500,0",
)

SOURCE = TableReport(
    name="comtrade",
    title="UN Comtrade (comtradeplus.un.org and its API)",
    columns={
        "type": ("typecode",),
        "frequency": ("freqcode",),
        "year": ("refyear",),
        "period": ("period",),
        "reporter": ("reportercode",),
        "flow": ("flowcode",),
        "partner": ("partnercode",),
        "partner2": ("partner2code",),
        "revision": ("classificationcode",),
        "product": ("cmdcode",),
        "customs": ("customscode",),
        "supply": ("moscode",),
        "transport": ("motcode",),
        "unit": ("qtyunitabbr",),
        "quantity": ("qty",),
        "quantity_estimated": ("isqtyestimated",),
        "net_kg": ("netwgt",),
        "net_estimated": ("isnetwgtestimated",),
        "value": ("primaryvalue",),
    },
    required=("year", "reporter", "flow", "partner", "revision", "product", "value"),
    build=_build,
    finish=_finish,
    delimiters=",;\t",
    wide=frozenset({"value", "quantity", "net_kg"}),
    account="comtrade",
    also=(LEGACY,),
    example="typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,"
    "flowDesc,partnerCode,partnerISO,partnerDesc,classificationCode,cmdCode,cmdDesc,qtyUnitAbbr,qty,netWgt,"
    "primaryValue\nC,A,20230101,2023,52,2023,276,DEU,Germany,M,Import,156,CHN,China,H6,610910,T-shirts,u,1000,200,4500",
)
