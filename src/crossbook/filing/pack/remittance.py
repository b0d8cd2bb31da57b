"""ISO 20022 remittance advice (remt.001.001.06): a payout's transactions as a message a bank's systems can read.

Each transaction is a structured reference to its order: what is due, what is remitted, and fees as adjustments; refunds
are credit notes. Other items of the payout stand in unstructured lines. The message is validated before it is written.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lxml import etree

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.filing.pack.papers import Papers
from crossbook.filing.pack.transactions import Item, Transaction
from crossbook.printable import printable

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:remt.001.001.06"
# ISO 20022 external code sets: document type (purchase order, credit note), amount type (due, remitted, credit note)
ORDER, CREDIT_NOTE = "PUOR", "CREN"
DUE, REMITTED, CREDITED = "DUPA", "RMTD", "CRDN"


def remittance_advice(papers: Papers, made: datetime) -> bytes:
    """The message as XML. Raises CrossbookError when it does not validate against its schema."""
    payout, inside, business = papers.payout, papers.inside, papers.sides.beneficiary
    root = etree.Element(_q("Document"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    advice = _add(root, "RmtAdvc")
    header = _add(advice, "GrpHdr")
    _add(header, "MsgId", _text(f"CB-{payout.payout_id}", 35))
    _add(header, "CreDtTm", made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _add(_add(header, "InitgPty"), "Nm", _text(business, 140))
    information = _add(advice, "RmtInf")
    _add(information, "RmtId", _text(payout.payout_id, 35))
    for item in inside.items:
        _add(information, "Ustrd", _text(_item(item, payout.currency), 140))
    if inside.difference:
        _add(information, "Ustrd", _text(f"not explained: {money.show(inside.difference, payout.currency)}", 140))
    for text in payout.match.against if payout.match else ():
        _add(information, "Ustrd", _text(f"at the bank: {text}", 140))
    for transaction in inside.transactions:
        _structured(information, transaction, payout.currency)
    original = _add(information, "OrgnlPmtInf")
    _add(_add(original, "Refs"), "EndToEndId", _text(payout.payout_id, 35))
    if payout.amount >= 0:
        _amount(_add(original, "Amt"), "InstdAmt", payout.amount, payout.currency)
    if payout.paid_on:
        _add(_add(original, "ReqdExctnDt"), "Dt", payout.paid_on.isoformat())
    _add(_add(original, "Dbtr"), "Nm", _text(papers.sides.payer or payout.account, 140))
    _add(_add(original, "Cdtr"), "Nm", _text(business, 140))
    schema = _schema()
    if not schema.validate(root):
        raise CrossbookError(f"the remittance advice is not valid: {schema.error_log.last_error}", where=payout.id)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


@lru_cache(maxsize=1)
def _schema() -> Any:
    path = files("crossbook") / "data" / "iso20022" / "remt.001.001.06.xsd"
    return etree.XMLSchema(etree.fromstring(path.read_bytes()))


def _structured(parent: Any, t: Transaction, currency: str) -> None:
    credit = t.amount < 0 or t.type == "refund"
    node = _add(parent, "Strd")
    document = _add(node, "RfrdDocInf")
    _add(_add(_add(document, "Tp"), "CdOrPrtry"), "Cd", CREDIT_NOTE if credit else ORDER)
    _add(document, "Nb", _text(t.order_id, 35))
    day, what = (t.ordered_on, "order date") if t.ordered_on else (t.settled_on, "settlement date")
    if day:
        related = _add(document, "RltdDt")
        _add(_add(related, "Tp"), "Prtry", what)
        _add(related, "Dt", day.isoformat())
    amounts = _add(node, "RfrdDocAmt")
    for code, value in ((CREDITED, t.amount), (CREDITED, t.net)) if credit else ((DUE, t.amount), (REMITTED, t.net)):
        entry = _add(amounts, "RmtAmtAndTp")
        _add(_add(entry, "Tp"), "Cd", code)
        _amount(entry, "Amt", abs(value), currency)
        if credit:
            break
    if t.fees:
        adjustment = _add(amounts, "AdjstmntAmtAndRsn")
        _amount(adjustment, "Amt", abs(t.fees), currency)
        _add(adjustment, "CdtDbtInd", "DBIT" if t.fees < 0 else "CRDT")
        _add(adjustment, "AddtlInf", "platform fees")
    for text in (
        t.goods,
        f"tracking {t.tracking}" if t.tracking else "",
        f"customs {t.declaration}" if t.declaration else "",
    ):
        if text:
            _add(node, "AddtlRmtInf", _text(text, 140))


def _item(item: Item, currency: str) -> str:
    return f"{item.what}: {money.show(item.amount, currency)}"


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _text(value: str, most: int) -> str:
    return _NOT_XML.sub(" ", value).strip()[:most] or "-"


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    node = etree.SubElement(parent, _q(name))
    node.text = None if text is None else printable(text)
    return node


def _amount(parent: Any, name: str, minor: int, currency: str) -> None:
    node = _add(parent, name, money.plain(minor, currency))
    node.set("Ccy", currency)
