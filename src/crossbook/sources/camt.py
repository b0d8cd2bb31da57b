"""ISO 20022 bank-to-customer messages: camt.053 statements (02 to 13), camt.052 reports, camt.054 notifications.

Element names are the same in all these versions but for parties (Nm, later Pty/Nm) and status (text, later Cd), so
elements are found by local name. Booked entries only; an entry with several detailed transactions whose amounts are
given becomes one row each. A day is the one that is written, in the zone that it is written in. An entry without a
booking day gets its value day, else that of the statement, and says so (`booked_by`). Entries that are not booked, that
are in another currency than their account are noted, as are those that take an earlier one back (RvslInd) or bring a
payment back (RtrInf). A statement that says another number or sum of entries than it
has is refused, as is an amount below zero, for CdtDbtInd tells the side; so are entities and document types.
Schemas: https://www.iso20022.org/iso-20022-message-definitions (Cash Management)
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from crossbook import money
from crossbook.facts.bank import RETURN, REVERSAL
from crossbook.identifiers import account_of
from crossbook.sources import values
from crossbook.sources.adding_up import note_differences
from crossbook.sources.camt_parties import NONE, end_to_end, number, other
from crossbook.sources.given_back import note_given_back
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.xml import elements, find, local

_MESSAGE = re.compile(r"urn:(?:iso:std:iso:20022:tech:xsd|[\w:.-]+):?camt\.05([234])\.001\.(\d\d)")
_MESSAGES = re.compile(r"<(?:\w+:)?(BkToCstmrStmt|BkToCstmrAcctRpt|BkToCstmrDbtCdtNtfctn)\b")
_PAGES = ("MsgPgntn", "StmtPgntn", "RptPgntn", "NtfctnPgntn")
_STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
# Of the kinds of balance, those at the start and at the end, best first: booked ones, of the day or of a page.
_OPENING, _CLOSING = ("OPBD", "PRCD", "ITBD"), ("CLBD", "ITBD")
_BATCH = 20_000
BY_STATEMENT = "day of the statement"
_OF_ONE = ("counterparty", "counterparty_account", "end_to_end", "given_back")


class Camt:
    """The source for camt.052, camt.053 and camt.054."""

    name = "camt"
    title = "ISO 20022 bank statement (camt.053, camt.052, camt.054)"
    authority = 80
    example = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>…<Stmt>…'
        '<Ntry><Amt Ccy="USD">1847.32</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>…'
    )

    def recognise(self, head: Head) -> Recognition:
        text = head.text.lstrip("\ufeff \r\n\t")
        if not text.startswith("<"):
            return Recognition(0.0, "not XML")
        match = _MESSAGE.search(text)
        if match is None:
            if named := _MESSAGES.search(text):
                return Recognition(0.9, f"has the element {named[1]}, but no namespace of camt")
            return Recognition(0.0, "no camt.052, camt.053 or camt.054 namespace")
        return Recognition(0.98, f"namespace of camt.05{match[1]} version {match[2]}")

    def read(self, reading: Reading) -> Facts:
        bank: list[dict[str, Any]] = []
        balances: list[dict[str, Any]] = []
        account = _Account(reading.account)
        with reading.path.open("rb") as file:
            for element in elements(file, reading.name):
                name = local(element)
                if name == "CreDtTm" and local(element.getparent()) in _STATEMENTS:
                    account.begin(element)
                elif name == "Acct" and local(element.getparent()) in _STATEMENTS:
                    account.open(element)
                elif name == "Bal":
                    account.balance(element, reading)
                elif name == "TxsSummry":
                    account.told = find(element, "TtlNtries/NbOfNtries"), find(element, "TtlNtries/Sum")
                    account.told_at = element.sourceline or 0
                elif name in _PAGES:
                    account.page(element)
                elif name == "Ntry":
                    bank += account.entry(element, reading)
                    element.clear()
                    if len(bank) >= _BATCH:
                        yield rows_table("bank", bank)
                        bank = []
                elif name in _STATEMENTS:
                    balances += account.close(reading)
        yield rows_table("bank", bank)
        account.note(reading)
        if account.undated:
            days = sorted(account.undated)
            count = sum(account.undated.values())
            reading.notes.append(
                f"{count:,} {'entry states' if count == 1 else 'entries state'} no day: taken as the statement's, "
                + (f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}")
            )
        if balances:
            note_differences(reading, balances)
            yield rows_table("balance", balances)


def _all(element: Any, name: str) -> list[Any]:
    return [e for e in element.iter() if local(e) == name]


class _Account:
    """Which statement is being read: its account, currency, balances, and what its entries add up to."""

    def __init__(self, given: str | None) -> None:
        self.given, self.name, self.currency = given, given or "bank", ""
        self.number = ""  # the account's own, whatever the book calls it
        self.day: date | None = None
        self.undated: Counter[date] = Counter()  # entries without a day of their own, by the statement's that they got
        self.paged = False  # whether the message is one of several
        self.unbooked = self.foreign = 0  # entries that are not booked; those in another currency than the account's
        self.given_back = Counter[str]()
        self._clear()

    def _clear(self) -> None:
        self.told, self.told_at = (
            ("", ""),
            0,
        )  # how many entries the head says that there are, what they come to, and its line
        self.partly = False  # whether it may tell of others, too, on other pages or not booked yet
        self.entries = self.rows = 0  # how many were read, and of how many single transactions
        self.sums = Counter[str]()  # what they come to without their signs, by currency
        self.balances: dict[str, dict[str, list[tuple[int, date, int]]]] = {}
        self.moved: dict[str, int] = {}
        self.whole = True  # whether every entry could be read

    def begin(self, element: Any) -> None:
        """The day of the statement itself, which comes before its account."""
        try:
            self.day = values.day((element.text or "").strip()[:10], "ymd")
        except ValueError:
            self.day = None

    def page(self, element: Any) -> None:
        """Which page of a statement, or of a message of several, this is: a head may tell of all of them."""
        whole = find(element, "PgNb").lstrip("0") == "1" and find(element, "LastPgInd") in ("true", "1")
        if local(element) == "MsgPgntn":
            self.paged = not whole
        else:
            self.partly = not whole

    def open(self, element: Any) -> None:
        found = number(element)
        self.number = account_of(found)
        self.name, self.currency = self.given or found or "bank", find(element, "Ccy")

    def entry(self, element: Any, reading: Reading) -> list[dict[str, Any]]:
        """The rows of an entry, noted among what the statement moved."""
        before = reading.bad_count
        if _status(element) != "BOOK":
            self.unbooked += 1
            self.partly = True
            return []
        rows = _entry(element, self, reading)
        self.entries += 1
        self.rows += len(rows)
        self.whole = self.whole and reading.bad_count == before
        for row in rows:
            if row["given_back"]:
                self.given_back[row["given_back"]] += 1
            if row["booked_by"] == BY_STATEMENT:
                self.undated[row["booked_on"]] += 1
            self.moved[row["currency"]] = self.moved.get(row["currency"], 0) + row["amount"]
        if rows:
            currency = rows[0]["currency"]
            self.sums[currency] += abs(sum(row["amount"] for row in rows))
            self.foreign += bool(self.currency) and currency != self.currency
        return rows

    def balance(self, element: Any, reading: Reading) -> None:
        code = find(element, "Tp/CdOrPrtry/Cd")
        if code not in (*_OPENING, *_CLOSING):
            return
        try:
            amount, currency = _amount(element)
            day = values.day((find(element, "Dt/Dt") or find(element, "Dt/DtTm"))[:10], "ymd")
        except ValueError as error:
            reading.report(element.sourceline or 0, "Bal", code, str(error))
            return
        self.balances.setdefault(currency, {}).setdefault(code, []).append((amount, day, element.sourceline or 0))

    def note(self, reading: Reading) -> None:
        """Say how many entries of the message were left out, and how many are not in the account's currency."""
        if n := self.unbooked:
            told = "1 entry is" if n == 1 else f"{n:,} entries are"
            reading.notes.append(f"{told} not booked: left out")
        if n := self.foreign:
            told = "1 entry is" if n == 1 else f"{n:,} entries are"
            reading.notes.append(f"{told} in another currency than the account: taken as told")
        note_given_back(reading, self.given_back.elements())

    def _prove(self, reading: Reading) -> None:
        """Report a statement whose head says another number of entries, or another sum, than it has: without their
        signs by the schema; some banks count single transactions, or give the sum with signs."""
        if self.paged or self.partly or not self.whole:
            return
        count, total = self.told
        if count and (count.lstrip("0") or "0") not in (str(self.entries), str(self.rows)):
            reading.report(self.told_at, "NbOfNtries", count, f"the statement has {self.entries} entries")
        if not total or len(self.sums) != 1:
            return
        ((currency, found),) = self.sums.items()
        try:
            told = money.parse(total, money.exponent(currency))
        except ValueError:
            told = None
        if told is None or abs(told) not in (found, abs(self.moved[currency])):
            sums = money.show(found, currency)
            reading.report(self.told_at, "Sum", total, f"its entries come to {sums}")

    def close(self, reading: Reading) -> list[dict[str, Any]]:
        """The balances of the statement that ends, a row for each currency that has a closing one."""
        rows = []
        for currency, told in self.balances.items():
            first = next((c for c in _OPENING if c in told), "")
            last = next((c for c in _CLOSING if c in told), "")
            if not last or (first == last and len(told[first]) < 2):
                continue
            closing, end, at = told[last][-1]
            opening, start, line = told[first][0] if first else (None, None, at)
            rows.append(
                {
                    "line": line,
                    "account": self.name,
                    "currency": currency,
                    "period_from": _moment(start) if start else None,
                    "period_to": _moment(end),
                    "opening": opening,
                    "closing": closing,
                    "moved": self.moved.get(currency, 0) if self.whole else None,
                }
            )
        self._prove(reading)
        self._clear()
        self.day = None
        return rows


