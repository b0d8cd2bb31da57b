"""Entry Summary Line Details (ES-003) of the Automated Commercial Environment, CSV.

One row for each tariff number of each entry line: the chapter 99 headings and the commodity's own number. Amounts are
in US dollars, with or without "$" and thousands separators; days are month/day/year. A copy that a spreadsheet saved
again may have semicolons, a decimal comma, the day first where a day over 12 tells so, or underscores in its headers.
Rows of totals are held against the lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.sources.entry_totals import Totals, held, without
from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport, constant, fact_table

_AS_A_NUMBER = re.compile(r"([0-9]{3,4})\.([0-9]{1,6})")  # a spreadsheet's: 9903.0124, and 9903.012 for 9903.01.20
_DAYS = ("entered", "summary", "rated", "liquidated")
_PARTS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2\d{2,4}")  # of a day, the year last
_OTHER_MONEY = re.compile(r"[€£¥￥]")  # signs that amounts elsewhere may have


def _digits(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)  # digits of full width are digits
    if number := _AS_A_NUMBER.fullmatch(text.strip()):  # noughts are missing in front of it, and at its end
        heading, rest = number.groups()
        return heading.zfill(4) + rest.ljust(4 if len(rest) < 5 else 6, "0")
    clean = re.sub(r"[.\s]", "", text)
    if not clean.isdigit() or len(clean) > 10:
        raise ValueError("not a tariff number")
    return clean if len(clean) in (8, 10) else clean.zfill(8 if len(clean) < 8 else 10)


def _entry(text: str) -> str:
    """An entry number as it is written. Digits alone that are fewer than eleven have lost some."""
    if text.isascii() and text.isdigit() and len(text) < 11:
        raise ValueError("not an entry number of eleven places (filer 3, number 7, check digit): noughts may be lost")
    return text


def _dollars(text: str, point: str) -> int:
    """Cents; an amount with the sign of another currency is none of the report, whose amounts are US dollars."""
    if _OTHER_MONEY.search(text):
        raise ValueError("not an amount in US dollars")
    return money.parse(text, 2, point)


def _duty(text: str, point: str) -> int:
    """Cents; ACE writes FREE where the rate is, and then no duty was paid."""
    return 0 if text.strip().upper() == "FREE" else _dollars(text, point)


def _order(frame: Frame, state: dict[str, Any]) -> str | None:
    """Whether the month or the day stands first in all days of the report, told by a number over 12, a day's.
    Without one ACE's own order counts, and None where a spreadsheet may have turned it round."""
    texts = {text for name in _DAYS for text in pc.unique(frame.raw(name).cast(pa.string())).to_pylist()}
    found = [m for text in texts if text and (m := _PARTS.match(text.strip()))]
    places = state.setdefault("places", set())
    places |= {place for m in found for place in (1, 3) if int(m[place]) > 12}
    order = "mdy" if 3 in places else "dmy"
    before = state.get("order")  # of the rows that were read before these
    if len(places) > 1 or (places and before and before != order):
        raise CrossbookError(
            "days over 12 stand in both places of its dates",
            where=frame.reading.name,
            todo="export the report again, or write its days as 2025-06-05",
        )
    if not places:
        return None if frame.point == "," or any(m[2] == "." for m in found) else state.setdefault("order", "mdy")
    state["order"] = order
    return order


def _days(frame: Frame, name: str, order: str | None, *, required: bool = False) -> Column:
    def one_way(text: str) -> str:
        found = _PARTS.match(text.strip())
        turned = found and (order is None or (order == "mdy" and found[2] == "."))  # which values.day reads day first
        if found and turned and int(found[1]) != int(found[3]):
            raise ValueError("a day that can be read both ways, as a spreadsheet saved this: write it as 2025-06-05")
        return text

    frame.convert(name, one_way, pa.string(), f"one way{order}")
    return frame.day(name, order or "mdy", required=required)


