"""What a mapping of a balance may say: settlement lines of a platform, of a wallet, a list of fees."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa

from crossbook.errors import CrossbookError
from crossbook.facts.bank import BANK
from crossbook.facts.kind import CODE, DAY, MINOR, TEXT
from crossbook.facts.settlement import LINE_KINDS, SETTLEMENT
from crossbook.sources import line_types as types

# Columns of each kind beyond those of the fact `settlement`.
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "settlement": {"paid_on": DAY, "total": MINOR},
    "wallet": {
        "paid_on": DAY,
        "description": TEXT,
        "counterparty": TEXT,
        "counterparty_account": TEXT,
        "payer": TEXT,
        "payee": TEXT,
        "bank_reference": TEXT,
        "from_amount": MINOR,
        "from_currency": CODE,
        "to_amount": MINOR,
        "to_currency": CODE,
    },
    "fee": {},
}
OF_A_BALANCE = tuple(COLUMNS)
OF_MONEY = ("bank", "payout")  # of other kinds, whose rows may say that no money moved
TABLES = ("types", "amounts", "status", "payout", "find")  # tables of such a mapping, beside columns and direction
TYPE = "type"  # found under [find] it comes before that of the column
AND = " + "  # between the headers of a type that several columns tell
SIDES = ("from_amount", "to_amount")  # of a wallet whose rows have what left and what came in two columns
PART = "part"  # begins the name of a column of [amounts]
STATUS = "status"
HEADS = "heads"  # of [payout]: "yes" where a payout's number and currency stand only in the row above its lines
LABELS = ("id", "total", "paid_on", HEADS)  # of [payout]
_LONGEST = 200  # characters of a pattern


def column_type(kind: str, column: str) -> pa.DataType | None:
    """The type of a column of such a mapping; None for one that there is not."""
    if column in ("credit", "debit") or re.fullmatch(rf"{PART}\d+", column):
        return MINOR
    if column in COLUMNS[kind]:
        return COLUMNS[kind][column]
    if column in SETTLEMENT.columns:
        return SETTLEMENT.columns[column]
    return BANK.columns.get(column)


def parts(spec: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The columns of [amounts] by their names in a frame: header, and kind of line."""
    return {f"{PART}{i}": pair for i, pair in enumerate(spec.get("amounts", {}).items())}


def apart(spec: Mapping[str, Any]) -> bool:
    """Whether the other side of a conversion has a row of its own, perhaps in another file."""
    return bool(spec.get("sides") == "apart")


def two_sides(columns: Collection[str]) -> bool:
    """Whether rows may say what left and what came, each in its currency."""
    return {*SIDES, "from_currency", "to_currency"} <= set(columns)


def sided(spec: Mapping[str, Any]) -> bool:
    """Whether a wallet's rows have one sum that left and one that came, each in its currency, and no other."""
    return two_sides(spec["columns"]) and not {"amount", "credit"} & set(spec["columns"])


def has_fees(spec: Mapping[str, Any]) -> bool:
    """Whether a balance has a column of fees that its amounts may hold or not."""
    columns = spec["columns"]
    return spec["kind"] != "fee" and "fee" in columns and "gross" not in columns and not spec.get("amounts")


def implied(spec: Mapping[str, Any]) -> set[str]:
    """The columns that other parts of a mapping stand for."""
    found = set(spec.get("find", {}))
    if spec.get("amounts"):
        found.add("amount")
    if "posted_at" in spec["columns"]:
        found.add("day")
    if "total" in spec["columns"] or sided(spec):
        found.add("amount")
    if two_sides(spec["columns"]):
        found.add(TYPE)
    return found


