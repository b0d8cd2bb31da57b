"""The data sheet that a US customs broker needs for an entry: lines, quantities, MID, duty and fees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.duty.advantage import Product
from crossbook.duty.fees import Fee, fees
from crossbook.duty.landed import check_day
from crossbook.duty.lines import TariffLine
from crossbook.duty.quoting import DutyQuote, duty
from crossbook.duty.schedule import line
from crossbook.duty.shipment import Shipment, quantities
from crossbook.duty.tables import Law
from crossbook.errors import CrossbookError
from crossbook.identifiers import mid
from crossbook.spreadsheets import Workbook


@dataclass(frozen=True)
class EntryGoods:
    """One line of an entry; money in cents. `duty` is None where a fact is missing: then between `low` and `high`."""

    sku: str
    description: str
    hts: str
    origin: str
    pieces: int
    value: int
    quantities: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    duty: int | None
    low: int | None
    high: int | None
    asked: tuple[str, ...]
    mid: str
    evidence: str
    line: int


@dataclass(frozen=True)
class DataSheet:
    """The whole sheet. `gaps` says what is missing and for which product."""

    on: date
    mode: str
    lines: tuple[EntryGoods, ...]
    fees: tuple[Fee, ...]
    value: int
    duty: int | None
    gaps: tuple[str, ...]


def data_sheet(
    book: Book,
    products: Mapping[str, Product],
    wanted: Sequence[tuple[str, int]],
    on: date,
    mode: str,
    table: Law,
    *,
    beyond: bool = False,
) -> DataSheet:
    """The sheet for pieces of products on a day. Raises CrossbookError for a product that the book does not have."""
    check_day(on, beyond)
    makers = _makers(book)
    lines, gaps = [], []
    for sku, pieces in wanted:
        product = products.get(sku)
        if product is None:
            raise CrossbookError(f"no product {sku!r} for the US market", todo="add it to the table of products")
        if pieces < 1:
            raise CrossbookError(f"{sku}: {pieces} pieces", todo="write SKU=PIECES, from 1")
        if product.cost_currency != "USD":
            raise CrossbookError(
                f"{sku}: its cost is in {product.cost_currency}", todo="state the customs value in USD"
            )
        made, missing = _line(product, pieces, on, mode, table, makers)
        lines.append(made)
        gaps += missing
    value = sum(x.value for x in lines)
    duties = [x.duty for x in lines]
    origin = lines[0].origin if lines else "CN"
    return DataSheet(
        on=on,
        mode=mode,
        lines=tuple(lines),
        fees=tuple(fees(value, on, mode, origin)),
        value=value,
        duty=None if None in duties else sum(d for d in duties if d is not None),
        gaps=tuple(gaps),
    )


def _line(
    p: Product, pieces: int, on: date, mode: str, table: Law, makers: Mapping[str, dict[str, str]]
) -> tuple[EntryGoods, list[str]]:
    at: TariffLine = line(p.hts, on, table.newer)
    value, claims = p.cost * pieces, p.claims or {}
    shipment = Shipment(
        hts=p.hts,
        origin=p.origin,
        destination="US",
        on=on,
        price=value,
        quantity=Decimal(pieces),
        mode=mode,
        claims=claims,
        weight_kg=p.weight_kg * pieces if p.weight_kg else None,
    )
    known = quantities(shipment, at.units)
    told: DutyQuote = duty(line=at, origin=p.origin, on=on, value=value, claims=claims, quantities=known, table=table)
    gaps = [f"{p.sku}: quantity in {unit}" for unit in at.units if unit and unit != "X" and unit not in known]
    gaps += [f"{p.sku}: {m.ask}" for m in told.missing]
    code, why = _mid(p, makers)
    if why:
        gaps.append(f"{p.sku}: {why}")
    headings = tuple(x.heading_9903 for x in told.outcome.lines if x.heading_9903)
    return EntryGoods(
        sku=p.sku,
        description=p.name,
        hts=at.shown,
        origin=p.origin,
        pieces=pieces,
        value=value,
        quantities=tuple((unit, f"{known[unit]:,.3f}".rstrip("0").rstrip(".")) for unit in at.units if unit in known),
        headings=headings,
        duty=told.outcome.total,
        low=told.lowest.total,
        high=told.highest.total,
        asked=tuple(m.fact for m in told.missing),
        mid=code,
        evidence=p.evidence,
        line=p.line,
    ), gaps


def _makers(book: Book) -> dict[str, dict[str, str]]:
    """Manufacturers by product: [manufacturers.NAME] of book.toml with name, address, city, country and products."""
    found: dict[str, dict[str, str]] = {}
    for key, maker in book.config.get("manufacturers", {}).items():
        if not isinstance(maker, dict) or not isinstance(maker.get("products"), list):
            raise CrossbookError(f"[manufacturers.{key}] needs a list of products", where="book.toml")
        for sku in maker["products"]:
            found[str(sku)] = {k: str(v) for k, v in maker.items() if k != "products"}
    return found


def _mid(p: Product, makers: Mapping[str, dict[str, str]]) -> tuple[str, str]:
    maker = makers.get(p.sku)
    if maker is None:
        return "", "its manufacturer is in no [manufacturers] of book.toml"
    try:
        return mid(
            p.origin, maker.get("name", ""), maker.get("address", ""), maker.get("city", ""), maker.get("province", "")
        ), ""
    except ValueError as error:
        return "", f"manufacturer: {error}"


HEAD = (
    "SKU",
    "Description 品名",
    "HTS-10",
    "Chapter 99",
    "Origin 原产地",
    "Pieces 件数",
    "Quantity, schedule's unit 法定数量",
    "Entered value USD 申报价值",
    "Duty USD 关税",
    "MID",
)


def as_workbook(path: Path, sheet: DataSheet, importer: str) -> None:
    """The sheet as XLSX for the broker: lines, fees, what is still missing."""
    with Workbook(path) as book:
        bold = book.style({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#eef2f7", "border": 1})
        cash = book.style({"num_format": "#,##0.00"})
        page = book.sheet("Entry 报关数据")
        for row, (name, value) in enumerate(
            (("Importer 进口商", importer), ("Date 日期", str(sheet.on)), ("Mode 运输方式", sheet.mode))
        ):
            page.text(row, 0, name, bold)
            page.text(row, 1, value)
        for column, name in enumerate(HEAD):
            page.text(4, column, name, bold)
        page.layout.set_column(0, 0, 16)
        page.layout.set_column(1, 1, 34)
        page.layout.set_column(2, 9, 19)
        for row, x in enumerate(sheet.lines, start=5):
            texts = [x.sku, x.description, x.hts, ", ".join(x.headings), x.origin]
            for column, text in enumerate(texts):
                page.text(row, column, text)
            page.number(row, 5, x.pieces)
            page.text(row, 6, ", ".join(f"{n} {unit}" for unit, n in x.quantities))
            page.number(row, 7, money.to_decimal(x.value, "USD"), cash)
            if x.duty is not None:
                page.number(row, 8, money.to_decimal(x.duty, "USD"), cash)
            else:
                page.text(row, 8, _between(x))
            page.text(row, 9, x.mid)
        row = 6 + len(sheet.lines)
        for fee in sheet.fees:
            page.text(row, 6, f"{fee.fee} {fee.rate}")
            page.number(row, 8, money.to_decimal(fee.amount, "USD"), cash)
            page.text(row, 9, fee.source)
            row += 1
        for gap in sheet.gaps:
            row += 1
            page.text(row, 0, "missing 缺")
            page.text(row, 1, gap)


def _between(x: EntryGoods) -> str:
    low, high = (money.plain(v, "USD") if v is not None else "?" for v in (x.low, x.high))
    return f"{low} – {high}"


def as_record(sheet: DataSheet) -> dict[str, Any]:
    """The sheet as data; amounts in cents."""
    return {
        "on": sheet.on,
        "mode": sheet.mode,
        "value": sheet.value,
        "duty": sheet.duty,
        "lines": sheet.lines,
        "fees": [{"fee": f.fee, "amount": f.amount, "rate": f.rate, "source": f.source} for f in sheet.fees],
        "gaps": sheet.gaps,
    }
