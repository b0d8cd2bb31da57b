"""Amazon date range transaction report (CSV), in the languages of its marketplaces.

A few lines of notes, then a header, then one row per transaction whose columns add up to its total. Transfers are
payouts. A report is cut by dates, not by settlements, so the first and last settlement in it may be incomplete.
Headers as exported by Amazon.com, .ca, .co.uk, .de, .fr, .it, .es, .nl, .com.mx and .co.jp.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport, constant, fact_table

_COLUMNS = {
    "at": (
        "date/time",
        "fecha/hora",
        "date/heure",
        "datum/uhrzeit",
        "data/ora",
        "data/ora:",
        "fecha y hora",
        "datum/tijd",
        "日付/時間",
    ),
    "settlement": (
        "settlement id",
        "id. de liquidación",
        "numéro de versement",
        "identifiant du paiement",
        "abrechnungsnummer",
        "numero pagamento",
        "identificador de pago",
        "schikkings-id",
        "決済番号",
    ),
    "type": ("type", "tipo", "typ", "トランザクションの種類"),
    "order_id": (
        "order id",
        "id. del pedido",
        "numéro de la commande",
        "bestellnummer",
        "numero ordine",
        "número de pedido",
        "bestelnummer",
        "注文番号",
    ),
    "sku": ("sku",),
    "description": ("description", "descripción", "beschreibung", "descrizione", "beschrijving", "説明"),
    "quantity": ("quantity", "cantidad", "quantité", "menge", "quantità", "aantal", "数量"),
    "marketplace": ("marketplace", "web de amazon", "site de vente", "amazon 出品サービス"),
    "gross": (
        "product sales",
        "ventas de productos",
        "ventes de produits",
        "umsätze",
        "vendite",
        "verkoop van producten",
        "商品売上",
    ),
    "selling_fees": (
        "selling fees",
        "tarifas de venta",
        "frais de vente",
        "verkaufsgebühren",
        "commissioni di vendita",
        "verkoopkosten",
        "手数料",
    ),
    "fba_fees": (
        "fba fees",
        "tarifas fba",
        "frais expédié par amazon",
        "gebühren zu versand durch amazon",
        "costi del servizio logistica di amazon",
        "tarifas de logística de amazon",
        "fba-vergoedingen",
        "fba 手数料",
    ),
    "other_fees": (
        "other transaction fees",
        "tarifas de otra transacción",
        "autres frais de transaction",
        "andere transaktionsgebühren",
        "altri costi relativi alle transazioni",
        "tarifas de otras transacciones",
        "overige transactiekosten",
        "トランザクションに関するその他の手数料",
    ),
    "total": ("total", "gesamt", "totale", "totaal", "合計"),
}

# In every language of the report; the first pattern that is found in the type decides.
_KINDS = [
    (r"transfer|transferencia|transfert|übertrag|trasferimento|overboeking|振込", "withdrawal"),
    (r"retrocharge", "tax"),
    (r"a-to-z|chargeback|rückbuchung", "chargeback"),
    (r"refund|remboursement|erstattung|rimborso|reembolso|terugbetaling|返金", "refund"),
    (r"order|commande|bestell|ordine|pedido|注文$", "sale"),
    (r"inventory fee|stock|lagergebühr|stoccaggio|inventario|在庫", "storage"),
    (r"deal|vente flash|blitzangebot|offerta lampo|oferta flash|タイムセール", "advertising"),
    (r"service|servicio|servizio|注文外料金|fee|frais|gebühr|tarifa|手数料", "fee"),
    (r"adjust|ajust|anpassung|modifica|調整", "adjustment"),
    (r"debt|負債", "carried"),
    (r"liquidation", "reimbursement"),
]
_COMPILED = [(re.compile(pattern), kind) for pattern, kind in _KINDS]
_CURRENCY_OF_SITE = {
    "amazon.com": "USD",
    "amazon.ca": "CAD",
    "amazon.com.mx": "MXN",
    "amazon.com.br": "BRL",
    "amazon.co.uk": "GBP",
    "amazon.de": "EUR",
    "amazon.fr": "EUR",
    "amazon.it": "EUR",
    "amazon.es": "EUR",
    "amazon.nl": "EUR",
    "amazon.ie": "EUR",
    "amazon.com.be": "EUR",
    "amazon.se": "SEK",
    "amazon.pl": "PLN",
    "amazon.com.tr": "TRY",
    "amazon.co.jp": "JPY",
    "amazon.com.au": "AUD",
    "amazon.sg": "SGD",
    "amazon.ae": "AED",
    "amazon.sa": "SAR",
    "amazon.in": "INR",
}


def _kind(text: str) -> str:
    return next((kind for pattern, kind in _COMPILED if pattern.search(text.lower())), "other")


def _currency(frame: Frame, state: dict[str, Any]) -> str:
    """The report's currency: from its notes ("All amounts in USD, …"), else from its marketplace."""
    notes = " ".join(state["head"].lines[: state["header_line"] - 1])
    for word in re.findall(r"[A-Z]{3}|Euro?\b", notes):
        code = "EUR" if word.startswith("Eu") else word
        if code in money.EXPONENT:
            return code
    sites = [str(s).strip().lower() for s in pc.unique(frame.raw("marketplace").cast(pa.string())).to_pylist()]
    found = next((_CURRENCY_OF_SITE[s] for s in sites if s in _CURRENCY_OF_SITE), None)
    if found is None:
        raise CrossbookError(
            "neither the notes above the header nor the marketplace column tell the currency",
            where=frame.reading.name,
            todo="export the report again with its notes",
        )
    return found


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    if "currency" not in state:
        state["currency"] = _currency(frame, state)
    currency = constant(state["currency"], len(frame))
    total = frame.money("total", currency, required=True)
    texts = pc.unique(frame.raw("type").cast(pa.string())).to_pylist()
    kind = frame.lookup("type", {t.strip().lower(): _kind(t) for t in texts}, "other")
    fee: Column = pa.array([0] * len(frame), pa.int64())
    for name in ("selling_fees", "fba_fees", "other_fees"):
        fee = pc.add(fee, pc.fill_null(frame.money(name, currency), 0))
    settlement = frame.text("settlement")
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        payout_id=settlement,
        posted_at=frame.instant("at", required=True),
        day=frame.day("at"),
        kind=kind,
        type=frame.text("type"),
        order_id=frame.text("order_id"),
        item=frame.text("sku"),
        amount=total,
        gross=frame.money("gross", currency),
        fee=fee,
        currency=currency,
        quantity=frame.units("quantity"),
    )
    out = pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.is_valid(settlement))
    paid = frame.where(out)
    if len(paid):
        yield fact_table(
            "payout",
            paid,
            state["account"],
            payout_id=paid.text("settlement"),
            currency=constant(state["currency"], len(paid)),
            amount=pc.negate(total.filter(out)),
            paid_on=paid.day("at"),
            basis="lines",
            reference=paid.text("settlement"),
        )


SOURCE = TableReport(
    name="amazon_date_range",
    title="Amazon date range transaction report",
    columns=_COLUMNS,
    required=("at", "settlement", "type", "order_id", "gross", "selling_fees", "total"),
    build=_build,
    delimiters=",\t;",
    wide=frozenset({"order_id", "at"}),
    amounts=("total", "gross", "selling_fees", "fba_fees"),
    dates=("at",),
    account="amazon",
    authority=60,
    example='"Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions"\n'
    '"All amounts in USD, unless specified"\n'
    '"date/time","settlement id","type","order id","sku",…,"total"\n'
    '"Mar 4, 2026 1:05:07 AM PST","18906543210","Order","114-1234567-8901234","TENT-2P",…,"62.14"',
)
