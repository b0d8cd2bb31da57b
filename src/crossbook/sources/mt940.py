"""SWIFT MT940 customer statements; each entry keeps the line of its :61: field.

Also what banks make of it: several statements in a file, SWIFT block headers, lines of their own before and after,
fields of their own, repeated :86:, spaces for an entry date, Chinese text in GB18030, as the public fixtures of
https://github.com/wolph/mt940 have them (secondary: SWIFT's standard itself was not read).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.facts.bank import RETURN, REVERSAL
from crossbook.identifiers import is_iban
from crossbook.sources.adding_up import note_differences
from crossbook.sources.encoding import decode_all
from crossbook.sources.given_back import note_given_back
from crossbook.sources.mt940_details import Details, details, own_tags
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition

_FIELD = re.compile(r"^(?:\{4:\s*)?:(\d\d[A-Z]?|NS):(.*)$")
_END = re.compile(r"^-(?:\}.*|X{0,3}\s*)$")
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})?\s*([\d.,]+)")
_ENTRY = re.compile(
    r"(?P<valued>\d{6})(?P<booked>\d{4}|\s{4})?(?P<sign>R?[CD])(?P<funds>[A-Z])?(?P<amount>[\d.]*\d(?:,\d*)?|,\d+)"
    r"(?P<type>[A-Z][A-Z0-9 ]{3})?(?P<rest>.*)"
)
_SIGN = {"C": 1, "D": -1, "RC": -1, "RD": 1}  # credit, debit, and reversals of either
_EMPTY = ("NONREF", "EREF", "KREF+", "REF")  # of a reference: that there is none, or that it is in the text


class Mt940:
    """The source for MT940 statements."""

    name = "mt940"
    title = "SWIFT MT940 bank statement"
    authority = 70
    example = (
        ":20:STMT260301\n:25:DE89370400440532013000\n:28C:00042/001\n:60F:C260228USD10000,00\n"
        ":61:2603050305C1847,32NTRFNONREF//AMZ1890654\n:86:AMAZON PAYMENTS 18906543210\n:62F:C260331USD11847,32"
    )

    def recognise(self, head: Head) -> Recognition:
        missing = [
            tag for tag in (":20:", ":25", ":60") if not re.search(rf"^(?:{{4:\s*)?{tag}", head.text, re.MULTILINE)
        ]
        if missing:
            return Recognition(0.0, f"no line starts with {missing[0]}")
        return Recognition(0.95, "has the fields :20:, :25: and :60:")

    def read(self, reading: Reading) -> Facts:
        text = decode_all(reading.path, reading.name).replace("\r\n", "\n").replace("\r", "\n")
        statements = _statements(text.split("\n"), reading)
        if not statements:
            raise CrossbookError("no statement begins (:20:)", where=reading.name)
        bank: list[dict[str, Any]] = []
        balances: list[dict[str, Any]] = []
        for fields in statements:
            _statement(fields, reading, bank, balances)
        yield rows_table("bank", bank)
        note_given_back(reading, (row["given_back"] for row in bank))
        if balances:
            note_differences(reading, balances)
            yield rows_table("balance", balances)


@dataclass
class _Field:
    tag: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The first line."""
        return self.lines[0].strip()


def _statements(lines: list[str], reading: Reading) -> list[list[_Field]]:
    """The fields of each statement, which begins with :20:. What stands outside of them is the bank's own."""
    found: list[list[_Field]] = []
    inside = False
    for number, line in enumerate(lines, start=1):
        if match := _FIELD.match(line):
            if match[1] == "20":
                found.append([])
                inside = True
            if inside:
                found[-1].append(_Field(match[1], number, [match[2]]))
            elif match[1] == "61":
                reading.report(number, ":61:", match[2], "an entry outside of a statement")
        elif _END.match(line) or line.startswith("{1:"):
            inside = False
        elif inside:
            found[-1][-1].lines.append(line)
    return found


def _statement(
    fields: list[_Field], reading: Reading, bank: list[dict[str, Any]], balances: list[dict[str, Any]]
) -> None:
    first = fields[0].line
    told = {f.tag[:2]: f for f in reversed(fields) if f.tag[:2] in ("25", "60")}
    closing = next((f for f in reversed(fields) if f.tag in ("62F", "62M")), None)
    if "60" not in told:
        reading.report(first, ":60F:", "", "the statement has no opening balance")
        return
    if closing is None:
        reading.report(first, ":62F:", "", "the statement has no closing balance: it is cut off")
        return
    try:
        start, since, currency = _balance(told["60"], "")
        end, until, _ = _balance(closing, currency)
    except _UnreadError as error:
        reading.report(error.field.line, f":{error.field.tag}:", error.field.text, str(error))
        return
    account = reading.account or (_account(told["25"].text, currency) if "25" in told else "") or "bank"
    before, entries, whole = reading.bad_count, list[dict[str, Any]](), fields[: fields.index(closing)]
    for place, entry in enumerate(whole):
        if entry.tag == "61" and (row := _entry(entry, _after(whole, place), currency, reading)):
            entries.append({**row, "account": account})
    bank += entries
    balances.append(
        {
            "line": first,
            "account": account,
            "currency": currency,
            "opening": start,
            "closing": end,
            "moved": sum(e["amount"] for e in entries) if reading.bad_count == before else None,
            "period_from": _moment(since),
            "period_to": _moment(until),
        }
    )


