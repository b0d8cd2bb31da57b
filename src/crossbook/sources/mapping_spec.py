"""What a mapping may say: its settings, the columns of each kind of fact and those that a row needs; its check."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.facts.kind import CODE, MINOR, TEXT
from crossbook.sources import settlement_spec
from crossbook.sources.settlement_spec import OF_A_BALANCE

NEEDED = {
    "bank": ("booked_on", "amount"),
    "settlement": ("day", "amount"),
    "wallet": ("day", "type", "reference", "amount"),
    "fee": ("day", "amount"),
    "payout": ("payout_id", "paid_on", "amount"),
    "order": ("order_id", "placed_at", "total"),
    "payment": ("payment_id", "order_id", "amount", "paid_at"),
    "shipment": ("order_id", "tracking"),
    "tracking": ("tracking", "happened_at", "event"),
    "receipt": ("order_id", "received_at"),
    "invoice": ("invoice_id", "order_id", "issued_on", "amount"),
    "purchase_invoice": ("invoice_id", "issued_on", "quantity", "amount", "tax"),
    "customs": ("order_id", "declaration"),
    "dispute": ("order_id", "opened_on", "state"),
    "rate": ("day", "base", "quote", "rate"),
    "entry_line": ("entry", "entry_line", "entered_on", "origin", "hts", "duty"),
    "product": ("sku", "hts", "origin", "market", "cost"),
    "tariff": ("market", "code", "general", "valid_from"),
    "transfer": ("moment", "payer_account", "payee_account", "paid"),
}
COUNTS = ("count", "quantity", "entry_line", "ordinal", "pieces", "weight_g", "net_weight_g")  # no money
KILOS = {"weight_kg": "weight_g", "net_weight_kg": "net_weight_g"}  # kept in grams where the kind has that column
# A table of orders tells of goods too, each row of one line; what an order has by the same name begins with line_.
LINES = {f"line_{name}": name for name in ("discount", "tax", "shipping")} | {
    name: name for name in ("title", "item", "quantity", "amount", "price", "net_weight_g", "hs", "origin")
}
POSITIVE = ("discount", "line_discount", "refunded", "fee_total")  # sums, whatever sign a table gives them
BEFORE = "balance_before"  # of a statement: the balance before each row, with its amount that after it
# Of a statement that names both sides of each entry: the other one is the counterparty.
PARTIES = ("payer", "payee")
PARTY_ACCOUNTS = ("payer_account", "payee_account")
TRANSFER = "transfer"  # whose rows are read as those of the plain table of transfers, with its columns
OF_TRANSFERS = (
    *("transfer_id", "moment", "day", "sequence", "payer_account", "payer", "payer_country", "payer_institution"),
    *("payee_account", "payee", "payee_country", "payee_institution", "paid", "currency", "received"),
    *("received_currency", "kind", "purpose", "reference", "description", "original"),
)
TIME = "time"  # the time of day, in a column of its own beside the day of the moment that its kind of fact has
MOMENTS = {"transfer": "moment", "order": "placed_at", "payment": "paid_at", "tracking": "happened_at"}
COSTS = ("cost", "freight", "selling")  # of a product: in the currency it is bought in
ORDERS = ("ymd", "dmy", "mdy", "roc-ymd", "reiwa-ymd", "buddhist-dmy", "buddhist-mdy", "buddhist-ymd")  # of days
FIGURES = ("hhmmss", "hhmm")  # what times of day in figures alone are
_SETTINGS: dict[str, tuple[str, ...]] = {
    "account": (),
    "stated": (),
    "named": (),
    "currency": (),
    "date_order": ORDERS,
    "clock": FIGURES,
    "zone": (),
    "decimal": (".", ","),
    "sign": ("in", "out", "type", "balance"),
    "fees": ("within", "apart", "added"),
    "fee_rows": (),  # what stands before the reference of a row that is the fee of another
    "sides": ("within", "apart"),  # of a conversion: both in its row, or each in one of its own
    "witness": ("seller", "platform", "carrier", "bank", "customs"),  # whose export it is
}
_FURTHER = ("red", "agreed", "direction", *settlement_spec.TABLES, "shipped")  # settings that are no text
PROVEN = ("sample", "documentation")  # what shows that a shipped mapping reads the real layout
_SHIPPED = ("title", "proven", "source", "header", "account", "platform")


# Columns that hold one of few codes, and the words for each.
WORDS = {
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


def fact_of(kind: str) -> str:
    """The kind of fact that the rows of a mapping's kind are."""
    return "settlement" if kind in OF_A_BALANCE else kind


