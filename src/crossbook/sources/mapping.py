"""Any other table: a mapping from its columns to a kind of fact, written once as TOML and kept in the book."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.facts.kind import CODE, DAY, INSTANT, MINOR, TEXT
from crossbook.sources import tracking, values
from crossbook.sources.frame import Column, Frame
from crossbook.sources.order_parts import product
from crossbook.sources.report import TableReport, constant, fact_table
from crossbook.sources.source import Facts, Head, Reading, Recognition

DELIMITERS = ",;\t|"

NEEDED = {
    "bank": ("booked_on", "amount"),
    "payout": ("payout_id", "paid_on", "amount"),
    "order": ("order_id", "placed_at", "total"),
    "payment": ("payment_id", "order_id", "amount", "paid_at"),
    "shipment": ("order_id", "tracking"),
    "tracking": ("tracking", "happened_at", "event"),
    "receipt": ("order_id", "received_at"),
    "invoice": ("invoice_id", "order_id", "issued_on", "amount"),
    "customs": ("order_id", "declaration"),
    "dispute": ("order_id", "opened_on", "state"),
    "rate": ("day", "base", "quote", "rate"),
    "entry_line": ("entry", "entry_line", "entered_on", "origin", "hts", "duty"),
    "product": ("sku", "hts", "origin", "market", "cost"),
    "tariff": ("market", "code", "general", "valid_from"),
}
COUNTS = ("count", "quantity", "entry_line", "ordinal", "pieces", "weight_g", "net_weight_g")  # no money
KILOS = {"weight_kg": "weight_g", "net_weight_kg": "net_weight_g"}  # kept in grams where the kind has that column
# A table of orders tells of goods too, each row of one line; what an order has by the same name begins with line_.
LINES = {f"line_{name}": name for name in ("discount", "tax", "shipping")} | {
    name: name for name in ("title", "item", "quantity", "amount", "price", "net_weight_g", "hs", "origin")
}
POSITIVE = ("discount", "line_discount", "refunded")  # sums, whatever sign a table gives them
COSTS = ("cost", "freight", "selling")  # of a product: in the currency it is bought in
_SETTINGS: dict[str, tuple[str, ...]] = {
    "account": (),
    "currency": (),
    "date_order": ("ymd", "mdy", "dmy"),
    "zone": (),
    "decimal": (".", ","),
}


@dataclass(frozen=True)
class MappedTable:
    """A source made from a mapping. `text` is the TOML; `columns` maps a fact column to a header or "=constant"."""

    name: str
    text: str

    @cached_property
    def spec(self) -> dict[str, Any]:
        try:
            spec = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise CrossbookError(f"not valid TOML: {error}", where=f"mapping {self.name}") from None
        _check(spec, self.name)
        return spec

    @property
    def title(self) -> str:
        return f"mapped table: {self.spec['kind']}"

    @property
    def example(self) -> str:
        return ",".join(c for c in self.spec["columns"].values() if not c.startswith("="))

    def _report(self) -> TableReport:
        headers: dict[str, tuple[str, ...]] = {
            n: (" ".join(h.split()).lower(),) for n, h in self.spec["columns"].items() if not h.startswith("=")
        }
        amounts = [n for n in headers if n in ("credit", "debit") or self._type(n) == MINOR]
        return TableReport(
            name=self.name,
            title=self.title,
            columns=headers,
            required=tuple(headers),
            build=self._build,
            delimiters=DELIMITERS,
            amounts=() if "decimal" in self.spec else tuple(amounts),
            account=self.spec.get("account", self.name),
            example="",
        )

    def recognise(self, head: Head) -> Recognition:
        found = self._report().recognise(head)
        return Recognition(1.0, found.reason) if found.confidence else found

    def read(self, reading: Reading) -> Facts:
        return self._report().read(reading)

    def _type(self, column: str) -> pa.DataType | None:
        return column_type(self.spec["kind"], column)

    def _build(self, frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
        frame.point = self.spec.get("decimal", frame.point)
        kind, columns = self.spec["kind"], self.spec["columns"]
        currency = self._currency(frame)
        bought = frame.currency("cost_currency", None) if "cost_currency" in columns else currency
        made: dict[str, Column | str | None] = {}
        for name, header in columns.items():
            if name in KILOS and column_type(kind, KILOS[name]) is not None:
                made[KILOS[name]] = frame.convert(name, _grams, pa.int64(), "grams")
            elif name not in ("credit", "debit", "account"):
                made[name] = self._convert(frame, name, header, bought if name in COSTS else currency)
        if kind == "product":
            made["cost_currency"] = bought
        if "credit" in columns:
            credit, debit = (pc.fill_null(frame.money(n, currency), 0) for n in ("credit", "debit"))
            made["amount"] = pc.subtract(pc.abs(credit), pc.abs(debit))
        if "currency" in KINDS[kind].columns:
            made["currency"] = currency
        if kind == "payout":
            made.setdefault("basis", "total")
        if kind == "dispute":
            made["state"] = frame.lookup("state", _STATES, "open")
        if kind == "tracking":
            made["code"] = frame.text("event", required=True)
            made["event"] = frame.lookup("event", tracking.WORDS, "exception")
        account: Column | str = frame.text("account") if "account" in columns else state["account"]
        if kind == "order":
            item = {column: made.pop(n) for n, column in LINES.items() if n in made}
            if "amount" not in item and {"price", "quantity"} <= set(item):
                item["amount"] = product(frame, "price", item["price"], item["quantity"])
            if item:
                yield fact_table("order_item", frame, account, order_id=made["order_id"], currency=currency, **item)
        yield fact_table(kind, frame, account, **made)

    def _currency(self, frame: Frame) -> Column:
        header = self.spec["columns"].get("currency", f"={self.spec.get('currency', 'USD')}")
        if header.startswith("="):
            return constant(money.currency(header[1:]), len(frame))
        return frame.currency("currency", self.spec.get("currency"))

    def _convert(self, frame: Frame, name: str, header: str, currency: Column) -> Column | str:
        if header.startswith("="):
            return _WORDS[name][header[1:].lower()] if name in _WORDS else header[1:]
        type_ = self._type(name)
        required = name in NEEDED[self.spec["kind"]]
        order, zone = self.spec.get("date_order", "ymd"), self.spec.get("zone", "Asia/Shanghai")
        if type_ == MINOR and name in COUNTS:
            return frame.units(name, required=required)
        if name == "hs" or (name in ("hts", "code") and self.spec["kind"] in ("entry_line", "tariff")):
            return frame.convert(name, values.tariff_number, pa.string(), name, required=required)
        if name in _WORDS:
            return frame.convert(name, _one_of(_WORDS[name]), pa.string(), name)
        if type_ == MINOR:
            amount = frame.money(name, currency, required=required)
            return pc.abs(amount) if name in POSITIVE else amount
        if type_ == DAY:
            return frame.day(name, order, required=required)
        if type_ == INSTANT:
            return frame.instant(name, order, zone, chinese=True, required=required)
        if name == "rate":
            return frame.convert(name, _rate, pa.decimal128(18, 8), "rate", required=True)
        if name in ("currency", "original_currency", "base", "quote"):
            return frame.currency(name, None if required else self.spec.get("currency", "USD"))
        return frame.text(name, required=required)


_STATES = {
    word: state
    for state, words in {
        "open": "open/under review/held/处理中/冻结",
        "won": "won/resolved/released/closed/seller/胜诉/已解冻",
        "lost": "lost/buyer/败诉",
        "refunded": "refunded/refund/已退款/退款",
    }.items()
    for word in words.split("/")
}


# Columns that hold one of few codes, and the words for each.
_WORDS = {
    "tax_included": {
        "yes": "yes",
        "true": "yes",
        "1": "yes",
        "是": "yes",
        "含税": "yes",
        "no": "no",
        "false": "no",
        "0": "no",
        "否": "no",
        "不含税": "no",
    },
    "flag": {"a": "A", "简化申报": "A", "b": "B", "汇总申报": "B"},
}


def _one_of(words: dict[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"none of {', '.join(words)}")
        return words[text.lower()]

    return read


def column_type(kind: str, column: str) -> pa.DataType | None:
    """The type of what a mapping's column becomes; None where the kind has no such column, or it is in kilograms."""
    if column in KINDS[kind].columns:
        return KINDS[kind].columns[column]
    return KINDS["order_item"].columns[LINES[column]] if kind == "order" and column in LINES else None