def _written(columns: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Each header also with underscores in place of its spaces, as databases and spreadsheets export it."""
    return {name: (*texts, *(t.replace(" ", "_") for t in texts if " " in t)) for name, texts in columns.items()}


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    totals: Totals = state.setdefault("totals", Totals())
    frame = without(frame, totals)
    usd = constant("USD", len(frame))
    entry = frame.convert("entry", _entry, pa.string(), "entry", required=True)
    value = frame.convert("value", partial(_dollars, point=frame.point), pa.int64(), "dollars")
    duty = frame.convert("duty", partial(_duty, point=frame.point), pa.int64(), "duty", required=True)
    totals.count(entry, {"value": value, "duty": duty})
    order = _order(frame, state)
    yield fact_table(
        "entry_line",
        frame,
        state["account"],
        entry=entry,
        entry_line=frame.units("number", required=True),
        ordinal=frame.units("ordinal"),
        type=frame.text("type"),
        importer=frame.text("importer"),
        entered_on=_days(frame, "entered", order, required=True),
        summary_on=_days(frame, "summary", order),
        rated_on=_days(frame, "rated", order),
        origin=frame.text("origin", required=True),
        exported_from=frame.text("exported"),
        programme=frame.text("programme"),
        hts=frame.convert("hts", _digits, pa.string(), "hts", required=True),
        amount=value,
        duty=duty,
        currency=usd,
        quantity=frame.text("quantity"),
        unit=frame.text("unit"),
        liquidation=frame.text("liquidation"),
        liquidated_on=_days(frame, "liquidated", order),
        protest=frame.text("protest"),
        protest_status=frame.text("protest_status"),
        reconciliation=frame.text("reconciliation"),
        drawback=frame.text("drawback"),
        port=frame.text("port"),
    )


SOURCE = TableReport(
    name="entry_lines",
    title="US entry summary lines (ACE report ES-003)",
    columns=_written(
        {
            "entry": ("entry summary number",),
            "number": ("entry summary line number", "line number"),
            "ordinal": ("tariff ordinal number",),
            "type": ("entry type code",),
            "importer": ("importer number",),
            "entered": ("entry date",),
            "summary": ("entry summary date",),
            "rated": ("rate date",),
            "origin": ("country of origin code",),
            "exported": ("country of export code",),
            "programme": ("line spi code",),
            "hts": ("hts number - full", "hts number"),
            "value": ("line tariff goods value amount", "line goods value amount"),
            "duty": ("line tariff duty amount", "line tariff amount", "line duty amount"),
            "quantity": ("line tariff quantity (1)",),
            "unit": ("line tariff uom (1) code",),
            "liquidation": ("liquidation status",),
            "liquidated": ("liquidation date",),
            "protest": ("protest number",),
            "protest_status": ("protest status",),
            "reconciliation": (
                "reconciliation indicator",
                "reconciliation flag",
                "recon indicator",
                "recon flag",
                "reconciliation issue code",
            ),
            "drawback": (
                "drawback indicator",
                "drawback flag",
                "drawback",
                "drawback claim number",
                "drawback entry number",
            ),
            "port": ("port of entry code", "port of entry"),
        }
    ),
    required=("entry", "number", "hts", "duty", "entered", "origin"),
    build=_build,
    finish=held,
    delimiters=",\t;",
    amounts=("value", "duty"),
    cells=(re.compile(r"[A-Z0-9]{3}-?[0-9]{7}-?[0-9]"), re.compile(r"[0-9]{4}\.[0-9]{2}\.[0-9]{2,4}")),
    account="ace",
    example="Entry Summary Number,Entry Type Code,Entry Date,Entry Summary Line Number,Country of Origin Code,"
    "Tariff Ordinal Number,HTS Number - Full,Line Tariff Goods Value Amount,Line Tariff Duty Amount,…\n"
    'ABC-1234567-8,01,04/20/2025,1,CN,1,9903.01.63,$0.00,"$12,500.00",…',
)
