"""What a mapping reads of a table, as people read it: amounts with their currency, the way of the money in words, days
written out. The command line and the page show this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from babel import Locale, dates

from crossbook import money
from crossbook.facts import KINDS
from crossbook.facts.kind import MINOR
from crossbook.i18n import language, t, word
from crossbook.sources.mapping_spec import COSTS, COUNTS

WAY = "way"
_CURRENCY = {
    "original_amount": "original_currency",
    "paid": "paid_currency",
    "received": "received_currency",
} | dict.fromkeys(COSTS, "cost_currency")  # elsewhere "currency"
_CODED = {  # columns that hold words of ours
    ("settlement", "kind"),
    ("payout", "basis"),
    ("dispute", "state"),
    ("tracking", "event"),
    ("order", "tax_included"),
}
_PLACES = ("country", "origin", "destination", "payer_country")


def shown(kind: str, rows: Sequence[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """The columns that have a value in some row, and the rows as texts; of a statement with the way of the money."""
    columns = [c for c in (rows[0] if rows else []) if any(r[c] is not None for r in rows)]
    if kind in ("bank", "settlement") and "amount" in columns:
        columns.insert(columns.index("amount"), WAY)
    return columns, [[_text(kind, column, row) for column in columns] for row in rows]


def _text(kind: str, column: str, row: dict[str, Any]) -> str:
    if column == WAY:
        amount = row["amount"]
        return "" if not amount else t("money in") if amount > 0 else t("money out")
    value = row[column]
    if value is None:
        return ""
    if (kind, column) in _CODED:
        return word(str(value), column)
    if column in _PLACES and language() == "zh":
        name = dict(Locale("zh").territories).get(str(value))
        return f"{name} {value}" if name else str(value)
    code = row.get(_CURRENCY.get(column, "currency"))
    if KINDS[kind].columns.get(column) == MINOR and column not in COUNTS and code in money.EXPONENT:
        return money.show(value, str(code)).replace("-", "−")
    if isinstance(value, datetime):
        return f"{_day(value)} {value:%H:%M} UTC"
    return _day(value) if isinstance(value, date) else str(value)


def _day(value: date) -> str:
    return str(dates.format_date(value, format="long", locale="zh_CN" if language() == "zh" else "en"))
