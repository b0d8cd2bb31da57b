"""A trade's papers as data: a UBL 2.1 invoice, and the advance data of a postal item (as on CN22 and CN23)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import etree

from crossbook import money
from crossbook.filing.papers.gather import Firm, PaperTrade
from crossbook.identifiers import problem
from crossbook.printable import printable

_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
COMMERCIAL = "380"  # UNTDID 1001: commercial invoice
PIECE = "C62"  # UN/ECE recommendation 20: one


def ubl_invoice(t: PaperTrade) -> bytes:
    """The commercial invoice as OASIS UBL 2.1. Export: no tax is charged by the seller; what the
    buyer paid above the goods is a charge on the document, by name."""
    spaces: dict[str | None, str] = {None: _INVOICE, "cac": _CAC, "cbc": _CBC}
    root = etree.Element(f"{{{_INVOICE}}}Invoice", nsmap=spaces)  # type: ignore[arg-type] # lxml takes None
    for name, text in (
        ("UBLVersionID", "2.1"),
        ("ID", t.number),
        ("IssueDate", f"{t.on:%Y-%m-%d}"),
        ("InvoiceTypeCode", COMMERCIAL),
        ("DocumentCurrencyCode", t.currency),
    ):
        _basic(root, name, text)
    _basic(_aggregate(root, "OrderReference"), "ID", t.order_id)
    _party(_aggregate(root, "AccountingSupplierParty"), t.seller)
    _party(_aggregate(root, "AccountingCustomerParty"), t.consignee)
    _basic(_aggregate(root, "DeliveryTerms"), "ID", t.incoterm)
    for reason, amount in t.charges:
        charge = _aggregate(root, "AllowanceCharge")
        _basic(charge, "ChargeIndicator", "true")
        _basic(charge, "AllowanceChargeReason", reason)
        _money(charge, "Amount", amount, t.currency)
    total = _aggregate(root, "LegalMonetaryTotal")
    for name, amount in (
        ("LineExtensionAmount", t.goods),
        ("TaxExclusiveAmount", t.total),
        ("TaxInclusiveAmount", t.total),
    ):
        _money(total, name, amount, t.currency)
    if t.charges:
        _money(total, "ChargeTotalAmount", sum(amount for _, amount in t.charges), t.currency)
    _money(total, "PayableAmount", t.total, t.currency)
    for n, line in enumerate(t.lines, start=1):
        element = _aggregate(root, "InvoiceLine")
        _basic(element, "ID", str(n))
        _basic(element, "InvoicedQuantity", str(line.quantity)).set("unitCode", PIECE)
        _money(element, "LineExtensionAmount", line.amount, t.currency)
        item = _aggregate(element, "Item")
        _basic(item, "Description", line.description)
        _basic(item, "Name", line.description)
        if line.sku:
            _basic(_aggregate(item, "SellersItemIdentification"), "ID", line.sku)
        if line.origin:
            _basic(_aggregate(item, "OriginCountry"), "IdentificationCode", line.origin)
        if line.hs:
            code = _basic(_aggregate(item, "CommodityClassification"), "ItemClassificationCode", line.hs)
            code.set("listID", "HS")
        price = _aggregate(element, "Price")
        each = Decimal(line.amount) / line.quantity / 10 ** money.exponent(t.currency)
        _basic(price, "PriceAmount", f"{each:.6f}".rstrip("0").rstrip(".")).set("currencyID", t.currency)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _basic(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_CBC}}}{name}")
    element.text = printable(text)
    return element


def _aggregate(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_CAC}}}{name}")


def _money(parent: etree._Element, name: str, minor: int, currency: str) -> None:
    _basic(parent, name, money.plain(minor, currency)).set("currencyID", currency)


def _party(parent: etree._Element, firm: Firm) -> None:
    party = _aggregate(parent, "Party")
    _basic(_aggregate(party, "PartyName"), "Name", firm.name)
    address = _aggregate(party, "PostalAddress")
    if firm.address:
        _basic(_aggregate(address, "AddressLine"), "Line", firm.address)
    _basic(_aggregate(address, "Country"), "IdentificationCode", firm.country)
    if firm.number:
        _basic(_aggregate(party, "PartyLegalEntity"), "CompanyID", firm.number)


def postal_item(t: PaperTrade) -> dict[str, Any]:
    """What posts send ahead of an item (ITMATT) and print on CN22 and CN23: the item, its parties, each content piece.

    `s10` says whether the item has a number of the UPU's form. Weights in kilograms and values as decimal texts.
    """
    return {
        "item": t.tracking or None,
        "s10": bool(t.tracking) and not problem("s10", t.tracking),
        "category": "sale of goods",
        "sender": _who(t.seller),
        "addressee": _who(t.consignee),
        "gross_weight_kg": _kilos(t.gross_g),
        "value": money.plain(t.goods, t.currency),
        "postage": None if t.freight is None else money.plain(t.freight, t.currency),
        "currency": t.currency,
        "contents": [
            {
                "number": n,
                "description": line.description,
                "quantity": line.quantity,
                "net_weight_kg": _kilos(line.net_g),
                "value": money.plain(line.amount, t.currency),
                "currency": t.currency,
                "hs": line.hs.replace(".", "")[:6] or None,
                "origin": line.origin or None,
            }
            for n, line in enumerate(t.lines, start=1)
        ],
    }


def _who(firm: Firm) -> dict[str, str | None]:
    return {
        "name": firm.name or None,
        "address": firm.address or None,
        "country": firm.country or None,
        "phone": firm.phone or None,
    }


def _kilos(grams: int | None) -> str | None:
    return None if grams is None else f"{grams / 1000:.3f}"
