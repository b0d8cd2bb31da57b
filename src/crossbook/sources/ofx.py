"""OFX and QFX statements of bank accounts and cards: 1.x in SGML, 2.x in XML, and what banks make of either.

A day is the one that the statement writes, in the zone that it writes it in: `20260305003000[+8:CST]` is 2026-03-05.
Amounts are signed and have a point or a comma before their decimals; what a type says (DEBIT) its sign must not deny,
unless a statement signs nothing, which is then read by its types. What banks make of the format
was seen in the public fixtures of csingley/ofxtools, jseutter/ofxparse, reubano/csv2ofx and OCA/bank-statement-import.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.identifiers import account_of
from crossbook.sources.encoding import decode_all
from crossbook.sources.ofx_tree import Element, elements
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition

_START = re.compile(r"<OFX(?:\s[^<>]*)?>", re.IGNORECASE)
_STATEMENTS = ("STMTRS", "CCSTMTRS")
# Types of entries that take money from a bank account, and those that bring it. ATM, POS, INT, XFER, OTHER are either
# (https://reference.aspose.com/finance/net/aspose.finance.ofx/transactionenum/, secondary). A PAYMENT brings money to
# the account of a card.
_OUT = frozenset({"DEBIT", "FEE", "SRVCHG", "CHECK", "PAYMENT", "CASH", "DIRECTDEBIT", "REPEATPMT"})
_IN = frozenset({"CREDIT", "DEP", "DIRECTDEP", "DIV"})
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


class Ofx:
    """The source for OFX and QFX statements."""

    name = "ofx"
    title = "OFX bank statement"
    authority = 70
    example = (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n…\n<OFX>…<STMTRS><CURDEF>USD…<STMTTRN><TRNTYPE>CREDIT"
        "<DTPOSTED>20260305<TRNAMT>1847.32<FITID>202603050001<NAME>AMAZON…"
    )

    def recognise(self, head: Head) -> Recognition:
        if not _START.search(head.text):
            return Recognition(0.0, "no <OFX>")
        if "OFXHEADER" in head.text[:2000].upper():
            return Recognition(0.95, "has an OFX header")
        return Recognition(0.9, "has <OFX>, but no OFX header")

    def read(self, reading: Reading) -> Facts:
        text = decode_all(reading.path, reading.name).replace("\r\n", "\n").replace("\r", "\n")
        if "<!ENTITY" in text or "<!DOCTYPE" in text:
            raise CrossbookError("a document type declaration is refused", where=reading.name)
        if "</OFX>" not in text.upper():
            raise CrossbookError("no </OFX>: the file is cut off", where=reading.name, todo="download it again")
        root = elements(text)
        if not any(True for _ in root.all(*_STATEMENTS)):
            raise CrossbookError(_no_statement(root), where=reading.name, todo="download a statement of an account")
        for other in root.all("INVSTMTRS"):
            reading.report(other.line, "INVSTMTRS", "", "a statement of securities, which is not read")
        bank: list[dict[str, Any]] = []
        balances: list[dict[str, Any]] = []
        for statement in root.all(*_STATEMENTS):
            _Statement(statement, reading).read(bank, balances)
        inside = sum(1 for s in root.all(*_STATEMENTS) for _ in s.all("STMTTRN"))
        written = sum(1 for _ in root.all("STMTTRN")) - sum(1 for s in root.all("INVSTMTRS") for _ in s.all("STMTTRN"))
        if inside != written:
            raise CrossbookError(f"{written} entries, but only {inside} of them are in a statement", where=reading.name)
        yield rows_table("bank", bank)
        if balances:
            yield rows_table("balance", balances)


def _no_statement(root: Element) -> str:
    """What to say of a file without a statement: what its sender answered, where that is an error."""
    for status in root.all("STATUS"):
        if status.get("SEVERITY").upper() == "ERROR":
            told = " ".join(t for t in (status.get("CODE"), status.get("MESSAGE")) if t)
            return f"no statement: the bank answered with the error {told}"
    if any(True for _ in root.all("INVSTMTRS")):
        return "a statement of securities, which is not read"
    return "no statement of a bank account or a card in it"


class _Statement:
    """One statement of one account: its entries, and the ledger balance that it ends with."""

    def __init__(self, statement: Element, reading: Reading) -> None:
        self.statement, self.reading = statement, reading
        owner = statement.child("BANKACCTFROM") or statement.child("CCACCTFROM")
        self.account = reading.account or (owner.get("ACCTID") if owner else "")
        if not self.account:
            raise CrossbookError(
                "the file does not say whose account it is",
                where=f"{reading.name}:{statement.line}",
                todo="say it: crossbook add FILE --account NAME",
            )
        self.entries = list(statement.all("STMTTRN"))
        amounts = [e.get("TRNAMT") for e in self.entries]
        self.point = _point(amounts)
        self.out = _OUT if statement.child("BANKACCTFROM") else _OUT - {"PAYMENT", "REPEATPMT"}
        typed = {_type(e) for e in self.entries if e.get("TRNAMT").strip("+0., ")}
        self.unsigned = bool(typed & self.out) and not any("-" in a for a in amounts)

    def read(self, bank: list[dict[str, Any]], balances: list[dict[str, Any]]) -> None:
        """Add the entries and the balance; what cannot be read is reported."""
        rows = [row for entry in self.entries if (row := self._entry(entry)) is not None]
        bank += rows
        if self.unsigned:
            self.reading.notes.append(
                f"no amount of {self.account} has a sign: whether money went out is read from TRNTYPE "
                f"({sum(r['amount'] < 0 for r in rows)} of {len(self.entries)} entries)"
            )
        if self.statement.child("LEDGERBAL") is None:
            self.reading.notes.append(f"{self.account} states no balance: nothing proves that its entries are all")
        if len(rows) == len(self.entries):
            balances += self._balance(rows)

    def _entry(self, entry: Element) -> dict[str, Any] | None:
        told = {"TRNAMT": entry.get("TRNAMT"), "DTPOSTED": entry.get("DTPOSTED")}
        column = "CURDEF"
        try:
            currency = money.currency(entry.get("CURRENCY/CURSYM") or self.statement.get("CURDEF"))
            column = "TRNAMT"
            amount = self._signed(_type(entry), money.parse(told["TRNAMT"], money.exponent(currency), self.point))
            column = "DTPOSTED"
            booked = _day(told["DTPOSTED"])
            valued = _day(entry.get("DTAVAIL")) if entry.get("DTAVAIL") else booked
            original = entry.get("ORIGCURRENCY/CURSYM")
            name = entry.get("NAME") or entry.get("PAYEE/NAME")
            return {
                "line": entry.line,
                "account": self.account,
                "booked_on": booked,
                "valued_on": valued,
                "amount": amount,
                "currency": currency,
                "reference": entry.get("FITID"),
                "description": " ".join(dict.fromkeys(t for t in (name, entry.get("MEMO")) if t)),
                "counterparty": name,
                "counterparty_account": account_of(entry.get("BANKACCTTO/ACCTID")) or None,
                "original_currency": money.currency(original) if original else None,
            }
        except ValueError as error:
            value = told.get(column, self.statement.get("CURDEF"))
            self.reading.report(entry.line, column, value, str(error) if value else "is missing")
            return None

    def _signed(self, kind: str, amount: int) -> int:
        """The amount as its sign and its type say, which must agree. Raises ValueError where they do not."""
        if amount <= 0 or kind in _IN or (not self.unsigned and kind not in self.out):
            return amount
        if not self.unsigned:
            raise ValueError(f"TRNTYPE says {kind}, the amount is positive")
        if kind not in self.out:
            raise ValueError(f"no amount has a sign, and TRNTYPE {kind or '(none)'} does not say which way it went")
        return -amount

    def _balance(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The ledger balance, where the statement has one. What was held before is not stated in OFX."""
        ledger = self.statement.child("LEDGERBAL")
        currencies = {r["currency"] for r in rows}
        try:
            currency = money.currency(self.statement.get("CURDEF") or "".join(currencies))
        except ValueError:
            return []
        if ledger is None or not ledger.get("BALAMT") or not currencies <= {currency}:
            return []
        try:
            point = _point([ledger.get("BALAMT")], self.point)
            closing = money.parse(ledger.get("BALAMT"), money.exponent(currency), point)
            days = [_day(t) for t in (self.statement.get("BANKTRANLIST/DTSTART"), ledger.get("DTASOF")) if t]
        except ValueError as error:
            self.reading.report(ledger.line, "LEDGERBAL", ledger.get("BALAMT"), str(error))
            return []
        return [
            {
                "line": ledger.line,
                "account": self.account,
                "currency": currency,
                "period_from": _moment(min(days)) if len(days) == 2 else None,
                "period_to": _moment(days[-1]) if ledger.get("DTASOF") else None,
                "closing": closing,
                "moved": sum(r["amount"] for r in rows),
            }
        ]


def _type(entry: Element) -> str:
    return entry.get("TRNTYPE").upper()


def _point(amounts: list[str], known: str = ".") -> str:
    """What stands before the decimals: OFX has no marks between thousands, so a lone comma is one."""
    alone = [a for a in amounts if ("," in a) != ("." in a) and a.count(",") + a.count(".") == 1]
    if alone:
        marks = {"," if "," in a else "." for a in alone}
        if len(marks) == 1:
            return marks.pop()
    try:
        return money.decimal_point(amounts) if any("," in a for a in amounts) else known
    except ValueError:
        return known


def _day(text: str) -> date:
    match = _DAY.match(text.strip())
    if match is None:
        raise ValueError("not a day as 20260305")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError("no such day") from None


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


SOURCE = Ofx()
