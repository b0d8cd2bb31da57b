"""The demo's statistics of trade: made figures in the formats of UN Comtrade, CEPII BACI, WITS and ITC Trade Map.

BACI tells three years of every market but Nigeria; Comtrade what nine markets tell of six years and what China tells
of Nigeria; WITS what four told; Trade Map who imports camp lamps, and from whom Japan buys them. Importers tell a price
with freight and insurance in it, BACI one without, so that the two differ as they do in the world.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from crossbook.countries import countries
from crossbook.demo.goods_traded import EXPORTERS, GOODS, IMPORTERS, YEARS, Good, Traded, trade

BACI_YEARS = (2022, 2023, 2024)
TELL_COMTRADE = ("JP", "KR", "DE", "GB", "AU", "US", "CA", "FR", "SG")
LATE = ("CA", "FR", "SG")  # have not told of the last year yet
TELL_WITS = ("AE", "KZ", "SA", "UZ")
MIRRORED = "NG"  # tells nothing itself
SINCE_2022 = "852589"  # the HS of 2017 has no such code
# Numbers of UN Comtrade, which BACI uses too.
_NUMBERS = (
    "CN:156 VN:704 DE:276 US:842 JP:392 KR:410 IT:380 TR:792 TH:764 IN:699 MX:484 PL:616 ID:360 BD:50 TW:490 "
    "NL:528 CH:757 FR:251 ES:724 SE:752 RO:642 GB:826 CA:124 BR:76 MY:458 SG:702 PH:608 PK:586 AU:36 AE:784 "
    "SA:682 IR:364 KZ:398 UZ:860 RU:643 ZA:710 NG:566"
)
NUMBERS = {letters: int(number) for letters, number in (item.split(":") for item in _NUMBERS.split())}
# As Trade Map writes those names that it writes otherwise than others.
TRADE_MAP = {
    "US": "United States of America",
    "KR": "Korea, Republic of",
    "VN": "Viet Nam",
    "TR": "Türkiye",
    "RU": "Russian Federation",
    "IR": "Iran, Islamic Republic of",
    "TW": "Taipei, Chinese",
}
_COMTRADE = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,"
    "flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,"
    "classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,"
    "customsDesc,mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,"
    "altQtyUnitAbbr,altQty,isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,"
    "fobvalue,primaryValue,legacyEstimationFlag,isReported,isAggregate"
).split(",")
_WITS = (
    "Nomenclature,ReporterISO3,ProductCode,ReporterName,PartnerISO3,PartnerName,Year,TradeFlowName,TradeFlowCode,"
    "TradeValue in 1000 USD"
).split(",")


def write(folder: Path, rng: np.random.Generator) -> None:
    """Write the files of the four sets into a folder."""
    traded = trade(rng)
    told = _Told(traded, rng)
    for year in BACI_YEARS:
        name = f"BACI_HS22_Y{year}_V202601.csv"
        _write(folder / name, ["t", "i", "j", "k", "v", "q"], _baci(traded, rng, year))
    comtrade = _text(_COMTRADE, _comtrade(told), after=",")
    (folder / "TradeData_6_22_2026_10_14_5.csv").write_bytes(comtrade.encode("latin-1"))
    _write(folder / "DataJobID-2841907_2841907_outdoor.csv", _WITS, _wits(told))
    lamps = next(good for good in GOODS if good.code == "851310")
    about = [
        f"Product: {lamps.code} {lamps.text}",
        "Sources: ITC calculations based on UN COMTRADE and ITC statistics.",
    ]
    columns = [f"Imported value in {year}" for year in YEARS[:-1]]
    for name, title, first, rows in (
        (
            "importers_for_the_selected_product",
            "importers for the selected product",
            "Importers",
            _importers(told, lamps),
        ),
        (
            "supplying_markets_for_a_product_imported_by_Japan",
            "supplying markets for a product imported by Japan",
            "Exporters",
            _suppliers(told, lamps, "JP"),
        ),
    ):
        above = [[f"List of {title}"], *([line] for line in about), ["Unit: US Dollar thousand"], []]
        text = _text([first, *columns], rows, above=above)
        (folder / f"Trade_Map_-_List_of_{name}.csv").write_text("\ufeff" + text, encoding="utf-8")


class _Told:
    """What an importer tells of a good in a year from an exporter, or from all (None): US dollars with freight and
    insurance; None where nothing was traded."""

    def __init__(self, traded: Traded, rng: np.random.Generator) -> None:
        self._traded = traded
        self._more = 1 + rng.uniform(0.01, 0.09, (len(GOODS), len(IMPORTERS)))
        self._rest = 1 + rng.uniform(0.01, 0.05, (len(GOODS), len(IMPORTERS)))  # from those not among EXPORTERS

    def __call__(self, good: Good, year: int, importer: str, exporter: str | None) -> int | None:
        at = GOODS.index(good), IMPORTERS.index(importer)
        if exporter is None:
            found = self._traded.bought(good, year, importer) * self._rest[at]
        else:
            found = self._traded.sold(good, year, exporter, importer)
        return round(found * self._more[at]) or None

    def free_on_board(self, good: Good, year: int, importer: str) -> int | None:
        """What China tells that it sold there."""
        return round(self._traded.sold(good, year, "CN", importer)) or None


def _baci(traded: Traded, rng: np.random.Generator, year: int) -> Iterable[list[Any]]:
    for exporter in sorted(EXPORTERS, key=NUMBERS.__getitem__):
        for importer in sorted(IMPORTERS, key=NUMBERS.__getitem__):
            for good in GOODS:
                dollars = traded.sold(good, year, exporter, importer)
                if not dollars or importer == MIRRORED:
                    continue
                tons = dollars / good.kilo / 1000 * float(rng.uniform(0.8, 1.25))
                value = f"{dollars * float(rng.uniform(0.98, 1.02)) / 1000:.3f}"
                yield [year, NUMBERS[exporter], NUMBERS[importer], good.code, value, f"{tons:.3f}"]


def _partners(good: Good, importer: str) -> list[str | None]:
    """Whom a file names: the world, China, Vietnam, and the three strongest others."""
    named = [x for x in ("CN", "VN", *list(good.rivals)[:3]) if x != importer]
    return [None, *dict.fromkeys(named)]


def _comtrade(told: _Told) -> Iterable[list[Any]]:
    for importer in TELL_COMTRADE:
        for year in YEARS[:-1] if importer in LATE else YEARS:
            for good in _goods_of(year):
                for partner in _partners(good, importer):
                    dollars = told(good, year, importer, partner)
                    if dollars is not None:
                        yield _comtrade_row(year, importer, ("M", "Import"), partner, good, dollars)
    for year in YEARS[:-1]:
        for good in _goods_of(year):
            dollars = told.free_on_board(good, year, MIRRORED)
            if dollars is not None:
                yield _comtrade_row(year, "CN", ("X", "Export"), MIRRORED, good, dollars)


def _goods_of(year: int) -> list[Good]:
    return [good for good in GOODS if year >= 2022 or good.code != SINCE_2022]


def _comtrade_row(
    year: int, reporter: str, flow: tuple[str, str], partner: str | None, good: Good, dollars: int
) -> list[Any]:
    here = countries()[reporter]
    there = countries()[partner] if partner else None
    whole = [0, "W00", "World"]
    other = [NUMBERS[there.iso2], there.iso3, there.name] if there else whole
    revision = "H6" if year >= 2022 else "H5"
    weight = round(dollars / good.kilo)
    values = [dollars, "", dollars] if flow[0] == "M" else ["", dollars, dollars]
    return [
        *["C", "A", f"{year}0101", year, 52, year, NUMBERS[reporter], here.iso3, here.name, *flow, *other, *whole],
        *[revision, "HS", "true", good.code, good.text, 6, "true", "C00", "TOTAL CPC", 0, 0, "TOTAL MOT"],
        *[8, "kg", weight, "false", "", "", "", "", weight, "false", "", "", *values, 0, "false", "true"],
    ]


def _wits(told: _Told) -> Iterable[list[Any]]:
    for importer in TELL_WITS:
        here = countries()[importer]
        for year in YEARS[:-1]:
            for good in _goods_of(year):
                for partner in _partners(good, importer):
                    dollars = told(good, year, importer, partner)
                    there = countries()[partner] if partner else None
                    if dollars is not None:
                        yield [
                            *["H6" if year >= 2022 else "H5", here.iso3, good.code, here.name],
                            *([there.iso3, there.name] if there else ["WLD", "World"]),
                            *[year, "Gross Imports", 1, f"{dollars / 1000:.3f}"],
                        ]


def _importers(told: _Told, good: Good) -> Iterable[list[Any]]:
    markets = [m for m in IMPORTERS if m != MIRRORED]
    values = {m: [told(good, year, m, None) or 0 for year in YEARS[:-1]] for m in markets}
    yield ["World", *(_thousands(sum(year)) for year in zip(*values.values(), strict=True))]
    for market in sorted(markets, key=lambda m: -values[m][-1]):
        yield [_name(market), *map(_thousands, values[market])]


def _suppliers(told: _Told, good: Good, importer: str) -> Iterable[list[Any]]:
    for partner in (None, *EXPORTERS):
        values = [told(good, year, importer, partner) for year in YEARS[:-1]] if partner != importer else []
        if any(values):
            yield [_name(partner) if partner else "World", *map(_thousands, values)]


def _thousands(dollars: int | None) -> str:
    return "" if not dollars else str(round(dollars / 1000))


def _name(market: str) -> str:
    return TRADE_MAP.get(market, countries()[market].name)


def _write(path: Path, header: Sequence[str], rows: Iterable[list[Any]]) -> None:
    path.write_text(_text(header, rows), encoding="utf-8")


def _text(
    header: Sequence[str], rows: Iterable[list[Any]], above: Sequence[Sequence[str]] = (), after: str = ""
) -> str:
    """A table as CSV; `after` ends each row but not the header, as downloads of Comtrade have it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([*above, header])
    body = csv.writer(out, lineterminator=f"{after}\n")
    body.writerows(rows)
    return out.getvalue()