def has_currency(kind: str) -> bool:
    """Whether the rows of a mapping's kind have a currency."""
    return kind == TRANSFER or "currency" in KINDS[fact_of(kind)].columns


def allowed(kind: str) -> set[str]:
    """The columns that a mapping of this kind may name."""
    if kind == TRANSFER:
        return {*OF_TRANSFERS, TIME}
    found = set(KINDS[fact_of(kind)].columns) | {"credit", "debit", "title", "item", "quantity", "account"}
    found |= set(settlement_spec.COLUMNS[kind]) if kind in OF_A_BALANCE else set()
    found |= {"gross"} if kind in ("payout", "bank") else set()
    found |= {BEFORE} if kind == "bank" else set()
    found -= {"kind"} if kind in OF_A_BALANCE else {"given_back"} if kind == "bank" else set()
    found |= set(LINES) if kind == "order" else {*PARTIES, *PARTY_ACCOUNTS} if kind == "bank" else set()
    found |= {TIME} if kind in MOMENTS else set()
    return found | {kilos for kilos, grams in KILOS.items() if grams in found}


def column_type(kind: str, column: str) -> pa.DataType | None:
    """The type of what a mapping's column becomes; None where the kind has no such column, or it is in kilograms."""
    if kind in OF_A_BALANCE:
        return settlement_spec.column_type(kind, column)
    if (kind in ("payout", "bank") and column == "gross") or (kind == "bank" and column == BEFORE):
        return MINOR
    if column in KINDS[kind].columns:
        return KINDS[kind].columns[column]
    return KINDS["order_item"].columns[LINES[column]] if kind == "order" and column in LINES else None


def _check_further(spec: dict[str, Any], where: str) -> None:
    if not isinstance(spec.get("red", False), bool):
        raise CrossbookError("red must be true or false", where=where)
    if not _texts(spec.get("agreed", [])):
        raise CrossbookError("agreed must be a list of texts", where=where)
    settlement_spec.check(spec, where)
    if "direction" not in spec:
        return
    told, columns = spec["direction"], spec["columns"]
    if not isinstance(told, dict) or not isinstance(told.get("column"), str):
        raise CrossbookError("[direction] must name its column", where=where, todo='column = "收/支"')
    if set(told) - {"column", "in", "out", "none"}:
        raise CrossbookError("[direction] has column, in, out and none alone", where=where)
    if not all(_texts(told.get(way, [])) for way in ("in", "out", "none")):
        raise CrossbookError("the words of [direction] must be lists of texts", where=where)
    if not told.get("in") or not told.get("out"):
        raise CrossbookError("[direction] needs words for in and for out", where=where)
    words = [w.strip().lower() for way in ("in", "out", "none") for w in told.get(way, [])]
    if len(words) != len(set(words)):
        raise CrossbookError("a word of [direction] stands twice", where=where)
    if "amount" not in columns or ("credit" in columns and spec["kind"] not in OF_A_BALANCE):
        raise CrossbookError("[direction] goes with one column of amounts", where=where)