def _grams(text: str) -> int:
    try:
        grams = Decimal(text.replace(",", "")) * 1000
        if not 0 <= grams < 10**12:
            raise ValueError("a weight lies between 0 and 10^9 kg")
        return int(grams.to_integral_value())
    except InvalidOperation:
        raise ValueError("not a number") from None


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
        if not 0 < rate < 10**9:
            raise ValueError("a rate lies over 0 and under 10^9")
        return rate.quantize(Decimal("1e-8"))
    except InvalidOperation:
        raise ValueError("not a number") from None


def _check(spec: dict[str, Any], name: str) -> None:
    where = f"mapping {name}"
    kind = spec.get("kind")
    if kind not in NEEDED:
        raise CrossbookError(f"kind must be one of {', '.join(NEEDED)}", where=where)
    columns = spec.get("columns", {})
    if not isinstance(columns, dict):
        raise CrossbookError("[columns] must be a table", where=where)
    for setting, allowed_values in _SETTINGS.items():
        value = spec.get(setting)
        if value is not None and (not isinstance(value, str) or (allowed_values and value not in allowed_values)):
            choice = f" and one of {', '.join(allowed_values)}" if allowed_values else ""
            raise CrossbookError(f"{setting} must be text{choice}", where=where)
    try:
        ZoneInfo(spec.get("zone", "UTC"))
    except (ValueError, ZoneInfoNotFoundError):
        raise CrossbookError(f"no time zone {spec['zone']!r}", where=where, todo="write it as Asia/Shanghai") from None
    if unknown := set(spec) - {"kind", "columns", *_SETTINGS}:
        raise CrossbookError(f"no setting {unknown.pop()!r}", where=where, todo=f"use {', '.join(_SETTINGS)}")
    allowed = set(KINDS[kind].columns) | {"credit", "debit", "title", "item", "quantity", "account"}
    allowed |= set(LINES) if kind == "order" else set()
    allowed |= {kilos for kilos, grams in KILOS.items() if grams in allowed}
    for column, header in columns.items():
        if column not in allowed:
            raise CrossbookError(
                f"{kind} has no column {column!r}", where=where, todo=f"use {', '.join(sorted(allowed))}"
            )
        if not isinstance(header, str):
            raise CrossbookError(f'columns.{column} must be a header\'s text or "=constant"', where=where)
        type_ = column_type(kind, column)
        if header.startswith("=") and (column in KILOS or (type_ is not None and type_ not in (TEXT, CODE))):
            raise CrossbookError(f"columns.{column} cannot be a constant", where=where, todo="name the file's column")
        if header.startswith("=") and column in _WORDS and header[1:].lower() not in _WORDS[column]:
            raise CrossbookError(
                f"columns.{column} cannot be {header[1:]!r}", where=where, todo=f"use {', '.join(_WORDS[column])}"
            )
    given = set(columns) | ({"amount"} if {"credit", "debit"} <= set(columns) else set())
    for needed in NEEDED[kind]:
        if needed not in given:
            raise CrossbookError(f"a {kind} table needs the column {needed!r}", where=where)
    if ("credit" in columns) != ("debit" in columns):
        raise CrossbookError("credit and debit go together", where=where)
    if "currency" in KINDS[kind].columns and "currency" not in columns and "currency" not in spec:
        raise CrossbookError(
            "the mapping names no currency", where=where, todo='add currency = "USD" or map the column'
        )
    for code in (
        spec.get("currency"),
        *(c[1:] for k, c in columns.items() if k == "currency" and c.startswith("=")),
    ):
        if code:
            try:
                money.currency(str(code))
            except ValueError:
                raise CrossbookError(f"unknown currency {code!r}", where=where) from None


def mapping_from_text(name: str, text: str) -> MappedTable:
    """The source that a mapping's TOML describes. Raises CrossbookError when it is not a valid mapping."""
    table = MappedTable(name, text)
    _ = table.spec
    return table


def load_mappings(folder: Path) -> list[MappedTable]:
    """Every mapping kept in the folder, by file name."""
    if not folder.is_dir():
        return []
    return [mapping_from_text(p.stem, p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.toml"))]
