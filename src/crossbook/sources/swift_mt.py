"""SWIFT MT103 (a customer's transfer), MT202, MT205 (an institution's, or the cover of a customer's): many in a file.

With their blocks ({1: {2: {3: {4:) or block four alone, as public programs write them:
https://github.com/prowide/prowide-core (tests of MT202) and the messages of
https://github.com/ballerina-platform/module-ballerinax-financial.swiftmt (secondary: SWIFT's standard was not read).
A message has a day of value and no moment; one with /RETN/ or /REJT/ in :72: is a return. It is known by its UETR
({121:), else by its :20:. Where no bank of a side is told it is the sender or the receiver. Messages of other kinds,
and those without a number, are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.identifiers import account_of
from crossbook.sources import values
from crossbook.sources.encoding import decode_all
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.transfer_rows import country_of

_TYPE = re.compile(r"\{2:[IO](\d{3})")
_READ = {"103", "202", "205"}  # MT205 is MT202 within a country
_FIELD = re.compile(r"^(?:.*\{4:\s*)?:(\d\d[A-Z]?):(.*)$")
_SENDER = re.compile(r"\{1:[A-Z]\d\d([A-Z0-9]{12})")
_RECEIVER = re.compile(r"\{2:I\d{3}([A-Z0-9]{12})")
_BACK = re.compile(r"\{2:O\d{3}\d{10}([A-Z0-9]{12})")
_UETR = re.compile(r"\{121:([0-9a-fA-F-]{36})\}")
_AMOUNT = re.compile(r"(\d{6})([A-Z]{3})([\d.]*\d(?:,\d*)?|,\d+)")
_INSTRUCTED = re.compile(r"([A-Z]{3})([\d.]*\d(?:,\d*)?|,\d+)")
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_LINE = re.compile(r"([1-8])/(.*)")


class SwiftMt:
    """The source for MT103 and MT202."""

    name = "swift_mt"
    title = "SWIFT MT103 and MT202 payments"
    example = (
        "{1:F01BANKBEBBAXXX0000000000}{2:I103CHASUS33XXXXN}{4:\n:20:REF-1\n:23B:CRED\n:32A:260301EUR15000,00\n"
        ":50K:/BE68539007547034\nACME NV\n:59:/021000021\nACME INC\n:71A:SHA\n-}"
    )

    def recognise(self, head: Head) -> Recognition:
        if found := sorted(_READ.intersection(_TYPE.findall(head.text))):
            return Recognition(0.95, f"block two says MT{found[0]}")
        tags = {m[1] for line in head.lines[:60] if (m := _FIELD.match(line))}
        customer = {"20", "23B", "32A"} <= tags
        institution = {"20", "21", "32A"} <= tags and any(t.startswith("58") for t in tags)
        if customer or institution:
            return Recognition(0.9, "has the fields of MT103" if customer else "has the fields of MT202")
        return Recognition(0.0, "no block two of MT103 or MT202, nor their fields :20:, :23B: or :58A:, and :32A:")

    def read(self, reading: Reading) -> Facts:
        text = decode_all(reading.path, reading.name).replace("\r\n", "\n").replace("\r", "\n")
        messages = _messages(text.split("\n"))
        if not messages:
            raise CrossbookError("no message begins (:20:)", where=reading.name)
        rows = [row for message in messages if (row := _transfer(message, reading))]
        yield rows_table("transfer", rows)


@dataclass
class _Message:
    """One message: its blocks before the fourth as one text, and the fields of the fourth, each with its line."""

    head: str
    line: int
    open: bool  # the fourth block has begun and not ended
    fields: list[tuple[str, int, list[str]]] = field(default_factory=list)

    def told(self, *tags: str) -> tuple[str, int, list[str]] | None:
        """The first of some fields that is there."""
        return next((f for tag in tags for f in self.fields if f[0] == tag), None)

    def text(self, tag: str) -> str:
        """The text of a field on one line; empty where there is none."""
        found = self.told(tag)
        return " ".join(" ".join(found[2]).split()) if found else ""


def _messages(lines: list[str]) -> list[_Message]:
    found: list[_Message] = []
    before: list[str] = []
    inside = False
    for number, line in enumerate(lines, start=1):
        match = _FIELD.match(line)
        if match and (match[1] == "20" or not inside):  # one without a number begins all the same
            before.append(line.partition("{4:")[0] if "{4:" in line else "")
            begun = "{4:" in line or any("{4:" in part for part in before)
            found.append(_Message("".join(before), number, open=begun))
            before, inside = [], True
        ended = line.startswith("-}") or line.strip() == "-"
        if found and (ended or "-}" in line):
            found[-1].open = False
        if ended or (line.startswith("{1:") and not match):
            inside = False
        if inside and match:
            found[-1].fields.append((match[1], number, [match[2]]))
        elif inside:
            found[-1].fields[-1][2].append(line)
        else:
            before.append(line.removeprefix("-}"))
    return found


def _transfer(message: _Message, reading: Reading) -> dict[str, Any] | None:
    other = _TYPE.search(message.head)
    if other and other[1] not in _READ:
        reading.report(
            message.line, "{2:", f"MT{other[1]}", "a message of another kind: MT103, MT202 and MT205 are read"
        )
        return None
    if message.open:
        reading.report(message.line, "{4:", "", "the message is cut off: its fourth block does not end")
        return None
    if not message.text("20"):
        reading.report(message.line, ":20:", "", "the message has no number")
        return None
    amount = message.told("32A")
    if amount is None:
        reading.report(message.line, ":32A:", "", "the message has no amount")
        return None
    match = _AMOUNT.fullmatch(amount[2][0].strip())
    if match is None:
        reading.report(amount[1], ":32A:", amount[2][0], "no day, currency and amount as 260301EUR15000,00")
        return None
    try:
        day = values.day(f"20{match[1][:2]}-{match[1][2:4]}-{match[1][4:]}", "ymd")
        received_in = money.currency(match[2])
        received = _minor(match[3], received_in)
    except ValueError as error:
        reading.report(amount[1], ":32A:", amount[2][0], str(error))
        return None
    paid, paid_in = received, received_in
    if instructed := message.told("33B"):
        told = _INSTRUCTED.fullmatch(instructed[2][0].strip())
        try:
            if told is None:
                raise ValueError("no currency and amount as EUR15000,00")
            paid_in = money.currency(told[1])
            paid = _minor(told[2], paid_in)
        except ValueError as error:
            reading.report(instructed[1], ":33B:", instructed[2][0], str(error))
            return None
    customers = message.told("50A", "50F", "50K"), message.told("59", "59A", "59F")
    of_banks = _of_banks(message)
    kind = "institution" if of_banks else "transfer"
    if of_banks and any(customers):
        kind = "cover"
    elif any(word in message.text("72") for word in ("/RETN/", "/REJT/")):
        kind = "return"
    uetr = _UETR.search(message.head)
    reference, related = message.text("20"), message.text("21")
    return {
        "line": message.line,
        "transfer_id": uetr[1].lower() if uetr else reference or None,
        **_sides(message, customers, of_banks),
        "paid": paid,
        "paid_currency": paid_in,
        "received": received,
        "received_currency": received_in,
        "day": day,
        "dated_by": "day",
        "kind": kind,
        "kind_told": f"MT{other[1]}" if other else "MT202" if of_banks else "MT103",
        "purpose": message.text("26T") or None,
        "reference": (related or reference) if of_banks else reference,
        "description": message.text("70") or None,
        "original": _returned(message.text("72")) if kind == "return" else None,
    }


def _of_banks(message: _Message) -> bool:
    if match := _TYPE.search(message.head):
        return match[1] != "103"
    return message.told("23B") is None


def _returned(text: str) -> str | None:
    """The number of the message that is returned, behind /MREF/ of :72:."""
    match = re.search(r"/MREF/\s*(\S+)", text)
    return match[1] if match else None


def _minor(text: str, currency: str) -> int:
    return money.parse(text.rstrip(",") or "0", money.exponent(currency), "," if "," in text else ".")


def _sides(message: _Message, customers: tuple[Any, Any], of_banks: bool) -> dict[str, Any]:
    sender, receiver = _SENDER.search(message.head), _RECEIVER.search(message.head)
    if back := _BACK.search(message.head):  # a message that came in names who sent it in its second block
        sender, receiver = back, sender
    banks = [
        _party(message.told("52A", "52D")) or {"name": _logical(sender)},
        _party(message.told("58A", "58D") if of_banks else message.told("57A", "57D")) or {"name": _logical(receiver)},
    ]
    found: dict[str, Any] = {}
    for end, bank, customer in zip(("payer", "payee"), banks, customers, strict=True):
        told = bank if of_banks else _party(customer) or {}
        found |= {
            end: told.get("name"),
            f"{end}_account": told.get("account"),
            f"{end}_country": told.get("country"),
            f"{end}_institution": bank.get("name"),
        }
    return found


def _logical(match: re.Match[str] | None) -> str | None:
    """The BIC of a logical terminal: twelve characters, of which the ninth is the terminal's."""
    if match is None:
        return None
    text = match[1]
    return text[:8] if text[9:] == "XXX" else text[:8] + text[9:]


def _party(told: tuple[str, int, list[str]] | None) -> dict[str, str | None] | None:
    """Name, account and country of a party field: an account behind a slash, then a BIC, or names and addresses."""
    if told is None:
        return None
    lines = [line.strip() for line in told[2] if line.strip()]
    account = None
    if lines and lines[0].startswith("/"):
        account = lines.pop(0).strip("/")
        account = account[2:] if account[1:2] == "/" and account[0] in "CD" else account
        account = account_of(account) or None
    if lines and (match := _BIC.fullmatch(lines[0])):
        return {"name": match[0], "account": account, "country": match[0][4:6] if told[0][-1] == "A" else None}
    numbered = [m for line in lines if (m := _LINE.fullmatch(line))]
    if told[0].endswith("F") and numbered:
        name = " ".join(m[2] for m in numbered if m[1] == "1")
        place = next((m[2] for m in numbered if m[1] == "3"), "")
        return {"name": name or None, "account": account, "country": _country(place[:2])}
    return {"name": lines[0] if lines else None, "account": account, "country": None}


def _country(letters: str) -> str | None:
    try:
        return country_of(letters)
    except ValueError:
        return None


SOURCE = SwiftMt()