def _account(text: str, currency: str) -> str:
    """The account of :25:; an IBAN without the statement's currency that some banks write behind it."""
    alone = text.removesuffix(currency).rstrip()
    return alone if alone != text and is_iban(alone.replace(" ", "").upper()) else text


class _UnreadError(ValueError):
    def __init__(self, where: _Field, reason: str) -> None:
        self.field = where
        super().__init__(reason)


def _balance(told: _Field, currency: str) -> tuple[int, date, str]:
    """Amount, day and currency of a balance; some banks say the currency only of the opening one."""
    match = _BALANCE.match(told.text)
    if match is None:
        raise _UnreadError(told, "no balance as C260331USD1847,32")
    code = match[3] or currency
    try:
        currency = money.currency(code)
    except ValueError:
        raise _UnreadError(told, f"unknown currency {code}") from None
    try:
        return _SIGN[match[1]] * _minor(match[4], currency), _day(match[2]), currency
    except ValueError as error:
        raise _UnreadError(told, str(error)) from None


def _after(fields: list[_Field], place: int) -> list[_Field]:
    """The fields that tell more of the entry at `place`."""
    found = []
    for told in fields[place + 1 :]:
        if told.tag == "61" or told.tag.startswith("6"):
            break
        if told.tag in ("86", "NS"):
            found.append(told)
    return found


def _entry(entry: _Field, more: list[_Field], currency: str, reading: Reading) -> dict[str, Any] | None:
    match = _ENTRY.match(entry.text)
    if match is None:
        reading.report(entry.line, ":61:", entry.text, "no entry as 2603050305C1847,32NTRFNONREF//BR0001")
        return None
    try:
        valued = _day(match["valued"])
        booked = _near(valued, match["booked"].strip()) if match["booked"] and match["booked"].strip() else valued
        amount = _SIGN[match["sign"]] * _minor(match["amount"], currency)
    except ValueError as error:
        reading.report(entry.line, ":61:", entry.text, str(error))
        return None
    customer, _, banks = match["rest"].partition("//")
    customer, _, aside = customer.strip().partition("  ")  # some banks put a name behind the reference
    told = _told(more)
    supplement = " ".join(" ".join(entry.lines[1:]).split())
    return {
        "line": entry.line,
        "booked_on": booked,
        "valued_on": valued,
        "amount": amount,
        "currency": currency,
        "reference": next((t.strip() for t in (banks, customer) if t.strip() and t.strip() not in _EMPTY), ""),
        "description": " ".join(dict.fromkeys(p for p in (told.purpose, supplement, aside.strip()) if p)),
        "counterparty": told.party,
        "counterparty_account": told.account or None,
        "end_to_end": told.end_to_end or None,
        "given_back": REVERSAL if match["sign"].startswith("R") else RETURN if told.returned else None,
    }


def _told(more: list[_Field]) -> Details:
    texts = [line for f in more if f.tag == "86" for line in f.lines]
    if texts:
        return details(texts)
    return own_tags([line for f in more for line in f.lines])


def _minor(text: str, currency: str) -> int:
    return money.parse(text.rstrip(",") or "0", money.exponent(currency), "," if "," in text else ".")


def _day(text: str) -> date:
    """A day as YYMMDD. Banks that count thirty days a month write 30 February: its last day."""
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:6])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise ValueError("no such day")
    last = calendar.monthrange(year, month)[1]
    if day > last and (month != 2 or day > 30):
        raise ValueError("no such day")
    return date(year, month, min(day, last))


def _near(valued: date, text: str) -> date:
    """The day MMDD in the year in which it is nearest to the value day."""
    found = []
    for year in (valued.year - 1, valued.year, valued.year + 1):
        try:
            found.append(_day(f"{year % 100:02d}{text}"))
        except ValueError:
            continue
    if not found:
        raise ValueError("no such entry day")
    return min(found, key=lambda d: abs((d - valued).days))


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


SOURCE = Mt940()