def _status(entry: Any) -> str:
    return find(entry, "Sts/Cd") or find(entry, "Sts") or "BOOK"


def _amount(element: Any) -> tuple[int, str]:
    """Signed minor units and currency of an element that has Amt and CdtDbtInd."""
    amt = next((child for child in element if local(child) == "Amt"), None)
    if amt is None:
        raise ValueError("no amount")
    currency = money.currency(amt.get("Ccy") or "")
    value = money.parse((amt.text or "").strip(), money.exponent(currency))
    side = find(element, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise ValueError("CdtDbtInd is neither CRDT nor DBIT")
    return (value if side == "CRDT" else -value), currency


def _day(element: Any, name: str) -> Any:
    text = find(element, f"{name}/Dt") or find(element, f"{name}/DtTm")
    return values.day(text[:10], "ymd") if text else None


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _booked(entry: Any, account: _Account) -> tuple[date, str | None]:
    """The day of booking and, where the entry does not state it, which other day it is. Raises ValueError."""
    for day, by in (
        (_day(entry, "BookgDt"), None),
        (_day(entry, "ValDt"), "value day"),
        (account.day, BY_STATEMENT),
    ):
        if day is not None:
            return day, by
    raise ValueError("no booking date, value date or date of the statement")


def _entry(entry: Any, account: _Account, reading: Reading) -> list[dict[str, Any]]:
    line = entry.sourceline or 0
    try:
        amount, currency = _amount(entry)
        if find(entry, "Amt").startswith("-"):
            raise ValueError("an amount below zero: CdtDbtInd tells the side")
        booked, by = _booked(entry, account)
        whole = {
            "line": line,
            "account": account.name,
            "booked_on": booked,
            "booked_by": by,
            "valued_on": _day(entry, "ValDt"),
            "amount": amount,
            "currency": currency,
            "reference": find(entry, "AcctSvcrRef") or find(entry, "NtryRef"),
            "description": find(entry, "AddtlNtryInf"),
            "fee": _charges(entry, currency),
            "given_back": REVERSAL if find(entry, "RvslInd") in ("true", "1") else None,
        }
        details = _all(entry, "TxDtls")
        rows = [_detail(whole, d, amount, account.number) for d in details]
        single = [r for r in rows if r["amount"] is not None]
        if len(rows) > 1 and len(single) == len(rows) and sum(r["amount"] for r in rows) == amount:
            return rows
        if rows:
            first = {**rows[0], "line": line, "amount": amount}
            if len(rows) > 1:
                first["description"] = " ".join(dict.fromkeys(r["description"] for r in rows if r["description"]))
                # what is of several, and not told how much of each, is of none
                first |= {n: None for n in _OF_ONE if len({r[n] for r in rows}) > 1}
            return [first]
    except ValueError as error:
        reading.report(line, "Ntry", find(entry, "Amt"), str(error))
        return []
    return [whole]


def _detail(whole: dict[str, Any], detail: Any, amount: int, own: str) -> dict[str, Any]:
    currency = whole["currency"]
    remittance = " ".join((e.text or "").strip() for e in _all(detail, "Ustrd"))
    given_back = whole["given_back"] or (RETURN if _all(detail, "RtrInf") else None)
    name, account = other(detail, incoming=amount >= 0, given_back=bool(given_back), own=own)
    refs = [find(detail, f"Refs/{n}") for n in ("AcctSvcrRef", "EndToEndId", "TxId", "InstrId")]
    known = [r for r in refs if r and r != NONE]
    return {
        **whole,
        "line": detail.sourceline or whole["line"],
        "amount": _signed_detail(detail, currency, amount),
        "reference": whole["reference"] or (known[0] if known else ""),
        "description": " ".join(dict.fromkeys(t for t in (remittance, whole["description"], *known) if t)),
        "counterparty": name,
        "counterparty_account": account,
        "end_to_end": end_to_end(detail),
        "given_back": given_back,
        "fee": _charges(detail, currency) or whole["fee"],
        **_original(detail, currency),
    }


def _signed_detail(detail: Any, currency: str, whole: int) -> int | None:
    amt = next((c for c in detail if local(c) == "Amt"), None)
    if amt is None:
        amt = next((e for tx in _all(detail, "TxAmt") for e in tx if local(e) == "Amt"), None)
    if amt is None or (amt.get("Ccy") or "") != currency:
        return None
    value = money.parse((amt.text or "").strip(), money.exponent(currency))
    side = find(detail, "CdtDbtInd")
    return value if (side == "CRDT" or (not side and whole >= 0)) else -value


def _original(detail: Any, currency: str) -> dict[str, Any]:
    for instructed in _all(detail, "InstdAmt"):
        amt = next((e for e in instructed if local(e) == "Amt"), None)
        if amt is not None and (amt.get("Ccy") or currency) != currency:
            code = money.currency(amt.get("Ccy"))
            value = money.parse((amt.text or "").strip(), money.exponent(code))
            return {"original_amount": value, "original_currency": code}
    return {}


def _charges(element: Any, currency: str) -> int | None:
    total = None
    for charges in (c for c in element if local(c) == "Chrgs"):
        records = [c for c in charges if local(c) == "Rcrd"] or [charges]
        for record in records:
            amt = next((c for c in record if local(c) == "Amt"), None)
            if amt is not None and amt.get("Ccy") == currency:
                value = money.parse((amt.text or "").strip(), money.exponent(currency))
                total = (total or 0) + (-value if find(record, "CdtDbtInd") == "CRDT" else value)
    return total


SOURCE = Camt()
