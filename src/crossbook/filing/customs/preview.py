"""What would go out, row by row, for people to look at before they say yes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crossbook import ceb
from crossbook.customs_codes import country_of, currency_of
from crossbook.filing.customs.message import Document, Written

# What a person compares, of each message: fields of its head, then what its lines come to.
_HEAD = {
    "303": ("goodsValue", "freight", "currency"),
    "403": ("charge", "currency", "accountingDate"),
    "505": ("logisticsName", "grossWeight", "packNo", "freight"),
    "603": ("statisticsFlag", "country", "freight", "fCurrency", "grossWeight", "netWeight"),
    "605": ("invtNo", "reason"),
    "507": ("billNo", "logisticsName"),
    "607": ("billNo", "logisticsName", "grossWeight"),
    "509": ("billNo", "logisticsName", "leaveTime"),
    "701": ("ebcName", "declAgentName"),
}
_CODES = {"currency": currency_of, "fCurrency": currency_of, "country": country_of}


@dataclass(frozen=True)
class Told:
    """One field of a document: its names in English and Chinese, and what is in it."""

    name: str
    name_zh: str
    value: str


@dataclass(frozen=True)
class Row:
    """A document that would go out: its message, its own number, the trade that it is of (empty: a consignment's), what
    it says, and how many lines it has."""

    number: str
    reference: str
    order_id: str
    told: tuple[Told, ...]
    lines: int


def rows(written: Sequence[Written]) -> list[Row]:
    """Every document of these messages."""
    return [_row(d) for w in written for d in w.documents]


def seen(written: Sequence[Written]) -> str:
    """A hash of what would go out: the yes of a person is to this, and to nothing else."""
    return hashlib.sha256(" ".join(w.guid for w in written).encode()).hexdigest()[:24]


def _row(d: Document) -> Row:
    message = ceb.messages()[f"CEB{d.number}Message"]
    titles = {f.name: (f.title, f.title_zh) for f in ceb.fields()[message.head]}
    told = [Told(*titles[name], _readable(name, d.head.get(name) or "")) for name in _HEAD[d.number]]
    if d.number == "603":  # its head has no value of the goods: that of its lines
        prices = [i["totalPrice"] or "" for i in d.items]
        value = f"{sum(Decimal(p) for p in prices)}" if all(prices) else "?"
        told.insert(0, Told("value of the goods", "商品金额", value))
    return Row(number=d.number, reference=d.reference, order_id=d.order_id, told=tuple(told), lines=len(d.items))


def _readable(name: str, value: str) -> str:
    """A field's value; of customs' code of a currency or country what people call it, with the code: USD (502)."""
    iso = _CODES[name](value) if name in _CODES else ""
    return f"{iso} ({value})" if iso else value