def check(spec: Mapping[str, Any], where: str) -> None:
    """Raise CrossbookError for what the tables of a mapping cannot say."""
    kind, columns = spec["kind"], spec["columns"]
    used = [name for name in TABLES if name in spec and not (name == STATUS and kind in OF_MONEY)]
    if STATUS in spec:
        _check_status(spec[STATUS], where)
    if kind not in OF_A_BALANCE:
        if used:
            raise CrossbookError(
                f"a mapping of kind {kind} has no [{used[0]}]", where=where, todo=f"for {', '.join(OF_A_BALANCE)}"
            )
        if spec.get("sign") == "type" or ("fees" in spec and kind != "bank"):
            raise CrossbookError(f"a mapping of kind {kind} has no type", where=where)
    if spec.get("fees") == "added" and kind not in OF_A_BALANCE:
        raise CrossbookError(f"fees of a mapping of kind {kind} are within or apart", where=where)
    if kind != "wallet" and (found := [n for n in ("sides", "fee_rows") if n in spec]):
        raise CrossbookError(f"a mapping of kind {kind} has no {found[0]}", where=where, todo="for wallet")
    if kind not in OF_A_BALANCE:
        return
    for name in ("types", "amounts", "find", "payout"):
        _table(spec, name, where)
    for word, line in spec.get("types", {}).items():
        if not types.is_type(line):
            todo = f"use one of {', '.join(LINE_KINDS)}"
            raise CrossbookError(f"[types] {word!r} cannot be {line!r}", where=where, todo=todo)
    for header, line in spec.get("amounts", {}).items():
        if types.signed(line.removesuffix(types.GUESS))[0] not in LINE_KINDS:
            todo = f"use one of {', '.join(LINE_KINDS)}"
            raise CrossbookError(f"[amounts] {header!r} cannot be {line!r}", where=where, todo=todo)
    if "type" not in columns and not spec.get("amounts") and kind == "settlement":
        todo = 'name the column of types, say type = "=Order", or name the columns of amounts under [amounts]'
        raise CrossbookError("nothing says what the lines are", where=where, todo=todo)
    _check_find(spec, where)
    if wrong := set(spec.get("payout", {})) - set(LABELS):
        raise CrossbookError(f"[payout] has no {sorted(wrong)[0]!r}", where=where, todo=f"use {', '.join(LABELS)}")
    if spec.get("payout", {}).get(HEADS, "yes") != "yes":
        raise CrossbookError(f'{HEADS} of [payout] can only be "yes"', where=where)


def _table(spec: Mapping[str, Any], name: str, where: str) -> None:
    told = spec.get(name, {})
    if not isinstance(told, dict) or not all(isinstance(v, str) for v in told.values()):
        raise CrossbookError(f"[{name}] must be a table of texts", where=where)


def _check_find(spec: Mapping[str, Any], where: str) -> None:
    for column, pattern in spec.get("find", {}).items():
        if column not in ("order_id", "item", "reference", "related", "payout_id", "total", TYPE):
            raise CrossbookError(f"[find] cannot find {column!r}", where=where)
        if column in spec["columns"] and column != TYPE:
            raise CrossbookError(f"{column} stands under [columns] and under [find]", where=where)
        try:
            groups = re.compile(pattern).groups if len(pattern) <= _LONGEST else 0
        except re.error as error:
            raise CrossbookError(f"[find] {column} is no pattern: {error}", where=where) from None
        if groups != 1:
            todo = "write it as Order #([0-9]+)"
            raise CrossbookError(f"[find] {column} must have one group in brackets", where=where, todo=todo)


def _check_status(told: Any, where: str) -> None:
    lists = [told.get(way, []) for way in ("done", "none")] if isinstance(told, dict) else [None]
    if not all(isinstance(words, list) and all(isinstance(w, str) for w in words) for words in lists):
        raise CrossbookError("the words of [status] must be lists of texts", where=where)
    if not isinstance(told.get("column"), str) or set(told) - {"column", "done", "none"}:
        raise CrossbookError("[status] has column, done and none", where=where, todo='column = "状态"')


def headers(spec: Mapping[str, Any]) -> list[str]:
    """The headers that a file must have for the tables of a mapping. Where the net amount has a column of its own, the
    columns that make it need not all be there: the row's own sum proves them."""
    found = [] if {"amount", "credit"} & set(spec["columns"]) else list(spec.get("amounts", {}))
    if STATUS in spec:
        found.append(spec[STATUS]["column"])
    return found


def places(spec: Mapping[str, Any], plain: Collection[str]) -> dict[str, str]:
    """The columns that the tables of a mapping add to a frame, by name: their header. `plain` is the file's header."""
    found = {name: header for name, (header, _) in parts(spec).items() if " ".join(header.split()).lower() in plain}
    if STATUS in spec:
        found[STATUS] = spec[STATUS]["column"]
    return found


def labelled(above: Collection[Collection[str]], label: str) -> str:
    """What stands behind a label in the lines above a table, in the same cell or the next; empty where nothing does."""
    wanted = " ".join(label.split()).lower()
    for row in above:
        cells = [c for c in row if c]
        for i, cell in enumerate(cells):
            text = " ".join(cell.split())
            if text.rstrip(":： ").lower() == wanted.rstrip(":： "):
                return cells[i + 1] if i + 1 < len(cells) else ""
            if text.lower().startswith(wanted) and text[len(wanted) :].lstrip()[:1] in (":", "："):
                return text[len(wanted) :].lstrip(" :：")
    return ""
