"""Setting a trade's papers as PDF, in Chinese and English."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.filing.papers.gather import Firm, PaperTrade

KINDS = {
    "invoice": ("商业发票", "Commercial invoice"),
    "packing-list": ("装箱单", "Packing list"),
    "cn22": ("CN22", "Customs declaration"),
    "cn23": ("CN23", "Customs declaration"),
}
UNKNOWN = "—"


def as_pdf(path: Path, kind: str, trade: PaperTrade) -> None:
    """Write one paper. Raises CrossbookError for an unknown kind, or when it cannot be set."""
    import typst

    if kind not in KINDS:
        raise CrossbookError(f"no paper {kind!r}", todo=f"use {', '.join(KINDS)}")
    made = datetime.combine(trade.on, datetime.min.time(), UTC)
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        source = Path(folder) / "papers.typ"
        source.write_bytes((files("crossbook") / "data" / "papers.typ").read_bytes())
        (Path(folder) / "data.json").write_text(json.dumps(_data(kind, trade), ensure_ascii=False), encoding="utf-8")
        try:
            typst.compile(str(source), output=str(path), timestamp=int(made.timestamp()))
        except typst.TypstError as error:
            raise CrossbookError(f"the PDF cannot be set: {error}", where=trade.order_id) from None


def kilos(grams: int | None) -> str:
    """Grams as kilograms; a dash when they are not known."""
    return UNKNOWN if grams is None else f"{grams / 1000:.3f}"


def _firm(firm: Firm) -> dict[str, str]:
    return {
        "name": firm.name or UNKNOWN,
        "address": firm.address or UNKNOWN,
        "country": firm.country or UNKNOWN,
        "number": firm.number,
        "phone": firm.phone,
    }


_CHARGES = {"Freight": "运费", "Tax collected": "代收税款", "Other charges": "其他费用"}


def _data(kind: str, t: PaperTrade) -> dict[str, Any]:
    zh, en = KINDS[kind]

    def cash(minor: int) -> str:
        return money.show(minor, t.currency).removesuffix(f" {t.currency}")

    lines = [
        {
            "n": str(n),
            "sku": line.sku,
            "description": line.description,
            "quantity": str(line.quantity),
            "each": _each(line.amount, line.quantity, t.currency),
            "amount": cash(line.amount),
            "hs": line.hs or UNKNOWN,
            "origin": line.origin or UNKNOWN,
            "net": kilos(line.net_g),
        }
        for n, line in enumerate(t.lines, start=1)
    ]
    charges = [[_CHARGES[name], name, cash(amount)] for name, amount in t.charges]
    return {
        "kind": kind,
        "zh": zh,
        "en": en,
        "number": t.number,
        "order": t.order_id,
        "on": f"{t.on:%Y-%m-%d}",
        "seller": _firm(t.seller),
        "consignee": _firm(t.consignee),
        "currency": t.currency,
        "lines": lines,
        "goods": cash(t.goods),
        "charges": charges,
        "total": cash(t.total),
        "gross": kilos(t.gross_g),
        "net": kilos(t.net_g),
        "pieces": UNKNOWN if t.pieces is None else str(t.pieces),
        "quantity": str(sum(x.quantity for x in t.lines)),
        "tracking": t.tracking or UNKNOWN,
        "carrier": t.carrier or UNKNOWN,
        "incoterm": t.incoterm,
    }


def _each(amount: int, quantity: int, currency: str) -> str:
    whole, rest = divmod(amount, quantity)
    if rest:
        digits = money.exponent(currency)
        return f"{amount / quantity / 10**digits:,.{digits + 2}f}"
    return money.show(whole, currency).removesuffix(f" {currency}")
