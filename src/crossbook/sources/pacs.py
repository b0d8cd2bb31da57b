"""ISO 20022 payments between institutions: pacs.008 (customers'), pacs.009 (institutions' own), pacs.004 (returns).

Element names are the same in the versions of each but for parties (of a return: Dbtr/Nm, later Dbtr/Pty/Nm or
Dbtr/Agt/FinInstnId) and banks (BIC, later BICFI), so elements are found by local name, in whatever envelope. A transfer
is known by its UETR, else by the number that its message gives it. A moment is when it was accepted, else when the
message was written, and `dated_by` says which; a moment without a zone is taken as UTC. The head of a message says how
many transfers it has and what they come to (CtrlSum: of all currencies, settled or instructed): one that has others is
refused. A pacs.009 that carries a customer's
transfer is its cover: the same money again. Entities and document type declarations are refused.
Schemas: https://www.iso20022.org/iso-20022-message-definitions (Payments Clearing and Settlement); messages as in
https://github.com/sebastienrousseau/pacs008 and the tests of https://github.com/prowide/prowide-iso20022.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.identifiers import account_of
from crossbook.sources import values
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.transfer_rows import country_of
from crossbook.sources.xml import child, elements, find, local

_MESSAGE = re.compile(r"urn:(?:iso:std:iso:20022:tech:xsd|[\w:.-]+):?pacs\.00([489])\.001\.(\d\d)")
_MESSAGES = {"FIToFICstmrCdtTrf": "transfer", "FICdtTrf": "institution", "PmtRtr": "return"}
_ELEMENT = re.compile(rf"<(?:\w+:)?({'|'.join(_MESSAGES)})\b")
_NONE = ("NOTPROVIDED", "NONREF", "NOTAVAILABLE")
_BATCH = 20_000


class Pacs:
    """The source for pacs.008, pacs.009 and pacs.004."""

    name = "pacs"
    title = "ISO 20022 payments between institutions (pacs.008, pacs.009, pacs.004)"
    example = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf><GrpHdr>…'
        '<CdtTrfTxInf>…<IntrBkSttlmAmt Ccy="EUR">15000.00</IntrBkSttlmAmt>…<Dbtr>…'
    )

    def recognise(self, head: Head) -> Recognition:
        if not head.text.lstrip("\ufeff \r\n\t").startswith("<"):
            return Recognition(0.0, "not XML")
        match = _MESSAGE.search(head.text)
        if match is None:
            if named := _ELEMENT.search(head.text):
                return Recognition(0.9, f"has the element {named[1]}, but no namespace of pacs")
            return Recognition(0.0, "no pacs.008, pacs.009 or pacs.004 namespace")
        return Recognition(0.98, f"namespace of pacs.00{match[1]} version {match[2]}")

    def read(self, reading: Reading) -> Facts:
        rows: list[dict[str, Any]] = []
        group = _Group()
        with reading.path.open("rb") as file:
            for element in elements(file, reading.name):
                name = local(element)
                if name == "GrpHdr":
                    group = _Group.of(element)
                elif name in ("CdtTrfTxInf", "TxInf") and local(element.getparent()) in _MESSAGES:
                    kind = _MESSAGES[local(element.getparent())]
                    row = _transfer(element, kind, group, reading)
                    group.count(row)
                    if row:
                        rows.append(row)
                    element.clear()
                    if len(rows) >= _BATCH:
                        yield rows_table("transfer", rows)
                        rows = []
                elif name in _MESSAGES:
                    group.prove(reading)
        yield rows_table("transfer", rows)


@dataclass
class _Group:
    """What the head of a message says of all its transfers, and what was read of them."""

    line: int = 0
    made: str = ""
    day: str = ""
    told: str = ""  # how many transfers
    total: str = ""  # their sum, in one currency
    currency: str = ""
    control: str = ""  # sum of their amounts, whatever their currencies
    read: int = 0
    sums: Counter[str] = field(default_factory=Counter)  # by currency, in minor units
    settled: Decimal = Decimal(0)  # sums without regard to currency: of what was settled, and of what was instructed
    instructed: Decimal = Decimal(0)
    whole: bool = True  # every transfer could be read

    @classmethod
    def of(cls, head: Any) -> _Group:
        total = child(head, "TtlIntrBkSttlmAmt")
        total = child(head, "TtlRtrdIntrBkSttlmAmt") if total is None else total
        return cls(
            line=head.sourceline or 0,
            made=find(head, "CreDtTm"),
            day=find(head, "IntrBkSttlmDt"),
            told=find(head, "NbOfTxs"),
            control=find(head, "CtrlSum"),
            total="" if total is None else (total.text or "").strip(),
            currency="" if total is None else total.get("Ccy") or "",
        )

    def count(self, row: dict[str, Any] | None) -> None:
        self.read += 1
        if row is None:
            self.whole = False
        else:
            self.sums[row["received_currency"]] += row["received"]
            self.settled += _units(row["received"], row["received_currency"])
            self.instructed += _units(row["paid"], row["paid_currency"])

    def prove(self, reading: Reading) -> None:
        """Report a message whose head says another number of transfers, or another sum, than it has."""
        if self.told and (self.told.lstrip("0") or "0") != str(self.read):
            reading.report(self.line, "NbOfTxs", self.told, f"the message has {self.read} transfers")
        if self.control and self.whole and not self._controls():
            found = f"its transfers come to {self.settled}"
            reading.report(self.line, "CtrlSum", self.control, found)
        if not self.total or not self.whole:
            return
        try:
            code = money.currency(self.currency)
            total = money.parse(self.total, money.exponent(code))
        except ValueError as error:
            reading.report(self.line, "TtlIntrBkSttlmAmt", self.total, str(error))
            return
        if dict(self.sums) != {code: total}:
            found = ", ".join(money.show(amount, c) for c, amount in sorted(self.sums.items())) or "nothing"
            reading.report(self.line, "TtlIntrBkSttlmAmt", self.total, f"its transfers come to {found}")

    def _controls(self) -> bool:
        return bool(re.fullmatch(r"\d{1,18}(?:\.\d{0,17})?", self.control)) and Decimal(self.control) in (
            self.settled,
            self.instructed,
        )


def _units(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-money.exponent(currency))


class _BadError(ValueError):
    def __init__(self, element: Any, reason: str) -> None:
        self.element = element
        super().__init__(reason)


def _first(element: Any, *paths: str) -> str | None:
    """The first text of some paths that is there and says something."""
    return next((t for t in (find(element, p) for p in paths) if t and t.upper() not in _NONE), None)


def _transfer(element: Any, kind: str, group: _Group, reading: Reading) -> dict[str, Any] | None:
    try:
        told = _return(element) if kind == "return" else _payment(element, kind)
        moment, day, by = _dated(element, group)
    except _BadError as error:
        at = error.element if error.element is not None else element
        reading.report(at.sourceline or 0, local(at), (at.text or "").strip(), str(error))
        return None
    return {"line": element.sourceline, "moment": moment, "day": day, "dated_by": by, **told}


def _payment(element: Any, kind: str) -> dict[str, Any]:
    number = child(element, "PmtId")
    uetr = find(number, "UETR").lower() or None
    covered = child(element, "UndrlygCstmrCdtTrf")
    received, received_in = _amount(element, "IntrBkSttlmAmt", required=True)
    paid, paid_in = _amount(element, "InstdAmt")
    unstructured = [(e.text or "").strip() for e in element.iter() if local(e) == "Ustrd"]
    return {
        "transfer_id": uetr or _first(number, "TxId", "InstrId", "ClrSysRef", "EndToEndId"),
        **_side("payer", child(element, "Dbtr"), child(element, "DbtrAcct"), child(element, "DbtrAgt")),
        **_side("payee", child(element, "Cdtr"), child(element, "CdtrAcct"), child(element, "CdtrAgt")),
        "paid": received if paid is None else paid,
        "paid_currency": paid_in or received_in,
        "received": received,
        "received_currency": received_in,
        "kind": "cover" if covered is not None else kind,
        "kind_told": "pacs.008" if kind == "transfer" else "pacs.009",
        "purpose": _first(element, "Purp/Cd", "Purp/Prtry"),
        "reference": _first(number, "EndToEndId", "InstrId"),
        "description": " ".join(t for t in unstructured if t) or None,
    }


def _return(element: Any) -> dict[str, Any]:
    """A return goes the other way: who was to be paid pays back."""
    chain, before = child(element, "RtrChain"), child(element, "OrgnlTxRef")
    received, received_in = _amount(element, "RtrdIntrBkSttlmAmt", required=True)
    paid, paid_in = _amount(element, "RtrdInstdAmt")
    if chain is not None:
        names, parts = ("Dbtr", "DbtrAcct", "DbtrAgt", "Cdtr", "CdtrAcct", "CdtrAgt"), chain
    else:
        names, parts = ("Cdtr", "CdtrAcct", "CdtrAgt", "Dbtr", "DbtrAcct", "DbtrAgt"), before
    sides = [child(parts, name) for name in names]
    return {
        "transfer_id": _first(element, "RtrId"),
        **_side("payer", *sides[:3]),
        **_side("payee", *sides[3:]),
        "paid": received if paid is None else paid,
        "paid_currency": paid_in or received_in,
        "received": received,
        "received_currency": received_in,
        "kind": "return",
        "kind_told": "pacs.004",
        "purpose": _first(element, "RtrRsnInf/Rsn/Cd", "RtrRsnInf/Rsn/Prtry"),
        "reference": _first(element, "OrgnlEndToEndId"),
        "original": find(element, "OrgnlUETR").lower()
        or _first(element, "OrgnlTxId", "OrgnlInstrId", "OrgnlEndToEndId"),
        "description": _first(element, "RtrRsnInf/AddtlInf"),
    }


def _side(end: str, party: Any, account: Any, agent: Any) -> dict[str, Any]:
    """Who pays or is paid: a party, of later returns inside Pty, or an institution, inside Agt or itself."""
    inner = child(party, "Pty")
    within = party if inner is None else inner
    bank = child(party, "Agt")
    country = _first(within, "PstlAdr/Ctry", "CtryOfRes")
    if country is not None:
        try:
            country = country_of(country)
        except ValueError as error:
            raise _BadError(child(within, "PstlAdr", "Ctry"), str(error)) from None
    number = _first(account, "Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id")
    return {
        end: _first(within, "Nm") or _institution(party) or _institution(bank),
        f"{end}_account": account_of(number) if number else None,
        f"{end}_country": country,
        f"{end}_institution": _institution(agent) or _institution(bank) or _institution(party),
    }


def _institution(element: Any) -> str | None:
    return _first(
        child(element, "FinInstnId"), "BICFI", "BIC", "ClrSysMmbId/MmbId", "Othr/Id", "LEI", "Nm", "CmbndId/BIC"
    )


def _amount(element: Any, name: str, *, required: bool = False) -> tuple[int | None, str | None]:
    found = child(element, name)
    if found is None:
        if required:
            raise _BadError(None, f"no {name}")
        return None, None
    try:
        code = money.currency(found.get("Ccy") or "")
        return money.parse((found.text or "").strip(), money.exponent(code)), code
    except ValueError as error:
        raise _BadError(found, str(error)) from None


def _dated(element: Any, group: _Group) -> tuple[datetime | None, date, str]:
    accepted = find(element, "AccptncDtTm")
    moment = _moment(element, accepted or group.made)
    told = find(element, "IntrBkSttlmDt") or group.day or accepted or group.made
    try:
        day = values.day(told[:10], "ymd")
    except ValueError:
        raise _BadError(child(element, "IntrBkSttlmDt"), "no day of settlement") from None
    return moment, day, "executed" if accepted else "message" if moment else "day"


def _moment(element: Any, text: str) -> datetime | None:
    if not text:
        return None
    try:
        return values.instant(text, "ymd", "UTC")
    except ValueError as error:
        raise _BadError(child(element, "AccptncDtTm"), str(error)) from None


SOURCE = Pacs()