def _check_shipped(spec: dict[str, Any], where: str) -> None:
    """A mapping that comes with the product says where its layout was seen, and never whose account it is."""
    told = spec.get("shipped")
    if told is None:
        return
    if not isinstance(told, dict) or set(told) - set(_SHIPPED):
        raise CrossbookError(f"[shipped] has {', '.join(_SHIPPED)} alone", where=where)
    if not isinstance(told.get("title"), str) or told.get("proven") not in PROVEN:
        raise CrossbookError(f"[shipped] needs a title, and proven: {' or '.join(PROVEN)}", where=where)
    source = told.get("source")
    if not _texts(source) or not source or not all(s.startswith("https://") for s in source):
        raise CrossbookError("[shipped] needs the addresses of its source", where=where)
    if not isinstance(told.get("platform", ""), str) or ("platform" in told and spec.get("kind") not in OF_A_BALANCE):
        raise CrossbookError("platform of [shipped] is the account of a platform's reports", where=where)
    if not _texts(told.get("header", [])):
        raise CrossbookError("header of [shipped] must be a list of texts", where=where)
    try:
        groups = re.compile(told.get("account", "()")).groups
    except (TypeError, re.error):
        groups = 0
    if groups != 1:
        raise CrossbookError("account of [shipped] must be a pattern of the file's name with one group", where=where)
    if "account" in spec or "stated" in spec or spec.get("columns", {}).get("account", "").startswith("="):
        raise CrossbookError("a shipped mapping names no account", where=where)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def check_spec(spec: dict[str, Any], name: str) -> None:
    """Raise CrossbookError for anything that a mapping of this name cannot say."""
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
    if unknown := set(spec) - {"kind", "columns", *_SETTINGS, *_FURTHER}:
        todo = f"use {', '.join((*_SETTINGS, *_FURTHER))}"
        raise CrossbookError(f"no setting {sorted(unknown)[0]!r}", where=where, todo=todo)
    _check_further(spec, where)
    _check_shipped(spec, where)
    known = allowed(kind)
    for column, header in columns.items():
        if column not in known:
            raise CrossbookError(
                f"{kind} has no column {column!r}", where=where, todo=f"use {', '.join(sorted(known))}"
            )
        if not isinstance(header, str):
            raise CrossbookError(f'columns.{column} must be a header\'s text or "=constant"', where=where)
        type_ = column_type(kind, column)
        if header.startswith("=") and (
            kind == TRANSFER or column in (*KILOS, TIME) or (type_ is not None and type_ not in (TEXT, CODE))
        ):
            raise CrossbookError(f"columns.{column} cannot be a constant", where=where, todo="name the file's column")
        if header.startswith("=") and column in WORDS and header[1:].lower() not in WORDS[column]:
            raise CrossbookError(
                f"columns.{column} cannot be {header[1:]!r}", where=where, todo=f"use {', '.join(WORDS[column])}"
            )
    given = set(columns) | ({"amount"} if {"credit", "debit"} <= set(columns) else set())
    if kind in OF_A_BALANCE:
        given |= settlement_spec.implied(spec)
    for needed in NEEDED[kind]:
        if needed not in given:
            raise CrossbookError(f"a {kind} table needs the column {needed!r}", where=where)
    if ("credit" in columns) != ("debit" in columns):
        raise CrossbookError("credit and debit go together", where=where)
    unsaid = not ({"currency"} & (set(columns) | set(spec)) or "shipped" in spec or settlement_spec.sided(spec))
    if kind in ("bank", "wallet") and (set(PARTIES) & given) and ("counterparty" in given or not set(PARTIES) <= given):
        raise CrossbookError("payer and payee go together, and stand for the counterparty", where=where)
    if "clock" in spec and TIME not in columns:
        raise CrossbookError("clock says how the column time is written, and none is named", where=where)
    sides = set(PARTY_ACCOUNTS) & given
    if kind == "bank" and sides and ("counterparty_account" in given or len(sides) < 2):
        raise CrossbookError(
            "payer_account and payee_account go together, and stand for the counterparty_account", where=where
        )
    if has_currency(kind) and unsaid:
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
