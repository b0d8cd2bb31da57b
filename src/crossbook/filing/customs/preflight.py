"""What must hold before any of a trade's messages is written: order (303), receipt (403), waybill (505) and export list
(603) are made of papers that agree, and the amounts come to what was paid, part by part.

What stands against one of them here stands against all four. What one of them alone lacks is said where it is made.
"""

from __future__ import annotations

from decimal import Decimal

from crossbook.filing.customs.trade import ToDeclare, Want
from crossbook.filing.customs.value import Value, against_receipt


def against(trade: ToDeclare, value: Value) -> list[Want]:
    """Where the papers of a trade contradict one another, or an amount is in no part. `value` is what it comes to."""
    found = [*trade.sale, *value.wants, *against_receipt(trade), *_lines(trade), *_weight(trade)]
    told = {w.field for w in found}
    renamed = {"amount": "charge"}  # said already, to the cent
    return found + [w for w in trade.differ if renamed.get(w.field, w.field) not in told]


def _lines(trade: ToDeclare) -> list[Want]:
    return [
        Want(f"currency[{n}]", i.currency, f"the line is in {i.currency}, the order in {trade.currency}")
        for n, i in enumerate(trade.items, start=1)
        if i.currency and trade.currency and i.currency != trade.currency
    ]


def _weight(trade: ToDeclare) -> list[Want]:
    """Goods that weigh more than their parcels: the list's net weight against the waybill's gross weight."""
    nets = [Decimal(i.net_g) for i in trade.items if i.net_g is not None]
    net, gross = sum(nets, Decimal(0)), trade.gross_g
    if len(nets) < len(trade.items) or gross is None or net <= gross:
        return []
    return [Want("netWeight", kilos(net), f"the goods weigh more than the parcel, {kilos(gross)} kg")]


def kilos(grams: Decimal | int) -> str:
    """Grams as kilograms with up to five decimals, without zeros at the end."""
    text = f"{Decimal(grams) / 1000:.5f}".rstrip("0").rstrip(".")
    return text or "0"
