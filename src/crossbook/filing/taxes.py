"""Returns as workbooks, their payment as ISO 20022 pain.001, and their deadlines as a calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from lxml import etree

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.filing.ics import Entry, calendar_file
from crossbook.filing.sepa import NAME, REMITTANCE, identifier, sepa
from crossbook.printable import printable
from crossbook.spreadsheets import Workbook
from crossbook.tax.period import Deadline
from crossbook.tax.reference import reference
from crossbook.tax.returned import Return
from crossbook.tax.settings import Payee

PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
HEADS = (
    "line 项目",
    "orders 笔数",
    "base 计税额",
    "rate 税率",
    "tax 税额",
    "evidence 依据",
    "note 备注",
    "dispatch 发货国",
    "corrects 更正所属期",
)


def as_workbook(path: Path, told: Return, names: dict[str, str]) -> None:
    """A return as XLSX: its figures, then its lines with where they stand. `names` gives evidence its file name."""
    digits = money.exponent(told.currency)
    with Workbook(path) as book:
        bold = book.style({"bold": True, "bg_color": "#eef2f7", "border": 1, "text_wrap": True, "valign": "top"})
        cash = book.style({"num_format": "#,##0" + ("." + "0" * digits if digits else "")})
        page = book.sheet("Return 申报表")
        page.layout.set_column(0, 0, 30)
        page.layout.set_column(1, 1, 60)
        head = [
            ("Return 税种", told.kind),
            ("Period 期间", told.period.name),
            ("Number 税号", told.number or "—"),
            ("Currency 币种", told.currency),
            ("Due 截止", _due(told)),
            ("Source 依据", told.source),
        ]
        for row, (name, text) in enumerate(head):
            page.text(row, 0, name, bold)
            page.text(row, 1, text)
        row = len(head) + 1
        for box in told.boxes:
            page.text(row, 0, f"{box.name}", bold)
            page.text(row, 1, box.title)
            page.number(row, 2, money.to_decimal(box.amount, told.currency), cash)
            row += 1
        if told.total is not None:
            page.text(row, 0, "To pay 应缴", bold)
            page.number(row, 2, money.to_decimal(told.total, told.currency), cash)
        elif told.wanting:
            page.text(row, 0, "To pay 应缴", bold)
            page.text(row, 1, "not known: exchange rates are wanting 未知：缺少汇率")
        for text in (*told.notes, *told.open):
            row += 1
            page.text(row + 1, 1, text)
        page = book.sheet("Lines 明细")
        page.layout.set_column(0, 0, 24)
        page.layout.set_column(1, 4, 16)
        page.layout.set_column(5, 6, 60)
        for column, name in enumerate(HEADS):
            page.text(0, column, name, bold)
        for row, line in enumerate(told.lines, start=1):
            page.text(row, 0, line.label)
            page.number(row, 1, line.orders)
            page.number(row, 2, money.to_decimal(line.base, told.currency), cash)
            page.text(row, 3, line.rate)
            page.number(row, 4, money.to_decimal(line.tax, told.currency), cash)
            page.text(row, 5, ", ".join(f"{names.get(sha, sha[:12])}:{n}" for sha, n in line.because))
            page.text(row, 6, line.note)
            page.text(row, 7, line.dispatch)
            page.text(row, 8, line.period)


def _due(told: Return) -> str:
    """The day by which a return is to be made, or what would make it due."""
    if told.wants:
        return f"not due 无需申报: {told.wants}"
    return str(told.due.due) if told.due else "—"


def payment(told: Return, payee: Payee, debtor: str, made: datetime, on: date) -> bytes:
    """A credit transfer for what a return leaves to pay, as pain.001.001.09, valid against its schema; nobody sends it.

    The return's own reference stands in its remittance, then what the book sets as `reference`. Texts are in the
    characters that banks take; euro go as a SEPA credit transfer. Raises CrossbookError when nothing is to pay, an
    account number is not an IBAN or BIC, or a name cannot be written in Latin letters.
    """
    from stdnum import bic, iban

    if not told.total or told.total <= 0:
        raise CrossbookError(f"{told.kind} for {told.period.name} leaves nothing to pay")
    for name, text, check in (
        ("iban", payee.iban, iban),
        ("debtor_iban", payee.debtor_iban, iban),
        ("bic", payee.bic, bic),
        ("debtor_bic", payee.debtor_bic, bic),
    ):
        if not check.is_valid(text):
            raise CrossbookError(f"{name} {text!r} is not valid", where=f"[tax.payees.{told.kind}]")
    place = f"[tax.payees.{told.kind}]"
    own, debtor = reference(told), sepa(payee.debtor_name or debtor, NAME, what=f"{place} debtor_name")
    words = [own, "" if payee.reference in own else payee.reference] if own else [payee.reference, told.number]
    remittance = " ".join(w for w in (*words, "" if own else told.period.name) if w)
    amount = money.plain(told.total, told.currency)
    ident = identifier(f"{told.kind}-{told.period.name}".upper().replace("_", "-"))
    root = etree.Element(f"{{{PAIN}}}Document", nsmap={None: PAIN})  # type: ignore[dict-item] # lxml takes None
    top = _sub(root, "CstmrCdtTrfInitn")
    head = _sub(top, "GrpHdr")
    for name, text in (
        ("MsgId", ident),
        ("CreDtTm", f"{made:%Y-%m-%dT%H:%M:%S}"),
        ("NbOfTxs", "1"),
        ("CtrlSum", amount),
    ):
        _sub(head, name, text)
    _sub(_sub(head, "InitgPty"), "Nm", debtor)
    info = _sub(top, "PmtInf")
    _sub(info, "PmtInfId", ident)
    _sub(info, "PmtMtd", "TRF")
    if told.currency == "EUR":
        _sub(_sub(_sub(info, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _sub(_sub(info, "ReqdExctnDt"), "Dt", f"{on:%Y-%m-%d}")
    _sub(_sub(info, "Dbtr"), "Nm", debtor)
    _sub(_sub(_sub(info, "DbtrAcct"), "Id"), "IBAN", payee.debtor_iban.replace(" ", ""))
    _sub(_sub(_sub(info, "DbtrAgt"), "FinInstnId"), "BICFI", payee.debtor_bic)
    if told.currency == "EUR":
        _sub(info, "ChrgBr", "SLEV")
    transfer = _sub(info, "CdtTrfTxInf")
    _sub(_sub(transfer, "PmtId"), "EndToEndId", ident)
    _sub(_sub(transfer, "Amt"), "InstdAmt", amount).set("Ccy", told.currency)
    _sub(_sub(_sub(transfer, "CdtrAgt"), "FinInstnId"), "BICFI", payee.bic)
    _sub(_sub(transfer, "Cdtr"), "Nm", sepa(payee.name, NAME, what=f"{place} name"))
    _sub(_sub(_sub(transfer, "CdtrAcct"), "Id"), "IBAN", payee.iban.replace(" ", ""))
    _sub(_sub(transfer, "RmtInf"), "Ustrd", sepa(remittance, REMITTANCE, what=f"{place} reference"))
    etree.indent(root)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    _schema().assertValid(etree.fromstring(xml))
    return bytes(xml)


def _sub(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{PAIN}}}{name}")
    element.text = None if text is None else printable(text)
    return element


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    path = files("crossbook") / "data" / "iso20022" / "pain.001.001.09.xsd"
    return etree.XMLSchema(etree.fromstring(path.read_bytes()))


def as_calendar(deadlines: Sequence[Deadline], zh: bool = False) -> bytes:
    """Deadlines as an iCalendar file, a whole day each, with a reminder a week before."""
    return calendar_file(
        "tax",
        (
            Entry(
                uid=f"{d.kind}-{d.period.name}",
                day=d.due,
                stamp=d.period.last,
                summary=f"{d.title_zh if zh else d.title} {d.period.name}",
                description=d.source,
            )
            for d in deadlines
        ),
    )
